"""Errors as RFC 9457 problem details; the only module that knows which error is which HTTP status."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import JsonValue
from starlette.exceptions import HTTPException

from orchestrator.service.errors import ServiceUnavailableError
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
    ServiceUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    GridCrewError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
MEDIA_TYPE = "application/problem+json"
RETRY_S = "5"
_LONGEST_VALUE = 120


class LateError(GridCrewError):
    """The answer takes longer than the caller wanted to wait; the job goes on."""


STATUS[LateError] = HTTPStatus.GATEWAY_TIMEOUT


def install_error_handlers(app: FastAPI) -> None:
    """Turn every error into problem details: ours, the framework's, and faults of the program."""
    app.add_exception_handler(GridCrewError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _fault)


def problem(status: HTTPStatus, kind: str, detail: str, **more: JsonValue) -> JSONResponse:
    """One problem: type, title, status and detail, with what else helps the caller."""
    return JSONResponse(problem_body(status, kind, detail) | more, status, media_type=MEDIA_TYPE)


def problem_body(status: HTTPStatus, kind: str, detail: str) -> dict[str, JsonValue]:
    """The members that every problem has."""
    return {"type": f"urn:gridcrew:{kind}", "title": status.phrase, "status": status.value, "detail": detail}


def status_of(error: GridCrewError) -> HTTPStatus:
    """The status of the nearest kind of error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _ours(_: Request, error: Exception) -> JSONResponse:
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    reply = problem(status, type(error).__name__, str(error))
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        reply.headers["Retry-After"] = RETRY_S
    return reply


def _invalid(_: Request, error: Exception) -> JSONResponse:
    """A body that is no JSON is a bad request; one that is, but does not fit, is told field by field."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    if any(item["type"] == "json_invalid" for item in found):
        reason = found[0].get("ctx", {}).get("error", "it ends too early")
        place = found[0]["loc"][-1]
        return problem(HTTPStatus.BAD_REQUEST, "MalformedJson", f"The body is no JSON: {reason} at character {place}.")
    fields = [_field(item) for item in found]
    said = "; ".join(f"{item['field']}: {item['reason']}" for item in fields)
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "InvalidRequest",
        f"The request does not fit its schema. {said}",
        errors=list[JsonValue](fields),
    )


def _field(item: Mapping[str, object]) -> dict[str, JsonValue]:
    """Place, value and what would be right; a missing field has no value."""
    place = item["loc"]
    names = place[1:] if isinstance(place, tuple) and len(place) > 1 else place
    name = ".".join(map(str, names)) if isinstance(names, tuple) else str(names)
    found: dict[str, JsonValue] = {"field": name, "reason": str(item["msg"])}
    if item["type"] != "missing":
        found["value"] = f"{item.get('input')!r}"[:_LONGEST_VALUE]
    return found


def _http(request: Request, error: Exception) -> JSONResponse:
    status = HTTPStatus(error.status_code) if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
    said = {
        HTTPStatus.NOT_FOUND: ("UnknownRoute", f"There is no {request.url.path}; /docs lists what there is."),
        HTTPStatus.METHOD_NOT_ALLOWED: ("WrongMethod", f"{request.method} is not for {request.url.path}."),
    }
    kind, detail = said.get(status, ("BadRequest", str(getattr(error, "detail", error))))
    reply = problem(status, kind, detail)
    reply.headers.update(getattr(error, "headers", None) or {})
    return reply


def _fault(_: Request, error: Exception) -> JSONResponse:
    """A fault of the program: its kind, not its text, which may hold what was asked."""
    detail = f"A fault of the program: {type(error).__name__}. The service's log has the rest."
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Fault", detail)
