"""Stops request bodies that are over the limit or come too slowly, while they come in.

Knows which paths carry documents. The framework's own limiter answers in plain text where nobody
reads the body; every error of ours is problem details, so this one is ours.
"""

import time

import anyio
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import problems
from app.settings import Limits, ServerSettings

DOCUMENTS = "/v1/documents"
MULTIPART_OVERHEAD_BYTES = 1_000_000
JSON_ESCAPES = 2
r"""JSON needs more bytes than the text it carries: a newline is ``\n``, much else ``\u…``."""


class BodyTooLarge(HTTPException):
    """The body went over its limit. An HTTPException, so that form parsing lets it pass."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            413,
            f"The body of this request is larger than {limit:,} bytes, the most that is accepted "
            "here. Send less at once, or have the limit raised (FOOTNOTE_LIMITS__…).",
            headers={"Connection": "close"},
        )


class BodyTooSlow(HTTPException):
    """The body did not come in time."""

    def __init__(self) -> None:
        super().__init__(
            408,
            "The body of this request came too slowly. Send it again over a faster connection, or "
            "in smaller parts.",
            headers={"Connection": "close"},
        )


class BodyLimitMiddleware:
    """Counts bytes as they arrive, and refuses by Content-Length before any do."""

    def __init__(self, app: ASGIApp, *, limits: Limits, server: ServerSettings) -> None:
        self.app = app
        self._limits = limits
        self._server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the request with a body that ends at the limit."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit = self._limit(scope["path"], headers.get("content-type", ""))
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > limit:
            error = BodyTooLarge(limit)
            response = problems.response(problems.of(error, scope), error.headers)
            await response(scope, receive, send)
            return
        seen, is_complete = 0, False
        latest = time.monotonic() + self._server.body_seconds

        async def receive_counted() -> Message:
            nonlocal seen, is_complete
            if is_complete:  # what is waited for now is the client's leaving
                return await receive()
            left = latest + seen / self._server.body_bytes_per_second - time.monotonic()
            try:
                with anyio.fail_after(max(left, 0)):
                    message = await receive()
            except TimeoutError:
                raise BodyTooSlow from None
            if message["type"] == "http.request":
                is_complete = not message.get("more_body", False)
                seen += len(message.get("body", b""))
                if seen > limit:
                    raise BodyTooLarge(limit)
            return message

        await self.app(scope, receive_counted, send)

    def _limit(self, path: str, content_type: str) -> int:
        if path != DOCUMENTS and not path.startswith(f"{DOCUMENTS}/"):
            return self._limits.json_bytes
        if content_type.lower().startswith("multipart/"):
            return self._limits.upload_bytes + MULTIPART_OVERHEAD_BYTES
        return self._limits.document_bytes * JSON_ESCAPES + self._limits.json_bytes
