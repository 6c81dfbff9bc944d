"""The service as a client meets it: real processes, durable runs, a hundred at once, bodies of every wrong kind."""

import json
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from orchestrator.home import open_home
from orchestrator.settings import Settings
from tests.orchestrator.service.serving import serving
from tools.telemetry.schema.sensor import Sensor

AT_ONCE = 100


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("service")


@pytest.fixture(scope="module")
def service(home):
    with serving(home) as running:
        yield running


@pytest.fixture(scope="module")
def store(service):
    return open_home(Settings(_env_file=None, home=service.home))


def test_questions__an_answer_is_the_report(service):
    reply = service.http.post("/api/v1/questions", json={"text": "What are the losses?", "grid": "case14"})
    assert reply.status_code == 200, reply.text
    assert "13.39 MW" in reply.json()["summary"][0]["text"]  # pandapower: 13.393272 MW


def _fetched(service, reply):
    """The report of a question that was taken in."""
    assert reply.status_code == 202, reply.text
    where, until = reply.headers["location"], time.monotonic() + 120
    while (standing := service.http.get(where).json())["state"] != "done":
        assert time.monotonic() < until, standing
        time.sleep(0.1)
    return standing["report"]


def test_questions__who_does_not_wait_finds_the_report_later(service):
    asked = {"text": "What is the voltage at bus 5?", "grid": "case14"}
    reply = service.http.post("/api/v1/questions", json=asked, params={"wait": False})
    assert _fetched(service, reply)["question"]["text"] == asked["text"]


def test_questions__a_hundred_at_once_are_each_answered_with_their_own(service):
    """Every question names its own bus; what comes back speaks of that bus and of no other."""
    chance = random.Random(7)
    asked = [(f"What is the voltage at bus:{bus}?", "case118", bus) for bus in range(AT_ONCE)]
    chance.shuffle(asked)

    def ask(item):
        text, grid, _ = item
        return service.http.post("/api/v1/questions", json={"text": text, "grid": grid})

    with ThreadPoolExecutor(AT_ONCE) as pool:
        replies = list(pool.map(ask, asked))
    reports = [reply.json() if reply.status_code == 200 else _fetched(service, reply) for reply in replies]
    for (text, _, bus), report in zip(asked, reports, strict=True):
        assert report["question"]["text"] == text
        assert [(item["kind"], item["index"]) for item in report["resolved"]["elements"]] == [("bus", bus)]
        assert f"bus:{bus} " in report["summary"][0]["text"]
    assert len({report["run_id"] for report in reports}) == AT_ONCE


@pytest.mark.parametrize(
    ("path", "body", "status", "named"),
    [
        ("/api/v1/questions", {"text": ""}, 422, "text"),
        ("/api/v1/questions", {"question": "?"}, 422, "text"),
        ("/api/v1/questions", {"text": "?", "grid": 7}, 422, "grid"),
        ("/api/v1/questions", {"text": "losses?", "grid": "caes14"}, 404, "case14"),
        ("/api/v1/questions", {"text": "losses?", "at": "yesterday"}, 422, "at"),
        ("/api/v1/questions", {"text": "losses?", "reasoner": "gpt"}, 422, "embedded"),
        ("/api/v1/questions", [], 422, "body"),
        ("/api/v1/questions", None, 422, "body"),
        ("/api/v1/reports", {"kind": "diary"}, 422, "kind"),
        ("/api/v1/reports/latest/acknowledgements", {"name": " ", "role": "outgoing"}, 422, "name"),
        ("/api/v1/reports/nothing/acknowledgements", {"name": "A", "role": "outgoing"}, 404, "nothing"),
        ("/api/v1/reports/latest/acknowledgements", {"name": "A", "role": "king"}, 422, "role"),
        ("/api/v1/incidents/i-none/explanation", None, 404, "i-none"),
        ("/api/v1/readings", {"sensor": "x"}, 422, "body"),
        ("/api/v1/readings", [], 422, "body"),
    ],
)
def test_api__a_wrong_body_is_told_what_is_wrong(service, path, body, status, named):
    reply = service.http.post(path, json=body)
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    assert named in reply.text


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"text=losses", "application/x-www-form-urlencoded", 415),
        (b"[" * 100_000, "application/json", 400),
        (b'{"text": "' + b"x" * 20_000_000 + b'"}', "application/json", 413),
    ],
)
def test_api__a_body_that_is_no_json_is_refused(service, content, kind, status):
    reply = service.http.post("/api/v1/questions", content=content, headers={"content-type": kind})
    assert reply.status_code == status, reply.text[:300]
    assert reply.headers["content-type"] == "application/problem+json"


