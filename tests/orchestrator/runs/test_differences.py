"""Where two values differ, and by how much they may."""

import pytest
from pydantic import JsonValue

from orchestrator.runs.differences import ABSENT, differences


def places(stored: JsonValue, found: JsonValue, *, tolerant: bool = True) -> list[str]:
    return [item.place for item in differences(stored, found, tolerant=tolerant)]


@pytest.mark.parametrize(
    ("field", "stored", "found", "same"),
    [
        ("p_mw", 100.0, 100.00009, True),
        ("p_mw", 100.0, 100.00011, False),
        ("p_mw", 0.0, 9e-7, True),  # a watt is noise
        ("p_mw", 0.0, 1.1e-6, False),
        ("vm_pu", 0.0, 9e-7, False),  # a millionth of the voltage is not
        ("vm_pu", 0.0, 9e-10, True),
        ("loading_percent", -1.0, 1.0, False),
        ("name", "Line 9", "Line 9 ", False),
        ("count", 3, 4, False),
        ("count", 3, 3.0, False),
        ("flag", True, 1, False),
        ("case", None, "base", False),
    ],
)
def test_differences__floats_within_their_units_tolerance(
    field: str, stored: JsonValue, found: JsonValue, same: bool
) -> None:
    assert places({field: stored}, {field: found}) == ([] if same else [f"/{field}"])


def test_differences__exact_unless_told_otherwise() -> None:
    assert places({"p_mw": 1.0}, {"p_mw": 1.0000000000000002}, tolerant=False) == ["/p_mw"]


def test_differences__a_list_has_its_fields_unit() -> None:
    assert places({"profile_mw": [0.0]}, {"profile_mw": [9e-7]}) == []


def test_differences__what_is_only_on_one_side() -> None:
    [gone, new] = differences({"rows": [1, 2], "a": 1}, {"rows": [1], "a": 1, "b/c": 2})
    assert (gone.place, gone.stored, gone.found) == ("/rows/1", 2, ABSENT)
    assert (new.place, new.stored, new.found) == ("/b~1c", ABSENT, 2)


def test_differences__an_emptied_list_is_seen() -> None:
    assert set(places({"rows": [1]}, {"rows": []})) == {"/rows/0", "/rows"}
