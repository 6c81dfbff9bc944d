"""Nothing lost, nothing invented: whatever a file holds, its counts add up and the store holds what it says."""

import csv
import io
import math
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tests.orchestrator.ingest.test_tables import LONG, WIDE
from tools.errors import InvalidArgumentError

TIMES = st.sampled_from(
    ["2026-03-29 01:59", "2026-03-29 02:30", "2026-03-29 03:00", "2026-10-25 02:15", "2026-10-25 02:45", "x", "",
     "2026-01-01", "9999-01-01", "2026-10-25T02:15:00Z"]
)  # fmt: skip
VALUES = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True).map(repr),
    st.sampled_from(["", " ", "NaN", "inf", "1,5", "12 kW", '"', "\u0661", "-0", "1e400"]),
    st.text(max_size=4).filter(lambda value: "\x00" not in value),
)
NAMES = count()


def encoded(rows):
    """As a spreadsheet would write it, or as somebody's script did, without quotes."""
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def stored(desk):
    with desk.engine.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM reading")).scalar()


def numbers(texts):
    """What is written, but for space around it; U+001C to U+001F are space as well, which ``float`` does not know."""
    found = set()
    for item in texts:
        try:
            found.add(float(item.strip()))
        except ValueError:
            continue
    return {number for number in found if math.isfinite(number)}


def taken(desk, content, mapping):
    """The report; None for a file of which nothing can be used, which is an error."""
    try:
        return desk.take(content, mapping)
    except InvalidArgumentError as error:
        if str(error).startswith("Nothing of"):
            return None
        raise


def check(desk, content, mapping, written, names):
    before = stored(desk)
    report = taken(desk, content, mapping)
    if report is None:
        assert stored(desk) == before
        return
    assert report.values == report.taken + report.duplicates + report.rejected + report.empty
    assert stored(desk) == before + report.taken
    assert sum(item.count for item in report.reasons) == report.rejected
    assert sum(item.readings for item in report.sensors) == report.taken + report.duplicates
    if report.rejected:
        with Path(report.reject_file).open(encoding="utf-8", newline="") as file:
            assert len(list(csv.DictReader(file))) == report.rejected
    for name in names:
        assert {value for _, value, _ in desk.values(name)} <= numbers(written)
    again = desk.take(content, mapping)
    assert (again.taken, again.duplicates, again.rejected) == (0, report.taken + report.duplicates, report.rejected)
    assert stored(desk) == before + report.taken


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(TIMES, VALUES, VALUES), min_size=1, max_size=12))
def test_wide__counts_add_up(sqlite_desk, rows):
    names = [f"a{next(NAMES)}", f"b{next(NAMES)}"]
    mapping = WIDE | {
        "time": {"column": "time", "zone": "Europe/Berlin"},
        "columns": {key: {"sensor": name, "quantity": "p"} for key, name in zip("pq", names, strict=True)},
    }
    content = encoded([("time", "p", "q"), *rows])
    check(sqlite_desk, content, mapping, [value for row in rows for value in row[1:]], names)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(TIMES, st.sampled_from(["T1", "P1", "X", ""]), VALUES), min_size=1, max_size=12))
def test_long__counts_add_up(sqlite_desk, rows):
    names = [f"a{next(NAMES)}", f"b{next(NAMES)}"]
    sensors = {tag: {"sensor": name, "quantity": "p"} for tag, name in zip(("T1", "P1"), names, strict=True)}
    mapping = LONG | {"time": {"column": "time", "zone": "Europe/Berlin"}, "sensors": sensors}
    content = encoded([("time", "tag", "value"), *rows])
    check(sqlite_desk, content, mapping, [value for *_, value in rows], names)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.text(alphabet='012",;.\n\r x-:', max_size=20), min_size=1, max_size=8))
def test_wide__counts_add_up_for_text_that_is_hardly_a_table(sqlite_desk, lines):
    name = f"c{next(NAMES)}"
    mapping = WIDE | {"columns": {"p": {"sensor": name, "quantity": "p"}}}
    content = "time,p\n2026-01-01,1\n" + "\n".join(lines)
    report = sqlite_desk.take(content, mapping)
    assert report.values == report.taken + report.duplicates + report.rejected + report.empty
    assert report.values == report.rows
    assert len(sqlite_desk.values(name)) == report.taken >= 1
