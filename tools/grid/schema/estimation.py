"""Arguments and result of ``estimate_state``."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from tools.amount import Amount
from tools.arguments import Page
from tools.coverage import Coverage
from tools.element import ElementRef
from tools.grid.schema.basis import StateBasis
from tools.result import Result
from tools.subject import SubjectRef
from tools.telemetry.schema.sensor import Side

NAMED = 50
"""Elements or measurements that a list of what is not known names; the rest is counted."""


class EstimationStatus(StrEnum):
    """One word for what the measurements say together; it says nothing of what is not observable."""

    CONSISTENT = "consistent"
    BAD_DATA_REJECTED = "bad_data_rejected"
    TOPOLOGY_SUSPECTED = "topology_suspected"
    INCONSISTENT = "inconsistent"
    NOT_TESTED = "not_tested"
    NOT_OBSERVABLE = "not_observable"


class Observed(StrEnum):
    """How much of the grid the measurements determine."""

    FULLY = "fully"
    PARTLY = "partly"
    NOT = "not"


class TopologyEvidence(StrEnum):
    """What speaks against the assumed status of an element."""

    READS_AS_OPEN = "reads_as_open"
    READS_AS_CLOSED = "reads_as_closed"
    RESIDUAL_PATTERN = "residual_pattern"


class EstimateStateArguments(Page):
    """Which moment to estimate, how strictly to test, and which rows are wanted."""

    at: AwareDatetime | None = Field(default=None, description="Time of the state; the run's as_of when absent")
    elements: tuple[str, ...] = Field(
        default=(), description="Rows of these elements only; the most telling ones when empty"
    )
    confidence_percent: float = Field(
        default=99.0, ge=50.0, le=99.9999, description="Of the test on the sum of squares, and of that on residuals"
    )
    residual_limit: float | None = Field(
        default=None,
        ge=2.0,
        le=100.0,
        description="Largest normalised residual taken for noise; from the confidence when absent; 3 is customary",
    )


class MeasuredValue(Result):
    """One measurement against its estimate; branch flows into the branch at ``side``, a bus as it draws."""

    element: ElementRef = Field(description="A bus where the powers of several elements are added up")
    case: str
    side: Side | None = None
    quantity: str = Field(description="p, q, vm, i or va")
    sensors: tuple[SubjectRef, ...] = Field(min_length=1, max_length=20)
    sensors_omitted: int = Field(default=0, ge=0)
    measured: Amount
    estimated: Amount
    residual: Amount = Field(description="Measured less estimated")
    noise: Amount = Field(description="Standard error of the measurement, declared or assumed")
    normalised_residual: float | None = Field(
        description="Residual over its own standard error; None for a critical measurement"
    )
    critical: bool = Field(description="Nothing else determines it: its error cannot be detected")
    age_s: float = Field(ge=0)


class RejectedMeasurement(Result):
    """One measurement that contradicts the others, in the order of rejection."""

    element: ElementRef
    case: str
    side: Side | None = None
    quantity: str
    sensors: tuple[SubjectRef, ...] = Field(min_length=1, max_length=20)
    sensors_omitted: int = Field(default=0, ge=0)
    measured: Amount
    estimated: Amount = Field(description="What the measurements that were kept imply")
    error: Amount = Field(description="Measured less estimated")
    normalised_residual: float = Field(description="When it was rejected")
    indistinguishable: tuple[SubjectRef, ...] = Field(
        default=(), max_length=20, description="Sensors of which the wrong one may as well be"
    )
    indistinguishable_omitted: int = Field(default=0, ge=0)
    age_s: float = Field(ge=0)


class CriticalMeasurement(Result):
    """A measurement whose error, however large, leaves no trace."""

    element: ElementRef
    case: str
    side: Side | None = None
    quantity: str
    sensors: tuple[SubjectRef, ...] = Field(min_length=1, max_length=20)
    sensors_omitted: int = Field(default=0, ge=0)


class TopologySuspicion(Result):
    """A branch or element whose assumed status conflicts with its measurements."""

    element: ElementRef
    case: str
    assumed_in_service: bool
    evidence: TopologyEvidence
    measured: Amount | None = Field(default=None, description="Its largest measured flow; None without any")
    objective: float | None = Field(
        default=None, ge=0, description="Sum of squares with the other status, nothing rejected; None where not solved"
    )
    rejected: int | None = Field(default=None, ge=0, description="Rejections that the other status still needs")


class EstimatedBus(Result):
    """Estimated voltage of one observable bus."""

    element: ElementRef
    case: str
    vm_pu: float = Field(ge=0)
    vm_kv: float = Field(ge=0, description="Line-to-line")
    va_degree: float = Field(description="Against the reference of its island")
    error_vm_pu: float = Field(ge=0, description="Standard error of the magnitude")
    error_va_degree: float = Field(ge=0, description="Standard error of the angle")


class EstimatedBranch(Result):
    """Estimated flow of one observable branch, into it at each end; the from or high-voltage end first."""

    element: ElementRef
    case: str
    p_from_mw: float
    q_from_mvar: float
    p_to_mw: float
    q_to_mvar: float
    loss_p_mw: float
    i_ka: float = Field(ge=0, description="Larger of both ends")
    error_p_from_mw: float = Field(ge=0, description="Standard error")


class StateEstimation(Result):
    """What the measurements of one moment say together; no number where they do not determine one."""

    case: str
    at: AwareDatetime
    status: EstimationStatus
    observed: Observed
    solver: str
    iterations: int | None = Field(default=None, ge=0, description="Of the first estimate; None without any")
    measurements: int = Field(ge=0, description="Usable ones, the rejected ones included")
    zero_injections: int = Field(ge=0, description="Exact equations of buses where nothing feeds or draws")
    states: int = Field(ge=0, description="Voltage magnitudes and angles that are determined")
    degrees_of_freedom: int = Field(ge=0, description="After the rejections")
    objective: float | None = Field(ge=0, description="J, the weighted sum of squares, after the rejections")
    objective_limit: float | None = Field(ge=0, description="Chi-square limit of it; None without redundancy")
    objective_before: float | None = Field(ge=0, description="J with every usable measurement")
    objective_before_limit: float | None = Field(ge=0)
    confidence_percent: float
    residual_limit: float = Field(description="Largest normalised residual taken for noise")
    rejected: tuple[RejectedMeasurement, ...] = ()
    rejected_measurements: int = Field(ge=0, description="All rejected ones")
    topology: tuple[TopologySuspicion, ...] = ()
    critical: tuple[CriticalMeasurement, ...] = Field(default=(), max_length=NAMED)
    critical_measurements: int = Field(ge=0, description="All critical ones")
    unobservable: tuple[ElementRef, ...] = Field(
        default=(), max_length=NAMED, description="Buses whose voltage is not determined"
    )
    unobservable_buses: int = Field(ge=0)
    unobservable_flows: tuple[ElementRef, ...] = Field(
        default=(), max_length=NAMED, description="Branches whose flow is not determined"
    )
    unobservable_branches: int = Field(ge=0)
    observable_islands: int = Field(ge=0, description="Parts in which angles are known against each other")
    residuals: tuple[MeasuredValue, ...] = Field(description="Largest normalised residual first")
    residuals_omitted: int = Field(ge=0)
    buses: tuple[EstimatedBus, ...] = Field(description="Lowest voltage first")
    buses_omitted: int = Field(ge=0)
    branches: tuple[EstimatedBranch, ...] = Field(description="Largest current first")
    branches_omitted: int = Field(ge=0)
    measurements_covered: Coverage = Field(description="Sensors whose reading entered, and why others did not")
    buses_covered: Coverage
    branches_covered: Coverage
    noise_assumed: int = Field(ge=0, description="Measurements without a declared standard error")
    oldest_age_s: float | None = Field(default=None, ge=0, description="Of the readings used")
    simulated: bool = Field(default=False, description="Whether any reading used was made up")
    basis: StateBasis | None = Field(default=None, description="Whose topology and tap positions were taken")
