"""The figure of alarms: how many in each ten minutes."""

from agents.report import Figure
from agents.statement import Token, TokenKind
from orchestrator.compose.board import Exhibit
from orchestrator.compose.charts.chart import Chart, Point
from orchestrator.compose.phrases import Say, draft, simulated
from orchestrator.gate import shown
from tools.detection.schema.alarms import AlarmSummary

_PIECE_S = 600.0
_PIECE = Token(kind=TokenKind.TIME, text="10 min")


def alarm_figure(found: Exhibit[AlarmSummary], say: Say) -> tuple[Figure, ...]:
    """Bars over the time; none without an alarm."""
    pieces = found.result.pieces
    if not pieces:
        return ()
    points = [Point(piece.at, float(piece.alarms)) for piece in pieces]
    ends = [Point(found.result.start, 0.0), Point(found.result.end, 0.0)]
    chart = Chart("Alarms in ten minutes", [*points, *ends], base=0.0)
    chart.bars(points, _PIECE_S, "gcc-bar")
    chart.ends(*(say(draft(found.ref(end))).text for end in ("start", "end")))
    top = max(range(len(points)), key=lambda place: points[place].value)
    chart.value(points[top], f"most: {shown(pieces[top].alarms, None)}", f"/pieces/{top}/alarms")
    caption = draft("Each bar counts the alarms of ", _PIECE, simulated(found), ".")
    return (Figure(title="Alarm rate", caption=say(caption), svg=chart.svg(), evidence=(found.evidence.id,)),)
