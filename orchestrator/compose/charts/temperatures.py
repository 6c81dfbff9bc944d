"""The figure of temperatures: transformers over the time, those with an issue in front."""

from collections.abc import Iterator, Sequence

from agents.report import Figure
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.charts.chart import Chart, Point
from orchestrator.compose.phrases import Say, draft, simulated
from orchestrator.gate import shown
from tools.assets.schema.transformer import TransformerAssessment
from tools.telemetry.schema.reading import History, TelemetryReading

_TOP_OIL = "top_oil_temperature"


def temperature_figure(board: Board, say: Say) -> tuple[Figure, ...]:
    """Top-oil temperatures; none without a history."""
    found = next((item for item in board.every(TelemetryReading) if _histories(item)), None)
    if found is None:
        return ()
    return (
        Figure(
            title="Top-oil temperatures of the transformers",
            caption=say(
                draft(
                    "Each point is the mean of ",
                    found.ref("histories", _histories(found)[0][0], "bucket_s"),
                    "; transformers with an issue stand out, the others are faint",
                    simulated(found),
                    ".",
                )
            ),
            svg=_picture(found, _in_question(board), say),
            evidence=(found.evidence.id,),
        ),
    )


def _histories(found: Exhibit[TelemetryReading]) -> list[tuple[int, History]]:
    histories = enumerate(found.result.histories)
    return [(place, item) for place, item in histories if item.quantity == _TOP_OIL and item.buckets]


def _in_question(board: Board) -> frozenset[str]:
    rows = [row for item in board.every(TransformerAssessment) for row in item.result.rows if row.issues]
    return frozenset(str(row.element) for row in rows if row.element is not None)


def _picture(found: Exhibit[TelemetryReading], in_question: frozenset[str], say: Say) -> str:
    lines = [
        (place, item, [Point(piece.at, piece.mean.value) for piece in item.buckets])
        for place, item in _histories(found)
    ]
    chart = Chart("Top-oil temperatures", [point for _, _, points in lines for point in points])
    chart.ends(*(say(draft(found.ref(*end, "at"))).text for end in _ends(lines)))
    lines.sort(key=lambda line: str(line[1].element) in in_question)
    for place, item, points in lines:
        strong = str(item.element) in in_question
        chart.line(points, "gcc-alarm" if strong else "gcc-faint")
        if strong or (not in_question and place == lines[-1][0]):
            top = max(range(len(points)), key=lambda position: points[position].value)
            text = shown(points[top].value, item.buckets[top].mean.unit)
            who = say(draft(found.ref("histories", place, "subject" if item.element is None else "element"))).text
            chart.value(points[top], f"{text}, {who}", f"/histories/{place}/buckets/{top}/mean")
    return chart.svg()


def _ends(lines: Sequence[tuple[int, History, list[Point]]]) -> Iterator[tuple[str | int, ...]]:
    """Places of the first and the last piece of all histories."""
    known = [
        (point.at, ("histories", place, "buckets", number))
        for place, _, points in lines
        for number, point in enumerate(points)
    ]
    yield min(known)[1]
    yield max(known)[1]
