"""The fixed words and shapes of enumerations; each mark is a shape, so colour is never the only sign."""

from dataclasses import dataclass

from agents.question import ReportKind, ReportStatus
from agents.report import SectionState
from tools.vocabulary import ActionVerdict, CauseVerdict, Severity


@dataclass(frozen=True)
class Badge:
    """A shape, a word, and the style class that tints both."""

    shape: str
    word: str
    css: str


SEVERITY: dict[Severity, Badge] = {
    Severity.EMERGENCY: Badge("■", "Emergency", "emergency"),
    Severity.CRITICAL: Badge("◆", "Critical", "critical"),
    Severity.WARNING: Badge("▲", "Warning", "warning"),
    Severity.INFORMATION: Badge("○", "Information", "calm"),
}
STATE: dict[SectionState, Badge] = {
    SectionState.FINDINGS: Badge("●", "Findings", "findings"),
    SectionState.NOTHING_FOUND: Badge("✓", "Checked, nothing found", "nothing-found"),
    SectionState.NOT_CHECKED: Badge("?", "Not checked", "not-checked"),
}
VERDICT: dict[ActionVerdict, Badge] = {
    ActionVerdict.VERIFIED: Badge("✓", "Verified by simulation", "verified"),
    ActionVerdict.BEST_AVAILABLE: Badge("◐", "Best available, not secure", "best-available"),
    ActionVerdict.REJECTED: Badge("✕", "Rejected", "rejected"),
    ActionVerdict.PROCEDURAL: Badge("§", "Procedural, not simulated", "procedural"),
}
STATUS: dict[ReportStatus, Badge] = {
    ReportStatus.ANSWERED: Badge("●", "Answered", "calm"),
    ReportStatus.QUALIFIED: Badge("◐", "Answered with reservations", "warning"),
    ReportStatus.REFUSED: Badge("✕", "Not answered", "warning"),
}
KIND: dict[ReportKind, str] = {
    ReportKind.ANSWER: "Answer",
    ReportKind.SHIFT: "Shift report",
    ReportKind.INCIDENT: "Incident report",
}
CAUSE: dict[CauseVerdict, str] = {
    CauseVerdict.CONFIRMED: "confirmed cause",
    CauseVerdict.LIKELY: "likely cause",
    CauseVerdict.INCONCLUSIVE: "cause inconclusive",
}
EMBEDDED_NOTE = "embedded reasoner: not a language model"
ADVICE_NOTE = "Advice only: a person decides and switches."
CITATION_NOTE = "Quotes are from our own digests of the documents, not their wording."
