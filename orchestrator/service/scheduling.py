"""Schedules in DBOS: what is stored is what fires, and what was missed is made up once."""

from collections.abc import Callable, Sequence
from datetime import datetime, time

from dbos import DBOS, ScheduleInput

from orchestrator.service.job import QueueName
from orchestrator.service.timetable import MAKE_UP, cron_of, occurrence_name
from orchestrator.store.schedules import Schedule

Fire = Callable[[datetime, dict[str, str]], None]


def keep_schedules(stored: Sequence[Schedule], fire: Fire, now: datetime) -> None:
    """Bring DBOS's schedules to what is stored, and make up what was missed.

    DBOS fires on time. Its automatic backfill would not do: it knows no bound, and begins only after a first
    firing. Backfilling again and again is harmless, because an occurrence's workflow exists only once.

    Args:
        stored: The schedules as the user wrote them.
        fire: The workflow that takes the due time and the occurrence.
        now: Time of day.
    """
    wanted = {occurrence_name(item, at): (item, at) for item in stored for at in item.times}
    there = {item["schedule_name"]: item for item in DBOS.list_schedules()}
    for name in there.keys() - wanted.keys():
        DBOS.delete_schedule(name)
    inputs = [_input(name, item, at, fire) for name, (item, at) in wanted.items()]
    changed = [item for item in inputs if not _same(item, there.get(item["schedule_name"]))]
    if changed:
        DBOS.apply_schedules(changed)
    for name, (item, _) in wanted.items():
        DBOS.backfill_schedule(name, max(item.added_at, now - MAKE_UP), now)


def _input(name: str, schedule: Schedule, at: time, fire: Fire) -> ScheduleInput:
    return ScheduleInput(
        schedule_name=name,
        workflow_fn=fire,
        schedule=cron_of(at),
        cron_timezone=schedule.timezone,
        context={"schedule": schedule.model_dump_json(), "at": f"{at:%H:%M}"},
        queue_name=QueueName.REPORTS,
    )


def _same(wanted: ScheduleInput, there: object) -> bool:
    fields = ("schedule", "cron_timezone", "context")
    return isinstance(there, dict) and all(there[name] == wanted[name] for name in fields)  # type: ignore[literal-required]
