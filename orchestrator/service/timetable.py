"""When a schedule's reports are due, and which run an occurrence is.

An occurrence is one time of day on one local date. A time that clocks skip in spring is due at the first moment
after the gap; a time that comes twice in autumn is one occurrence, due the first time.
"""

from datetime import date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from agents.question import Question, ReportKind
from orchestrator.runs.identifiers import new_id
from orchestrator.runs.record import ReasonerChoice
from orchestrator.service.job import RunJob
from orchestrator.store.schedules import Schedule
from tools.errors import InvalidArgumentError

SHIFT_QUESTION = "Shift report"
MAKE_UP = timedelta(hours=24)
"""How long ago an occurrence may have been missed and still be made up: older shifts have been handed over twice."""

ON_TIME = timedelta(minutes=10)
"""A report that is made later than this is made of the state at its due time, not of now."""


def parse_times(text: str) -> tuple[time, ...]:
    """Times of day as the user wrote them.

    Raises:
        InvalidArgumentError: for anything but ``HH:MM`` with commas between.

    >>> parse_times("06:00, 14:30")
    (datetime.time(6, 0), datetime.time(14, 30))
    """
    try:
        return tuple(datetime.strptime(item.strip(), "%H:%M").time() for item in text.split(","))  # noqa: DTZ007
    except ValueError as error:
        raise InvalidArgumentError(
            f"TIMES = {text!r}: right would be times of day such as 06:00,14:00,22:00"
        ) from error


def cron_of(at: time) -> str:
    """The cron expression of one time of every day."""
    return f"{at.minute} {at.hour} * * *"


def occurrence_name(schedule: Schedule, at: time) -> str:
    """Name of one time of day of a schedule."""
    return f"{schedule.name}@{at:%H:%M}"


def report_job(schedule: Schedule, at: time, due: datetime, now: datetime, reasoner: ReasonerChoice) -> RunJob:
    """The run of one occurrence: always the same identifier, however often and by whom it is asked for.

    Args:
        schedule: Which schedule.
        at: Which of its times of day.
        due: When the occurrence was due, timezone-aware; any moment of its local date gives the same run.
        now: Time of day.
        reasoner: Who words the report.
    """
    day = due.astimezone(ZoneInfo(schedule.timezone)).date()
    question = Question(
        text=SHIFT_QUESTION, kind=ReportKind.SHIFT, grid=schedule.grid, at=due if now - due > ON_TIME else None
    )
    return RunJob(id=_run_id(schedule, day, at), question=question, reasoner=reasoner)


def _run_id(schedule: Schedule, day: date, at: time) -> str:
    key = f"{schedule.name}|{schedule.grid}|{schedule.timezone}|{day.isoformat()}T{at:%H:%M}"
    number = int.from_bytes(sha256(key.encode()).digest(), "big")
    moment = datetime.combine(day, at, ZoneInfo(schedule.timezone))
    return new_id("r", moment, lambda bits: number % 2**bits)
