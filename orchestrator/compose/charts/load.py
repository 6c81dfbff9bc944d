"""Figures of the load: measured against its forecast, and the load ahead."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from agents.report import Figure
from orchestrator.compose.answers.forecast import ahead, behind
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.charts.chart import Chart, Point
from orchestrator.compose.phrases import P10, P90, Say, draft, simulated
from orchestrator.gate import shown
from tools.forecasting.schema.load import ForecastHour, LoadForecast

UTC_ZONE = ZoneInfo("UTC")
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
                " as a band; measured load as a line",
                simulated(found),
                ".",
            )
        ),
        svg=_picture(rows, title),
        evidence=(found.evidence.id,),
    )


def _picture(rows: Sequence[ForecastHour], title: str) -> str:
    lower, middle, upper = (
        [Point(row.at, getattr(row, field)) for row in rows] for field in ("p10_mw", "p50_mw", "p90_mw")
    )
    known = [(place, row.measured_mw) for place, row in enumerate(rows) if row.measured_mw is not None]
    measured = [Point(rows[place].at, value) for place, value in known]
    chart = Chart(title, [*lower, *upper, *measured], UTC_ZONE)
    chart.band(lower, upper, "gcc-band")
    chart.line(middle, "gcc-dashed")
    peak = max(range(len(rows)), key=lambda place: rows[place].p50_mw)
    chart.value(middle[peak], shown(rows[peak].p50_mw, "mw"), f"/rows/{peak}/p50_mw")
    if measured:
        chart.line(measured, "gcc-line")
        place, value = known[-1]
        chart.value(measured[-1], shown(value, "mw"), f"/rows/{place}/measured_mw", above=False)
    for position, words in enumerate(("forecast dashed", "uncertainty as a band", "measured as a line")):
        chart.words(words, "gcc-key", position)
    return chart.svg()
