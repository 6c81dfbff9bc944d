"""Arguments and result of ``calculate_short_circuit``."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from tools.amount import Amount
from tools.arguments import Arguments, Page
from tools.coverage import Coverage
from tools.element import ElementRef
from tools.grid.schema.actions import Reference
from tools.grid.schema.basis import StateBasis
from tools.grid.schema.common import GridArguments
from tools.result import Result


class FaultType(StrEnum):
    """Bolted faults of IEC 60909-0: balanced, between two conductors, from one conductor to earth."""

    THREE_PHASE = "three_phase"
    TWO_PHASE = "two_phase"
    LINE_TO_GROUND = "line_to_ground"


class CurrentCase(StrEnum):
    """Maximum currents size equipment, minimum ones let protection see the fault (IEC 60909-0, clause 7)."""

    MAXIMUM = "maximum"
    MINIMUM = "minimum"


class ShortCircuitStatus(StrEnum):
    """Whether there are currents."""

    CALCULATED = "calculated"
    DATA_MISSING = "data_missing"


class AssumedField(StrEnum):
    """Data that may be assumed: pandapower's columns, and ratios from which they follow."""

    GRID_POWER_MAX = "ext_grid.s_sc_max_mva"
    GRID_POWER_MIN = "ext_grid.s_sc_min_mva"
    GRID_RX_MAX = "ext_grid.rx_max"
    GRID_RX_MIN = "ext_grid.rx_min"
    GRID_X0X_MAX = "ext_grid.x0x_max"
    GRID_X0X_MIN = "ext_grid.x0x_min"
    GRID_R0X0_MAX = "ext_grid.r0x0_max"
    GRID_R0X0_MIN = "ext_grid.r0x0_min"
    GEN_POWER = "gen.sn_mva"
    GEN_POWER_RATIO = "gen.sn_per_max_p"
    GEN_VOLTAGE = "gen.vn_kv"
    GEN_VOLTAGE_RATIO = "gen.vn_per_bus_vn"
    GEN_REACTANCE = "gen.xdss_pu"
    GEN_RESISTANCE = "gen.rdss_ohm"
    GEN_RESISTANCE_RATIO = "gen.rdss_per_xdss"
    GEN_COS_PHI = "gen.cos_phi"
    LINE_END_TEMPERATURE = "line.endtemp_degree"
    LINE_R0 = "line.r0_ohm_per_km"
    LINE_R0_RATIO = "line.r0_per_r"
    LINE_X0 = "line.x0_ohm_per_km"
    LINE_X0_RATIO = "line.x0_per_x"
    LINE_C0 = "line.c0_nf_per_km"
    LINE_C0_RATIO = "line.c0_per_c"
    TRAFO_VECTOR_GROUP = "trafo.vector_group"
    TRAFO_VK0 = "trafo.vk0_percent"
    TRAFO_VK0_RATIO = "trafo.vk0_per_vk"
    TRAFO_VKR0 = "trafo.vkr0_percent"
    TRAFO_VKR0_RATIO = "trafo.vkr0_per_vkr"
    TRAFO_MAG0 = "trafo.mag0_percent"
    TRAFO_MAG0_RX = "trafo.mag0_rx"
    TRAFO_SI0 = "trafo.si0_hv_partial"
    MOTOR_VOLTAGE = "motor.vn_kv"
    MOTOR_LOCKED_ROTOR = "motor.lrc_pu"
    MOTOR_EFFICIENCY = "motor.efficiency_n_percent"
    MOTOR_COS_PHI = "motor.cos_phi_n"
    MOTOR_RX = "motor.rx"
    SGEN_POWER = "sgen.sn_mva"
    SGEN_FACTOR = "sgen.k"


class Assumption(Arguments):
    """One value that the caller answers for; it is used only where the model has none."""

    field: AssumedField = Field(
        description="Table and column; sn_per_max_p, vn_per_bus_vn, rdss_per_xdss, r0_per_r, x0_per_x, c0_per_c, "
        "vk0_per_vk and vkr0_per_vkr are ratios to what the model has"
    )
    value: float | str = Field(description="In the unit of the column; a vector group such as Dyn is a text")
    element: Reference | None = Field(default=None, description="The one element it is for; all that lack it when None")