def test_api__unknown_routes_and_methods_are_problems(service):
    for reply, status in ((service.http.get("/api/v1/nothing"), 404), (service.http.delete("/api/v1/questions"), 405)):
        assert (reply.status_code, reply.headers["content-type"]) == (status, "application/problem+json")


def test_docs__stand_on_their_own(service):
    page = service.http.get("/docs")
    assert page.status_code == 200
    assert "http://" not in page.text.replace(str(service.http.base_url), "")
    assert "https://" not in page.text
    assert "/api/v1/questions" in service.http.get("/openapi.json").text


def test_readings__each_is_taken_known_or_rejected(service, store):
    from orchestrator.store.sensors import declare_sensors  # noqa: PLC0415 - only this test stores

    with store.engine.execution_options(writes=True).begin() as connection:
        declare_sensors(connection, [Sensor(name="t1", quantity="p", unit="mw", lowest=0.0, highest=100.0)])
    at = datetime(2026, 3, 1, 12, tzinfo=UTC).isoformat()
    batch = [
        {"sensor": "t1", "at": at, "value": 5.0},
        {"sensor": "t1", "at": at, "value": 5.0},
        {"sensor": "t1", "at": at, "value": 6.0},
        {"sensor": "t1", "at": "2026-03-01T12:01:00Z", "value": None},
        {"sensor": "t1", "at": "2026-03-01T12:02:00Z", "value": 500.0},
        {"sensor": "t2", "at": at, "value": 5.0},
        {"sensor": "t1", "at": "2026-03-01T12:00:00", "value": 5.0},
        {"sensor": "t1", "at": 1772366400, "value": 5.0},
        {"sensor": "t1", "at": "2999-01-01T00:00:00Z", "value": 5.0},
        {"sensor": "t1", "at": at, "value": "5"},
        {"sensor": "t1", "at": at},
        "t1",
    ]
    found = service.http.post("/api/v1/readings", json=batch).json()
    assert (found["taken"], found["duplicates"]) == (3, 1)
    assert [item["index"] for item in found["rejected"]] == [2, 5, 6, 7, 8, 9, 10, 11]
    assert found["taken"] + found["duplicates"] + len(found["rejected"]) == len(batch)


def test_serve__one_service_owns_a_data_directory(service):
    second = subprocess.run(
        [sys.executable, "-m", "cli.main", "serve", "--port", "0"],
        env={"GRIDCREW_HOME": str(service.home), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert second.returncode != 0
    assert "owned" in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.1", "::"])  # noqa: S104 - what must be refused
def test_serve__listens_to_this_machine_only_while_there_are_no_users(tmp_path, host):
    refused = subprocess.run(
        [sys.executable, "-m", "cli.main", "serve", "--host", host, "--port", "0"],
        env={"GRIDCREW_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert refused.returncode == 2
    assert host in refused.stderr


def test_cli__is_a_client_of_the_service_that_owns_the_home(service):
    asked = subprocess.run(
        [sys.executable, "-m", "cli.main", "ask", "What are the losses?", "--grid", "case14", "--json"],
        env={"GRIDCREW_HOME": str(service.home), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    run = json.loads(asked.stdout)["run_id"]
    assert service.http.get(f"/api/v1/runs/{run}").status_code == 200
