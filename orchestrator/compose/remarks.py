"""What each specialist tells the coordinator: the findings of its own tools, most important first."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from types import MappingProxyType

from agents.anomaly_detector import ANOMALY_DETECTOR
from agents.cyber_sentinel import CYBER_SENTINEL
from agents.demand_forecaster import DEMAND_FORECASTER
from agents.grid_monitor import GRID_MONITOR
from agents.maintenance_predictor import MAINTENANCE_PREDICTOR
from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.answers.bad_data import answer_bad_data
from orchestrator.compose.answers.cyber import answer_access, answer_commands
from orchestrator.compose.answers.estimation import answer_estimation
from orchestrator.compose.answers.forecast import answer_forecast
from orchestrator.compose.answers.limits import answer_limits
from orchestrator.compose.answers.model import answer_model
from orchestrator.compose.answers.protocol import answer_protocol
from orchestrator.compose.answers.security import answer_security
from orchestrator.compose.answers.transformers import answer_transformers
from orchestrator.compose.answers.trust import answer_anomalies, answer_quality, answer_telemetry
from orchestrator.compose.board import Board

Answer = Callable[[Board, Resolved], Iterator[Draft]]
_LONGEST = 14
_OF: Mapping[str, tuple[Answer, ...]] = MappingProxyType(
    {
        GRID_MONITOR.name: (answer_limits, answer_security, answer_estimation, answer_model),
        ANOMALY_DETECTOR.name: (answer_telemetry, answer_quality, answer_anomalies),
        DEMAND_FORECASTER.name: (answer_forecast,),
        MAINTENANCE_PREDICTOR.name: (answer_transformers,),
        CYBER_SENTINEL.name: (answer_access, answer_commands, answer_protocol, answer_bad_data),
    }
)
SECTION: Mapping[str, str] = MappingProxyType(
    {
        GRID_MONITOR.name: "state",
        ANOMALY_DETECTOR.name: "cyber",
        DEMAND_FORECASTER.name: "forecast",
        MAINTENANCE_PREDICTOR.name: "maintenance",
        CYBER_SENTINEL.name: "cyber",
    }
)
"""The section of a report that takes up what a language model adds for an agent."""


def remark(board: Board, resolved: Resolved, agent: str) -> tuple[Draft, ...]:
    """The deterministic words of a specialist."""
    sentences = chain.from_iterable(answer(board, resolved) for answer in _OF[agent])
    return tuple(sentence for sentence, _ in zip(sentences, range(_LONGEST), strict=False))
