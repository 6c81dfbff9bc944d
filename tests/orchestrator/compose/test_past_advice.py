"""Advice that was simulated in a state that is past says so, for it proves nothing of the present one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agents.question import Intent, Resolved
from orchestrator.compose.advice import recommend
from tests.orchestrator.compose.evidence import SIX, board, evidence, pen
from tests.orchestrator.demoday.plain import context_of
from tools.grid.importing import open_grid
from tools.grid.schema.basis import StateBasis
from tools.grid.schema.simulation import SimulateActionsArguments
from tools.grid.simulation import simulate_actions


@pytest.mark.parametrize(("age", "past"), [(timedelta(), False), (timedelta(hours=6), True)])
def test_recommend__says_of_which_past_state_an_action_is_proven(age, past):
    basis = StateBasis(at=SIX - age, model="case9", measured=9, missing=0)
    shed = {"type": "shed_load", "element": "load:0", "p_mw": 5.0}
    context = context_of(replace(open_grid("case9"), basis=basis))
    simulated = simulate_actions(context, SimulateActionsArguments.model_validate({"proposed": [shed]}))
    shown = board(evidence("e1", "simulate_actions", simulated))
    advice = recommend(shown, Resolved(intents=(Intent.ADVICE,)), (), pen(shown))[0]
    assert advice.title.text.startswith("In the state of 2026-03-10 00:00 UTC: Shedding 5 MW" if past else "Shedding 5")
    assert ("That state is past: in the present one this was not simulated." in advice.rationale.text) is past
