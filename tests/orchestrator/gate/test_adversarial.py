"""Sentences that try to slip a number or a claim past the gate, sentences that must stand, and bounds on time."""

import time
from dataclasses import replace

import pytest

from orchestrator.gate import GateFrame, Refusal, gate_prose, gate_text, verify_statement
from tests.orchestrator.gate.lies import LIES, TRUTHS
from tests.orchestrator.gate.study_lies import LIES_OF
from tools.element import ElementKind, ElementRef


def test_gate_prose__has_a_hundred_lies():
    assert len(LIES) >= 100


@pytest.mark.parametrize("lie", LIES)
def test_gate_prose__refuses_a_lie_and_masks_it(case30, frame: GateFrame, lie):
    outcome = gate_prose(lie, case30, frame)
    assert isinstance(outcome, Refusal), outcome
    assert outcome.reason
    assert not any(char.isnumeric() for char in outcome.masked)


@pytest.mark.parametrize("study", sorted(LIES_OF))
def test_gate_prose__refuses_every_lie_about_a_study(studies, frame: GateFrame, study):
    passed = [
        (lie, outcome.text)
        for lie in LIES_OF[study]
        if not isinstance(outcome := gate_prose(lie, studies[study], frame), Refusal)
    ]
    assert not passed


@pytest.mark.parametrize("truth", TRUTHS)
def test_gate_prose__a_truth_becomes_references(case30, frame: GateFrame, truth):
    outcome = gate_prose(truth, case30, frame)
    assert not isinstance(outcome, Refusal), outcome.reason
    assert verify_statement(outcome, case30, frame.zone) == []


def test_gate_text__a_value_after_another_state_must_name_its_own(case30, frame: GateFrame):
    first, second = gate_text("With line 5 out, line 9 is loaded to 112.1 %. The load is 189.2 MW.", case30, frame)
    assert not isinstance(first, Refusal)
    assert isinstance(second, Refusal)


def test_gate_text__long_input_is_bounded_in_time(case30, frame: GateFrame):
    started = time.perf_counter()
    gate_text("with the loss of " * 40_000, case30, frame)
    gate_prose("line 9 and " * 60, case30, frame)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("piece", ["Line 9. ", "9 ", "[[e1/", '"', "(", "no ", "1,000,", "its limit ", "above its "])
def test_gate_text__twenty_thousand_characters_take_less_than_a_second(case30, frame: GateFrame, piece):
    text = (piece * 20_000)[:20_000]
    gate_prose("Line 9.", case30, frame)
    started = time.process_time()
    gate_text(text, case30, frame)
    assert time.process_time() - started < 1


def test_gate_prose__ten_sentences_take_less_than_a_tenth_of_a_second(case118, frame: GateFrame):
    sentences = [f"With line 14 out, the voltage at bus:12 is {value} pu." for value in ("0.902", "0.903")] * 5
    gate_prose(sentences[0], case118, frame)
    started = time.process_time()
    outcomes = [gate_prose(sentence, case118, frame) for sentence in sentences]
    assert time.process_time() - started < 0.1
    assert [isinstance(outcome, Refusal) for outcome in outcomes] == [False, True] * 5


def test_gate_prose__names_that_fit_two_elements_are_refused(case30, frame: GateFrame):
    named = replace(frame, elements=(ElementRef(kind=ElementKind.LINE, index=28, name="9"),))
    assert isinstance(gate_prose("Line 9 is loaded to 111.8 %.", case30, named), Refusal)
    assert not isinstance(gate_prose("line:9 is loaded to 111.8 %.", case30, named), Refusal)