class CalculateShortCircuitArguments(GridArguments, Page):
    """Where and how the fault is; data that the model lacks are given as assumptions or stay missing."""

    buses: tuple[Reference, ...] = Field(default=(), description="Buses of the fault, one at a time; all when empty")
    fault: FaultType = FaultType.THREE_PHASE
    current: CurrentCase = CurrentCase.MAXIMUM
    duration_s: float = Field(default=1.0, gt=0, le=10, description="Of the fault, for the thermal current")
    lv_tolerance_percent: Literal[6, 10] = Field(default=10, description="Voltage tolerance below 1 kV, for factor c")
    breaking_capacity_ka: float | None = Field(
        default=None, gt=0, description="Held against the initial current, which is not below the breaking current"
    )
    making_capacity_ka: float | None = Field(default=None, gt=0, description="Held against the peak current")
    assumptions: tuple[Assumption, ...] = ()


class MissingData(Result):
    """Data that the calculation needs and neither the model nor the caller gives."""

    field: str = Field(description="Table and column")
    count: int = Field(ge=1, description="Elements that lack it")
    elements: tuple[ElementRef, ...] = Field(max_length=10, description="The first of them")
    assume: tuple[AssumedField, ...] = Field(default=(), description="What can be given in its place")


class AssumedData(Result):
    """An assumption that was used."""

    field: AssumedField
    amount: Amount | None = Field(default=None, description="None where it is a text")
    text: str | None = None
    count: int = Field(ge=1, description="Elements it was used for")
    elements: tuple[ElementRef, ...] = Field(max_length=10, description="The first of them")


class Contribution(Result):
    """What one branch or all sources at the bus feed into a fault there; phasors, so magnitudes add up to more."""

    element: ElementRef = Field(description="Branch, or the bus for the sources connected to it")
    case: str
    contribution_ka: float = Field(ge=0, description="Initial current at the bus's own voltage")
    contribution_percent: float = Field(ge=0, description="Of the initial current of the fault")


class FaultLevel(Result):
    """Currents of a fault at one bus."""

    element: ElementRef
    case: str = Field(description="State, which current, which fault")
    vn_kv: float = Field(gt=0)
    voltage_factor: float = Field(description="Factor c of the equivalent voltage source")
    ikss_ka: float = Field(ge=0, description="Initial symmetrical short-circuit current I''k")
    skss_mva: float | None = Field(default=None, ge=0, description="Short-circuit power S''k; three-phase faults only")
    ip_ka: float | None = Field(default=None, ge=0, description="Peak current; None at other than 50 and 60 Hz")
    ith_ka: float | None = Field(default=None, ge=0, description="Thermal equivalent current of duration_s")
    kappa: float | None = Field(default=None, description="Peak factor, method with the 20 or 24 Hz impedance")
    rk_ohm: float = Field(description="Positive-sequence resistance of the grid seen from the fault")
    xk_ohm: float = Field(description="Positive-sequence reactance seen from the fault")
    rk0_ohm: float | None = Field(default=None, description="Zero-sequence resistance; faults to earth only")
    xk0_ohm: float | None = Field(default=None, description="Zero-sequence reactance; faults to earth only")
    breaking_use_percent: float | None = Field(default=None, description="Of the stated breaking capacity")
    making_use_percent: float | None = Field(default=None, description="Of the stated making capacity")
    contributions: tuple[Contribution, ...] = Field(
        default=(), description="Largest first; of the first ten buses asked for, not of faults to earth"
    )


class ShortCircuit(Result):
    """Short-circuit currents by IEC 60909-0; where data are missing there is no current, and ``missing`` names them."""

    case: str
    status: ShortCircuitStatus
    fault: FaultType
    current: CurrentCase
    method: str = Field(description="Standard, engine, conventions")
    duration_s: float
    missing: tuple[MissingData, ...] = ()
    assumed: tuple[AssumedData, ...] = ()
    unused: tuple[AssumedField, ...] = Field(default=(), description="Assumptions that nothing needed")
    highest: FaultLevel | None = Field(default=None, description="Highest initial current of the buses looked at")
    lowest: FaultLevel | None = Field(default=None, description="Lowest initial current of the buses looked at")
    rows: tuple[FaultLevel, ...] = Field(default=(), description="Highest first; of minimum currents, lowest first")
    omitted: int = Field(default=0, ge=0, description="Buses beyond this page")
    dead: tuple[ElementRef, ...] = Field(default=(), description="Asked for, but out of service or without supply")
    breaking_capacity_ka: float | None = Field(default=None, description="As the caller stated it")
    above_breaking_capacity: int | None = Field(default=None, description="Buses whose initial current exceeds it")
    making_capacity_ka: float | None = Field(default=None, description="As the caller stated it")
    above_making_capacity: int | None = Field(default=None, description="Buses whose peak current exceeds it")
    coverage: Coverage
    basis: StateBasis | None = Field(default=None, description="What the state rests on; None for the model as loaded")
