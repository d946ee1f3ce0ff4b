"""Reads sessions of the widget, and answers pages of other origins where they are on the list.

Stands in front of the checks of host and key. What a session opens is decided in ``access``; which
origins are on the list is a setting.
"""

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api import access, problems
from app.api.access import READ_METHODS, SESSION_PATH, WITH_SESSION, Caller
from app.sessions import PREFIX, Sessions
from app.settings import WidgetSettings

SHARED_PATHS = frozenset({SESSION_PATH, "/widget.js", *(path for _, path in WITH_SESSION)})


class WidgetMiddleware:
    """Reads sessions, and answers questions across origins for the origins on the list only."""

    def __init__(self, app: ASGIApp, *, settings: WidgetSettings, sessions: Sessions) -> None:
        self.app = app
        self._sessions = sessions
        self._origins = settings.origins
        self._across = CORSMiddleware(
            self._within,
            allow_origins=settings.origins,
            allow_methods=("GET", "POST"),
            allow_headers=("Authorization", "Content-Type", "Accept"),
            expose_headers=("Retry-After", "X-Request-ID"),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer it with a problem."""
        if scope["type"] == "http" and _is_shared(scope["path"]):
            await self._across(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _within(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        scheme, _, token = headers.get("authorization", "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token.startswith(PREFIX):
            await self.app(scope, receive, send)
            return
        session = self._sessions.read(token, "ask")
        if session is None or not _may_be(headers.get("origin"), session.origin, scope):
            detail = "The session is over, or was opened for another page. Open a new one."
            problem = problems.of_status(401, scope, detail=detail)
            challenge = {"WWW-Authenticate": 'Bearer realm="footnote", error="invalid_token"'}
            await problems.response(problem, challenge)(scope, receive, send)
            return
        access.identify(scope, Caller("session", session.id, session.origin))
        await self.app(scope, receive, send)


def is_own(origin: str, host: str) -> bool:
    """Tell whether an origin is the host that a request names."""
    scheme, _, name = origin.partition("://")
    return scheme in ("http", "https") and bool(name) and name.lower() == host.lower()


def _is_shared(path: str) -> bool:
    return path in SHARED_PATHS or path.startswith("/widget/")


def _may_be(origin: str | None, expected: str, scope: Scope) -> bool:
    """Tell whether a request may come from a page of the session's origin.

    A browser leaves the Origin header out where a page reads from its own host.
    """
    if origin is None and scope["method"] in READ_METHODS:
        return is_own(expected, Headers(scope=scope).get("host", ""))
    return origin == expected
