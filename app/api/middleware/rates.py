"""How often a caller may ask: by key, by session, by address, and all callers together.

Stands behind the layers that find out who asks. Which limit holds for whom is decided here.
"""

from collections.abc import Iterator

from starlette.types import ASGIApp, Receive, Scope, Send

from app.api import access, openai_errors, problems
from app.api.exposure import is_loopback
from app.rates import Rate, Storage, block_of
from app.settings import Settings

QUESTIONS = frozenset({"/v1/ask", "/v1/search", openai_errors.CHAT})


class RateMiddleware:
    """Answers 429 where a caller has asked too often."""

    def __init__(self, app: ASGIApp, *, settings: Settings, storage: Storage) -> None:
        self.app = app
        widget, rates = settings.widget, settings.rates
        self._session = Rate(widget.questions_per_minute, storage, "session")
        self._readers = Rate(widget.address_per_minute, storage, "readers")
        self._address = Rate(rates.address_per_minute, storage, "address")
        self._key = Rate(rates.key_per_minute, storage, "key")
        self._all = Rate(rates.all_per_minute, storage, "all")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the request, and let it through unless there were too many."""
        if scope["type"] == "http" and scope["method"] == "POST":
            for rate, name in self._counted(scope):
                if wait := await rate.wait(name):
                    await too_many(scope, wait)(scope, receive, send)
                    return
        await self.app(scope, receive, send)

    def _counted(self, scope: Scope) -> Iterator[tuple[Rate, str]]:
        """Yield what a request counts for, the narrowest first."""
        caller, address = access.caller_of(scope), address_of(scope)
        if caller.kind == "session":
            yield self._session, caller.id
            yield self._readers, block_of(address)
        if scope["path"] not in QUESTIONS:
            return
        if caller.kind == "key":
            yield self._key, caller.id
        elif caller.kind == "anyone" and not is_loopback(address):
            yield self._address, block_of(address)
        yield self._all, ""


def address_of(scope: Scope) -> str:
    """Return the address a request comes from; a proxy's only where it is not to be believed."""
    return scope["client"][0] if scope.get("client") else ""


def too_many(scope: Scope, wait: int) -> ASGIApp:
    """Return the answer to one request too many."""
    detail = f"Too many requests in a short time. Wait {wait} seconds, then try again."
    problem = problems.of_status(429, scope, detail=detail)
    return problems.response(problem, {"Retry-After": str(wait)})
