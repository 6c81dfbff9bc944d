"""Readings: posted in batches, each taken, known already, or rejected with its reason."""

from typing import Annotated

from fastapi import APIRouter, Body
from pydantic import JsonValue

from api.dependencies import HostDep
from orchestrator.service.readings import PostedReading, ReadingsTaken, take_readings

router = APIRouter(prefix="/readings", tags=["readings"])
MOST = 10_000


@router.post(
    "",
    openapi_extra={
        "requestBody": {
            "content": {"application/json": {"schema": {"type": "array", "items": PostedReading.model_json_schema()}}}
        }
    },
)
def post(
    batch: Annotated[list[JsonValue], Body(min_length=1, max_length=MOST, description="Readings, one object each")],
    host: HostDep,
) -> ReadingsTaken:
    """Take a batch of readings; what is wrong with one does not keep the others out."""
    return take_readings(host.readings, batch)
