"""What a sentence of a language model is judged against, beside the evidence."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from agents.report import Citation
from tools.element import ElementRef


@dataclass(frozen=True)
class GateFrame:
    """The frame of one run.

    Attributes:
        zone: The control room's zone; times are shown in it.
        case: Case that a sentence speaks of when it names none; None when it must name one.
        elements: Elements that may be named beside those of the evidence (the grid's inventory).
        question: The user's own words; only these can make a number the user's.
        grid: Name of the grid, an identifier.
        citations: Passages that may be cited beside the hits of the evidence.
        recommending: Whether the text stands in a recommendation, where switching may be advised.
    """

    zone: ZoneInfo
    case: str | None = "base"
    elements: tuple[ElementRef, ...] = ()
    question: str = ""
    grid: str = ""
    citations: tuple[Citation, ...] = ()
    recommending: bool = False


@dataclass(frozen=True)
class Refusal:
    """A sentence that may not stand.

    Attributes:
        reason: In plain words, so that its writer can correct it; goes back once.
        masked: The sentence with its numbers and claims blanked, for the report.
    """

    reason: str
    masked: str
