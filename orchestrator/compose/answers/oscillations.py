"""Answers on oscillations and on the course of the frequency."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, listed, simulated
from orchestrator.compose.rest import rest
from tools.detection.schema.oscillations import FeedState, InertiaBasis, Origin, OscillationReport

_SHOWN = 4
_PARTICIPANTS = 3


def answer_oscillations(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Each mode with its bounds, most severe first; else what could be seen, and what the sampling hides."""
    del resolved
    for found in board.every(OscillationReport):
        result = found.result
        for place in range(min(len(result.modes), _SHOWN)):
            yield draft(mode_words(found, place), simulated(found), ".")
        yield from rest(found, "oscillations", "modes", range(_SHOWN, len(result.modes)))
        if result.live_sensors and not result.modes:
            yield from _none_found(found)
        yield from _hidden(found)
        yield from _dead(found)


def _none_found(found: Exhibit[OscillationReport]) -> Iterator[Draft]:
    """That nothing was found, of each sort that the sampling lets be seen and of no other."""
    if found.result.fast_sensors:
        yield draft(
            "Oscillations: none found; sensors with live readings that come often enough for electromechanical modes: ",
            found.ref("fast_sensors"),
            " of those looked at ",
            found.ref("looked_at"),
            simulated(found),
            ".",
        )
    if found.result.slow_to_hz is not None:
        yield draft(
            "Slow swings, by sampling up to ",
            found.ref("slow_to_hz"),
            ": none found in the power of units and loads; sensors of it looked through: ",
            found.ref("slow_sensors"),
            simulated(found),
            ".",
        )


def _hidden(found: Exhibit[OscillationReport]) -> Iterator[Draft]:
    """What could not be seen: without a live reading nothing, and modes that need more readings a second."""
    result = found.result
    passed: Piece = ["; sensors not looked at: ", found.ref("passed_over")] if result.passed_over else ""
    if not result.live_sensors:
        sensors: Piece = ["sensors looked at: ", found.ref("looked_at")]
        yield draft("Oscillations: not checked: no live reading; ", sensors, passed, ".")
        return
    if not result.fast_sensors:
        yield draft(
            "Electromechanical modes: not checked: readings come too seldom to show them; sensors with live readings: ",
            found.ref("live_sensors"),
            " of those looked at ",
            found.ref("looked_at"),
            passed,
            ".",
        )
        if result.slow_to_hz is None:
            yield draft("Slow swings: not checked: no power of a unit or load is read long and often enough.")
    elif passed:
        yield draft("Oscillations of further sensors: not checked", passed, ".")


