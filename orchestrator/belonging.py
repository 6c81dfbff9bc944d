"""Which section of a shift report a finding belongs to, and what makes two findings the same matter."""

from agents.finding import Finding
from tools.assets.schema.transformer import TransformerIssueKind
from tools.causal.schema.causes import CauseKind
from tools.detection.schema.anomalies import AnomalyKind
from tools.detection.schema.quality import QualityKind
from tools.detection.schema.statistical import EpisodeKind
from tools.grid.schema.limit_check import ViolationKind
from tools.security.schema.access import AccessIssueKind
from tools.security.schema.bad_data import BadDataKind
from tools.security.schema.commands import CommandIssueKind
from tools.security.schema.protocol import ProtocolIssueKind

SUPPLY_LOST = "supply_lost"
OUTAGE_ON_RECORD = "outage_on_record"
INCIDENT_RISK = "incident_risk"
NOT_SECURE = "n1_insecure"
NOT_ANALYSED = "not_analysed"
_SECTION: dict[str, str] = {
    SUPPLY_LOST: "exceedances",
    NOT_SECURE: "security",
    OUTAGE_ON_RECORD: "outages",
    AnomalyKind.OUTAGE: "outages",
    **dict.fromkeys(ViolationKind, "exceedances"),
    **dict.fromkeys(QualityKind, "cyber"),
    **dict.fromkeys((kind for kind in AnomalyKind if kind not in {AnomalyKind.OUTAGE, AnomalyKind.DEMAND}), "cyber"),
    AnomalyKind.DEMAND: "exceedances",
    **dict.fromkeys(EpisodeKind, "cyber"),
    **dict.fromkeys(TransformerIssueKind, "maintenance"),
    **dict.fromkeys(AccessIssueKind, "cyber"),
    **dict.fromkeys(CommandIssueKind, "cyber"),
    **dict.fromkeys(ProtocolIssueKind, "cyber"),
    **dict.fromkeys(BadDataKind, "cyber"),
    INCIDENT_RISK: "cyber",
    CauseKind.BRANCH_OPENED: "outages",
    CauseKind.COOLING_LOST: "maintenance",
    **dict.fromkeys((CauseKind.POWER_STEPPED, CauseKind.POWER_SWUNG, CauseKind.NOT_SEEN), "exceedances"),
    **dict.fromkeys(
        (CauseKind.SENSOR_FAULT, CauseKind.FALSE_DATA, CauseKind.SILENT_SENSOR, CauseKind.INTRUDER), "cyber"
    ),
}


def section_of(kind: str) -> str:
    """Key of the section; a defect of the model is a reason for what was not analysed.

    >>> section_of("cooling_loss"), section_of("outage_insecure"), section_of("placeholder_rating")
    ('maintenance', 'security', 'not_analysed')
    """
    if kind in _SECTION:
        return _SECTION[kind]
    return "security" if kind.startswith("outage_") else NOT_ANALYSED


def key_of(finding: Finding) -> str:
    """What makes a finding of a later report the same matter: its kind and what it is about, not its numbers."""
    return f"{finding.kind}|{','.join(sorted(str(asset) for asset in finding.assets))}"[:500]
