"""Random studies of small grids: any tool, any hypothesis, as a control room would ask them one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pandapower as pp
import pandapower.networks as nw
from pydantic import JsonValue

from benchmarks.grid.bench_estimation import Held, readings
from knowledge.limits import standard_limits
from orchestrator.catalogue import find_tool
from orchestrator.grids import OneGrid
from tools.context import Clock, ToolContext
from tools.errors import ToolError
from tools.grid.grid import Grid
from tools.limits import LimitTable
from tools.result import canonical_json

if TYPE_CHECKING:
    from pandapower import pandapowerNet

GRIDS = ("case9", "case14", "case30", "case33bw", "case39")
AT = datetime(2026, 3, 10, tzinfo=UTC)
_TABLES = (LimitTable(limits=()), standard_limits())
# Tools whose calls take a tenth of a second and more.
HEAVY = ("simulate_actions", "optimize_dispatch", "plan_load_shedding", "find_remedies", "reconfigure_feeder")
# So few that a call finds a state sometimes kept from another one, and sometimes thrown out by the others.
_HYPOTHESES = 10

Json = dict[str, JsonValue]


@dataclass(frozen=True)
class Question:
    """One call.

    Attributes:
        tool: Name in the catalogue.
        grid: One of ``GRIDS``.
        arguments: As JSON.
        limits: Whether the standards' limits hold where the model has none.
        seed: Of the context, and of the noise of the readings.
    """

    tool: str
    grid: str
    arguments: Json
    limits: bool
    seed: int


class Desk:
    """The grids of one process, each loaded once; what they keep between calls they keep here."""

    def __init__(self, label: str) -> None:
        self.nets = {name: getattr(nw, name)() for name in GRIDS}
        self._grids = {name: Grid(name=name, fingerprint=f"{label}-{name}", net=net) for name, net in self.nets.items()}
        self._held: dict[tuple[str, int], Held] = {}

    def answer(self, asked: Question) -> str:
        """Canonical JSON of the result; of a refusal its words."""
        spec = find_tool(asked.tool)
        context = ToolContext(
            grids=OneGrid(self._grids[asked.grid]),
            limits=_TABLES[asked.limits],
            clock=Clock(AT, AT),
            seed=asked.seed,
            telemetry=self._telemetry(asked.grid, asked.seed),  # type: ignore[arg-type]  # reads only what is newest
        )
        try:
            return canonical_json(spec.load()(context, spec.arguments.model_validate(asked.arguments)))
        except ToolError as error:
            return f"{type(error).__name__}: {error}"

    def _telemetry(self, grid: str, seed: int) -> Held:
        if (grid, seed) not in self._held:
            net = getattr(nw, grid)()
            pp.runpp(net)
            self._held[grid, seed] = Held(readings(net, seed))
        return self._held[grid, seed]


class Questions:
    """Draws questions."""

    def __init__(self, seed: int) -> None:
        self._chance = np.random.default_rng(seed)
        self._nets: Mapping[str, pandapowerNet] = {name: getattr(nw, name)() for name in GRIDS}
        self._hypotheses: dict[str, list[Json]] = {}
        self._makers: Mapping[str, tuple[int, Callable[[str], Json], Sequence[str]]] = {
            "solve_power_flow": (20, self._flow, GRIDS),
            "check_limits": (12, self._state, GRIDS),
            "find_path": (12, self._path, GRIDS),
            "break_down_losses": (8, self._state, GRIDS),
            "describe_element": (4, lambda grid: {"element": self._any(grid, "bus", "line", "load")}, GRIDS),
            "check_model": (1, lambda _: {}, GRIDS),
            "screen_contingencies": (14, self._screening, GRIDS),
            "simulate_actions": (10, self._actions, GRIDS),
            "calculate_short_circuit": (3, lambda grid: {"buses": [self._any(grid, "bus")]}, GRIDS),
            "simulate_cascade": (4, self._cascade, GRIDS),
            "optimize_dispatch": (2, self._dispatch, ("case9", "case30", "case39")),
            "estimate_state": (5, self._estimate, GRIDS),
            "plan_load_shedding": (1, self._hypothesis, ("case9", "case30")),
            "find_remedies": (1, self._remedies, ("case9",)),
            "reconfigure_feeder": (1, self._feeder, ("case33bw",)),
            "draw_grid": (2, lambda grid: {"around": self._any(grid, "bus"), "depth": 1}, GRIDS),
        }

    def draw(self, count: int, *, light: bool = False) -> tuple[Question, ...]:
        """So many questions, each tool as often as its weight; ``light`` makes those of heavy tools rare."""
        rare = {tool: 0.1 if light and tool in HEAVY else 1.0 for tool in self._makers}
        weight = np.array([maker[0] * rare[tool] for tool, maker in self._makers.items()])
        drawn = self._chance.choice(list(self._makers), count, p=weight / weight.sum())
        return tuple(self._question(str(tool)) for tool in drawn)

    def _question(self, tool: str) -> Question:
        _, arguments, grids = self._makers[tool]
        grid = str(self._chance.choice(grids))
        return Question(tool, grid, arguments(grid), bool(self._chance.integers(2)), int(self._chance.integers(3)))

    def _any(self, grid: str, *tables: str) -> str:
        table = str(self._chance.choice([name for name in tables if len(self._nets[grid][name])]))
        return f"{table}:{self._chance.choice(self._nets[grid][table].index)}"

    def _few(self, grid: str, most: int, *tables: str) -> list[JsonValue]:
        return [*dict.fromkeys(self._any(grid, *tables) for _ in range(int(self._chance.integers(1, most + 1))))]

    def _hypothesis(self, grid: str) -> Json:
        if grid not in self._hypotheses:
            self._hypotheses[grid] = [{}, *(self._new_hypothesis(grid) for _ in range(_HYPOTHESES - 1))]
        return self._hypotheses[grid][int(self._chance.integers(_HYPOTHESES))]

    def _new_hypothesis(self, grid: str) -> Json:
        found: Json = {"outages": self._few(grid, 2, "line", "trafo")}
        if self._chance.integers(2):
            found["actions"] = [self._action(grid)]
        return found

    def _action(self, grid: str) -> Json:
        net, kind = self._nets[grid], int(self._chance.integers(3))
        if kind == 0 and len(net.gen):
            delta = float(np.round(self._chance.uniform(-20.0, 20.0), 1))
            return {"type": "redispatch", "element": self._any(grid, "gen"), "delta_p_mw": delta}
        if kind == 1:
            return {"type": "switch_branch", "element": self._any(grid, "line"), "closed": False}
        load = int(self._chance.choice(net.load.index[net.load.p_mw > 0]))
        share = float(self._chance.uniform(0.1, 0.9))
        return {"type": "shed_load", "element": f"load:{load}", "p_mw": float(net.load.p_mw.at[load]) * share}

    def _flow(self, grid: str) -> Json:
        rank = str(self._chance.choice(["loading", "low_voltage", "high_voltage", "losses", "generation"]))
        model = "dc" if rank in {"loading", "generation"} and self._chance.random() < 1 / 4 else "ac"
        return self._hypothesis(grid) | {
            "rank_by": rank,
            "model": model,
            "enforce_q_lims": bool(self._chance.integers(2)),
            "limit": int(self._chance.integers(1, 20)),
        }

    def _state(self, grid: str) -> Json:
        return self._hypothesis(grid) | {"limit": int(self._chance.integers(1, 20))}

    def _path(self, grid: str) -> Json:
        return self._hypothesis(grid) | {"start": self._any(grid, "bus", "line"), "end": self._any(grid, "bus", "load")}

    def _screening(self, grid: str) -> Json:
        kind = int(self._chance.integers(4))
        if kind == 0:
            return self._hypothesis(grid) | {"order": 2, "elements": self._few(grid, 3, "line", "trafo"), "limit": 3}
        if kind == 1:
            chosen = self._few(grid, 3, "line", "trafo", "gen")
            balance = str(self._chance.choice(["slack", "units"]))
            return self._hypothesis(grid) | {"elements": chosen, "balance": balance, "limit": 3}
        return self._hypothesis(grid) | {"limit": int(self._chance.integers(1, 4))}

    def _actions(self, grid: str) -> Json:
        with_security = bool(self._chance.integers(2))
        return self._hypothesis(grid) | {"proposed": [self._action(grid)], "with_security": with_security}

    def _cascade(self, grid: str) -> Json:
        model = str(self._chance.choice(["ac", "dc"]))
        return {"initiating": [self._few(grid, 2, "line", "trafo")], "model": model}

    def _dispatch(self, grid: str) -> Json:
        model = str(self._chance.choice(["ac", "dc"]))
        objective = "least_losses" if model == "ac" and self._chance.integers(2) else "least_redispatch"
        return self._hypothesis(grid) | {"model": model, "objective": objective}

    def _estimate(self, _grid: str) -> Json:
        return {"confidence_percent": float(self._chance.choice([95.0, 99.0])), "limit": 10}

    def _remedies(self, grid: str) -> Json:
        return {"contingencies": self._few(grid, 1, "line"), "allowed": ["redispatch", "shed_load"]}

    def _feeder(self, _grid: str) -> Json:
        return {"method": "branch_exchange", "max_switchings": int(self._chance.integers(2, 8))}
