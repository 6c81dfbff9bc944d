"""Tables of a report: each cell is a statement whose number refers to its field."""

from collections.abc import Iterator, Sequence

from agents.report import Table
from agents.statement import Statement
from orchestrator.compose.board import Exhibit, R
from orchestrator.compose.phrases import Piece, Say, draft
from orchestrator.record_schema import RecordExcerpt
from tools.assets.schema.transformer import TransformerAssessment
from tools.forecasting.schema.load import LoadForecast
from tools.grid.schema.cascade import CascadeSimulation
from tools.grid.schema.contingencies import ContingencyScreening
from tools.grid.schema.limit_check import LimitCheck, Violation
from tools.grid.schema.power_flow import PowerFlow
from tools.reliability.schema.indices import ReliabilityIndices
from tools.result import Result

Columns = Sequence[tuple[str, str]]

BUSES: Columns = (
    ("Bus", "element"),
    ("Voltage", "vm_pu"),
    ("Voltage", "vm_kv"),
    ("Lowest allowed", "limit_min_pu"),
    ("Highest allowed", "limit_max_pu"),
)
BRANCHES: Columns = (
    ("Branch", "element"),
    ("Loading", "loading_percent"),
    ("Current", "i_ka"),
    ("Rating", "rating_ka"),
    ("Active power", "p_from_mw"),
    ("Losses", "loss_p_mw"),
)
UNITS: Columns = (
    ("Unit", "element"),
    ("Active power", "p_mw"),
    ("Maximum", "max_p_mw"),
    ("Reactive power", "q_mvar"),
    ("Reactive maximum", "max_q_mvar"),
)
OUTAGES: Columns = (
    ("Outage", "element"),
    ("Outcome", "outcome"),
    ("Unserved", "unserved_p_mw"),
    ("Generation lost", "lost_generation_p_mw"),
    ("Branches newly above rating", "new_overloads"),
    ("Buses newly outside limits", "new_voltage_violations"),
)
LOSSES: Columns = (
    ("Branch", "element"),
    ("Losses", "loss_p_mw"),
    ("By current", "series_loss_p_mw"),
    ("By voltage", "shunt_loss_p_mw"),
    ("Share", "share_percent"),
)
FAULTS: Columns = (
    ("Bus", "element"),
    ("Nominal voltage", "vn_kv"),
    ("Initial current", "ikss_ka"),
    ("Peak", "ip_ka"),
    ("Thermal", "ith_ka"),
    ("Short-circuit power", "skss_mva"),
)
CASCADES: Columns = (
    ("Outages", "case"),
    ("Outcome", "outcome"),
    ("Load lost", "unserved_p_mw"),
    ("Branches tripped", "tripped_branches"),
    ("Islands", "islands"),
    ("Last event after", "duration_s"),
)
CASCADE_STEPS: Columns = (
    ("After", "time_s"),
    ("Generation", "generation_p_mw"),
    ("Load", "load_p_mw"),
    ("Losses", "loss_p_mw"),
    ("Load lost so far", "unserved_p_mw"),
)
RESTORATION: Columns = (
    ("Step", "step"),
    ("Done after", "time_min"),
    ("Action", "action"),
    ("Element", "element"),
    ("Load picked up", "picked_up_p_mw"),
    ("Cranking power", "cranking_p_mw"),
    ("Load restored so far", "restored_p_mw"),
    ("Online capacity", "online_capacity_p_mw"),
    ("Lowest voltage", "lowest_voltage/vm_pu"),
    ("Highest voltage", "highest_voltage/vm_pu"),
)
FORECAST: Columns = (
    ("Hour from", "at"),
    ("Tenth percentile", "p10_mw"),
    ("Median", "p50_mw"),
    ("Ninetieth percentile", "p90_mw"),
    ("Margin", "margin_mw"),
)
TRANSFORMERS: Columns = (
    ("Transformer", "subject"),
    ("Loading", "loading_percent"),
    ("Top oil", "top_oil_celsius"),
    ("Expected", "expected_celsius"),
    ("Hot spot", "hot_spot_celsius"),
    ("Highest hot spot", "highest_hot_spot_celsius"),
    ("Relative ageing", "ageing_rate"),
)
OUTAGE_RECORDS: Columns = (
    ("Outage", "id"),
    ("Element", "element"),
    ("Kind", "kind"),
    ("From", "start"),
    ("To", "end"),
    ("Expected back", "expected_end"),
    ("Customers", "customers"),
)
SEQUENCE: Columns = (
    ("From", "start"),
    ("To", "end"),
    ("What", "kind"),
    ("Element", "element"),
    ("Sensor, host or account", "subject"),
    ("Severity", "severity"),
)
NO_VALUE = "–"


def table(
    title: str, exhibit: Exhibit[R], rows: Sequence[Result], place: str, columns: Columns, say: Say
) -> Iterator[Table]:
    """One table of the rows at a place of a result; none when there are no rows."""
    yield from _table(title, exhibit, list(enumerate(rows)), place, columns, say)


