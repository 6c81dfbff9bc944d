"""Answers on the estimated state: how well the measurements agree, which of them do not, and what they leave open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, listed, simulated
from orchestrator.compose.rest import rest
from tools.grid.schema.estimation import StateEstimation

if TYPE_CHECKING:
    from tools.subject import SubjectRef

_SHOWN = 4
_Shown = Exhibit[StateEstimation]


def answer_estimation(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """The verdict first, then what was rejected or is doubted, the elements asked for, and what is not known."""
    for found in board.every(StateEstimation):
        yield _verdict(found)
        yield from _rejections(found, chosen=bool(resolved.elements))
        yield from _doubts(found)
        if resolved.elements:
            yield from _asked(found)
        elif found.result.buses:
            yield draft("Lowest estimated voltage: ", _bus(found, 0), ".")
        yield from _test(found)
        yield from _gaps(found)


def _verdict(found: _Shown) -> Draft:
    result = found.result
    rejected: Piece = [", rejected ", found.ref("rejected_measurements")] if result.rejected else ""
    return draft(
        "State estimated from the measurements at ",
        found.ref("at"),
        ": ",
        found.ref("status"),
        "; observable: ",
        found.ref("observed"),
        "; measurements used: ",
        found.ref("measurements"),
        rejected,
        simulated(found),
        ".",
    )


def _test(found: _Shown) -> Iterator[Draft]:
    """The sum of squares against its limit."""
    if found.result.objective is None or found.result.objective_limit is None:
        return
    before: Piece = ["; with every measurement ", found.ref("objective_before")] if found.result.rejected else ""
    yield draft(
        "Weighted sum of squares ",
        found.ref("objective"),
        ", chi-square limit ",
        found.ref("objective_limit"),
        " at a confidence of ",
        found.ref("confidence_percent"),
        " and ",
        found.ref("degrees_of_freedom"),
        " degrees of freedom",
        before,
        "; limit of a normalised residual ",
        found.ref("residual_limit"),
        ".",
    )


def _sensors(found: _Shown, sensors: tuple[SubjectRef, ...], *here: str | int) -> Piece:
    return listed([found.ref(*here, number) for number in range(min(len(sensors), _SHOWN))])


def _rejections(found: _Shown, *, chosen: bool) -> Iterator[Draft]:
    """Each rejected measurement; ``chosen`` where the rows are those of named elements only."""
    rows = found.result.rejected
    for place, row in enumerate(rows[:_SHOWN]):
        here = ("rejected", place)
        pieces: list[Piece] = [
            "Rejected as bad data: ",
            _sensors(found, row.sensors, *here, "sensors"),
            " at ",
            found.ref(*here, "element"),
            ", ",
            found.ref(*here, "quantity"),
            " measured ",
            found.ref(*here, "measured"),
            ", implied by the others ",
            found.ref(*here, "estimated"),
            ", normalised residual ",
            found.ref(*here, "normalised_residual"),
        ]
        if row.indistinguishable:
            others = _sensors(found, row.indistinguishable, *here, "indistinguishable")
            pieces += ["; the error may as well be that of ", others]
        yield draft(pieces, ".")
    yield from rest(found, "rejected measurements", "rejected", range(_SHOWN, len(rows)), None)
    if not rows and found.result.residuals and found.result.residuals[0].normalised_residual is not None:
        yield draft(
            "Rejected as bad data: none; the largest normalised residual ",
            "at the elements asked for is " if chosen else "is ",
            found.ref("residuals", 0, "normalised_residual"),
            ", of ",
            _sensors(found, found.result.residuals[0].sensors, "residuals", 0, "sensors"),
            ".",
        )


def _doubts(found: _Shown) -> Iterator[Draft]:
    for place, row in enumerate(found.result.topology[:_SHOWN]):
        here = ("topology", place)
        pieces: list[Piece] = [
            "Status doubted: ",
            found.ref(*here, "element"),
            ", assumed ",
            "in service" if row.assumed_in_service else "out of service",
            ", ",
            found.ref(*here, "evidence"),
        ]
        if row.measured is not None:
            pieces += [", largest measured flow ", found.ref(*here, "measured")]
        if row.rejected is not None:
            pieces += ["; with the other status, measurements still rejected: ", found.ref(*here, "rejected")]
        yield draft(pieces, "; the values rest on the assumed status.")
    yield from rest(found, "doubted statuses", "topology", range(_SHOWN, len(found.result.topology)), None)


def _bus(found: _Shown, place: int) -> Piece:
    here = ("buses", place)
    return [
        found.ref(*here, "element"),
        " at ",
        found.ref(*here, "vm_pu"),
        " (",
        found.ref(*here, "vm_kv"),
        "), angle ",
        found.ref(*here, "va_degree"),
    ]


def _asked(found: _Shown) -> Iterator[Draft]:
    """Estimates of the elements in focus, and what was measured there."""
    result = found.result
    for place in range(min(len(result.buses), _SHOWN)):
        yield draft("Estimated: ", _bus(found, place), ".")
    yield from rest(found, "estimated buses", "buses", range(_SHOWN, len(result.buses)), "buses_omitted")
    for place in range(min(len(result.branches), _SHOWN)):
        here = ("branches", place)
        yield draft(
            "Estimated: ",
            found.ref(*here, "element"),
            " carrying ",
            found.ref(*here, "p_from_mw"),
            " and ",
            found.ref(*here, "q_from_mvar"),
            ", ",
            found.ref(*here, "i_ka"),
            ".",
        )
    yield from rest(found, "estimated branches", "branches", range(_SHOWN, len(result.branches)), "branches_omitted")
    for place, row in enumerate(result.residuals[:_SHOWN]):
        here = ("residuals", place)
        yield draft(
            _sensors(found, row.sensors, *here, "sensors"),
            ": measured ",
            found.ref(*here, "measured"),
            ", estimated ",
            found.ref(*here, "estimated"),
            ", residual ",
            found.ref(*here, "residual"),
            ".",
        )


def _gaps(found: _Shown) -> Iterator[Draft]:
    result = found.result
    if result.unobservable:
        dark: list[Piece] = [found.ref("unobservable", place) for place in range(min(len(result.unobservable), _SHOWN))]
        yield draft(
            "Buses that the measurements do not determine: ",
            found.ref("unobservable_buses"),
            ", such as ",
            listed(dark),
            "; no value is given for them.",
        )
    if result.critical:
        critical: list[Piece] = [
            _sensors(found, row.sensors, "critical", place, "sensors")
            for place, row in enumerate(result.critical[:_SHOWN])
        ]
        yield draft(
            "Measurements that nothing else determines, so that their error cannot be detected: ",
            found.ref("critical_measurements"),
            ", such as ",
            listed(critical),
            ".",
        )
