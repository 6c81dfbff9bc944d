"""The mapping of a capture: which column holds which field of a protocol's messages."""

from typing import Literal

from pydantic import Field

from orchestrator.ingest.mapping import TableMapping

FrameFormat = Literal["i", "s", "u"]


class MessageMapping(TableMapping):
    """What captures of all protocols share; every name is that of a column."""

    host: str | None = Field(default=None, description="Name of the probe that wrote the capture, not a column")

    def named(self) -> dict[str, str]:
        """Columns by field of the message; those that the file does not have are left out."""
        left_out = set(MessageMapping.model_fields) | self.settings()
        columns = {field: getattr(self, field) for field in type(self).model_fields if field not in left_out}
        return {field: column for field, column in columns.items() if column is not None}

    @classmethod
    def settings(cls) -> set[str]:
        """Fields of the mapping that name no column."""
        return {"format"}


class StreamMapping(MessageMapping):
    """Messages from one station to another."""

    source: str
    destination: str
    source_port: str | None = None
    destination_port: str | None = None


class Iec104Mapping(StreamMapping):
    """One row for each APDU of IEC 60870-5-104."""

    format: Literal["iec104"]
    frame: str
    frames: dict[str, FrameFormat] = Field(default={"i": "i", "s": "s", "u": "u"}, description="By code of the file")
    function: str | None = Field(default=None, description="Of the U format: 1 STARTDT act ... 32 TESTFR con")
    type_id: str
    cause: str | None = None
    common_address: str | None = None
    objects: str | None = Field(default=None, description="Addresses of information objects, joined by commas")

    @classmethod
    def settings(cls) -> set[str]:
        """Fields of the mapping that name no column."""
        return {"format", "frames"}


class MmsMapping(StreamMapping):
    """One row for each PDU of MMS."""

    format: Literal["mms"]
    pdu: str
    service: str | None = None
    invoke_id: str | None = None
    domain: str | None = None
    item: str | None = None
    object_class: str | None = None
    length: str | None = None


class GooseMapping(MessageMapping):
    """One row for each state that an IED published."""

    format: Literal["goose"]
    ied: str | None = Field(default=None, description="Name of the IED where the file is of one, not a column")
    ied_column: str | None = None
    breaker_closed: str | None = None
    tripped: str | None = None
    breaker_failed: str | None = None
    intertrip_sent: str | None = None
    intertrip_received: str | None = None
    state_number: str | None = None
    sequence_number: str | None = None
    currents: tuple[str, ...] = Field(default=(), description="Columns of the phases")
    current_unit: Literal["A", "kA"] = "A"
    voltages: tuple[str, ...] = Field(default=(), description="Columns of the phases to neutral")
    voltage_unit: Literal["V", "kV"] = "V"
    true: tuple[str, ...] = ("1", "true", "TRUE", "True")
    false: tuple[str, ...] = ("0", "false", "FALSE", "False")

    @classmethod
    def settings(cls) -> set[str]:
        """Fields of the mapping that name no column, or several."""
        units = {"current_unit", "voltage_unit", "true", "false"}
        return {"format", "ied", "currents", "voltages"} | units
