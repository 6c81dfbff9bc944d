"""All kinds of mappings, told apart by their format."""

from typing import Annotated

from pydantic import Field

from orchestrator.ingest.log_mapping import LogMapping
from orchestrator.ingest.mapping import LongMapping, OutagesMapping, PermitsMapping, SyslogMapping, WideMapping
from orchestrator.ingest.message_mapping import GooseMapping, Iec104Mapping, MmsMapping

MessagesMapping = Iec104Mapping | MmsMapping | GooseMapping
Mapping = Annotated[
    WideMapping | LongMapping | SyslogMapping | OutagesMapping | PermitsMapping | LogMapping | MessagesMapping,
    Field(discriminator="format"),
]
