"""Answers on cascades: what outages lead to in the end, the way there, and what was not simulated."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, listed
from tools.grid.schema.cascade import CascadeEvent, CascadePath, CascadeSimulation, CascadeStep, TripMechanism
from tools.grid.schema.cascade_drawing import CascadeDrawing

_STEPS, _EVENTS, _ROWS = 5, 4, 3


def answer_cascade(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Where it ends first, then the way, then what the simulation does not see."""
    del resolved  # the evidence names the outages
    simulation = board.first(CascadeSimulation)
    if simulation is None:
        return
    if simulation.result.sets == 1:
        yield from _one(simulation)
    else:
        yield from _many(simulation)
    drawing = board.first(CascadeDrawing)
    if drawing is not None and not spread(drawing.result.path):
        yield draft("No way is drawn: nothing went out after these outages, and no bus lost supply.")
    if not simulation.result.loading_meaningful:
        yield draft("No branch can trip by overcurrent here: the ratings of the model are placeholders.")
    if simulation.result.raised_pickups:
        yield draft(
            "Branches whose protection is taken to be set above what they carry before: ",
            simulation.ref("raised_pickups"),
            ".",
        )
    yield draft(
        "Simulated in steady states up to ",
        simulation.ref("horizon_s"),
        " after the outages; swings, hidden failures and what operators do are not simulated.",
    )


def spread(path: CascadePath) -> bool:
    """Whether anything followed the outages that a path begins with: something to draw."""
    followed = any(event.mechanism is not TripMechanism.INITIATING for step in path.steps for event in step.events)
    return followed or bool(path.dead)


def _one(simulation: Exhibit[CascadeSimulation]) -> Iterator[Draft]:
    yield draft(_end(simulation, 0), ".")
    for path, told in enumerate(simulation.result.paths):
        for place, step in enumerate(told.steps[: _STEPS + 1]):
            if place or len(step.events) > len(told.initiating):
                yield _step(simulation, step, ("paths", path, "steps", place))
        last = len(told.steps) - 1
        loss: Piece = (
            [", losses ", simulation.ref("paths", path, "steps", last, "loss_p_mw")]
            if told.steps[last].loss_p_mw is not None
            else ""
        )
        yield draft(
            "In the end generation is ",
            simulation.ref("paths", path, "steps", last, "generation_p_mw"),
            ", load ",
            simulation.ref("paths", path, "steps", last, "load_p_mw"),
            loss,
            ".",
        )


def _end(simulation: Exhibit[CascadeSimulation], place: int) -> Piece:
    """How far one set spreads."""

    def ref(field: str) -> Piece:
        return simulation.ref("rows", place, field)

    row = simulation.result.rows[place]
    pieces: list[Piece] = [
        ref("case"),
        ": ",
        ref("outcome"),
        "; load lost in the end: ",
        ref("unserved_p_mw"),
        " (",
        ref("unserved_percent"),
        "), branches tripped by protection: ",
        ref("tripped_branches"),
        ", islands with supply: ",
        ref("islands"),
    ]
    if row.steps:
        pieces += [", last event after ", ref("duration_s")]
    if row.worst_loading_percent is not None:
        pieces += ["; highest loading right after the outages: ", ref("worst_loading_percent")]
    return pieces


def _step(simulation: Exhibit[CascadeSimulation], step: CascadeStep, keys: tuple[str | int, ...]) -> Draft:
    events = [
        _event(simulation, event, (*keys, "events", place))
        for place, event in enumerate(step.events)
        if event.mechanism is not TripMechanism.INITIATING
    ]
    more: Piece = [" and more"] if len(events) > _EVENTS else ""
    return draft(
        "After ",
        simulation.ref(*keys, "time_s"),
        ": ",
        listed(events[:_EVENTS], last=", "),
        more,
        "; load lost so far: ",
        simulation.ref(*keys, "unserved_p_mw"),
        ".",
    )


def _event(simulation: Exhibit[CascadeSimulation], event: CascadeEvent, keys: tuple[str | int, ...]) -> Piece:
    pieces: list[Piece] = [simulation.ref(*keys, "element"), " by ", simulation.ref(*keys, "mechanism")]
    if event.loading_percent is not None:
        pieces += [" at ", simulation.ref(*keys, "loading_percent"), " of its rating"]
    if event.frequency_hz is not None:
        pieces += [" at ", simulation.ref(*keys, "frequency_hz")]
    if event.shed_p_mw:
        pieces += [" (", simulation.ref(*keys, "shed_p_mw"), " of load)"]
    return pieces


def _many(simulation: Exhibit[CascadeSimulation]) -> Iterator[Draft]:
    yield draft(
        "Outages followed to their end: ",
        simulation.ref("sets"),
        "; with further branches tripped: ",
        simulation.ref("cascades"),
        ", with load lost: ",
        simulation.ref("sets_with_load_lost"),
        ", losing at least ",
        simulation.ref("blackout_percent"),
        " of the load: ",
        simulation.ref("blackouts"),
        "; load lost on average: ",
        simulation.ref("mean_unserved_p_mw"),
        ".",
    )
    for place in range(min(_ROWS, len(simulation.result.rows))):
        yield draft(_end(simulation, place), ".")
