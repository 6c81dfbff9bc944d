"""A second opinion on what a report shows of a simulated day.

A bare case says nothing of a day, so plain pandapower on the loaded model judges only states that are said to be the
loaded model's. Two more things are judged:

- a reading is held against the raw reading that the sensor sent, a faulty sensor's as well: quoting it is right, and
  whether it can be trusted is another question;
- a state at a time is held against what the grid truly did, solved from the true loads and outputs of that minute.
  The state that was shown rests on readings with noise, so it may lie off by six standard errors: of a voltage
  sensor for a voltage; for a flow, a loading, or the infeed, of all loads and units, each with its share in it.

Reactive powers, angles and losses of such states are not judged: small errors of voltages move them far.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from evals.day_net import MODEL, flow_error_mw, minute_of, state, value_in
from evals.judge import Opinion
from orchestrator.demoday.grid import demo_grid
from orchestrator.simulation.sensors import NOISE_VM_PU
from tools.telemetry.moments import to_us

if TYPE_CHECKING:
    from evals.day import MadeDay
    from evals.shown import Shown

_SIGMAS = 6.0
_EXACT = 1e-4
_READS = "read_telemetry"
_FLOWS = {"p_from_mw", "loading_percent", "p_mw"}
_LEAST_MW = 1.0
_VOLTAGE_SHARE = 0.01
"""Of a loading: current at a voltage that is read with an error."""


class DayJudge:
    """Opinions on the readings of a made day and on its states."""

    def __init__(self, made: MadeDay) -> None:
        self._made = made

    def __call__(self, shown: Shown) -> Opinion | None:
        """An opinion on a number; None where there is none."""
        if isinstance(shown.fact.value, bool | str):
            return None
        if shown.evidence.tool == _READS:
            return self._reading(shown)
        return self._state(shown)

    def _reading(self, shown: Shown) -> Opinion | None:
        """Value and age of the newest reading at the time that was asked for."""
        head, _, name = shown.fact.path.rpartition("/")
        asked = shown.evidence.result.get("at")
        if name not in {"value", "age_s"} or not head.startswith("/rows/") or not isinstance(asked, str):
            return None
        series = self._made.series.get((shown.subject or "").removeprefix("sensor:"))
        if series is None:
            return None
        at_us = to_us(datetime.fromisoformat(asked))
        newest = int(np.searchsorted(series.at_us, at_us, side="right")) - 1
        if newest < 0:
            return Opinion(float("inf"), 0.0, "no reading at all, so")
        value = float(series.value[newest]) if name == "value" else (at_us - int(series.at_us[newest])) / 1e6
        return Opinion(value, _EXACT, "the sensor's own reading is")

    def _state(self, shown: Shown) -> Opinion | None:
        fact = shown.fact
        if fact.entity is None or fact.case is None:
            return None
        if shown.stated_at is None:
            return self._opinion(shown, MODEL, "pandapower on the loaded model")
        minute = minute_of(shown.stated_at)
        source = f"the grid at {shown.stated_at:%H:%M} truly had"
        return None if minute is None else self._opinion(shown, minute, source)

    def _opinion(self, shown: Shown, minute: int, source: str) -> Opinion | None:
        entity, case = shown.fact.entity or "", shown.fact.case or ""
        if shown.field != "vm_pu" and shown.field not in _FLOWS and minute != MODEL:
            return None
        net = state(self._made, minute, case)
        value = None if net is None else value_in(net, entity, shown.field)
        if value is None:
            return None
        if minute == MODEL:
            return Opinion(value, _EXACT * (1 + abs(value)), source)
        return Opinion(value, self._tolerance(shown, minute, value), source)

    def _tolerance(self, shown: Shown, minute: int, value: float) -> float:
        kind, index = (shown.fact.entity or "").split(":")
        if shown.field == "vm_pu":
            return _SIGMAS * NOISE_VM_PU
        if kind in {"load", "gen"}:
            return _SIGMAS * (self._made.series[f"{kind}{index}.p"].sensor.noise or 0.0)
        error = _SIGMAS * flow_error_mw(self._made, minute, f"{kind}:{index}", shown.fact.case or "base")
        if shown.field != "loading_percent":
            return error + _LEAST_MW
        return float(100.0 * np.sqrt(2.0) * error / _rated_mva(kind, int(index)) + _VOLTAGE_SHARE * abs(value))


def _rated_mva(kind: str, index: int) -> float:
    """Apparent power at the rating and nominal voltage."""
    net = demo_grid().net
    if kind == "trafo":
        return float(net.trafo.sn_mva.at[index])
    nominal_kv = net.bus.vn_kv.at[net.line.from_bus.at[index]]
    return float(np.sqrt(3) * net.line.max_i_ka.at[index] * nominal_kv)
