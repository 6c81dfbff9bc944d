"""Making recorded evidence again, with the tool, the grid and the times that it was made with."""

from collections.abc import Callable

from agents.evidence import Evidence
from orchestrator.calls import call_tool
from orchestrator.catalogue import find_tool
from tools.context import ToolContext
from tools.errors import ToolError

Recompute = Callable[[Evidence], Evidence]
"""Calls a recorded tool again; raises ``ToolError`` when it cannot, saying why."""


class NotRecomputableError(ToolError):
    """The evidence cannot be made again, because what it was made with is not there any more."""


def recomputing(context_for: Callable[[Evidence], ToolContext]) -> Recompute:
    """A ``Recompute`` over the catalogue.

    Args:
        context_for: The context for recorded evidence: its grid, its ``as_of`` and ``known_until``, the run's seed;
            may raise ``ToolError`` when there is none.
    """

    def recompute(evidence: Evidence) -> Evidence:
        spec = find_tool(evidence.tool)
        context = context_for(evidence)
        # Before the work: a study may take minutes, and on another grid its error would mislead.
        refuse_unlike(evidence, context.loaded_grid().fingerprint, spec.version)
        return call_tool(spec, context, evidence.arguments, evidence_id=evidence.id, agent=evidence.agent)

    return recompute


def refuse_unlike(evidence: Evidence, fingerprint: str | None, version: str) -> None:
    """Refuse to compare with what another grid or another version of the tool gives.

    Raises:
        NotRecomputableError: saying which of them it is.
    """
    if version != evidence.tool_version:
        raise NotRecomputableError(f"{evidence.tool} is now version {version}, it was {evidence.tool_version}")
    if fingerprint != evidence.grid_fingerprint:
        raise NotRecomputableError(
            f"the grid's fingerprint is now {_short(fingerprint)}, it was {_short(evidence.grid_fingerprint)}"
        )


def _short(fingerprint: str | None) -> str:
    return "absent" if fingerprint is None else fingerprint[:12]
