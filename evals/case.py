"""One evaluation case: a question, its rewordings, and what a right answer contains."""

from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agents.question import ReportStatus
from tools.errors import InvalidArgumentError


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Expected(_Frozen):
    """A number that the answer must show, bound to its element and case."""

    recipe: str = Field(description="How plain pandapower gives it: a name out of evals.gold.RECIPES")
    element: str | None = Field(default=None, description="Canonical element; absent for the grid as a whole")
    case: str | None = Field(default=None, description="base, or out line:14; absent where the quantity has none")
    field: str = Field(description="Field that shows it, with its unit suffix: vm_pu, outages_adding_overloads")
    value: float
    tolerance: float = Field(gt=0)


class EvalCase(_Frozen):
    """One question with its gold answer."""

    id: str
    grid: str
    question: str
    rewordings: tuple[str, ...] = Field(default=(), max_length=10)
    tools: tuple[str, ...] = Field(default=(), description="Tools that must have been called")
    status: ReportStatus = ReportStatus.ANSWERED
    also_status: tuple[ReportStatus, ...] = Field(default=(), description="Statuses that are right as well")
    expect: tuple[Expected, ...] = ()
    mentions: tuple[str, ...] = Field(default=(), description="Enum values that the report must refer to")
    tags: tuple[str, ...] = ()

    @property
    def phrasings(self) -> tuple[str, ...]:
        """The question and its rewordings."""
        return (self.question, *self.rewordings)


class Suite(_Frozen):
    """A file of cases."""

    name: str
    version: Literal[1]
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
