"""Figures of the load: measured against its forecast, and the load ahead."""

from collections.abc import Iterator

from agents.report import Figure
from orchestrator.compose.answers.forecast import ahead, behind
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.charts.chart import Chart, Point
from orchestrator.compose.phrases import P10, P90, Say, draft, simulated
from orchestrator.gate import shown
from tools.forecasting.schema.load import ForecastHour, LoadForecast

_FEWEST = 2


def load_figure(board: Board, say: Say) -> tuple[Figure, ...]:
    """The load of the time over what it was expected to be."""
    past = behind(board)
    return tuple(_figure(past, say, "Load against forecast")) if past else ()


def ahead_figure(board: Board, say: Say) -> tuple[Figure, ...]:
    """The load ahead with its uncertainty."""
    found = ahead(board)
    return tuple(_figure(found, say, "Load ahead")) if found else ()


def _figure(found: Exhibit[LoadForecast], say: Say, title: str) -> Iterator[Figure]:
    rows = found.result.rows
    if len(rows) < _FEWEST:
        return
    known = any(row.measured_mw is not None for row in rows)
    yield Figure(
        title=title,
        caption=say(
            draft(
                "Forecast of ",
                found.ref("at"),
                ": median dashed, ",
                P10,
                " to ",
                P90,
                " as a band",
                "; measured load as a line" if known else "",
                simulated(found),
                ".",
            )
        ),
        svg=_picture(found, say, title),
        evidence=(found.evidence.id,),
    )


def _picture(found: Exhibit[LoadForecast], say: Say, title: str) -> str:
    rows = found.result.rows
    lower, middle, upper = (
        [Point(row.at, getattr(row, field)) for row in rows] for field in ("p10_mw", "p50_mw", "p90_mw")
    )
    known = [(place, row.measured_mw) for place, row in enumerate(rows) if row.measured_mw is not None]
    measured = [Point(rows[place].at, value) for place, value in known]
    chart = Chart(title, [*lower, *upper, *measured])
    chart.ends(*(say(draft(found.ref("rows", place, "at"))).text for place in (0, len(rows) - 1)))
    chart.band(lower, upper, "gcc-band")
    chart.line(middle, "gcc-dashed")
    peak = max(range(len(rows)), key=lambda place: rows[place].p50_mw)
    text = f"forecast {shown(rows[peak].p50_mw, 'mw')}"
    chart.value(middle[peak], text, f"/rows/{peak}/p50_mw", beside=_drawn(rows[peak]))
    if measured:
        chart.line(measured, "gcc-line")
        place, value = known[-1]
        text = f"measured {shown(value, 'mw')}"
        chart.value(measured[-1], text, f"/rows/{place}/measured_mw", beside=_drawn(rows[place]), above=False)
    keys = ("forecast dashed", "uncertainty as a band", *(("measured as a line",) if measured else ()))
    for position, words in enumerate(keys):
        chart.words(words, "gcc-key", position)
    return chart.svg()


def _drawn(row: ForecastHour) -> tuple[float, ...]:
    """All values that the picture shows of an hour."""
    return (row.p10_mw, row.p90_mw, *(() if row.measured_mw is None else (row.measured_mw,)))
