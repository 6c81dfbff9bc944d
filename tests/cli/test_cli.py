"""The command line as a user meets it: exit codes, JSON, clear errors, no traceback."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.main import run

GRIDCREW = Path(sys.executable).with_name("gridcrew")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def gridcrew(home, capsys, monkeypatch):
    """The entry point in this process: what a command imports is imported once for all tests."""

    def call(*args, **env):
        monkeypatch.chdir(home)
        monkeypatch.setattr(sys, "argv", ["gridcrew", *args])
        for name, value in {"GRIDCREW_HOME": str(home), **env}.items():
            monkeypatch.setenv(name, value)
        try:
            run()
        except SystemExit as stop:
            code = stop.code or 0
        out = capsys.readouterr()
        return Done(int(code), out.out, out.err)

    return call


def installed(home, *args):
    """The installed command, as a process of its own."""
    return subprocess.run(
        [GRIDCREW, *args],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env=os.environ | {"GRIDCREW_HOME": str(home)},
        cwd=home,
    )


def test_help__lists_every_group_without_loading_an_engine(home):
    done = installed(home, "--help")
    assert done.returncode == 0
    assert "ask" in done.stdout
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, cli.main; print(sorted(m for m in sys.modules if m in "
            "{'pandapower', 'torch', 'crewai', 'sqlmodel', 'pydantic', 'numpy'}))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert loaded.stdout.strip() == "[]"


def test_ask__json_is_one_document_on_standard_output(home):
    done = installed(home, "ask", "What are the losses?", "--grid", "case14", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["schema_version"] == "1"
    assert report["status"] == "answered"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["ask", "status?", "--grid", "caes39"], "case39"),
        (["ask", "status?", "--grid", "case39", "--reasoner", "gpt"], "ollama:MODEL"),
        (["ask", "status?", "--grid", "case39", "--at", "yesterday"], "2026-01-31T03:00"),
        (["ask", " ", "--grid", "case39"], "QUESTION"),
        (["tool", "call", "solve_powerflow", "--grid", "case14"], "solve_power_flow"),
        (["tool", "call", "solve_power_flow", "--grid", "case14", "--args", "{"], "--args"),
        (["tool", "call", "solve_power_flow", "--grid", "case14", "--args", '{"outages": ["line:99"]}'], "line"),
        (["tool", "call", "solve_power_flow", "--grid", "case14", "--args", '{"limit": 0}'], "limit = 0"),
        (["run", "show", "r-none"], "r-none"),
        (["report", "show", "rep-none"], "rep-none"),
        (["grid", "add", "case39", "case14"], "NAME"),
        (["grid", "show", "no/such/file.json"], "no/such/file.json"),
        (["eval", "run", "--suite", "nosuch"], "nosuch"),
    ],
)  # fmt: skip
def test_bad_input__is_one_clear_line_and_exit_code_2(gridcrew, args, said):
    done = gridcrew(*args)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert said in done.stderr


def test_bad_settings__name_the_variable(gridcrew):
    done = gridcrew("ask", "status?", GRIDCREW_TIMEZONE="Mars/Olympus")
    assert done.returncode == 2
    assert "GRIDCREW_TIMEZONE" in done.stderr
    assert "Mars/Olympus" in done.stderr


def test_tool_call__repeat_tells_every_duration(gridcrew):
    done = gridcrew("tool", "call", "check_limits", "--grid", "case30", "--repeat", "3", "--json")
    evidence = json.loads(done.stdout)
    assert len(evidence["elapsed_ms_all"]) == 3
    assert evidence["result"]["overloads"] == 1


def test_grid__added_grids_are_asked_for_by_name(gridcrew):
    assert gridcrew("grid", "add", "north", "case14").returncode == 0
    assert "north" in gridcrew("grid", "list", "--json").stdout
    report = json.loads(gridcrew("ask", "losses?", "--grid", "north", "--json").stdout)
    assert report["grid"]["name"] == "north"
    assert gridcrew("run", "verify", report["run_id"]).returncode == 0


def test_report__shift_in_every_format(gridcrew, home):
    written = gridcrew("report", "shift", "--grid", "case30", "--json")
    assert written.returncode == 0, written.stderr
    report = json.loads(written.stdout)["id"]
    for form in ("html", "md", "pdf", "json"):
        out = home / f"shift.{form}"
        done = gridcrew("report", "show", report, "--format", form, "--out", str(out))
        assert done.returncode == 0, done.stderr
        assert out.stat().st_size > 1000
    assert (home / "shift.pdf").read_bytes().startswith(b"%PDF")
    assert report in gridcrew("report", "list").stdout


def test_doctor__finds_everything_here(gridcrew):
    done = gridcrew("doctor", "--json")
    assert done.returncode == 0, done.stdout
    assert all(check["fine"] for check in json.loads(done.stdout))


def test_doctor__a_model_server_that_is_down_is_missing(gridcrew):
    done = gridcrew("doctor", GRIDCREW_REASONER="ollama:any", GRIDCREW_OLLAMA_URL="http://127.0.0.1:9")
    assert done.returncode == 3
    assert "MISSING" in done.stdout
