"""The note under a picture: what its marks mean, and what could not be shown. It has no number."""

from collections.abc import Iterator

from tools.grid.diagram.marks import Overlay
from tools.grid.schema.cascade import CascadePath
from tools.grid.schema.drawing import PlaceKind, Places


def note_of(overlay: Overlay, *, values: str, left_out: bool) -> str:
    """The note, one sentence for each thing a reader must know.

    Args:
        overlay: What is drawn.
        values: Which values are printed, a sentence.
        left_out: Whether the grid has buses that are not shown.
    """
    sentences = ["Labels are indices in the model; squares are buses with infeed."]
    if overlay.solved:
        sentences.append("Colour marks broken limits only, always together with a shape or a word.")
        sentences.append(values)
    else:
        sentences.append("The power flow of this state has no solution: the picture shows topology only.")
    if overlay.solved and not overlay.loading_meaningful:
        sentences.append("Loadings are not shown: no branch here has a rating that can be read.")
    if left_out:
        sentences.append("The rest of the grid is left out.")
    return " ".join(sentences)


_PLACES = {
    PlaceKind.LONGITUDE_LATITUDE: "Buses stand by their longitudes and latitudes, north up; lines are straight.",
    PlaceKind.METRES: "Buses stand by the coordinates of the model, read as metres; lines are straight.",
    PlaceKind.DRAWING: "Buses stand by the coordinates of the model, read as those of a drawing: without a scale.",
    PlaceKind.SCHEMATIC: "Places are schematic: they say nothing of where a bus is.",
}


def note_of_places(places: Places) -> Iterator[str]:
    """What the places mean, and which buses do not stand at theirs."""
    yield _PLACES[places.kind]
    if places.latitude_first:
        yield "The model gives the latitude before the longitude; they were exchanged."
    if places.buses_moved_aside:
        yield "Buses too near to each other to be told apart stand side by side."
    if places.buses_without_coordinates > places.buses_left_out:
        yield "Buses without coordinates stand between their neighbours."
    if places.buses_left_out:
        yield "Buses without coordinates, and without a way to a bus that has them, are left out."


def note_of_path(path: CascadePath, *, left_out: bool) -> Iterator[str]:
    """What the picture of a cascade shows and leaves out."""
    yield "Labels are indices in the model, numbers in circles steps; their colour tells early from late."
    yield "Of an island the bus with the lowest index stands for it."
    yield "Shaded parts lost supply." if path.dead else "No bus lost supply."
    if path.dead_omitted:
        yield "More buses lost supply than are named here: those not shaded are not known to have it."
    if any(step.events_omitted for step in path.steps) or path.steps_omitted:
        yield "Events beyond those that the simulation tells one by one are not drawn."
    if left_out:
        yield "The rest of the grid is left out."
