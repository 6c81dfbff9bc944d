"""The live doors: tools of the catalogue, and the reasoner's model."""

from pydantic import JsonValue

from agents.evidence import Evidence, FailedCall
from orchestrator.calls import call_tool
from orchestrator.catalogue import find_tool
from orchestrator.crew.models import EmbeddedModel, ServerModel
from orchestrator.runs.journal import ModelCaller
from orchestrator.runs.record import ReasonerChoice
from orchestrator.settings import Settings
from tools.context import ToolContext
from tools.errors import ToolError


class LiveTools:
    """Calls the catalogue's tools with the run's context; an answerable mistake becomes a ``FailedCall``."""

    def __init__(self, context: ToolContext) -> None:
        self._context = context

    def call(
        self,
        agent: str,
        tool: str,
        arguments: dict[str, JsonValue],
        number: int | None = None,  # noqa: ARG002 - the journal numbers it
    ) -> Evidence | FailedCall:
        """One call; the journal numbers its evidence."""
        try:
            return call_tool(find_tool(tool), self._context, arguments, evidence_id="", agent=agent)
        except ToolError as error:
            return FailedCall(
                tool=tool, agent=agent, arguments=arguments, error=type(error).__name__, reason=str(error)
            )


def live_model(choice: ReasonerChoice, settings: Settings) -> ModelCaller:
    """The model behind a reasoner.

    Raises:
        InvalidArgumentError: when its server's address is missing.
    """
    return EmbeddedModel() if choice.kind == "embedded" else ServerModel(choice, settings)
