"""Calling one tool of the catalogue with JSON in and evidence out; every adapter goes through here."""

from time import perf_counter

from pydantic import JsonValue, ValidationError

from agents.evidence import Evidence, evidence_digest
from orchestrator.catalogue import ToolSpec
from tools.arguments import Arguments
from tools.context import ToolContext
from tools.errors import InvalidArgumentError


def parse_arguments(spec: ToolSpec, arguments: dict[str, JsonValue]) -> Arguments:
    """Validate a tool's arguments.

    Raises:
        InvalidArgumentError: one line for each field that is wrong, with its value and what is right.
    """
    try:
        return spec.arguments.model_validate(arguments)
    except ValidationError as error:
        known = ", ".join(spec.arguments.model_fields) or "none"
        lines = [_explain(problem["loc"], problem["msg"], problem.get("input")) for problem in error.errors()]
        raise InvalidArgumentError(f"{spec.name}: {'; '.join(lines)}. Arguments it takes: {known}.") from error


def _explain(place: tuple[int | str, ...], message: str, value: object) -> str:
    return f"{'.'.join(map(str, place)) or 'arguments'} = {value!r:.80}: {message[:1].lower()}{message[1:]}"


def call_tool(
    spec: ToolSpec, context: ToolContext, arguments: dict[str, JsonValue], *, evidence_id: str, agent: str
) -> Evidence:
    """Call a tool once and record the answer.

    Raises:
        ToolError: when the question as put cannot be answered; the message says why.
    """
    parsed = parse_arguments(spec, arguments)
    function = spec.load()
    started = perf_counter()
    result = function(context, parsed)
    elapsed_ms = (perf_counter() - started) * 1e3
    draft = Evidence(
        id=evidence_id,
        tool=spec.name,
        tool_version=spec.version,
        agent=agent,
        arguments=parsed.model_dump(mode="json", exclude_unset=True),
        result=result.model_dump(mode="json"),
        grid_fingerprint=context.loaded_grid().fingerprint,
        as_of=context.clock.as_of,
        known_until=context.clock.known_until,
        digest="",
        elapsed_ms=round(elapsed_ms, 3),
    )
    return draft.model_copy(update={"digest": evidence_digest(draft)})
