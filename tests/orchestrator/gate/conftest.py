"""Evidence of two grids, from real calls, and passages written by hand."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from agents.evidence import Evidence, evidence_digest
from knowledge.library import open_library
from knowledge.schema import PassageHit, StandardsSearch
from orchestrator.calls import call_tool
from orchestrator.catalogue import find_tool
from orchestrator.gate import GateFrame
from tools.context import Clock, ToolContext
from tools.grid.grid import Grid
from tools.grid.importing import open_grid
from tools.limits import LimitTable

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


class _OneGrid:
    def __init__(self, grid: Grid) -> None:
        self._grid = grid

    def grid(self, at=None) -> Grid:
        del at
        return self._grid


PASSAGES = StandardsSearch(
    query="voltage band",
    passages_searched=40,
    hits=(
        PassageHit(
            id="p1",
            document="EN 50160",
            edition="2010",
            clause="Clause 4.2.2",
            title="Supply voltage variations, low voltage",
            quote="The supply voltage at a customer's terminals stays within plus or minus 10 percent of nominal.",
            score=0.9,
        ),
        PassageHit(
            id="p2",
            document="EN 50160",
            edition="2010",
            clause="Clause 5.2.2",
            title="Supply voltage variations, medium voltage",
            quote="From 1 kV to 36 kV the supply voltage stays near the declared voltage.",
            score=0.8,
        ),
    ),
)


def _book(case: str, outage: str) -> dict[str, Evidence]:
    context = ToolContext(grids=_OneGrid(open_grid(case)), limits=LimitTable(limits=()), clock=Clock(NOW, NOW))
    opened = [{"type": "switch_branch", "element": outage, "closed": False}]
    calls = [
        ("solve_power_flow", {"limit": 50}),
        ("check_limits", {}),
        ("screen_contingencies", {"limit": 30}),
        ("solve_power_flow", {"outages": [outage], "limit": 50}),
        ("check_limits", {"outages": [outage]}),
        ("simulate_actions", {"proposed": opened}),
        ("solve_power_flow", {"elements": ["line:9", "bus:12", "bus:7"]}),
        ("solve_power_flow", {"elements": ["bus:12"], "outages": [outage]}),
        ("screen_contingencies", {"limit": 10}),
    ]
    book = {
        f"e{number}": call_tool(find_tool(tool), context, arguments, evidence_id=f"e{number}", agent="grid_monitor")
        for number, (tool, arguments) in enumerate(calls, start=1)
    }
    last = Evidence(
        id="e10",
        tool="search_standards",
        tool_version="1",
        agent="coordinator",
        arguments={"query": "voltage band"},
        result=PASSAGES.model_dump(mode="json"),
        grid_fingerprint=None,
        as_of=NOW,
        known_until=NOW,
        digest="",
        elapsed_ms=1.0,
    )
    return book | {"e10": last.model_copy(update={"digest": evidence_digest(last)})}


@pytest.fixture(scope="session")
def case30() -> dict[str, Evidence]:
    return _book("case30", "line:5")


@pytest.fixture(scope="session")
def case118() -> dict[str, Evidence]:
    return _book("case118", "line:14")


def _opened(branch: str, *, closed: bool = False) -> dict[str, object]:
    return {"proposed": [{"type": "switch_branch", "element": branch, "closed": closed}]}


_BASE = [("solve_power_flow", {}), ("check_limits", {}), ("screen_contingencies", {})]
_STUDIES = {
    "case30": [
        *_BASE,
        ("solve_power_flow", {"outages": ["line:5"]}),
        ("check_limits", {"outages": ["line:5"]}),
        ("simulate_actions", _opened("line:5")),
        ("check_model", {}),
        ("search_standards", {"query": "voltage limits during N-1 contingency"}),
    ],
    "case39": [
        *_BASE,
        ("solve_power_flow", {"outages": ["line:14"]}),
        ("simulate_actions", _opened("line:14")),
        ("check_model", {}),
        ("describe_element", {"element": "line:14"}),
    ],
    "case118": [
        *_BASE,
        ("solve_power_flow", {"outages": ["line:14"]}),
        ("check_limits", {"outages": ["line:14"]}),
        ("simulate_actions", _opened("line:14")),
        ("check_model", {}),
        ("describe_element", {"element": "line:14"}),
        ("search_standards", {"query": "supply voltage variations low voltage"}),
    ],
    "case33bw": [
        *_BASE,
        ("solve_power_flow", {"outages": ["line:14"]}),
        ("simulate_actions", _opened("line:32", closed=True)),
        ("check_model", {}),
    ],
}


def _out(branch: str) -> list[tuple[str, dict[str, object]]]:
    return [("solve_power_flow", {"outages": [branch]}), ("check_limits", {"outages": [branch]})]


_REDISPATCH = {"proposed": [{"type": "redispatch", "element": "gen:0", "delta_p_mw": 40.0}]}
_SHEDDING = {"proposed": [{"type": "shed_load", "element": "load:23", "p_mw": 0.2}]}
# Of the sentences by another hand; the first word is the grid.
_OTHER_STUDIES = {
    "case14": [
        *_BASE,
        *_out("line:2"),
        ("simulate_actions", _opened("line:2")),
        ("check_model", {}),
        ("search_standards", {"query": "remedial actions after an outage"}),
    ],
    "case24_ieee_rts": [
        *_BASE,
        *_out("line:9"),
        ("simulate_actions", _opened("line:9")),
        ("describe_element", {"element": "line:9"}),
        ("check_model", {}),
    ],
    "case57": [*_BASE, *_out("line:8"), ("check_model", {})],
    "case39 line 3": [
        *_BASE,
        *_out("line:3"),
        ("simulate_actions", _opened("line:3")),
        ("search_standards", {"query": "N-1 criterion thermal limits"}),
        ("simulate_actions", _REDISPATCH),
    ],
    "case118 trafo 3": [
        *_BASE,
        *_out("trafo:3"),
        ("describe_element", {"element": "trafo:3"}),
        ("check_model", {}),
    ],
    "case33bw line 20": [
        *_BASE,
        *_out("line:20"),
        ("simulate_actions", _opened("line:34", closed=True)),
        ("check_model", {}),
        ("search_standards", {"query": "voltage in medium-voltage distribution networks"}),
        ("simulate_actions", _SHEDDING),
    ],
}


@pytest.fixture(scope="session")
def studies() -> dict[str, dict[str, Evidence]]:
    """What the crew sees of several grids, by real calls; the fresh sentences are about these."""
    library = open_library(None)
    books = {}
    for study, calls in (_STUDIES | _OTHER_STUDIES).items():
        grid = study.split(" ")[0]
        context = ToolContext(
            grids=_OneGrid(open_grid(grid)), limits=LimitTable(limits=()), clock=Clock(NOW, NOW), passages=library
        )
        books[study] = {
            f"e{number}": call_tool(find_tool(tool), context, arguments, evidence_id=f"e{number}", agent="grid_monitor")
            for number, (tool, arguments) in enumerate(calls, start=1)
        }
    return books


@pytest.fixture
def frame() -> GateFrame:
    return GateFrame(zone=ZoneInfo("Europe/Berlin"), grid="case30", question="What if line 9 carries 50 MW more?")
