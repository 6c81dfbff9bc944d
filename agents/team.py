"""The crew: five specialists, and the coordinator who merges what they found."""

from agents.anomaly_detector import ANOMALY_DETECTOR
from agents.coordinator import COORDINATOR
from agents.cyber_sentinel import CYBER_SENTINEL
from agents.demand_forecaster import DEMAND_FORECASTER
from agents.grid_monitor import GRID_MONITOR
from agents.maintenance_predictor import MAINTENANCE_PREDICTOR
from agents.spec import AgentSpec

SPECIALISTS: tuple[AgentSpec, ...] = (
    GRID_MONITOR,
    ANOMALY_DETECTOR,
    DEMAND_FORECASTER,
    MAINTENANCE_PREDICTOR,
    CYBER_SENTINEL,
)
"""In the order in which their findings are read."""
TEAM: tuple[AgentSpec, ...] = (*SPECIALISTS, COORDINATOR)
"""The coordinator comes last."""
