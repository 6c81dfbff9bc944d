"""The evidence of a run, laid out by the type of its result."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from agents.evidence import Evidence, FailedCall
from agents.statement import Ref
from orchestrator.catalogue import find_tool
from tools.result import Result

R = TypeVar("R", bound=Result)


@dataclass(frozen=True)
class Exhibit(Generic[R]):
    """One piece of evidence with its result as a typed value."""

    evidence: Evidence
    result: R

    def ref(self, *keys: str | int) -> Ref:
        """A reference to a field of the result: ``exhibit.ref("rows", 0, "vm_pu")``."""
        return Ref(evidence=self.evidence.id, path="".join(f"/{key}" for key in keys))

    @property
    def is_base(self) -> bool:
        """Whether the call looked at the grid without outages or actions laid over it."""
        return not self.evidence.arguments.get("outages") and not self.evidence.arguments.get("actions")


@dataclass(frozen=True)
class Board:
    """All evidence of a run, and the planned calls that gave none."""

    evidence: tuple[Evidence, ...]
    failed: tuple[FailedCall, ...] = ()

    def every(self, result_type: type[R]) -> Iterator[Exhibit[R]]:
        """All exhibits of a type, in the order of the calls."""
        for item in self.evidence:
            if find_tool(item.tool).result is result_type:
                yield Exhibit(item, result_type.model_validate(item.result))

    def first(self, result_type: type[R]) -> Exhibit[R] | None:
        """The first exhibit of a type."""
        return next(self.every(result_type), None)

    def has(self, *result_types: type[Result]) -> bool:
        """Whether there is an exhibit of any of these types."""
        return any(find_tool(item.tool).result in result_types for item in self.evidence)

    def base(self, result_type: type[R]) -> Exhibit[R] | None:
        """The first exhibit of a type without a hypothesis."""
        return next((item for item in self.every(result_type) if item.is_base), None)

    def hypothetical(self, result_type: type[R]) -> Exhibit[R] | None:
        """The first exhibit of a type under a hypothesis."""
        return next((item for item in self.every(result_type) if not item.is_base), None)

    def current(self, result_type: type[R]) -> Exhibit[R] | None:
        """The exhibit that the question is about: under its hypothesis where it has one, else the base."""
        return self.hypothetical(result_type) or self.base(result_type)
