"""The four sentences that a shift report begins with."""

from collections.abc import Iterator, Sequence

from agents.finding import Finding
from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.answers.forecast import answer_forecast
from orchestrator.compose.answers.limits import limits_line
from orchestrator.compose.answers.security import security_line
from orchestrator.compose.board import Board
from orchestrator.compose.phrases import draft
from orchestrator.compose.shift.changes import named
from tools.vocabulary import Severity

_NAMED = 4


def shift_summary(board: Board, resolved: Resolved, findings: Sequence[Finding]) -> Iterator[Draft]:
    """What is wrong by name, then limits, security and the load ahead, one sentence each."""
    yield _gravest(findings)
    for answer in (limits_line, security_line, answer_forecast):
        for sentence in answer(board, resolved):
            yield sentence
            break


def _gravest(findings: Sequence[Finding]) -> Draft:
    grave = [item for item in findings if item.severity is not Severity.INFORMATION]
    if not grave:
        return draft("Findings above information: none among what was looked at.")
    return draft("Needs attention: ", named(grave, _NAMED), ".")
