"""Errors as RFC 9457 problem details; the only module that knows which error is which HTTP status."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import JsonValue

from tools.errors import (
    GridCrewError,
    GridUnavailableError,
    SourceMissingError,
    ToolError,
    UnknownElementError,
    UnknownRecordError,
    UnknownToolError,
)

STATUS: dict[type[GridCrewError], HTTPStatus] = {
    UnknownElementError: HTTPStatus.NOT_FOUND,
    UnknownToolError: HTTPStatus.NOT_FOUND,
    UnknownRecordError: HTTPStatus.NOT_FOUND,
    GridUnavailableError: HTTPStatus.NOT_FOUND,
    SourceMissingError: HTTPStatus.CONFLICT,
    ToolError: HTTPStatus.UNPROCESSABLE_ENTITY,
    GridCrewError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
MEDIA_TYPE = "application/problem+json"


def install_error_handlers(app: FastAPI) -> None:
    """Turn our errors, and requests that do not fit their schema, into problem details."""
    app.add_exception_handler(GridCrewError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)


def problem(status: HTTPStatus, kind: str, detail: str, **more: JsonValue) -> JSONResponse:
    """One problem: type, title, status and detail, with what else helps the caller."""
    body = {"type": f"urn:gridcrew:{kind}", "title": status.phrase, "status": status.value, "detail": detail}
    return JSONResponse(body | more, status, media_type=MEDIA_TYPE)


def _ours(_: Request, error: Exception) -> JSONResponse:
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return problem(status, type(error).__name__, str(error))


def _invalid(_: Request, error: Exception) -> JSONResponse:
    fields: JsonValue = []
    if isinstance(error, RequestValidationError):
        fields = [{"field": ".".join(map(str, item["loc"])), "reason": item["msg"]} for item in error.errors()]
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "InvalidRequest", "The request does not fit its schema.", errors=fields
    )
