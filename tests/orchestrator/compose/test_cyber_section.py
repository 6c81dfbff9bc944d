"""The cyber section of a shift report: what has no source reads as not checked, with the source that lacks."""

from agents.question import Resolved
from agents.report import SectionState
from orchestrator.compose.shift.changes import Changes
from orchestrator.compose.shift.crew import cyber
from orchestrator.compose.shift.frame import Frame
from tests.orchestrator.compose.evidence import board, evidence, pen
from tests.tools.memory_sources import MemoryLogs
from tests.tools.security.contexts import AS_OF, DAY, access, context
from tools.security.access import review_access_events
from tools.security.schema.access import ReviewAccessEventsArguments
from tools.telemetry.schema.log import LogKind


def test_cyber__names_every_part_that_was_not_checked():
    ctx = context(logs=MemoryLogs([access(DAY)], (LogKind.ACCESS,)))
    review = review_access_events(ctx, ReviewAccessEventsArguments(start=DAY, end=AS_OF))
    shown = board(evidence("e1", "review_access_events", review))
    section = cyber(Frame(shown, Resolved(), pen(shown), (), _no_changes()))
    assert section.state is SectionState.NOT_CHECKED
    texts = [statement.text for statement in section.statements]
    for part in ("Command log", "Protocol log", "False data"):
        assert any(text.startswith(f"{part} not checked") for text in texts), part
    assert not any(text.startswith("Access log not checked") for text in texts)


def _no_changes():
    return Changes(None, ())
