"""What a finding can be about beside elements of the grid: sensors, assets, hosts, accounts."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, JsonValue

from tools.result import Result

_KEYS = frozenset({"kind", "name"})


class SubjectKind(StrEnum):
    """Kinds of subjects."""

    SENSOR = "sensor"
    ASSET = "asset"
    HOST = "host"
    ACCOUNT = "account"


class SubjectRef(Result):
    """One subject; the canonical form is ``kind:name``.

    >>> str(SubjectRef(kind=SubjectKind.SENSOR, name="OT"))
    'sensor:OT'
    """

    kind: SubjectKind
    name: str = Field(min_length=1, max_length=200, description="As its source names it; untrusted text")

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


def is_subject(value: JsonValue) -> bool:
    """Whether a JSON value is a stored ``SubjectRef``."""
    return isinstance(value, dict) and value.keys() == _KEYS
