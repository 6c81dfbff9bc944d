"""Answers on the risk of an incident: probability, what says so, and how good the model behind it is."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, listed, simulated
from tools.detection.schema.risk import HourRisk, IncidentRisk


def answer_risk(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """The newest hour, the worst of several, what the model was learnt from, and whether it beats its rival."""
    del resolved
    for found in board.every(IncidentRisk):
        result = found.result
        yield draft(risk_words(found, "hours", 0), simulated(found), ".")
        yield draft("What says so: ", factor_words(found, "hours", 0), ".")
        if result.highest != result.hours[0]:
            yield draft("The highest risk of the hours looked at: ", risk_words(found, "highest"), ".")
        yield draft(
            "It is the risk that an incident is under way, no forecast; it holds for ",
            found.ref("assumed_rate_percent"),
            " of hours with an incident.",
        )
        yield draft(*_model_words(found))


def risk_words(found: Exhibit[IncidentRisk], *here: str | int) -> Piece:
    """``risk of an incident from 10:00 to 11:00: high, probability 83 % (70 % to 91 %)``."""
    return [
        "Risk that an incident is under way, from ",
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
        ")",
    ]


def factor_words(found: Exhibit[IncidentRisk], *here: str | int) -> Piece:
    """The figures that raise the risk, else those that lower it, each with what it adds to the log-odds."""
    hour = found.result.highest if here == ("highest",) else found.result.hours[int(here[-1])]
    parts: list[Piece] = [
        [
            found.ref(*here, "factors", place, "figure"),
            " ",
            found.ref(*here, "factors", place, "value"),
            " (adds ",
            found.ref(*here, "factors", place, "adds"),
            " to the log-odds)",
        ]
        for place in _telling(hour)
    ]
    return listed(parts) if parts else "no figure stands out"


def _telling(hour: HourRisk) -> list[int]:
    raising = [place for place, factor in enumerate(hour.factors) if factor.adds > 0]
    return (raising or list(range(len(hour.factors))))[:3]


def _model_words(found: Exhibit[IncidentRisk]) -> Iterator[Piece]:
    model = found.result.model
    yield "The model was trained on "
    yield found.ref("model", "trained_on")
    yield ", hours "
    yield found.ref("model", "training_hours")
    yield ", of which judged by people "
    yield found.ref("model", "confirmed_hours")
    yield "; on unseen hours its area under the curve is "
    yield found.ref("model", "roc_auc")
    yield " and that of the best judge without labels ("
    yield found.ref("model", "rival")
    yield ") "
    yield found.ref("model", "rival_roc_auc")
    yield "." if model.beats_rival else "; it does not beat that rival, so do not rely on it."
