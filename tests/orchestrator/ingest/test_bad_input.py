"""Files and mappings that cannot be used: each a clear answer, and nothing stored."""

import gzip
import random

import pytest

from orchestrator.ingest.load_mapping import load_mapping
from orchestrator.store.metadata import METADATA
from tests.orchestrator.ingest.conftest import packed
from tests.orchestrator.ingest.test_tables import LONG, WIDE
from tools.errors import InvalidArgumentError

GOOD = "time,p\n2026-03-10 00:00,1\n2026-03-10 00:01,2\n"


def refused(desk, content, mapping, match, name="file.csv"):
    with pytest.raises(InvalidArgumentError, match=match):
        desk.take(content, mapping, name)
    assert desk.tables() == {name: [] for name in METADATA.tables}


@pytest.mark.parametrize("content", ["", "\n\n", " \r\n", "\ufeff", gzip.compress(b"", mtime=0)])
def test_file__empty(sqlite_desk, content):
    refused(sqlite_desk, content, WIDE, r"file\.csv is empty")


def test_file__header_only_is_no_error_and_gives_nothing(sqlite_desk):
    report = sqlite_desk.take("time,p\n", WIDE)
    assert (report.rows, report.values, report.sensors_made) == (0, 0, 0)


@pytest.mark.parametrize("lost", [1, 8, 30])
def test_file__truncated_gzip(sqlite_desk, lost):
    refused(sqlite_desk, packed(GOOD)[:-lost], WIDE, "cut off or damaged")


def test_file__damaged_gzip(sqlite_desk):
    content = bytearray(packed(GOOD * 50))
    content[len(content) // 2] ^= 0xFF
    refused(sqlite_desk, bytes(content), WIDE, r"cut off or damaged|CRC check failed|invalid")


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"PK\x03\x04rest", "zip archive or a workbook"),
        (b"\x89PNG\r\n", "picture"),
        (b"time,p\n2026-03-10,1\x00\n", "zero byte"),
        (random.Random(4).randbytes(4000), r"byte \d+ is 0x"),
    ],
)
def test_file__binary(sqlite_desk, content, match):
    refused(sqlite_desk, content, WIDE, match)


def test_file__wrong_encoding_says_where(sqlite_desk):
    content = GOOD.encode() * 60_000 + "2026-03-10 00:02,3 °C\n".encode("latin-1")
    position = content.index(b"\xb0")
    refused(sqlite_desk, content, WIDE, rf"not utf-8: byte {position} is 0xb0; name the right one as 'encoding'")


@pytest.mark.parametrize(("encoding", "place"), [("latin-1", "Zürich"), ("utf-16", "Zürich"), ("shift_jis", "東京")])
def test_file__foreign_encoding_is_refused_until_it_is_named(sqlite_desk, encoding, place):
    content = f"time,p,place\n2026-03-10 00:00,1,{place}\n".encode(encoding)
    refused(sqlite_desk, content, WIDE, r"not utf-8|zero byte|byte \d+ is 0x")
    assert sqlite_desk.take(content, WIDE | {"encoding": encoding}, "named.csv").values == 1


def test_file__unknown_encoding(sqlite_desk):
    refused(sqlite_desk, GOOD, WIDE | {"encoding": "utf-9"}, "encoding 'utf-9' is not known")
    refused(sqlite_desk, GOOD, WIDE | {"encoding": "hex"}, "encoding 'hex' is not known")


def test_file__missing(sqlite_desk):
    with pytest.raises(InvalidArgumentError, match=r"nowhere\.csv cannot be read: No such file"):
        sqlite_desk.take_file(sqlite_desk.folder / "nowhere.csv", WIDE)


@pytest.mark.parametrize(
    ("content", "mapping", "match"),
    [
        ("time,q\n2026-03-10,1\n", WIDE, r"column 'p' of the mapping is not in the file; it has 'time', 'q'"),
        ("time,p,p\n2026-03-10,1,2\n", WIDE, "column 'p' stands 2 times"),
        (
            "time,p\n10.03.2026 00:00,1\nx,1\n",
            WIDE,
            "Nothing of file.csv could be taken: 2 of 2 are rejected for: no time",
        ),
        (
            "time,p\n2026-03-10,1\n",
            WIDE | {"time": {"column": "time"}},
            "carry no offset and the mapping names no zone",
        ),
        ("time,p\n2026-03-10,1\n", WIDE | {"time": {"column": "time", "format": "%Q"}}, "time.format '%Q'"),
        ("time,tag,value\n2026-03-10T00:00Z,A,1\n", LONG, "sensor that neither the mapping nor the store knows"),
        ("time;p\n2026-03-10;1\n", WIDE, "column 'time' of the mapping is not in the file"),
    ],
)
def test_mapping__contradicts_the_file(sqlite_desk, content, mapping, match):
    refused(sqlite_desk, content, mapping, match)


def column(**changes):
    return WIDE | {"columns": {"p": WIDE["columns"]["p"] | changes}}


@pytest.mark.parametrize(
    ("mapping", "match"),
    [
        ({"format": "tall"}, "format.*'wide', 'long', 'syslog', 'outages', 'permits'"),
        ({**WIDE, "colums": 3}, r"colums = 3: Extra inputs"),
        (WIDE | {"time": {"column": "time", "zone": "Mars/Olympus"}}, r"time\.zone = 'Mars/Olympus'.*Europe/Berlin"),
        (WIDE | {"time": {"column": "time", "fold": "both"}}, r"time\.fold = 'both'.*'order', 'earlier', 'later'"),
        (column(unit="MW"), r"columns\.p.*unit 'MW' is not known.*mw"),
        (column(file_unit="mW"), "unit 'mW' cannot be converted to 'mw'; right would be one of: mw, W, kW"),
        (column(element="line 14"), r"columns\.p\.element = 'line 14'.*line:14 would be"),
        (column(sign=2), r"columns\.p\.sign = 2.*1 or -1"),
        (column(lowest=5, highest=5), "lowest 5 is not below highest 5"),
        (column(highest=float("nan")), r"columns\.p\.highest.*finite"),
        (column(asset="T9"), "asset 'T9' of 'p' is not under assets"),
        (column(stale_after_s=0), r"columns\.p\.stale_after_s = 0"),
        (WIDE | {"columns": {}}, "columns"),
        (
            WIDE | {"columns": {"a": WIDE["columns"]["p"], "b": WIDE["columns"]["p"]}},
            "sensor 'load1.p' is named twice",
        ),
    ],
)
def test_mapping__wrong_field_is_named_with_its_value(sqlite_desk, mapping, match):
    refused(sqlite_desk, GOOD, mapping, match)


@pytest.mark.parametrize(
    ("content", "match"), [("a: [", "no YAML"), ("- 1", "holds no fields"), ("", "holds no fields")]
)
def test_mapping__is_no_mapping(sqlite_desk, content, match):
    file = sqlite_desk.folder / "m.yaml"
    file.write_text(content)
    with pytest.raises(InvalidArgumentError, match=match):
        load_mapping(file)
