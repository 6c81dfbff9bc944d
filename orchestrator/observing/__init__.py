"""Questions about what was measured, logged and recorded, and about times: understood by cues, names and times."""

from orchestrator.observing.observe import Observable, observe
from orchestrator.observing.placing import place
from orchestrator.observing.times import asked_time

__all__ = ["Observable", "asked_time", "observe", "place"]
