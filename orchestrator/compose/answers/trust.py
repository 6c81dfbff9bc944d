"""Answers on telemetry: what sensors say, which of them cannot be trusted, what does not fit."""

from collections.abc import Iterator, Sequence

from agents.question import Resolved
from agents.statement import Draft, Token, TokenKind
from orchestrator.compose.answers.departures import departures, usual_values
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, interval, listed, simulated
from orchestrator.compose.rest import rest
from tools.detection.schema.anomalies import AnomalyReport
from tools.detection.schema.quality import DataQuality
from tools.subject import SubjectRef
from tools.telemetry.schema.reading import SensorReading, TelemetryReading

_SHOWN = 6


def answer_telemetry(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Value, age and basis of each sensor asked for; conflicts and missing readings by name."""
    for reading in board.every(TelemetryReading):
        for position, row in enumerate(reading.result.rows[:_SHOWN]):
            if resolved.start is not None and row.mean is not None:
                yield draft(course_words(reading, row, position), simulated(reading), ".")
            yield draft(sensor_words(reading, row, position), simulated(reading), ".")
        yield from rest(reading, "sensors", "rows", range(_SHOWN, len(reading.result.rows)))
        for position in range(min(len(reading.result.conflicts), _SHOWN)):
            yield draft(_conflict(reading, position), ".")
        yield from _history_bounds(reading)


def course_words(reading: Exhibit[TelemetryReading], row: SensorReading, position: int) -> Piece:
    """What a sensor said over the time that was asked about: lowest and highest with their times."""
    here = ("rows", position)
    who: Piece = [reading.ref(*here, "subject"), ", ", reading.ref(*here, "quantity")]
    if row.element is not None:
        who = [reading.ref(*here, "element"), " by ", who]
    pieces: list[Piece] = [who, " from ", reading.ref("start"), " to ", reading.ref("end")]
    for word, value in (("lowest", row.lowest), ("highest", row.highest)):
        if value is not None:
            pieces += [f", {word} ", reading.ref(*here, word), " at ", reading.ref(*here, f"{word}_at")]
    return [*pieces, ", mean ", reading.ref(*here, "mean"), ", readings ", reading.ref(*here, "readings")]


def sensor_words(reading: Exhibit[TelemetryReading], row: SensorReading, position: int) -> Piece:
    """``sensor:OT, top oil temperature: 38.2 °C at 2017-03-01 …, age 0 s, good; usual 31.0 °C, difference 7.2 K``."""
    here = ("rows", position)
    who: Piece = [reading.ref(*here, "subject"), ", ", reading.ref(*here, "quantity")]
    if row.element is not None:
        who = [reading.ref(*here, "element"), " by ", who]
    if row.value is None or row.at is None:
        return [who, ": no value (quality ", reading.ref(*here, "quality"), ")"]
    said: list[Piece] = [
        who,
        ": ",
        reading.ref(*here, "value"),
        " at ",
        reading.ref(*here, "at"),
        ", age ",
        reading.ref(*here, "age_s"),
        ", quality ",
        reading.ref(*here, "quality"),
    ]
    if row.stale:
        said.append(", stale: no advice rests on it")
    if row.usual is not None and row.above_usual is not None:
        said += [
            "; usual at this hour ",
            reading.ref(*here, "usual"),
            " (median of ",
            reading.ref(*here, "usual_days"),
            " days before), so the value ",
            _against_usual(row.above_usual.value),
            reading.ref(*here, "above_usual"),
            ")",
        ]
    else:
        said.append("; its usual is not known: too few days before")
    return said


def _against_usual(difference: float) -> str:
    """Which side of the usual a value is on; its difference follows, with its sign."""
    if not difference:
        return "is its usual (difference "
    return f"lies {'above' if difference > 0 else 'below'} its usual (difference "


def _conflict(reading: Exhibit[TelemetryReading], position: int) -> Piece:
    here = ("conflicts", position)
    sensors = reading.result.conflicts[position].sensors
    names: list[Piece] = [reading.ref(*here, "sensors", number) for number in range(len(sensors))]
    return [
        listed(names),
        " measure the same ",
        reading.ref(*here, "quantity"),
        " and differ by ",
        reading.ref(*here, "difference"),
        " (allowed ",
        reading.ref(*here, "allowed"),
        ") at ",
        reading.ref(*here, "at"),
        "; no value was taken from them",
    ]


def _history_bounds(reading: Exhibit[TelemetryReading]) -> Iterator[Draft]:
    """What there is, when what was asked for is not there."""
    if any(row.value is not None for row in reading.result.rows):
        return
    if reading.result.first is None:
        yield draft("not checked: no reading of these sensors is stored.")
        return
    yield draft(
        "Readings of these sensors are stored from ",
        reading.ref("first"),
        " to ",
        reading.ref("last"),
        "; none was there at ",
        reading.ref("at"),
        ".",
    )


def answer_quality(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """How far the readings can be trusted, and each sensor that cannot; of sensors asked about by name, those alone."""
    for quality in board.every(DataQuality):
        result = quality.result
        share: Piece = (
            [", of those due ", quality.ref("good_percent"), " good"] if result.good_percent is not None else ""
        )
        yield draft(
            "Sensors looked at: ",
            quality.ref("sensors"),
            "; readings: ",
            quality.ref("readings"),
            share,
            "; missing: ",
            quality.ref("missing_readings"),
            simulated(quality),
            ".",
        )
        mine = _asked_about(resolved, [item.subject for item in result.issues])
        for position in mine[:_SHOWN]:
            yield draft(issue_words(quality, position), ".")
        yield from rest(quality, "troubles of sensors", "issues", mine[_SHOWN:])
        if not mine:
            yield draft("Sensors found faulty: ", _none_of(resolved), ".")
        scored = _asked_about(resolved, [item.subject for item in result.scores])
        if scored:
            yield draft(
                "Quality of the sensors in doubt: ",
                listed([score_words(quality, n) for n in scored[:_SHOWN]]),
                ".",
            )


def score_words(quality: Exhibit[DataQuality], position: int) -> Piece:
    """``sensor:gen3.p 0.88 (missing 180 of 1440 due)``."""
    here = ("scores", position)
    return [
        quality.ref(*here, "subject"),
        " ",
        quality.ref(*here, "score"),
        " (missing ",
        quality.ref(*here, "missing"),
        " of ",
        quality.ref(*here, "due"),
        " due)",
    ]


def _asked_about(resolved: Resolved, subjects: Sequence[SubjectRef]) -> list[int]:
    """Places of the sensors that the question names; all places when it names none."""
    named = set(resolved.sensors)
    return [place for place, subject in enumerate(subjects) if not named or subject.name in named]


def _none_of(resolved: Resolved) -> Piece:
    """That none was found, and among which."""
    if not resolved.sensors:
        return "none among those looked at"
    names: list[Piece] = [Token(kind=TokenKind.IDENTIFIER, text=f"sensor:{name}") for name in resolved.sensors[:_SHOWN]]
    return ["none among ", listed(names), " and others" if len(resolved.sensors) > _SHOWN else ""]


def issue_words(quality: Exhibit[DataQuality], position: int) -> Piece:
    """One sensor that cannot be trusted: kind, time, value against what the others imply, cause."""
    row, here = quality.result.issues[position], ("issues", position)
    pieces: list[Piece] = [quality.ref(*here, "subject")]
    if row.element is not None:
        pieces += [" (", quality.ref(*here, "element"), ")"]
    pieces += [": ", quality.ref(*here, "kind"), " ", interval(quality, row, *here)]
    if row.value is not None:
        pieces += [", value ", quality.ref(*here, "value")]
    if row.expected is not None:
        pieces += [", expected ", quality.ref(*here, "expected")]
    if row.rate_per_h is not None:
        pieces += [", moving by ", quality.ref(*here, "rate_per_h"), " an hour"]
    if row.scale is not None:
        pieces += [", scale: ", quality.ref(*here, "scale")]
    if row.late_s is not None:
        pieces += [", delay ", quality.ref(*here, "late_s")]
    return [*pieces, ", readings concerned: ", quality.ref(*here, "readings"), "; ", quality.ref(*here, "cause")]


def answer_anomalies(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Readings that do not fit, most severe first; of sensors asked about by name, those alone."""
    for report in board.every(AnomalyReport):
        mine = _asked_about(resolved, [item.subject for item in report.result.anomalies])
        departed = list(departures(report, resolved.sensors))
        if not mine and not departed and resolved.sensors:
            yield draft("Readings that do not fit: ", _none_of(resolved), ".")
        elif not mine and not departed:
            yield draft("Readings that do not fit: none among ", report.ref("readings"), " looked at.")
        for position in mine[:_SHOWN]:
            yield draft(anomaly_words(report, position), ".")
        yield from rest(report, "anomalies", "anomalies", mine[_SHOWN:])
        yield from departed
        yield from usual_values(report, resolved.sensors)


def anomaly_words(report: Exhibit[AnomalyReport], position: int) -> Piece:
    """One anomaly: sensor, kind, time, value against what is expected, cause."""
    row, here = report.result.anomalies[position], ("anomalies", position)
    pieces: list[Piece] = [report.ref(*here, "subject")]
    if row.element is not None:
        pieces += [" (", report.ref(*here, "element"), ")"]
    return [
        *pieces,
        ": ",
        report.ref(*here, "kind"),
        " ",
        interval(report, row, *here),
        ", value ",
        report.ref(*here, "value"),
        ", expected ",
        report.ref(*here, "expected"),
        "; ",
        report.ref(*here, "cause"),
    ]
