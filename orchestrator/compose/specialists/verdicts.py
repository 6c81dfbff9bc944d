"""What findings of a detector have in common: how sure of its cause it may be, and what it is about."""

from tools.element import ElementRef
from tools.subject import SubjectRef
from tools.vocabulary import CauseVerdict, Confidence

VERDICT = {
    Confidence.HIGH: CauseVerdict.LIKELY,
    Confidence.MEDIUM: CauseVerdict.LIKELY,
    Confidence.LOW: CauseVerdict.INCONCLUSIVE,
}
"""A detector alone never confirms a cause: somebody has to look at the sensor, the fans, the log-in."""


def about(*assets: ElementRef | SubjectRef | None) -> tuple[ElementRef | SubjectRef, ...]:
    """What a finding is about, without what is not known."""
    return tuple(asset for asset in assets if asset is not None)
