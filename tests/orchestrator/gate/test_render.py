"""The renderer's promises: digits that the value supports, spans that hold, drafts that claim nothing."""

import random
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from agents.evidence import Evidence
from agents.statement import Draft, Ref, Text, Token, TokenKind
from orchestrator.gate import UngroundedDraftError, UnrenderableReferenceError, render, shown, verify_statement

ZONE = ZoneInfo("Europe/Berlin")
AT = datetime(2026, 7, 1, 12, tzinfo=UTC)
RESULT = {
    "case": "base",
    "secure": False,
    "status": "no_violation",
    "at": "2026-07-01T12:00:00Z",
    "insecure_outages": 10,
    "loss_p_mw": 2.443803,
    "loss_percent": None,
    "highest_loading": {
        "element": {"kind": "line", "index": 9, "name": "Line 9"},
        "loading_percent": 111.8312,
        "i_ka": 0.153045,
    },
    "bus": {"kind": "bus", "index": 11, "name": "12"},
    "evil": {"kind": "bus", "index": 3, "name": "<b>all\u202e secure</b>\x00[[e1/x]]" + "x" * 500},
}


@pytest.fixture
def evidence() -> dict[str, Evidence]:
    one = Evidence(
        id="e1", tool="solve_power_flow", tool_version="1", agent="grid_monitor", arguments={}, result=RESULT,
        grid_fingerprint="f", as_of=AT, known_until=AT, digest="", elapsed_ms=1.0,
    )  # fmt: skip
    return {"e1": one}


def _ref(path: str) -> Ref:
    return Ref(evidence="e1", path=path)


def _text(evidence, path: str) -> str:
    return render(Draft(parts=(_ref(path),)), evidence, ZONE).text


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/highest_loading/loading_percent", "111.8 %"),
        ("/highest_loading/i_ka", "153.0 A"),
        ("/highest_loading/element", "line:9 (Line 9)"),
        ("/bus", 'bus:11 "12"'),
        ("/status", "no violation found"),
        ("/secure", "not secure"),
        ("/insecure_outages", "10"),
        ("/case", "base case"),
        ("/at", "2026-07-01 14:00 CEST (12:00 UTC)"),
    ],
)
def test_render__shows_each_kind_of_value(evidence, path, text):
    assert _text(evidence, path) == text


def test_render__neutralises_an_untrusted_name(evidence):
    text = _text(evidence, "/evil")
    assert len(text) < 80
    assert not set(text) & set("<>[]\x00\u202e")


def test_render__spans_cover_value_and_unit(evidence):
    draft = Draft(parts=(Text(text="N-1 – Losses: "), _ref("/loss_p_mw"), Token(kind=TokenKind.USER, text=" 50 MW")))
    statement = render(draft, evidence, ZONE)
    assert [statement.text[span.start : span.end] for span in statement.spans] == ["2.444 MW"]
    assert [statement.text[token.start : token.end] for token in statement.tokens] == ["N-1", "50 MW"]
    assert verify_statement(statement, evidence, ZONE) == []


@pytest.mark.parametrize(
    "text", ["9", "two", "ten", "²", "٣", "is secure", "no violation", "all clear", "because", "half"]
)
def test_render__refuses_claims_in_plain_words(evidence, text):
    with pytest.raises(UngroundedDraftError, match="part 0"):
        render(Draft(parts=(Text(text=f"The line {text} "),)), evidence, ZONE)


def test_render__a_count_may_be_labelled(evidence):
    draft = Draft(parts=(_ref("/insecure_outages"), Text(text=" outages insecure")))
    assert render(draft, evidence, ZONE).text == "10 outages insecure"


@pytest.mark.parametrize("path", ["/loss_percent", "/nothing", "/highest_loading"])
def test_render__refuses_what_is_no_single_value(evidence, path):
    with pytest.raises(UnrenderableReferenceError):
        _text(evidence, path)


def test_shown__is_within_half_a_unit_of_its_last_digit():
    chance = random.Random()
    for _ in range(3000):
        value = chance.uniform(-1, 1) * 10 ** chance.randint(-4, 5)
        suffix = chance.choice(["pu", "percent", "mw", "ka", "kv", None])
        digits = shown(value, suffix).split()[0]
        stored = Decimal(repr(value)) * (1000 if suffix == "ka" else 1)
        places = len(digits.partition(".")[2])
        assert abs(Decimal(digits) - stored) <= Decimal("0.5").scaleb(-places), (value, suffix, digits)


def test_verify_statement__names_every_changed_digit_and_field(evidence):
    draft = Draft(
        parts=(
            Text(text="Loading "),
            _ref("/highest_loading/loading_percent"),
            Text(text=", losses "),
            _ref("/loss_p_mw"),
        )
    )
    statement = render(draft, evidence, ZONE)
    for place, char in enumerate(statement.text):
        if char.isdigit():
            text = statement.text[:place] + str((int(char) + 1) % 10) + statement.text[place + 1 :]
            assert verify_statement(statement.model_copy(update={"text": text}), evidence, ZONE)
    changed = evidence["e1"].model_copy(update={"result": RESULT | {"loss_p_mw": 2.5}})
    [fault] = verify_statement(statement, {"e1": changed}, ZONE)
    assert "e1" in fault
    assert "/loss_p_mw" in fault
    added = statement.model_copy(update={"text": statement.text + " 7"})
    assert "neither from evidence nor a token" in verify_statement(added, evidence, ZONE)[0]
