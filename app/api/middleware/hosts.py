"""Keeps web pages of other origins from using a service that trusts whoever reaches it.

Without a key, reaching the port is all the permission there is, and a browser on this machine
reaches it for any page it shows. Two doors are shut: a page whose name was made to resolve to this
machine (DNS rebinding; https://en.wikipedia.org/wiki/DNS_rebinding) is refused by its Host header,
and a page that sends a request across origins by its Sec-Fetch-Site or Origin header.
"""

from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api import access, exposure, problems
from app.api.access import HEALTH_PATHS
from app.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class HostMiddleware:
    """Refuses hosts that are not ours, and writes from other origins."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self.app = app
        self._names = {name.lower() for name in settings.allowed_hosts}
        # With a key, a page of another origin has nothing to borrow: a browser adds no key.
        self._any = "*" in self._names or (
            exposure.key_of(settings) is not None and not self._names
        )
        self._addresses = exposure.is_every_address(settings.host)
        self._names.add(settings.host.strip("[]").lower())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer it with a problem."""
        if scope["type"] != "http" or scope["path"] in HEALTH_PATHS:
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await problems.response(refusal)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _refusal(self, scope: Scope) -> problems.Problem | None:
        headers = Headers(scope=scope)
        if not self._is_ours(headers.getlist("host")):
            return problems.of_status(
                421,
                scope,
                detail=(
                    "The Host header names a host that this service does not know as its own. If "
                    "it should, add the name to FOOTNOTE_ALLOWED_HOSTS, a JSON list."
                ),
            )
        may_write = scope.get("method") in SAFE_METHODS or access.needs_no_key(scope)
        if not may_write and not _is_same_origin(headers):
            return problems.of_status(
                403,
                scope,
                detail=(
                    "A page of another origin sent this request. Only pages of this service, and "
                    "programs that are no browsers, may."
                ),
            )
        return None

    def _is_ours(self, hosts: Iterable[str]) -> bool:
        if self._any:
            return True
        names = [_without_port(host) for host in hosts]
        return bool(names) and all(
            name in self._names
            or exposure.is_loopback(name)
            # A rebound name is a name: an address in the Host header is never one.
            or (self._addresses and exposure.is_address(name))
            for name in names
        )


def _is_same_origin(headers: Headers) -> bool:
    """Tell whether the request comes from one of our own pages, or from no page at all."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return True
    _, _, host = origin.partition("://")
    return bool(host) and host.lower() == headers.get("host", "").lower()


def _without_port(host: str) -> str:
    host = host.strip().lower()
    if host.startswith("["):
        return host.partition("]")[0].removeprefix("[")
    return host.partition(":")[0].rstrip(".")
