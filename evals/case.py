"""One evaluation case: a question, its rewordings, and what a right answer contains."""

from pathlib import Path
from typing import Literal, TypeAlias

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from agents.question import ReportStatus
from evals.day_needs import DayNeeds
from tools.errors import InvalidArgumentError

Gold: TypeAlias = bool | float | AwareDatetime | str
"""A number, a moment, a truth value, or a text of a record."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(_Frozen):
    """Where a value stands in an answer."""

    element: str | None = Field(default=None, description="Canonical element or subject; absent for the whole grid")
    sensor: str | None = Field(default=None, description="Sensor whose word it is; absent where that does not matter")
    case: str | None = Field(default=None, description="base, or out line:14; absent where the quantity has none")
    at: AwareDatetime | None = Field(default=None, description="Time of the value, to the minute; absent for any")
    part: str | None = Field(default=None, description="Part of the result: /, /all_outages; absent for any")
    field: str = Field(description="Field that shows it, with its unit suffix: vm_pu, outages_adding_overloads")


class Expected(Place):
    """A value that the answer must show, bound to its element, sensor or asset, and to its case or time."""

    recipe: str = Field(description="How it is computed without our tools: a name out of evals.gold or evals.day_gold")
    value: Gold
    tolerance: float | None = Field(default=None, gt=0, description="Minutes for a moment; absent for texts and truths")
    given: str | None = Field(
        default=None, description="What the recipe lays over the grid, or needs else: gen.p_mw[4] -= 10; line.r[*] = 1"
    )
    since: AwareDatetime | None = Field(default=None, description="Begin of the span that the recipe looks at")
    until: AwareDatetime | None = Field(default=None, description="End of that span")
    also: tuple[Place, ...] = Field(default=(), description="Other places that would show the same truth")

    @model_validator(mode="after")
    def _bounded(self) -> "Expected":
        if self.tolerance is None and not isinstance(self.value, bool | str):
            raise ValueError("a number or a moment needs a tolerance")
        return self

    @property
    def places(self) -> tuple[Place, ...]:
        """Everywhere that shows it."""
        return (self, *self.also)


class ExpectedFinding(_Frozen):
    """A finding that the report must hold."""

    kind: str
    about: str = Field(description="Element or subject that it must name: line:10, sensor:bus12.vm_b")
    start: AwareDatetime
    end: AwareDatetime | None = Field(default=None, description="None while it lasts")
    within_min: float = Field(default=15.0, gt=0)


class Looked(_Frozen):
    """A call that must have looked through a time; without it, that nothing was found says nothing of that time."""

    tool: str
    start: AwareDatetime
    end: AwareDatetime


class EvalCase(_Frozen):
    """One question with its gold answer."""

    id: str
    grid: str
    question: str
    rewordings: tuple[str, ...] = Field(default=(), max_length=10)
    tools: tuple[str, ...] = Field(default=(), description="Tools that must have been called")
    looked: tuple[Looked, ...] = Field(default=(), description="Spans that must have been looked through")
    status: ReportStatus = ReportStatus.ANSWERED
    also_status: tuple[ReportStatus, ...] = Field(default=(), description="Statuses that are right as well")
    expect: tuple[Expected, ...] = ()
    findings: tuple[ExpectedFinding, ...] = ()
    mentions: tuple[str, ...] = Field(default=(), description="Enum values that the report must refer to")
    says: tuple[str, ...] = Field(
        default=(), description="Fixed words of ours that must stand somewhere, alternatives by |: not checked, stale"
    )
    absent: tuple[str, ...] = Field(default=(), description="Fields that an honest answer does not show")
    tags: tuple[str, ...] = ()

    @property
    def phrasings(self) -> tuple[str, ...]:
        """The question and its rewordings."""
        return (self.question, *self.rewordings)


class Suite(_Frozen):
    """A file of cases."""

    name: str
    version: Literal[1]
    day: DayNeeds | None = Field(default=None, description="Simulated day that the cases are about; None for grids")
    cases: tuple[EvalCase, ...]


def load_suite(file: Path) -> Suite:
    """Read a suite.

    Raises:
        InvalidArgumentError: when the file is no suite, naming each field that is wrong.
    """
    try:
        suite = Suite.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise InvalidArgumentError(f"suite {file}: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise InvalidArgumentError(f"suite {file} is no YAML: {error}") from error
    except ValidationError as error:
        lines = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise InvalidArgumentError(f"suite {file}: {lines}") from error
    repeated = {case.id for case in suite.cases if sum(other.id == case.id for other in suite.cases) > 1}
    if repeated:
        raise InvalidArgumentError(f"suite {file}: repeated id {', '.join(sorted(repeated))}")
    return suite
