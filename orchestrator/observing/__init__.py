"""Questions about what was measured, logged and recorded: understood by cues, names and times."""

from orchestrator.observing.observe import Observable, observe

__all__ = ["Observable", "observe"]
