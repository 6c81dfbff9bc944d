"""Answers on N-1 security: the claim, its coverage, the worst outage."""

from collections.abc import Iterator

from agents.question import Resolved, ScreeningWish
from agents.statement import Draft
from orchestrator.compose.board import Board, Exhibit, R
from orchestrator.compose.phrases import N_MINUS_ONE, Piece, branch, bus, draft, listed, state_name, unit
from orchestrator.compose.spans import security_over_time, time_of
from tools.grid.schema.contingencies import ContingencyScreening, OutageRow
from tools.vocabulary import OutageOutcome

_NEAREST = 3


def answer_security(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Times without security, then whether the state bears every single outage, and the worst ones."""
    screening = screening_of(board, 1)
    if screening is None:
        return
    yield from security_over_time(screening)
    wish = resolved.screening or ScreeningWish()
    if wish.group:
        yield from _common_mode(board)
    if wish.margins:
        yield from _highest_loading(screening)
        yield from _margins(screening)
    yield from _claim(screening, resolved)
    yield from _worst(screening)
    yield from _extremes(screening)


def security_in_brief(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """The same without the outages by name, for where a table names them."""
    screening = screening_of(board, 1)
    if screening is not None:
        yield from security_over_time(screening)
        yield from _claim(screening, resolved)
        yield from _extremes(screening)


def screening_of(board: Board, order: int) -> Exhibit[ContingencyScreening] | None:
    """The screening of single outages or of pairs: under the hypothesis where there is one, else of the base."""
    every = (exhibit for exhibit in board.every(ContingencyScreening) if not of_a_group(exhibit))
    found = [exhibit for exhibit in every if exhibit.result.order == order]
    return next((exhibit for exhibit in found if not exhibit.is_base), found[0] if found else None)


def of_a_group(screening: Exhibit[R]) -> bool:
    """Whether it was made for a common mode alone, beside the screening of everything else."""
    return bool(screening.evidence.arguments.get("groups"))


def _claim(screening: Exhibit[ContingencyScreening], resolved: Resolved) -> Iterator[Draft]:
    state = state_name(screening, resolved.hypothesis)
    if screening.result.secure is None:
        yield draft(state, ", the ", N_MINUS_ONE, " criterion is not checked in full. ", *counts(screening))
    else:
        yield draft(state, ", by the ", N_MINUS_ONE, " criterion: ", screening.ref("secure"), ". ", *counts(screening))
    if not screening.result.loading_meaningful:
        yield draft("Loadings were not checked: the ratings of the model are placeholders.")


_COUNTED = (
    ("insecure_outages", "breaking a limit"),
    ("outages_adding_overloads", "adding overloads"),
    ("islanding_outages", "islanding"),
    ("outages_with_load_lost", "losing load"),
    ("diverged_outages", "diverged"),
)


def security_line(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """The claim on the whole span where there is one, then that on the state itself and its counts, as one line."""
    screening = screening_of(board, 1)
    if screening is not None:
        state = next(_claim(screening, resolved))
        yield draft(_over_time(screening), *state.parts)


def security_overview(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Times without security, then the claim on the state itself with its counts; no outage by name."""
    screening = screening_of(board, 1)
    if screening is not None:
        yield from security_over_time(screening)
        yield next(_claim(screening, resolved))


def _over_time(screening: Exhibit[ContingencyScreening]) -> Piece:
    result = screening.result
    if result.span is None:
        return ""
    if result.secure_over_span is None:
        return [time_of(screening), "the ", N_MINUS_ONE, " criterion is not checked in full. "]
    return [time_of(screening), "by the ", N_MINUS_ONE, " criterion: ", screening.ref("secure_over_span"), ". "]


def counts(screening: Exhibit[ContingencyScreening]) -> Piece:
    """How many outages were simulated, and how many of them end how."""
    found: list[Piece] = [["Outages simulated: ", screening.ref("outages")]]
    found += [[f"{words}: ", screening.ref(field)] for field, words in _COUNTED if getattr(screening.result, field)]
    return [listed(found, last="; ", comma="; "), "."]


def _worst(screening: Exhibit[ContingencyScreening]) -> Iterator[Draft]:
    result = screening.result
    if result.largest_loss is not None and result.largest_loss.unserved_p_mw > 0:
        yield draft(
            "Most load is lost with ",
            screening.ref("largest_loss", "element"),
            " out: ",
            screening.ref("largest_loss", "unserved_p_mw"),
            ".",
        )
    for position, row in enumerate(result.rows[:3]):
        yield draft(outage(screening, row, "rows", position), ".")


def _extremes(screening: Exhibit[ContingencyScreening]) -> Iterator[Draft]:
    result = screening.result
    if result.lowest_voltage is not None:
        yield draft(
            "Lowest voltage over all connected outages: ",
            bus(screening, result.lowest_voltage, "lowest_voltage"),
            " (",
            screening.ref("lowest_voltage", "case"),
            ").",
        )
    yield from _highest_loading(screening)


def _highest_loading(screening: Exhibit[ContingencyScreening]) -> Iterator[Draft]:
    highest = screening.result.highest_loading
    if highest is not None:
        yield draft(
            "Highest loading over all connected outages: ",
            branch(screening, highest, "highest_loading"),
            " (",
            screening.ref("highest_loading", "case"),
            ").",
        )


def _margins(screening: Exhibit[ContingencyScreening]) -> Iterator[Draft]:
    """Of the outages that are listed, the branches and buses that are next to reach a limit, the nearest first."""
    rows = list(enumerate(screening.result.rows))
    branches = [(row.next_overload.loading_margin_percent, place) for place, row in rows if row.next_overload]
    buses = [(row.next_voltage_limit.voltage_margin_pu, place) for place, row in rows if row.next_voltage_limit]
    for said, found, field, margin in (
        ("Branches nearest to their rating", sorted(branches), "next_overload", "loading_margin_percent"),
        ("Buses nearest to a limit of voltage", sorted(buses), "next_voltage_limit", "voltage_margin_pu"),
    ):
        near: list[Piece] = [
            [
                screening.ref("rows", place, field, "element"),
                " with ",
                screening.ref("rows", place, field, margin),
                " left (",
                screening.ref("rows", place, field, "case"),
                ")",
            ]
            for _, place in found[:_NEAREST]
        ]
        if near:
            yield draft(
                f"{said}, of those within it, after the outages listed: ", listed(near, last="; ", comma="; "), "."
            )


def _common_mode(board: Board) -> Iterator[Draft]:
    """What goes out together, and what it does."""
    for screening in board.every(ContingencyScreening):
        for place, row in enumerate(screening.result.rows):
            if row.group:
                yield draft("As a common mode: ", outage(screening, row, "rows", place), ".")


def what_is_out(screening: Exhibit[ContingencyScreening], row: OutageRow, *keys: str | int) -> Piece:
    """The element of an outage, or all that go out together."""
    if not row.elements:
        return screening.ref(*keys, "element")
    return listed([screening.ref(*keys, "elements", place) for place in range(len(row.elements))])


def outage(screening: Exhibit[ContingencyScreening], row: OutageRow, *keys: str | int) -> Piece:
    """One outage: outcome, what is lost, how many limits break, and the worst values."""
    pieces: list[Piece] = [what_is_out(screening, row, *keys), " out: ", screening.ref(*keys, "outcome")]
    if row.unserved_p_mw or row.lost_generation_p_mw:
        pieces += [
            ", losing ",
            screening.ref(*keys, "unserved_p_mw"),
            " of load and ",
            screening.ref(*keys, "lost_generation_p_mw"),
            " of generation",
        ]
    if row.outcome is OutageOutcome.DIVERGED:  # without a solution nothing is known of limits
        return pieces
    pieces += [
        "; branches newly above their rating: ",
        screening.ref(*keys, "new_overloads"),
        ", buses newly outside their limits: ",
        screening.ref(*keys, "new_voltage_violations"),
    ]
    if row.unit_violations:
        pieces += [", units newly beyond a limit: ", screening.ref(*keys, "unit_violations")]
    if screening.result.balance is not None:
        pieces += _balanced(screening, row, *keys)
    if row.worst_loading is not None:
        pieces += ["; worst ", branch(screening, row.worst_loading, *keys, "worst_loading")]
    if row.lowest_voltage is not None:
        pieces += ["; lowest ", bus(screening, row.lowest_voltage, *keys, "lowest_voltage")]
    return pieces


def _balanced(screening: Exhibit[ContingencyScreening], row: OutageRow, *keys: str | int) -> list[Piece]:
    """Who picks up what a unit fed in, where units go out."""
    if row.slack is None:
        return []
    moved: Piece = " in the place of the slack that is lost" if row.moved_slack is not None else ""
    return ["; balanced by ", unit(screening, row.slack, *keys, "slack"), moved]
