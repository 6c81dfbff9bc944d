"""Bodies of rows: canonical JSON in, contracts out."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from orchestrator.runs.errors import RecordDamagedError

Contract = TypeVar("Contract", bound=BaseModel)


def parse(contract: type[Contract], body: str, place: str) -> Contract:
    """The contract that was stored.

    Args:
        contract: Its class.
        body: Its canonical JSON.
        place: Table and row, for the error.

    Raises:
        RecordDamagedError: naming the first field that is not as it can have been written.
    """
    try:
        return contract.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = "".join(f"/{part}" for part in first["loc"])
        raise RecordDamagedError(f"{place}{field}", first["msg"]) from error
