"""Answers on restoration: how much comes back from where, the first steps, the worst values, what stays dark."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft, Token, TokenKind
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, listed
from tools.grid.schema.restoration import RestorationAction, RestorationOutcome, RestorationPlan, RestorationStep

TOOL = "plan_restoration"
_STEPS, _DARK, _REFUSED = 8, 3, 3
_DOES = {
    RestorationAction.START: "start ",
    RestorationAction.ENERGISE: "energise ",
    RestorationAction.CRANK: "crank ",
    RestorationAction.SYNCHRONISE: "synchronise ",
    RestorationAction.PICK_UP: "pick up ",
    RestorationAction.JOIN: "join islands through ",
    RestorationAction.CLOSE: "close the loop through ",
    RestorationAction.SHUNT: "connect ",
    RestorationAction.RAISE: "raise the voltages of the units that run with ",
}


def answer_restoration(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """What comes back first; without a plan, what has to be named for one."""
    del resolved  # the evidence names what is dark and what gives voltage
    found = board.first(RestorationPlan)
    if found is None:
        for call in board.failed:
            if call.tool == TOOL:
                yield draft("No restoration is planned: ", Token(kind=TokenKind.QUOTE, text=call.reason))
        return
    if found.result.outcome is RestorationOutcome.NOTHING_DARK:
        yield draft("Restoration, ", found.ref("case"), ": ", found.ref("outcome"), "; every bus has a source.")
        return
    yield _total(found)
    yield _sources(found)
    if found.result.steps:
        first = [_step(found, at) for at in range(len(found.result.steps[:_STEPS]))]
        more: Piece = (
            [" and so on; steps in all: ", found.ref("steps_total")] if found.result.steps_total > _STEPS else ""
        )
        yield draft("It begins: ", listed(first, last=", "), more, ".")
        yield _worst(found)
    yield from _refused(found)
    yield from _dark(found)
    yield draft(
        "Load blocks are at most ",
        found.ref("block_percent"),
        " of the online capacity, and ",
        found.ref("reserve_percent"),
        " of it stay free. Units with assumed cranking power: ",
        found.ref("assumed_cranking"),
        ", with assumed start time: ",
        found.ref("assumed_start_times"),
        ".",
    )
    yield draft(
        "Steady states only: dynamics, switching transients, protection and outages on the way are not checked."
    )


def _total(found: Exhibit[RestorationPlan]) -> Draft:
    pieces: list[Piece] = [
        "Restoration, ",
        found.ref("case"),
        ": ",
        found.ref("outcome"),
        "; load back ",
        found.ref("restored_p_mw"),
        " of ",
        found.ref("dark_load_p_mw"),
    ]
    if found.result.restored_percent is not None:
        pieces += [" (", found.ref("restored_percent"), ")"]
    pieces += [" in ", found.ref("steps_total"), " steps and ", found.ref("duration_min")]
    pieces += ["; branches energised: ", found.ref("branches_energised")]
    pieces += [", units synchronised: ", found.ref("units_synchronised"), ", load blocks: ", found.ref("load_blocks")]
    if found.result.verdict is not None:
        pieces += ["; verdict: ", found.ref("verdict")]
    return draft(pieces, ".")


def _sources(found: Exhibit[RestorationPlan]) -> Draft:
    told: list[Piece] = []
    for at, source in enumerate(found.result.sources):
        piece: list[Piece] = [found.ref("sources", at, "element"), " (", found.ref("sources", at, "source")]
        if source.capacity_p_mw is not None:
            piece += [", capacity ", found.ref("sources", at, "capacity_p_mw")]
        told.append([*piece, ")"])
    taken = "" if all(source.named for source in found.result.sources) else ", taken from the model"
    return draft("Voltage comes from ", listed(told), taken, ".")


def _step(found: Exhibit[RestorationPlan], at: int) -> Piece:
    row: RestorationStep = found.result.steps[at]
    pieces: list[Piece] = [_DOES[row.action], found.ref("steps", at, "element")]
    if row.picked_up_p_mw is not None:
        pieces += [" (", found.ref("steps", at, "picked_up_p_mw"), ")"]
    if row.cranking_p_mw is not None:
        pieces += [" (", found.ref("steps", at, "cranking_p_mw"), ")"]
    return pieces


def _worst(found: Exhibit[RestorationPlan]) -> Draft:
    result = found.result
    pieces: list[Piece] = ["Over all steps "]
    if result.lowest_voltage is not None:
        pieces += ["the lowest voltage is ", found.ref("lowest_voltage", "vm_pu"), " at "]
        pieces += [found.ref("lowest_voltage", "element"), ", "]
    if result.highest_voltage is not None:
        pieces += ["the highest ", found.ref("highest_voltage", "vm_pu"), " at "]
        pieces += [found.ref("highest_voltage", "element")]
    if result.highest_loading is None:
        pieces += ["; loadings are not checked: no usable rating"]
    else:
        pieces += [", the highest loading ", found.ref("highest_loading", "loading_percent"), " of "]
        pieces += [found.ref("highest_loading", "element")]
    return draft(pieces, ".")


def _refused(found: Exhibit[RestorationPlan]) -> Iterator[Draft]:
    never = [at for at, row in enumerate(found.result.refused) if not row.accepted][:_REFUSED]
    if never:
        told: list[Piece] = [
            [
                found.ref("refused", at, "action"),
                " of ",
                found.ref("refused", at, "element"),
                " (",
                found.ref("refused", at, "reason"),
                ")",
            ]
            for at in never
        ]
        yield draft(
            "Steps that broke a limit and are not in the plan: ",
            found.ref("never_accepted"),
            "; first ",
            listed(told),
            ".",
        )


def _dark(found: Exhibit[RestorationPlan]) -> Iterator[Draft]:
    result = found.result
    if not (result.dark_loads or result.units_off or result.still_dark_buses):
        return
    yield draft("Buses without voltage at the end: ", found.ref("still_dark_buses"), ".")
    if result.dark_loads:
        loads: list[Piece] = [
            [
                found.ref("dark_loads", at, "dark_p_mw"),
                " of ",
                found.ref("dark_loads", at, "element"),
                " (",
                found.ref("dark_loads", at, "reason"),
                ")",
            ]
            for at in range(len(result.dark_loads[:_DARK]))
        ]
        yield draft("Loads that stay dark, in part or all: ", found.ref("loads_dark"), "; first ", listed(loads), ".")
    if result.units_off:
        units: list[Piece] = [
            [found.ref("units_off", at, "element"), " (", found.ref("units_off", at, "reason"), ")"]
            for at in range(len(result.units_off[:_DARK]))
        ]
        yield draft("Units that stay off: ", found.ref("units_left_off"), "; first ", listed(units), ".")
