"""The key: with one set, everything but health and the widget wants it.

Knows one shared key and how it is carried. Without one, whoever gets this far may do everything.
"""

import base64
import binascii
import hashlib
import hmac

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api import access, problems
from app.api.middleware.rates import address_of, too_many
from app.rates import Rate, block_of

_REALM = 'realm="footnote"'


class KeyMiddleware:
    """Finds out whether a request carries the key; answers 401 where it must and does not.

    ``/docs`` and ``/openapi.json`` also take it as the password of HTTP Basic, for a browser
    cannot be told to send a Bearer token when it opens a page. Nothing else does: a browser
    repeats Basic credentials on its own, also for a page of another origin.
    """

    def __init__(self, app: ASGIApp, *, key: str | None, wrong: Rate) -> None:
        self.app = app
        self._wrong = wrong
        self._digest = None if key is None else _digest(key.encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer it with a problem."""
        if scope["type"] != "http" or not await self._is_refused(scope):
            await self.app(scope, receive, send)
            return
        header = Headers(scope=scope).get("authorization", "")
        if header and (wait := await self._wrong.wait(block_of(address_of(scope)))):
            await too_many(scope, wait)(scope, receive, send)
            return
        problem = problems.of_status(
            401,
            scope,
            detail=(
                "The key in the Authorization header is not the one set as FOOTNOTE_API_KEY."
                if header
                else "Send the key set as FOOTNOTE_API_KEY: Authorization: Bearer <key>."
            ),
        )
        challenge = f"Bearer {_REALM}" + (', error="invalid_token"' if header else "")
        if _is_documentation(scope):
            challenge = f"Basic {_REALM}, {challenge}"
        await problems.response(problem, {"WWW-Authenticate": challenge})(scope, receive, send)

    async def _is_refused(self, scope: Scope) -> bool:
        """Record who asks; tell whether that is nobody who may."""
        path = scope["path"]
        if access.caller_of(scope).kind == "session":
            return self._digest is not None and not access.needs_no_key(scope)
        if self._digest is None:
            access.identify(scope, access.ANYONE)
            return False
        if path in access.HEALTH_PATHS:
            return False
        header = Headers(scope=scope).get("authorization", "")
        # Who guesses is not heard for a while, lest a right guess be told from a wrong one.
        is_heard = header and not await self._wrong.look(block_of(address_of(scope)))
        if is_heard and self._is_right(header, takes_basic=_is_documentation(scope)):
            access.identify(scope, access.HOLDER)
            return False
        # A page that sends a wrong key is told so, rather than that it needs one.
        return bool(header and path == access.SESSION_PATH) or not access.needs_no_key(scope)

    def _is_right(self, header: str, *, takes_basic: bool) -> bool:
        scheme, _, credentials = header.partition(" ")
        given: bytes | None = None
        if scheme.lower() == "bearer":
            given = credentials.strip().encode("latin-1")
        elif scheme.lower() == "basic" and takes_basic:
            given = _password(credentials.strip())
        if given is None or self._digest is None:
            return False
        # Digests have one length, so the comparison takes one time whatever was given.
        return hmac.compare_digest(_digest(given), self._digest)


def _is_documentation(scope: Scope) -> bool:
    path = scope["path"]
    return scope.get("method") == "GET" and (
        path in ("/docs", "/openapi.json") or path.startswith("/docs/")
    )


def _password(credentials: str) -> bytes | None:
    try:
        return base64.b64decode(credentials, validate=True).partition(b":")[2]
    except (binascii.Error, ValueError):
        return None


def _digest(value: bytes) -> bytes:
    return hashlib.sha256(value).digest()
