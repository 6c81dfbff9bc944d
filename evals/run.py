"""Running a suite: every phrasing of every case through the same runner as a user's question."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from agents.question import Question
from agents.report import Report
from evals.case import EvalCase, Suite
from evals.day import made_day
from evals.day_judge import DayJudge
from evals.judge import Judge
from evals.score import Score, score
from tools.errors import GridCrewError

Ask = Callable[[Question], Report]


@dataclass(frozen=True)
class Outcome:
    """One phrasing with its score.

    Attributes:
        case: Identifier of the case.
        phrasing: 0 for the question itself, then its rewordings.
        question: The words.
        score: What was right; None when the run failed.
        error: Why it failed.
        seconds: How long the answer took.
        run: Identifier of the run.
    """

    case: str
    phrasing: int
    question: str
    score: Score | None
    error: str | None
    seconds: float
    run: str | None

    @property
    def passed(self) -> bool:
        """Whether the answer came and nothing in it is amiss."""
        return self.score is not None and self.score.passed

    @property
    def reasons(self) -> tuple[str, ...]:
        """What is amiss, one phrase each."""
        if self.score is None:
            return (self.error or "no answer",)
        found = self.score
        return (
            *(() if found.tools_right else ("a required tool was not called",)),
            *(() if found.status_right else ("the status is not the expected one",)),
            *(f"missing: {item}" for item in found.missing),
            *(f"WRONG: {item}" for item in found.wrong),
            *(f"not mentioned: {item}" for item in found.unmentioned),
        )


def run_suite(suite: Suite, ask: Ask, clock: Callable[[], float], *, reworded: bool) -> Iterator[Outcome]:
    """Ask every case, and with ``reworded`` every rewording, one after the other.

    Numbers of a simulated day are held against that day, all others against plain pandapower on their grid.
    """
    of_day = DayJudge(made_day(suite.day)) if suite.day else None
    for case in suite.cases:
        for number in range(len(case.phrasings) if reworded else 1):
            yield _run(case, number, ask, clock, of_day)


def _run(case: EvalCase, number: int, ask: Ask, clock: Callable[[], float], judge: Judge | None) -> Outcome:
    words, started = case.phrasings[number], clock()
    try:
        report = ask(Question(text=words, grid=case.grid))
    except GridCrewError as error:
        why = f"{type(error).__name__}: {error}"
        return Outcome(case.id, number, words, None, why, clock() - started, None)
    seconds = clock() - started
    return Outcome(case.id, number, words, score(case, report, judge), None, seconds, report.run_id)


@dataclass(frozen=True)
class Tally:
    """A suite in a few figures."""

    phrasings: int
    passed: int
    tools_right: float
    wrong_numbers: int
    numbers_checked: int


def tally(outcomes: tuple[Outcome, ...]) -> Tally:
    """Count what was right over all phrasings; a failed run has no right tools."""
    scores = [item.score for item in outcomes if item.score is not None]
    return Tally(
        phrasings=len(outcomes),
        passed=sum(item.passed for item in outcomes),
        tools_right=sum(item.tools_right for item in scores) / len(outcomes) if outcomes else 0.0,
        wrong_numbers=sum(len(item.wrong) for item in scores),
        numbers_checked=sum(item.checked for item in scores),
    )
