"""Answers on the risk of an incident: probability, what says so, and how good the model behind it is."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, listed, simulated
from tools.detection.schema.risk import IncidentRisk


def answer_risk(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """The newest hour, the worst of several, what the model was learnt from, and whether it beats its rival."""
    del resolved
    for found in board.every(IncidentRisk):
        result = found.result
        yield draft(risk_words(found, "hours", 0), simulated(found), ".")
        yield draft("It is the risk of the hour that was judged, no forecast of the next one.")
        yield draft("Of its figures, ", factor_words(found, "hours", 0), ".")
        if result.highest != result.hours[0]:
            yield draft("The highest risk of the hours looked at: ", risk_words(found, "highest"), ".")
        yield draft(*_model_words(found))


def risk_words(found: Exhibit[IncidentRisk], *here: str | int) -> Piece:
    """``… from 10:00 to 11:00: high, probability 83 % (between 70 % and 91 %), where … touch 49 % of all hours``."""
    return [
        "Risk that an incident was under way in the hour from ",
        found.ref(*here, "start"),
        " to ",
        found.ref(*here, "end"),
        ": ",
        found.ref(*here, "level"),
        ", probability ",
        found.ref(*here, "probability_percent"),
        " (between ",
        found.ref(*here, "lowest_percent"),
        " and ",
        found.ref(*here, "highest_percent"),
        "), where an incident is taken to touch ",
        found.ref("assumed_rate_percent"),
        " of all hours",
    ]


def factor_words(found: Exhibit[IncidentRisk], *here: str | int) -> Piece:
    """What raises the risk and what lowers it, apart, each with what it adds to the log-odds; then all others."""
    hour = found.result.highest if here == ("highest",) else found.result.hours[int(here[-1])]
    raising = [place for place, factor in enumerate(hour.factors) if factor.adds > 0]
    lowering = [place for place, factor in enumerate(hour.factors) if factor.adds < 0]
    others: Piece = ""
    if hour.others:
        others = ["; ", found.ref(*here, "others"), " others together add ", found.ref(*here, "others_add")]
    return [
        "raising it: ",
        listed([_factor(found, place, *here) for place in raising]) if raising else "none of those that weigh most",
        "; lowering it: ",
        listed([_factor(found, place, *here) for place in lowering]) if lowering else "none of those that weigh most",
        others,
    ]


def _factor(found: Exhibit[IncidentRisk], place: int, *here: str | int) -> Piece:
    """``failed log-ins 5 (adds 3.2 to the log-odds)``."""
    factor = (*here, "factors", place)
    return [
        found.ref(*factor, "figure"),
        " ",
        found.ref(*factor, "value"),
        " (adds ",
        found.ref(*factor, "adds"),
        " to the log-odds)",
    ]


def _model_words(found: Exhibit[IncidentRisk]) -> Iterator[Piece]:
    model = found.result.model
    yield "The model was trained on "
    yield found.ref("model", "trained_on")
    yield ", hours "
    yield found.ref("model", "training_hours")
    yield ", of which with an incident "
    yield found.ref("model", "incident_share_percent")
    yield " and judged by people "
    yield found.ref("model", "confirmed_hours")
    yield "; on unseen hours its area under the curve is "
    yield found.ref("model", "roc_auc")
    yield " and that of the best judge without labels ("
    yield found.ref("model", "rival")
    yield ") "
    yield found.ref("model", "rival_roc_auc")
    yield "." if model.beats_rival else "; it does not beat that rival, so do not rely on it."
