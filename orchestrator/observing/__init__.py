"""Questions about what was measured, logged and recorded, and about times: understood by cues, names and times."""

from orchestrator.observing.bounds import unreadable
from orchestrator.observing.continuing import last_of, only_a_time
from orchestrator.observing.observable import Observable
from orchestrator.observing.observe import observe
from orchestrator.observing.placing import place, replace_time
from orchestrator.observing.times import asked_time

__all__ = ["Observable", "asked_time", "last_of", "observe", "only_a_time", "place", "replace_time", "unreadable"]