def _table(
    title: str, exhibit: Exhibit[R], rows: Sequence[tuple[int, Result]], place: str, columns: Columns, say: Say
) -> Iterator[Table]:
    """The same of some of the rows, each with its position."""
    if rows:
        yield Table(
            title=title,
            columns=tuple(heading for heading, _ in columns),
            rows=tuple(
                tuple(say(draft(_cell(exhibit, row, place, position, field))) for _, field in columns)
                for position, row in rows
            ),
            omitted=_omitted(exhibit, place, say),
        )


def _cell(exhibit: Exhibit[R], row: Result, place: str, position: int, field: str) -> Piece:
    first, *deeper = field.split("/")
    return NO_VALUE if getattr(row, first) is None else exhibit.ref(place, position, first, *deeper)


def _omitted(exhibit: Exhibit[R], place: str, say: Say) -> Statement | None:
    """How many rows of this list the tool left out; a result may hold several lists."""
    field = "bridges_omitted" if place == "bridges" else "omitted"
    count = getattr(exhibit.result, field, 0)
    return say(draft("Rows not shown: ", exhibit.ref(field), ".")) if count else None


def flow_tables(flow: Exhibit[PowerFlow], say: Say) -> Iterator[Table]:
    """Buses, branches and units of a solved state."""
    yield from table("Buses", flow, flow.result.buses, "buses", BUSES, say)
    yield from table("Branches", flow, flow.result.branches, "branches", BRANCHES, say)
    yield from table("Units", flow, flow.result.units, "units", UNITS, say)


def outage_tables(screening: Exhibit[ContingencyScreening], say: Say) -> Iterator[Table]:
    """Ranked outages, then those that lose load or generation by topology; each outage stands in one table."""
    bridges = screening.result.bridges
    apart = {row.case for row in bridges}
    rows = [(place, row) for place, row in enumerate(screening.result.rows) if row.case not in apart]
    single = screening.result.order == 1
    columns = OUTAGES if single else (("Outages", "case"), *OUTAGES[1:])
    yield from _table("Outages, worst first", screening, rows, "rows", columns, say)
    yield from table("Outages that cut the grid apart", screening, bridges, "bridges", columns, say)


def cascade_tables(simulation: Exhibit[CascadeSimulation], say: Say) -> Iterator[Table]:
    """Of one set the steps, of several what each leads to."""
    result = simulation.result
    if result.sets > 1:
        yield from table("Outages and where they end, worst first", simulation, result.rows, "rows", CASCADES, say)
    elif result.paths:
        yield from table("Step by step", simulation, result.paths[0].steps, "paths/0/steps", CASCADE_STEPS, say)


_VALUE_FIELDS = (("vm_pu", "limit_pu"), ("loading_percent", "limit_percent"), ("p_mw", "limit_p_mw"))


def _value_and_limit(row: Violation) -> tuple[str, str]:
    return next((pair for pair in _VALUE_FIELDS if getattr(row, pair[0]) is not None), ("q_mvar", "limit_q_mvar"))


def violation_table(check: Exhibit[LimitCheck], say: Say) -> Iterator[Table]:
    """Broken limits with value, limit and where the limit comes from."""
    rows = []
    for position, row in enumerate(check.result.violations):
        value, limit = _value_and_limit(row)
        fields = ("element", "kind", value, limit, "severity", "basis")
        rows.append(tuple(say(draft(check.ref("violations", position, field))) for field in fields))
    if rows:
        yield Table(
            title="Broken limits",
            columns=("Element", "Kind", "Value", "Limit", "Severity", "Basis"),
            rows=tuple(rows),
            omitted=_omitted(check, "violations", say),
        )


def forecast_table(found: Exhibit[LoadForecast], say: Say) -> Iterator[Table]:
    """The hours ahead."""
    yield from table("Hours ahead", found, found.result.rows, "rows", FORECAST, say)


def transformer_table(found: Exhibit[TransformerAssessment], say: Say) -> Iterator[Table]:
    """Temperatures and ageing; by the grid's names where it has all of them."""
    known = all(row.element is not None for row in found.result.rows)
    columns = (("Transformer", "element"), *TRANSFORMERS[1:]) if known else TRANSFORMERS
    yield from table("Transformers", found, found.result.rows, "rows", columns, say)


def outage_record_table(found: Exhibit[ReliabilityIndices], say: Say) -> Iterator[Table]:
    """Outages of the time."""
    yield from table("Outages on record", found, found.result.rows, "rows", OUTAGE_RECORDS, say)


def sequence_table(record: Exhibit[RecordExcerpt], say: Say) -> Iterator[Table]:
    """Findings of an incident in order of time."""
    yield from table("Sequence", record, record.result.rows, "rows", SEQUENCE, say)
