"""Facts of hand-made results: entity, unit, case and place of every leaf."""

import pytest

from tools.element import ElementKind, ElementRef, parse_canonical
from tools.errors import close_names
from tools.facts import facts, lookup
from tools.result import Result, canonical_json, digest

RESULT = {
    "case": "base",
    "worst": {"element": {"kind": "line", "index": 9, "name": "L 9"}, "loading_percent": 111.8, "p_mw": None},
    "rows": [{"element": {"kind": "bus", "index": 3, "name": ""}, "case": "out line:14", "vm_pu": 0.9}],
    "a/b~c": True,
}


def test_facts__inner_rows_inherit_and_override():
    found = {fact.path: fact for fact in facts(RESULT)}
    loading = found["/worst/loading_percent"]
    assert (loading.entity, loading.quantity, loading.unit, loading.case) == ("line:9", "loading", "percent", "base")
    voltage = found["/rows/0/vm_pu"]
    assert (voltage.entity, voltage.unit, voltage.case) == ("bus:3", "pu", "out line:14")
    assert found["/worst/element"].value == "line:9"
    assert "/worst/p_mw" not in found


def test_facts__every_path_leads_back_to_its_value():
    for fact in facts(RESULT):
        value = lookup(RESULT, fact.path)
        assert value == fact.value or f"{value['kind']}:{value['index']}" == fact.value


@pytest.mark.parametrize("path", ["/worst/nothing", "/rows/1", "/rows/x", "/case/0"])
def test_lookup__a_pointer_that_leads_nowhere_is_an_error(path):
    with pytest.raises(KeyError):
        lookup(RESULT, path)


def test_canonical_json__refuses_nan_and_does_not_depend_on_order():
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"a": float("nan")})


def test_result__refuses_nan_and_unknown_fields():
    class Row(Result):
        p_mw: float

    with pytest.raises(ValueError, match="finite"):
        Row(p_mw=float("nan"))
    with pytest.raises(ValueError, match="extra"):
        Row(p_mw=1.0, q_mvar=2.0)


@pytest.mark.parametrize(
    ("text", "kind"), [("line:14", "line"), (" TRAFO3W:0 ", "trafo3w"), ("line 14", None), ("bus:-1", None)]
)
def test_parse_canonical__only_the_canonical_form(text, kind):
    parsed = parse_canonical(text)
    assert (parsed and parsed[0]) == kind


def test_element__canonical_form():
    assert str(ElementRef(kind=ElementKind.EXT_GRID, index=0, name="Slack")) == "ext_grid:0"


def test_close_names__says_when_nothing_is_near():
    assert close_names("zzz", ["case9"]) == "No known name is close."
