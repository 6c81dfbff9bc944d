"""What makes two tool calls of a run the same call."""

from pydantic import JsonValue

from orchestrator.calls import parse_arguments
from orchestrator.catalogue import find_tool
from tools.errors import ToolError
from tools.result import digest


def call_key(agent: str, tool: str, arguments: dict[str, JsonValue]) -> str:
    """SHA-256 over agent, tool and arguments, these in the form in which evidence keeps them.

    A caller may spell a default out or leave it away; a call that the tool refuses is keyed as it came.
    """
    try:
        parsed = parse_arguments(find_tool(tool), arguments)
    except ToolError:
        return digest([agent, tool, arguments])
    return digest([agent, tool, parsed.model_dump(mode="json", exclude_defaults=True)])
