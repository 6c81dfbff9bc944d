"""Arguments and result of ``check_model``."""

from enum import StrEnum

from pydantic import Field

from tools.arguments import Arguments
from tools.element import ElementRef
from tools.result import Result
from tools.vocabulary import Severity


class DefectKind(StrEnum):
    """What may be wrong with a grid model."""

    PLACEHOLDER_RATING = "placeholder_rating"
    MISSING_RATING = "missing_rating"
    SUSPECT_TAP_SIDE = "suspect_tap_side"
    MISSING_TAP_RANGE = "missing_tap_range"
    MISSING_VOLTAGE_LIMIT = "missing_voltage_limit"
    MISSING_UNIT_LIMIT = "missing_unit_limit"
    UNIT_BEYOND_LIMIT = "unit_beyond_limit"
    SLACK_BEYOND_LIMIT = "slack_beyond_limit"
    ISOLATED_ELEMENT = "isolated_element"
    ZERO_IMPEDANCE = "zero_impedance"
    NO_SLACK = "no_slack"
    NOT_SOLVABLE = "not_solvable"
    INVALID_VALUE = "invalid_value"
    DUPLICATE_NAME = "duplicate_name"


class Defect(Result):
    """One kind of defect with the elements it concerns."""

    kind: DefectKind
    severity: Severity
    count: int = Field(ge=1, description="Elements concerned")
    checked: int = Field(ge=1, description="Elements looked at")
    elements: tuple[ElementRef, ...] = Field(default=(), max_length=10, description="The first ones by index")
    explanation: str = Field(description="What is wrong, without numbers")
    meaningless: tuple[str, ...] = Field(default=(), description="Quantities that must not be read because of it")


class TapSideTest(Result):
    """Proof for a suspect tap side: the lowest voltage as modelled and with the taps on the other side."""

    case: str = "base"
    lowest_element: ElementRef
    lowest_vm_pu: float
    flipped_lowest_element: ElementRef
    flipped_lowest_vm_pu: float
    transformers: int = Field(ge=1, description="Transformers whose tap side was flipped")


class UnitExcess(Result):
    """A unit or slack beyond its limit in the base case."""

    element: ElementRef
    case: str = "base"
    p_mw: float
    min_p_mw: float | None = None
    max_p_mw: float | None = None
    q_mvar: float
    min_q_mvar: float | None = None
    max_q_mvar: float | None = None


class CheckModelArguments(Arguments):
    """The model as loaded is checked, without a hypothesis."""


class TableCount(Result):
    """How many elements of one kind the model has."""

    kind: str
    count: int = Field(ge=0)
    out_of_service: int = Field(default=0, ge=0)


class ModelCheck(Result):
    """What is in the model, what is wrong with it, and what therefore must not be read."""

    grid: str
    tables: tuple[TableCount, ...]
    solvable: bool
    loading_meaningful: bool
    voltage_meaningful: bool
    defects: tuple[Defect, ...] = Field(description="Worst first")
    tap_side_test: TapSideTest | None = None
    unit_excesses: tuple[UnitExcess, ...] = Field(default=(), max_length=10)
    notes: tuple[str, ...] = Field(default=(), description="What the import converted, left out or assumed")
