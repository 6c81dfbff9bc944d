"""The frozen answer of one tool call, and its canonical JSON."""

import json
from hashlib import sha256

from pydantic import BaseModel, ConfigDict, JsonValue

# One for all: a seal digests tens of thousands of leaves one by one.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


class Result(BaseModel):
    """An immutable value of this domain: built of tuples, without NaN, closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def canonical_json(value: BaseModel | JsonValue) -> str:
    """The one text form that is stored and digested: sorted keys, no spaces, no NaN.

    Raises:
        ValueError: for NaN or infinity inside a plain JSON value.

    >>> canonical_json({"b": 1, "a": [0.5]})
    '{"a":[0.5],"b":1}'
    """
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    return _ENCODER.encode(plain)


def digest(value: BaseModel | JsonValue) -> str:
    """SHA-256 of the canonical JSON, as 64 hexadecimal digits."""
    return sha256(canonical_json(value).encode()).hexdigest()
