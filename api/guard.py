"""The guard before every route: whom the request speaks to, what kind of body it has, and how large it is."""

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import problem

LARGEST_BODY = 8 * 1024 * 1024
"""Bytes; a batch of 500 readings has about 50 000."""

_JSON = "application/json"
_WITH_BODY = {"POST", "PUT", "PATCH"}
_LOCAL = {"127.0.0.1", "localhost"}


class Guard:
    """ASGI middleware that answers what no route needs to see.

    A page of another site that a browser on this machine shows can send requests here. It cannot name this host in
    ``Host`` after rebinding a name, and it cannot send JSON without asking first: both are refused.
    """

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY, hosts: frozenset[str] = frozenset(_LOCAL)) -> None:
        self._app = app
        self._largest = largest
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request here, or hand it on with a bounded body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope["method"], Headers(scope=scope))
        body: list[Message] = []
        if refusal is None and scope["method"] in _WITH_BODY:
            refusal = await self._read(receive, body)
        if refusal is not None:
            status, kind, detail = refusal
            await problem(status, kind, detail)(scope, receive, send)
            return

        async def read_already() -> Message:
            return body.pop(0) if body else await receive()

        await self._app(scope, read_already, send)

    async def _read(self, receive: Receive, body: list[Message]) -> tuple[HTTPStatus, str, str] | None:
        """Read the body here: a route would take the refusal of a part for malformed JSON."""
        seen = 0
        more = True
        while more:
            message = await receive()
            body.append(message)
            seen += len(message.get("body", b""))
            if seen > self._largest:
                return self._too_large("larger")
            more = message.get("more_body", False)
        return None

    def _refusal(self, method: str, headers: Headers) -> tuple[HTTPStatus, str, str] | None:
        host = headers.get("host", "").rsplit(":", 1)[0]
        if host not in self._hosts:
            detail = f"Host is {host!r}; this service answers to {' and '.join(sorted(self._hosts))}."
            return HTTPStatus.MISDIRECTED_REQUEST, "WrongHost", detail
        if method not in _WITH_BODY:
            return None
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > self._largest:
            return self._too_large(f"{length} bytes")
        kind = headers.get("content-type", "")
        has_body = length != "0" or "transfer-encoding" in headers
        if has_body and kind.split(";")[0].strip().lower() != _JSON:
            detail = f"Content-Type is {kind or 'missing'}; {_JSON} would be right."
            return HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "WrongContentType", detail
        return None

    def _too_large(self, found: str) -> tuple[HTTPStatus, str, str]:
        detail = f"The body is {found}; {self._largest} bytes are the most. Send it in parts."
        return HTTPStatus(413), "BodyTooLarge", detail  # its name differs between versions of Python
