"""The outermost layer: request id, access log, security headers, and the answer to a crash.

Knows nothing about routes. Query strings, headers and bodies are never logged: they may carry
questions and keys.
"""

import contextvars
import logging
import re
import secrets
import time
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import problems

ACCESS_LOG = logging.getLogger("footnote.access")

request_id: contextvars.ContextVar[str | None] = contextvars.ContextVar("request_id", default=None)
"""The id of the request being answered, for log filters; also set in worker threads."""

QUIET_PATHS = frozenset({"/healthz", "/readyz"})
"""Asked every few seconds by whoever watches: logged for debugging only, while all is well."""

CLIENT_CLOSED_REQUEST = 499
"""Logged, never sent: the client left before there was an answer."""

_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Set where the route did not set its own."""


class RequestContextMiddleware:
    """Names each request, logs it, and turns what nobody caught into problem details."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the request inside its context."""
        if scope["type"] == "websocket":  # there are none, so no other layer need guard them
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        identity = _id_of(scope)
        # A copy: the server shares one state among all requests.
        scope["state"] = {**scope.get("state", {}), "request_id": identity}
        token = request_id.set(identity)
        started, status = time.perf_counter(), 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = identity
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except ClientDisconnect:
            status = CLIENT_CLOSED_REQUEST
        except Exception as error:
            problem = problems.of(error, scope)
            problems.log_if_ours(error, problem)
            if status:  # too late for an answer: the server cuts the connection
                raise
            await problems.response(problem)(scope, receive, send_with_headers)
        finally:
            _log(scope, identity, status, (time.perf_counter() - started) * 1000)
            request_id.reset(token)


def _id_of(scope: Scope) -> str:
    """Return the id that the sender gave, if it is harmless, else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            given: str = value.decode("latin-1")
            if _ACCEPTABLE_ID.match(given):
                return given
    return secrets.token_hex(8)


def _log(scope: Scope, identity: str, status: int, milliseconds: float) -> None:
    # The raw path: still percent-encoded, so that no line break gets into the log.
    path = (scope.get("raw_path") or b"").decode("ascii", "backslashreplace")
    client = scope["client"][0] if scope.get("client") else None
    ACCESS_LOG.log(
        logging.DEBUG if path in QUIET_PATHS and status == HTTPStatus.OK else logging.INFO,
        "%s %s %d %.1f ms, request %s",
        scope["method"],
        path,
        status,
        milliseconds,
        identity,
        extra={
            "http_method": scope["method"],
            "http_path": path,
            "http_status": status,
            "duration_ms": round(milliseconds, 1),
            "request_id": identity,
            "client": client,
        },
    )
