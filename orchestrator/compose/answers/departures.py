"""What is said of sensors that left their own past, or what is usual at the hour, on the day, in the weather."""

from collections.abc import Iterator, Sequence

from agents.statement import Draft
from orchestrator.compose.board import Exhibit
from orchestrator.compose.phrases import Piece, draft, interval, listed
from orchestrator.compose.rest import rest
from tools.detection.schema.anomalies import AnomalyReport
from tools.detection.schema.statistical import EpisodeKind
from tools.subject import SubjectRef

_SHOWN = 6


def departures(report: Exhibit[AnomalyReport], named: Sequence[str]) -> Iterator[Draft]:
    """Episodes of the sensors' own past, then hours that left season and weather; of named sensors those alone."""
    result = report.result
    places = _about(named, [item.subject for item in result.statistical])
    for place in places[:_SHOWN]:
        yield draft(departure_words(report, place), ".")
    yield from rest(report, "departures from their own past", "statistical", places[_SHOWN:], "statistical_omitted")
    for place in _about(named, [item.subject for item in result.baselines]):
        hours = len(result.baselines[place].departures)
        for number in range(min(hours, _SHOWN)):
            yield draft(season_words(report, place, number), ".")
        if hours > _SHOWN:
            who = report.ref("baselines", place, "subject")
            yield draft("Further hours of ", who, " that left season and weather stand in the evidence.")


def usual_values(report: Exhibit[AnomalyReport], named: Sequence[str]) -> Iterator[Draft]:
    """Of sensors asked about by name: their newest hour against what is usual then."""
    if not named:
        return
    for place in _about(named, [item.subject for item in report.result.baselines]):
        if report.result.baselines[place].latest is not None:
            yield draft(_latest_words(report, place), ".")


def departure_words(report: Exhibit[AnomalyReport], position: int) -> Piece:
    """One stretch by the sensors' own past: what it looks like, when, and who has which part in it."""
    row, here = report.result.statistical[position], ("statistical", position)
    parts: list[Piece] = []
    for number, share in enumerate(row.shares[:_SHOWN]):
        part: list[Piece] = [report.ref(*here, "shares", number, "subject")]
        if share.element is not None:
            part += [" (", report.ref(*here, "shares", number, "element"), ")"]
        parts.append([*part, " with ", report.ref(*here, "shares", number, "contribution_percent")])
    pieces: list[Piece] = [
        "Against their own past: ",
        report.ref(*here, "kind"),
        " ",
        interval(report, row, *here),
        ", ",
        listed(parts),
    ]
    if row.changed_at is not None:
        pieces += ["; it most likely began at ", report.ref(*here, "changed_at")]
    if row.kind is EpisodeKind.OSCILLATION:
        pieces.append("; for its frequency and damping ask for the oscillations of that time")
    if row.consulted:
        agreeing: list[Piece] = [report.ref(*here, "agreeing", number) for number in range(len(row.agreeing))]
        asked: list[Piece] = [report.ref(*here, "consulted", number) for number in range(len(row.consulted))]
        pieces += ["; of ", listed(asked), " agree: ", listed(agreeing) if agreeing else "none"]
    return pieces


def season_words(report: Exhibit[AnomalyReport], place: int, number: int) -> Piece:
    """Hours that left what is usual: how far at the worst, and what usual was learnt from."""
    row = report.result.baselines[place]
    here = ("baselines", place, "departures", number)
    return [
        *_who(report, place),
        " was not as usual ",
        interval(report, row.departures[number], *here),
        ": ",
        *_hour(report, *here, "farthest"),
        " (",
        report.ref(*here, "deviation"),
        " off)",
        *_learnt_from(report, place),
    ]


def _latest_words(report: Exhibit[AnomalyReport], place: int) -> Piece:
    return [*_who(report, place), ": ", *_hour(report, "baselines", place, "latest"), *_learnt_from(report, place)]


def _who(report: Exhibit[AnomalyReport], place: int) -> list[Piece]:
    row, here = report.result.baselines[place], ("baselines", place)
    pieces: list[Piece] = [report.ref(*here, "subject")]
    if row.element is not None:
        pieces += [" (", report.ref(*here, "element"), ")"]
    return pieces


def _hour(report: Exhibit[AnomalyReport], *here: str | int) -> list[Piece]:
    return [
        "mean ",
        report.ref(*here, "value"),
        " in the hour from ",
        report.ref(*here, "at"),
        ", expected ",
        report.ref(*here, "expected"),
        ", usually ",
        report.ref(*here, "low"),
        " to ",
        report.ref(*here, "high"),
    ]


def _learnt_from(report: Exhibit[AnomalyReport], place: int) -> list[Piece]:
    """What there was of the window, and whether the weather was in it."""
    row, here = report.result.baselines[place], ("baselines", place)
    pieces: list[Piece] = ["; learnt from ", report.ref(*here, "history_days"), " days with readings of the last "]
    pieces += [report.ref(*here, "window_days"), ", "]
    return [*pieces, "weather by ", report.ref(*here, "weather")] if row.weather else [*pieces, "without weather"]


def _about(named: Sequence[str], subjects: Sequence[SubjectRef]) -> list[int]:
    """Places of the sensors that the question names; all places when it names none."""
    wanted = set(named)
    return [place for place, subject in enumerate(subjects) if not wanted or subject.name in wanted]
