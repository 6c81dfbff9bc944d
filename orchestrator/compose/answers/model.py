"""Answers on the model itself: its defects, one element, a path, and why a value is what it is."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.answers.limits import answer_limits
from orchestrator.compose.answers.state import answer_state
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, branch, bus, draft, listed, state_name
from tools.grid.schema.element import ElementDescription, GridPath
from tools.grid.schema.model_check import ModelCheck
from tools.grid.schema.power_flow import PowerFlow


def answer_model(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """What is wrong with the model, worst first, and what must therefore not be read."""
    del resolved  # the model is checked without a hypothesis
    check = board.first(ModelCheck)
    if check is None:
        return
    if not check.result.defects:
        yield draft("No defect of the kinds looked for was found in model ", check.ref("grid"), ".")
    for position, defect in enumerate(check.result.defects):
        meaning: Piece = ""
        if defect.meaningless:
            names: list[Piece] = [
                check.ref("defects", position, "meaningless", item) for item in range(len(defect.meaningless))
            ]
            meaning = [" Not to be read: ", listed(names), "."]
        yield draft(
            check.ref("defects", position, "kind"),
            " (",
            check.ref("defects", position, "count"),
            " of ",
            check.ref("defects", position, "checked"),
            "): ",
            check.ref("defects", position, "explanation"),
            meaning,
        )
    yield from tap_side(check)


def tap_side(check: Exhibit[ModelCheck]) -> Iterator[Draft]:
    """The proof behind a suspect tap side: both lowest voltages."""
    if check.result.tap_side_test is not None:
        yield draft(
            "As modelled, the lowest voltage is ",
            check.ref("tap_side_test", "lowest_vm_pu"),
            " at ",
            check.ref("tap_side_test", "lowest_element"),
            "; with the taps of ",
            check.ref("tap_side_test", "transformers"),
            " transformers on the other side it is ",
            check.ref("tap_side_test", "flipped_lowest_vm_pu"),
            " at ",
            check.ref("tap_side_test", "flipped_lowest_element"),
            ".",
        )


def answer_why(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """What makes a value what it is: first a defect of the model, then the state around the element."""
    check = board.first(ModelCheck)
    if check is not None:
        for position, defect in enumerate(check.result.defects):
            if "voltage" in defect.meaningless or "vm" in defect.meaningless:
                yield draft(
                    "The model itself explains it: ",
                    check.ref("defects", position, "kind"),
                    ". ",
                    check.ref("defects", position, "explanation"),
                )
        yield from tap_side(check)
    yield from answer_state(board, resolved)
    yield from _extremes(board, resolved)
    yield from answer_limits(board, resolved)
    yield from answer_path(board, resolved)


def _extremes(board: Board, resolved: Resolved) -> Iterator[Draft]:
    flow = board.current(PowerFlow)
    if flow is None or resolved.elements:
        return
    state = state_name(flow, resolved.hypothesis)
    if flow.result.lowest_voltage:
        yield draft(state, ", the lowest voltage is ", bus(flow, flow.result.lowest_voltage, "lowest_voltage"), ".")
    if flow.result.highest_loading:
        yield draft(
            state, ", the highest loading is ", branch(flow, flow.result.highest_loading, "highest_loading"), "."
        )


_LISTED = 20
"""Elements that one sentence lists; the section's table and the evidence have the others."""
_NAMEPLATE = (
    ("vn_kv", "nominal voltage"),
    ("vn_lv_kv", "low-voltage side"),
    ("length_km", "length"),
    ("r_ohm", "resistance"),
    ("x_ohm", "reactance"),
    ("rating_ka", "rating"),
    ("rating_mva", "rating"),
    ("p_mw", "active power"),
    ("q_mvar", "reactive power"),
    ("min_p_mw", "minimum output"),
    ("max_p_mw", "maximum output"),
    ("min_q_mvar", "reactive minimum"),
    ("max_q_mvar", "reactive maximum"),
    ("vm_setpoint_pu", "voltage set-point"),
    ("min_vm_pu", "lowest allowed voltage"),
    ("max_vm_pu", "highest allowed voltage"),
    ("tap_pos", "tap position"),
    ("tap_min", "lowest tap"),
    ("tap_max", "highest tap"),
    ("tap_step_percent", "tap step"),
    ("tap_side", "tap side"),
    ("closed", "closed"),
)


def answer_describe(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Nameplate and neighbours of each element asked for."""
    del resolved  # the descriptions name their own elements
    for shown in board.every(ElementDescription):
        result = shown.result
        values: list[Piece] = [
            [words, " ", shown.ref(field)] for field, words in _NAMEPLATE if getattr(result, field) is not None
        ]
        yield draft(
            shown.ref("element"),
            ": ",
            shown.ref("in_service"),
            *([", ", listed(values, last=", ")] if values else []),
            ".",
        )
        if result.rating_is_placeholder:
            yield draft(
                "The rating of ", shown.ref("element"), " in the model is a placeholder; loading means nothing."
            )
        ends: list[Piece] = [shown.ref("buses", position) for position in range(len(result.buses))]
        near: list[Piece] = [shown.ref("neighbours", position) for position in range(min(len(result.neighbours), 8))]
        if ends:
            yield draft("It stands at ", listed(ends), *([", beside ", listed(near)] if near else []), ".")


def answer_path(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """How two elements are connected, and what cuts them."""
    del resolved  # the paths name their own ends
    for path in board.every(GridPath):
        if not path.result.connected:
            yield draft("There is no path in service from ", path.ref("start"), " to ", path.ref("end"), ".")
            continue
        steps: list[Piece] = [path.ref("steps", position, "element") for position in range(len(path.result.steps))]
        yield draft(
            "From ",
            path.ref("start"),
            " to ",
            path.ref("end"),
            " the shortest way by impedance has ",
            path.ref("steps_total"),
            " branches: ",
            listed(steps[:_LISTED], last=", "),
            ", and further ones" if path.result.steps_total > len(steps[:_LISTED]) else "",
            ". Ways that share no branch: ",
            path.ref("independent_paths"),
            ".",
        )
        cuts: list[Piece] = [path.ref("critical", position) for position in range(len(path.result.critical))]
        if cuts:
            more = ", and further ones" if len(cuts) > _LISTED else ""
            yield draft("Each of these alone cuts it: ", listed(cuts[:_LISTED], last=", "), more, ".")
