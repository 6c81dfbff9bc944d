"""Answers on load: what is ahead, where it left the forecast, and the hour of least margin."""

from collections.abc import Iterator
from datetime import timedelta

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import P10, P90, Piece, draft, simulated
from tools.forecasting.schema.load import LoadForecast

_HOUR = timedelta(hours=1)


def ahead(board: Board) -> Exhibit[LoadForecast] | None:
    """The forecast with the latest origin."""
    return max(board.every(LoadForecast), key=lambda item: item.result.at, default=None)


def behind(board: Board) -> Exhibit[LoadForecast] | None:
    """A forecast whose hours are over, to compare the load with."""
    past = [item for item in board.every(LoadForecast) if any(row.measured_mw is not None for row in item.result.rows)]
    return min(past, key=lambda item: item.result.at, default=None)


def answer_forecast(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """The peak with its uncertainty first, then the thinnest hour, then how good the forecast has been."""
    forecast = ahead(board)
    if forecast is None:
        return
    yield from _asked(forecast, resolved)
    yield draft(
        "Peak of the load ahead: ",
        forecast.ref("peak", "p50_mw"),
        " (",
        P10,
        " to ",
        P90,
        ": ",
        forecast.ref("peak", "p10_mw"),
        " to ",
        forecast.ref("peak", "p90_mw"),
        ") in the hour from ",
        forecast.ref("peak", "at"),
        simulated(forecast),
        ".",
    )
    yield from thinnest_hour(forecast)
    if forecast.result.mape_percent is not None:
        yield draft(_error(forecast))
    yield from answer_deviation(board)


def _asked(forecast: Exhibit[LoadForecast], resolved: Resolved) -> Iterator[Draft]:
    """The hour that was asked about, or the highest one of the time that was."""
    begin, end = resolved.start or resolved.at, resolved.end or resolved.at
    if begin is None or end is None:
        return
    rows = forecast.result.rows
    within = [place for place, row in enumerate(rows) if row.at <= end and row.at + _HOUR > begin]
    if not within:
        if end > forecast.result.at:
            yield draft("The time asked about is not checked: it lies beyond the hours that are forecast.")
        return
    place = max(within, key=lambda number: rows[number].p50_mw)
    yield draft(
        "Expected load of the time asked about",
        ", highest in the hour from " if len(within) > 1 else ", in the hour from ",
        forecast.ref("rows", place, "at"),
        ": ",
        forecast.ref("rows", place, "p50_mw"),
        " (",
        P10,
        " to ",
        P90,
        ": ",
        forecast.ref("rows", place, "p10_mw"),
        " to ",
        forecast.ref("rows", place, "p90_mw"),
        ")",
        simulated(forecast),
        ".",
    )


def thinnest_hour(forecast: Exhibit[LoadForecast]) -> Iterator[Draft]:
    """The hour in which least generation is left over."""
    if forecast.result.thinnest is None or forecast.result.thinnest.margin_mw is None:
        yield draft("The hour of least margin is not checked: no capacity of the units is known.")
        return
    yield draft(
        "Least margin: ",
        forecast.ref("thinnest", "margin_mw"),
        " between the capacity of the units and the ",
        P90,
        " of the load, in the hour from ",
        forecast.ref("thinnest", "at"),
        ".",
    )


def _error(forecast: Exhibit[LoadForecast]) -> Piece:
    pieces: list[Piece] = ["Its mean error on held-out days of the history: ", forecast.ref("mape_percent")]
    if forecast.result.last_week_mape_percent is not None:
        pieces += [" (as a week ago: ", forecast.ref("last_week_mape_percent")]
        if forecast.result.yesterday_mape_percent is not None:
            pieces += ["; as the day before: ", forecast.ref("yesterday_mape_percent")]
        pieces.append(")")
    return [*pieces, ", history: ", forecast.ref("history_days"), " days."]


def answer_deviation(board: Board) -> Iterator[Draft]:
    """Where the load left its forecast most."""
    past = behind(board)
    if past is None or past.result.worst_deviation_mw is None:
        return
    yield draft(
        "Load against its forecast of ",
        past.ref("at"),
        ": largest difference ",
        past.ref("worst_deviation_mw"),
        ", in the hour from ",
        past.ref("worst_deviation_at"),
        ".",
    )
