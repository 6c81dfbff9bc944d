"""Messages of telecontrol and substation protocols, as a probe or a capture wrote them."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from tools.result import Result

Port = Annotated[int, Field(ge=0, le=65_535)]
Station = Annotated[str, Field(min_length=1, max_length=200)]


class ProtocolName(StrEnum):
    """Protocols that are read."""

    IEC104 = "iec104"
    MMS = "mms"
    GOOSE = "goose"


class Iec104Message(Result):
    """One APDU of IEC 60870-5-104."""

    protocol: Literal[ProtocolName.IEC104] = ProtocolName.IEC104
    source: Station
    destination: Station
    source_port: Port | None = None
    destination_port: Port | None = Field(default=None, description="2404 at the controlled station")
    frame: Literal["i", "s", "u"] = Field(description="Format: information, supervisory, unnumbered")
    function: int | None = Field(default=None, ge=0, le=63, description="Of the U format: bits 3 to 8 of its octet")
    type_id: int | None = Field(default=None, ge=0, le=255, description="Type identification of the ASDU")
    cause: int | None = Field(
        default=None, ge=0, le=63, description="Cause of transmission without its P/N and test bit"
    )
    common_address: int | None = Field(default=None, ge=0, le=65_535)
    objects: tuple[int, ...] = Field(default=(), max_length=127, description="Information object addresses")


class MmsMessage(Result):
    """One PDU of ISO 9506 (MMS) as IEC 61850-8-1 uses it."""

    protocol: Literal[ProtocolName.MMS] = ProtocolName.MMS
    source: Station
    destination: Station
    source_port: Port | None = None
    destination_port: Port | None = Field(default=None, description="102 at the server")
    length: int | None = Field(default=None, ge=0, description="Octets of the IP packet")
    pdu: int = Field(ge=0, le=255, description="Choice of MMSpdu: 0 confirmed request, 1 confirmed response, ...")
    service: int | None = Field(default=None, ge=0, le=255, description="Of a confirmed or unconfirmed PDU")
    invoke_id: int | None = Field(default=None, ge=0)
    domain: str = Field(default="", max_length=2000)
    item: str = Field(default="", max_length=2000)
    object_class: int | None = Field(default=None, ge=0, le=255)


class GooseMessage(Result):
    """The state that one IED published; absent where its data set does not hold it."""

    protocol: Literal[ProtocolName.GOOSE] = ProtocolName.GOOSE
    source: Station = Field(description="IED")
    breaker_closed: bool | None = None
    tripped: bool | None = Field(default=None, description="Protection of the bay has tripped")
    breaker_failed: bool | None = Field(default=None, description="The breaker did not follow its trip")
    intertrip_sent: bool | None = None
    intertrip_received: bool | None = None
    i_ka: float | None = Field(default=None, ge=0, description="Largest phase current, magnitude")
    vm_kv: float | None = Field(default=None, ge=0, description="Smallest phase voltage to neutral, magnitude")
    state_number: int | None = Field(default=None, ge=0, description="stNum")
    sequence_number: int | None = Field(default=None, ge=0, description="sqNum")


ProtocolMessage = Annotated[Iec104Message | MmsMessage | GooseMessage, Field(discriminator="protocol")]
