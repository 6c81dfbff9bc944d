"""Risk models written by hand."""

from tools.detection.risk.record import VERSION, MemberRecord, RiskModelRecord, StandingRecord, StepsRecord


def member(base=0.0, **steps) -> MemberRecord:
    """A model: each step as (edges, values) by the name of its figure."""
    return MemberRecord(
        base_log_odds=base,
        steps=tuple(StepsRecord(feature=name, edges=edges, values=values) for name, (edges, values) in steps.items()),
    )


def record(whole, *resampled, auc=0.9, rival_auc=0.8, share=0.5, confirmed=0) -> RiskModelRecord:
    return RiskModelRecord(
        version=VERSION,
        trained_on="hours written by hand",
        seed=0,
        days=30,
        hours=120,
        confirmed_hours=confirmed,
        incident_share=share,
        held_out_hours=60,
        standing=StandingRecord(name="boosted steps", roc_auc=auc, brier=0.1, calibration_error=0.02),
        rival=StandingRecord(name="isolation forest", roc_auc=rival_auc, brier=0.2, calibration_error=0.1),
        whole=whole,
        resampled=resampled or (whole, whole),
    )


class OneModel:
    """A ``ModelSource`` with one model, or none."""

    def __init__(self, content) -> None:
        self._content = content

    def read(self, name: str):
        return self._content if name == "incident_risk" else None
