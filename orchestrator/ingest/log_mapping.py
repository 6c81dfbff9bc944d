"""The mapping of a log that is a table: commands, accesses, alarms or switchings, one in a row."""

from typing import Literal, Self

from pydantic import Field, model_validator

from orchestrator.ingest.mapping import Element, TimedMapping
from tools.units import SUFFIXES

RAISE, RETURN = "raise", "return"
_WORDS = ("true", "false", "closed_words", "open_words")
"""Fields that hold words of the file."""
_COLUMNS = ("host", "origin", "account", "action", "success", "count", "element", "closed", "text", "order")


class LogMapping(TimedMapping):
    """One row for each entry; names are those of columns unless they say otherwise."""

    format: Literal["log"]
    log: Literal["access", "command", "alarm", "switching"] = Field(description="Which log it is")
    action: str
    actions: dict[str, str] = Field(
        default={},
        description="login, open, close, set_point, raise, return, ... by word of the file, which then holds no "
        "others; as written when absent",
    )
    host: str | None = Field(default=None, description="Machine that wrote the entry")
    origin: str | None = Field(default=None, description="Address or machine that the action came from")
    account: str | None = None
    success: str | None = None
    true: tuple[str, ...] = Field(default=("1", "true", "TRUE", "True", "yes", "ok", "OK"), description="Of success")
    false: tuple[str, ...] = Field(default=("0", "false", "FALSE", "False", "no", "failed", "FAILED"))
    count: str | None = Field(default=None, description="Occurrences that a row stands for; one when absent")
    element: str | None = None
    elements: dict[str, Element] = Field(default={}, description="Elements such as line:14 by name in the file")
    closed: str | None = Field(default=None, description="Position after a switching")
    closed_words: tuple[str, ...] = ("closed", "CLOSED", "1", "on", "ON")
    open_words: tuple[str, ...] = ("open", "OPEN", "0", "off", "OFF")
    set_point: str | None = None
    set_point_unit: str = Field(default="", description="Suffix of ours, not a column; of every set-point in the file")
    order: str | None = Field(default=None, description="Switching order that a command names")
    text: str | None = Field(default=None, description="The line as written; all cells of the row when absent")

    def named(self) -> dict[str, str]:
        """Columns by field of the entry; those that the file does not have are left out."""
        columns = {field: getattr(self, field) for field in (*_COLUMNS, "set_point")}
        return {field: column for field, column in columns.items() if column is not None}

    @model_validator(mode="before")
    @classmethod
    def _as_yaml_reads_it(cls, value: object) -> object:
        """YAML reads ``true``, ``yes`` and ``on`` as one: of a field's name that is clear, of a word it is not."""
        if not isinstance(value, dict):
            return value
        named = {str(key).lower() if isinstance(key, bool) else key: item for key, item in value.items()}
        words = {field: named.get(field) for field in (*_WORDS, "actions", "elements")}
        for field, held in words.items():
            if isinstance(held, list | tuple | dict) and any(isinstance(word, bool) for word in held):
                raise ValueError(
                    f"{field} holds a word that YAML reads as true or false (yes, no, on, off, true, false): "
                    'in quotation marks it is the word of the file, as "yes" would be'
                )
        return named

    @model_validator(mode="after")
    def _told(self) -> Self:
        if self.set_point is not None and self.set_point_unit not in SUFFIXES:
            raise ValueError(
                f"set_point_unit = {self.set_point_unit!r}: a set-point needs its unit, one of {', '.join(SUFFIXES)}"
            )
        if self.log == "alarm":
            wrong = sorted(set(self.actions.values()) - {RAISE, RETURN})
            if wrong:
                raise ValueError(f"actions name {wrong[0]!r}: an alarm's action is {RAISE} or {RETURN}")
        return self
