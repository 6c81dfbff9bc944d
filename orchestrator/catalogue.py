"""The explicit list of all tools; importing it loads no engine.

Every adapter (crew, command line, REST) iterates over ``CATALOGUE`` and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from knowledge.schema import SearchStandardsArguments, StandardsSearch
from orchestrator.record_schema import ReadRecordArguments, RecordExcerpt
from tools.arguments import Arguments
from tools.assets.schema.transformer import AssessTransformerArguments, TransformerAssessment
from tools.causal.schema.causes import AttributeRootCauseArguments, RootCauses
from tools.context import ToolContext
from tools.detection.schema.alarms import AlarmSummary, SummarizeAlarmsArguments
from tools.detection.schema.anomalies import AnomalyReport, DetectAnomaliesArguments
from tools.detection.schema.oscillations import DetectOscillationsArguments, OscillationReport
from tools.detection.schema.power_quality import AssessPowerQualityArguments, PowerQuality
from tools.detection.schema.quality import CheckDataQualityArguments, DataQuality
from tools.detection.schema.risk import ClassifyRiskArguments, IncidentRisk
from tools.errors import UnknownToolError
from tools.forecasting.schema.load import ForecastLoadArguments, LoadForecast
from tools.grid.schema.cascade import CascadeSimulation, SimulateCascadeArguments
from tools.grid.schema.cascade_drawing import CascadeDrawing, DrawCascadeArguments
from tools.grid.schema.contingencies import ContingencyScreening, ScreenContingenciesArguments
from tools.grid.schema.drawing import DrawGridArguments, Drawing
from tools.grid.schema.element import DescribeElementArguments, ElementDescription, FindPathArguments, GridPath
from tools.grid.schema.estimation import EstimateStateArguments, StateEstimation
from tools.grid.schema.limit_check import CheckLimitsArguments, LimitCheck
from tools.grid.schema.losses import BreakDownLossesArguments, LossBreakdown
from tools.grid.schema.model_check import CheckModelArguments, ModelCheck
from tools.grid.schema.optimal_dispatch import OptimalDispatch, OptimizeDispatchArguments
from tools.grid.schema.outage_detection import DetectOutagesArguments, OutageDetection
from tools.grid.schema.power_flow import PowerFlow, SolvePowerFlowArguments
from tools.grid.schema.reconfiguration import FeederReconfiguration, ReconfigureFeederArguments
from tools.grid.schema.remedies import FindRemediesArguments, RemedySearch
from tools.grid.schema.restoration import PlanRestorationArguments, RestorationPlan
from tools.grid.schema.shedding import LoadSheddingPlan, PlanLoadSheddingArguments
from tools.grid.schema.short_circuit import CalculateShortCircuitArguments, ShortCircuit
from tools.grid.schema.simulation import ActionSimulation, SimulateActionsArguments
from tools.reliability.schema.indices import ComputeReliabilityIndicesArguments, ReliabilityIndices
from tools.result import Result
from tools.security.schema.access import AccessReview, ReviewAccessEventsArguments
from tools.security.schema.bad_data import AssessBadDataArguments, BadDataAssessment
from tools.security.schema.commands import CommandReview, ReviewCommandsArguments
from tools.security.schema.protocol import CheckProtocolArguments, ProtocolCheck
from tools.telemetry.schema.reading import ReadTelemetryArguments, TelemetryReading
from tools.vocabulary import Effect

Tool = Callable[[ToolContext, Arguments], Result]


@dataclass(frozen=True)
class ToolSpec:
    """One tool as every door shows it.

    Attributes:
        name: Fixed name.
        summary: One sentence for people and models.
        arguments: Model that validates and documents the arguments.
        result: Model of the answer.
        effect: READ, SIMULATE or PROPOSE; there is no effect on the grid.
        function: ``module:function``, imported at the first call.
        version: Raised whenever a result may change for equal input.
    """

    name: str
    summary: str
    arguments: type[Arguments]
    result: type[Result]
    effect: Effect
    function: str
    version: str = "1"

    def load(self) -> Tool:
        """Import the function behind the tool."""
        module, _, name = self.function.partition(":")
        tool: Tool = getattr(import_module(module), name)
        return tool


CATALOGUE: tuple[ToolSpec, ...] = (
    ToolSpec(
        "check_model",
        "What is wrong with the grid model, and which quantities that makes meaningless.",
        CheckModelArguments,
        ModelCheck,
        Effect.READ,
        "tools.grid.model_check:check_model",
        version="2",
    ),
    ToolSpec(
        "describe_element",
        "Nameplate and neighbours of one element.",
        DescribeElementArguments,
        ElementDescription,
        Effect.READ,
        "tools.grid.describe:describe_element",
    ),
    ToolSpec(
        "find_path",
        "Shortest path by impedance between two elements, or from one to its infeed, and what cuts it.",
        FindPathArguments,
        GridPath,
        Effect.READ,
        "tools.grid.path:find_path",
    ),
    ToolSpec(
        "solve_power_flow",
        "AC or DC power flow of a state: totals, extremes, and the elements asked for.",
        SolvePowerFlowArguments,
        PowerFlow,
        Effect.SIMULATE,
        "tools.grid.power_flow:solve_power_flow",
    ),
    ToolSpec(
        "check_limits",
        "Every broken limit of a state: supply, voltages, loadings, units.",
        CheckLimitsArguments,
        LimitCheck,
        Effect.SIMULATE,
        "tools.grid.limit_check:check_limits",
    ),
    ToolSpec(
        "screen_contingencies",
        "Outages of lines, transformers, units and named groups, one or two at once, simulated and ranked.",
        ScreenContingenciesArguments,
        ContingencyScreening,
        Effect.SIMULATE,
        "tools.grid.contingencies:screen_contingencies",
        version="3",
    ),
    ToolSpec(
        "simulate_actions",
        "Proposed actions carried out in simulation: before, after, outages after, and a verdict.",
        SimulateActionsArguments,
        ActionSimulation,
        Effect.SIMULATE,
        "tools.grid.simulation:simulate_actions",
    ),
    ToolSpec(
        "detect_outages",
        "Buses without supply by switch state and by voltage, and the element that is probably at fault.",
        DetectOutagesArguments,
        OutageDetection,
        Effect.READ,
        "tools.grid.outage_detection.detect:detect_outages",
    ),
    ToolSpec(
        "estimate_state",
        "Voltages and flows that the measurements of a moment imply together, and which of them contradict the rest.",
        EstimateStateArguments,
        StateEstimation,
        Effect.READ,
        "tools.grid.state_estimation:estimate_state",
    ),
    ToolSpec(
        "break_down_losses",
        "Where a state loses its power: by branch, kind, voltage level, by current or voltage; what one more MW costs.",
        BreakDownLossesArguments,
        LossBreakdown,
        Effect.SIMULATE,
        "tools.grid.loss_breakdown:break_down_losses",
    ),
    ToolSpec(
        "calculate_short_circuit",
        "Fault currents at buses by IEC 60909, or which data they lack; what is assumed is named.",
        CalculateShortCircuitArguments,
        ShortCircuit,
        Effect.SIMULATE,
        "tools.grid.short_circuit:calculate_short_circuit",
    ),
    ToolSpec(
        "simulate_cascade",
        "What initiating outages lead to: protection trips, islands, load shedding, step by step until it stops.",
        SimulateCascadeArguments,
        CascadeSimulation,
        Effect.SIMULATE,
        "tools.grid.cascade:simulate_cascade",
        version="2",
    ),
    ToolSpec(
        "reconfigure_feeder",
        "The radial configuration of least losses, or that restores supply: switchings in order, proven or not.",
        ReconfigureFeederArguments,
        FeederReconfiguration,
        Effect.SIMULATE,
        "tools.grid.reconfiguration:reconfigure_feeder",
    ),
    ToolSpec(
        "find_remedies",
        "Actions against violated limits or insecure outages, each simulated, ranked, and proven or refused.",
        FindRemediesArguments,
        RemedySearch,
        Effect.SIMULATE,
        "tools.grid.remedies.find:find_remedies",
        version="3",
    ),
    ToolSpec(
        "plan_restoration",
        "The sequence that brings a dark grid back: cranking power, critical loads, the rest; every step solved.",
        PlanRestorationArguments,
        RestorationPlan,
        Effect.SIMULATE,
        "tools.grid.restoration:plan_restoration",
    ),
    ToolSpec(
        "plan_load_shedding",
        "The least load to shed, by priority, that restores the limits of a state.",
        PlanLoadSheddingArguments,
        LoadSheddingPlan,
        Effect.SIMULATE,
        "tools.grid.remedies.shedding:plan_load_shedding",
    ),
    ToolSpec(
        "optimize_dispatch",
        "Optimal power flow, AC or DC: the dispatch that keeps every limit at least cost, and the price of each limit.",
        OptimizeDispatchArguments,
        OptimalDispatch,
        Effect.SIMULATE,
        "tools.grid.optimize_dispatch:optimize_dispatch",
    ),
    ToolSpec(
        "draw_grid",
        "A picture of the grid or of a part of it, with voltages and loadings.",
        DrawGridArguments,
        Drawing,
        Effect.SIMULATE,
        "tools.grid.drawing:draw_grid",
        version="2",
    ),
    ToolSpec(
        "draw_cascade",
        "A picture of how outages spread: trips numbered by step, parts without supply shaded, a time line below.",
        DrawCascadeArguments,
        CascadeDrawing,
        Effect.SIMULATE,
        "tools.grid.cascade_drawing:draw_cascade",
    ),
    ToolSpec(
        "read_telemetry",
        "What the sensors say at a time: value, age, quality, what is usual, history.",
        ReadTelemetryArguments,
        TelemetryReading,
        Effect.READ,
        "tools.telemetry.reading:read_telemetry",
    ),
    ToolSpec(
        "check_data_quality",
        "Which sensors cannot be trusted over a time, and a score for each: stuck, drifting, dropping, out of range, "
        "in conflict, in a wrong unit or sign, with a wrong clock.",
        CheckDataQualityArguments,
        DataQuality,
        Effect.READ,
        "tools.detection.data_quality:check_data_quality",
        version="2",
    ),
    ToolSpec(
        "classify_risk",
        "How likely it is that an incident is under way, hour by hour, calibrated, and which figures say so.",
        ClassifyRiskArguments,
        IncidentRisk,
        Effect.READ,
        "tools.detection.risk.assess:classify_risk",
        version="2",
    ),
    ToolSpec(
        "detect_anomalies",
        "Readings that do not fit their own past or the measurements around them.",
        DetectAnomaliesArguments,
        AnomalyReport,
        Effect.READ,
        "tools.detection.anomalies:detect_anomalies",
        version="3",
    ),
    ToolSpec(
        "detect_oscillations",
        "Oscillations with frequency and damping, frequency events with rate and nadir, inertia; what sampling hides.",
        DetectOscillationsArguments,
        OscillationReport,
        Effect.READ,
        "tools.detection.oscillations:detect_oscillations",
        version="2",
    ),
    ToolSpec(
        "assess_power_quality",
        "Voltage, frequency, unbalance, harmonics against EN 50160; dips and swells; what no sensor tells.",
        AssessPowerQualityArguments,
        PowerQuality,
        Effect.READ,
        "tools.detection.power_quality.assess:assess_power_quality",
        version="2",
    ),
    ToolSpec(
        "attribute_root_cause",
        "Causes of what departed in a time: attribution by a causal model, what would have been, refutation, verdict.",
        AttributeRootCauseArguments,
        RootCauses,
        Effect.READ,
        "tools.causal.causes:attribute_root_cause",
        version="2",
    ),
    ToolSpec(
        "summarize_alarms",
        "Alarms of a time: rate, floods with their disturbances, standing, stale and chattering ones, worst sources.",
        SummarizeAlarmsArguments,
        AlarmSummary,
        Effect.READ,
        "tools.detection.alarms:summarize_alarms",
        version="3",
    ),
    ToolSpec(
        "forecast_load",
        "Load ahead by the hour with its uncertainty, and the hour of least margin.",
        ForecastLoadArguments,
        LoadForecast,
        Effect.READ,
        "tools.forecasting.load:forecast_load",
        version="2",
    ),
    ToolSpec(
        "assess_transformer",
        "Temperatures, hot spot, ageing of transformers, and what load and ambient do not explain.",
        AssessTransformerArguments,
        TransformerAssessment,
        Effect.READ,
        "tools.assets.transformer:assess_transformer",
        version="2",
    ),
    ToolSpec(
        "review_access_events",
        "Accesses of a time: who guesses or sprays passwords, and which log-ins are not usual here.",
        ReviewAccessEventsArguments,
        AccessReview,
        Effect.READ,
        "tools.security.access:review_access_events",
        version="2",
    ),
    ToolSpec(
        "review_commands",
        "Commands of a time that are not the work that is usual here, or break normal procedure.",
        ReviewCommandsArguments,
        CommandReview,
        Effect.READ,
        "tools.security.commands:review_commands",
        version="3",
    ),
    ToolSpec(
        "check_protocol",
        "Messages of IEC 104, MMS and GOOSE against the standard and against a learnt profile of normal traffic.",
        CheckProtocolArguments,
        ProtocolCheck,
        Effect.READ,
        "tools.security.protocol.check:check_protocol",
    ),
    ToolSpec(
        "assess_bad_data",
        "Readings that stand out: falsified, replayed, faulty or a real event, with the evidence that tells which.",
        AssessBadDataArguments,
        BadDataAssessment,
        Effect.READ,
        "tools.security.bad_data.assess:assess_bad_data",
        version="2",
    ),
    ToolSpec(
        "compute_reliability_indices",
        "Outages of a time, and SAIFI, SAIDI, CAIDI after IEEE 1366.",
        ComputeReliabilityIndicesArguments,
        ReliabilityIndices,
        Effect.READ,
        "tools.reliability.indices:compute_reliability_indices",
    ),
    ToolSpec(
        "search_standards",
        "Passages of the library of standards nearest to a question, with document, edition and clause.",
        SearchStandardsArguments,
        StandardsSearch,
        Effect.READ,
        "knowledge.search:search_standards",
    ),
    ToolSpec(
        "read_record",
        "What an earlier run or report said; context, never evidence about the grid.",
        ReadRecordArguments,
        RecordExcerpt,
        Effect.READ,
        "orchestrator.records:read_record",
    ),
)

_BY_NAME = {spec.name: spec for spec in CATALOGUE}


def find_tool(name: str) -> ToolSpec:
    """The tool of this name.

    Raises:
        UnknownToolError: with the nearest names.
    """
    if name not in _BY_NAME:
        raise UnknownToolError(name, _BY_NAME)
    return _BY_NAME[name]
