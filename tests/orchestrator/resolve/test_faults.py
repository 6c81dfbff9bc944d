"""What a question about short circuits says beside where: read from the words, taken out of them."""

import pytest

from orchestrator.resolve.faults import read_fault


@pytest.mark.parametrize(
    ("text", "kind", "current", "capacity"),
    [
        ("short circuit at bus 7", "three_phase", "maximum", None),
        ("minimum 2-phase fault at bus 7", "two_phase", "minimum", None),
        ("single line to ground fault at bus 7", "line_to_ground", "maximum", None),
        ("earth fault current at bus 7", "line_to_ground", "maximum", None),
        ("fault level against the 31.5 kA breakers", "three_phase", "maximum", 31.5),
        ("fault currents exceeding our breaking capacity of 25 kA", "three_phase", "maximum", 25.0),
    ],
)
def test_read_fault__kind_current_and_capacity(text, kind, current, capacity):
    fault = read_fault(text).fault
    assert (fault.kind, fault.current, fault.breaking_capacity_ka) == (kind, current, capacity)


@pytest.mark.parametrize(
    "text", ["what if line 5 trips", "losses?", "is there a fault on line 5", "short-circuit voltage of trafo 3"]
)
def test_read_fault__other_questions_are_left_as_they_are(text):
    stated = read_fault(text)
    assert stated.fault is None
    assert stated.rest == text


def test_read_fault__stated_data_become_assumptions_and_leave_the_words():
    stated = read_fault(
        "Fault at bus 7 with ext_grid.rx_max=0.1, gen.xdss_pu of gen:3 = 0.25 and trafo.vector_group=dyn"
    )
    told = {(item.field.value, item.element): item.value for item in stated.fault.assumptions}
    assert told == {
        ("ext_grid.rx_max", None): 0.1,
        ("gen.xdss_pu", "gen:3"): 0.25,
        ("trafo.vector_group", None): "Dyn",
    }
    assert [word for word in stated.rest.split() if any(letter.isdigit() for letter in word)] == ["7"]


def test_read_fault__the_grid_in_plain_words():
    stated = read_fault("short circuit at bus 7 assuming 10 GVA and R/X 0.1 at the external grid")
    told = {item.field.value: item.value for item in stated.fault.assumptions}
    assert told == {"ext_grid.s_sc_max_mva": 10000.0, "ext_grid.rx_max": 0.1}
    assert "external" not in stated.rest


def test_read_fault__megavolt_amperes_without_a_grid_are_no_assumption():
    assert read_fault("short circuit of the 40 MVA transformer").fault.assumptions == ()