def answer_frequency(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Events with nadir and rate first, then the extremes by sensor, then inertia."""
    del resolved
    for found in board.every(OscillationReport):
        result = found.result
        for place in range(min(len(result.events), _SHOWN)):
            yield draft(event_words(found, place), simulated(found), ".")
        yield from rest(found, "events", "events", range(_SHOWN, len(result.events)), "events_omitted")
        for place in range(min(len(result.courses), 1 if result.events else _SHOWN)):
            yield draft(_course(found, place), simulated(found), ".")
        if not result.frequency_sensors:
            yield draft(
                "Frequency: not checked: no sensor measures it; sensors looked at: ", found.ref("looked_at"), "."
            )
        elif not result.courses:
            yield draft("Frequency: no live reading among ", found.ref("sensors"), " sensors", simulated(found), ".")
        for place in range(len(result.inertia)):
            yield draft(_inertia(found, place), ".")
        yield from _dead(found)


def mode_words(found: Exhibit[OscillationReport], place: int) -> Piece:
    """Kind, frequency and damping with their bounds, amplitude, who takes part and how."""
    mode, here = found.result.modes[place], ("modes", place)
    pieces: list[Piece] = [
        "Oscillation at ",
        found.ref(*here, "frequency_hz"),
        " (",
        found.ref(*here, "frequency_low_hz"),
        " to ",
        found.ref(*here, "frequency_high_hz"),
        ") in ",
        found.ref(*here, "quantity"),
        ", ",
        found.ref(*here, "origin"),
        ", ",
        found.ref(*here, "band"),
        ", from ",
        found.ref(*here, "start"),
        " to ",
        found.ref(*here, "end"),
        "; damping ratio ",
        found.ref(*here, "damping_percent"),
        " (",
        found.ref(*here, "damping_low_percent"),
        " to ",
        found.ref(*here, "damping_high_percent"),
        "), amplitude ",
        found.ref(*here, "amplitude"),
    ]
    places = [(*here, "participants", number) for number in range(min(len(mode.participants), _PARTICIPANTS))]
    names: list[Piece] = [[found.ref(*who, "subject"), " at ", found.ref(*who, "phase_degree")] for who in places]
    pieces += ["; largest at ", listed(names)]
    if mode.opposed:
        pieces.append("; sensors swing against each other")
    if mode.harmonics:
        pieces += ["; harmonics seen: ", found.ref(*here, "harmonics")]
    elif mode.origin is Origin.FORCED:
        pieces.append("; without harmonics a natural mode of almost no damping looks the same")
    return pieces


def event_words(found: Exhibit[OscillationReport], place: int) -> Piece:
    """Where the frequency came from, how far and how fast it went, where it settled."""
    event, here = found.result.events[place], ("events", place)
    pieces: list[Piece] = [
        "The frequency went from ",
        found.ref(*here, "before_hz"),
        " to ",
        found.ref(*here, "nadir_hz"),
        " (by ",
        found.ref(*here, "excursion_hz"),
        ") in ",
        found.ref(*here, "nadir_s"),
        " after ",
        found.ref(*here, "start"),
        ", first at ",
        found.ref(*here, "rate_hzps"),
        " (give or take ",
        found.ref(*here, "rate_error_hzps"),
        ", over ",
        found.ref(*here, "rate_window_s"),
        ")",
    ]
    if event.settled_hz is not None:
        pieces += ["; it settled at ", found.ref(*here, "settled_hz")]
        if event.settled_s is not None:
            pieces += [" after ", found.ref(*here, "settled_s")]
    else:
        pieces.append("; where it settled is not checked: the readings end or break off before")
    return pieces


def _course(found: Exhibit[OscillationReport], place: int) -> Piece:
    row, here = found.result.courses[place], ("courses", place)
    pieces: list[Piece] = [
        found.ref(*here, "subject"),
        ": lowest ",
        found.ref(*here, "lowest_hz"),
        " at ",
        found.ref(*here, "lowest_at"),
        ", highest ",
        found.ref(*here, "highest_hz"),
        " at ",
        found.ref(*here, "highest_at"),
    ]
    if row.steepest_hzps is None:
        return [*pieces, "; its rate of change is nowhere surely different from zero"]
    return [
        *pieces,
        "; steepest rate ",
        found.ref(*here, "steepest_hzps"),
        " over ",
        found.ref(*here, "rate_window_s"),
        " at ",
        found.ref(*here, "steepest_at"),
    ]


def _inertia(found: Exhibit[OscillationReport], place: int) -> Piece:
    row, here = found.result.inertia[place], ("inertia", place)
    energy: list[Piece] = ["Kinetic energy of the system: ", found.ref(*here, "kinetic_energy_mws")]
    if row.basis is InertiaBasis.FREQUENCY_EVENT:
        bounds: list[Piece] = [" (", found.ref(*here, "low_mws"), " to ", found.ref(*here, "high_mws"), ")"]
        return [*energy, bounds, ", from the rate of change and the loss that was stated"]
    return [
        *energy,
        ", from the inertia constants of ",
        found.ref(*here, "units"),
        " units (of ",
        found.ref(*here, "units_unknown"),
        " more in service nobody states it)",
    ]


def _dead(found: Exhibit[OscillationReport]) -> Iterator[Draft]:
    """Feeds whose numbers are no measurement."""
    dead = [
        place
        for place, feed in enumerate(found.result.feeds)
        if feed.dead_from is not None and feed.state in {FeedState.NO_SUPPLY, FeedState.FROZEN}
    ]
    for place in dead[:_SHOWN]:
        here = ("feeds", place)
        yield draft(
            found.ref(*here, "subject"),
            ": ",
            found.ref(*here, "state"),
            " from ",
            found.ref(*here, "dead_from"),
            "; its readings are not taken for measurements.",
        )
    yield from rest(found, "dead feeds", "feeds", dead[_SHOWN:], None)
