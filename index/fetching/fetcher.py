"""Fetches one page over http or https: safely, within limits, politely.

Every host is looked up once, each of its addresses is checked, and the connection goes to a checked
one; the same at every redirect. Knows nothing of what is in a page. httpcore and ssl are imported
when first needed.
"""

import re
import ssl
import threading
import time
from collections.abc import Sequence
from importlib import metadata
from typing import TYPE_CHECKING

from index.closing import Closing
from index.errors import FetchError, FetchRefusedError, InvalidURLError, TooLargeError
from index.fetching import replies, robots
from index.fetching.addresses import AddressGuard, Network
from index.fetching.bodies import ENCODINGS, Body
from index.fetching.deadline import Deadline
from index.fetching.fetched import Fetched, content_type
from index.fetching.limits import FetchLimits
from index.fetching.pacing import Pace
from index.fetching.resolving import Resolver, allowed_addresses, system_resolver
from index.fetching.urls import Target, parse, shown

if TYPE_CHECKING:
    from index.fetching.connecting import Response

PRODUCT = "Footnote"
"""What robots.txt files know us by."""

_ACCEPT = (
    "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, "
    "application/xml;q=0.9, */*;q=0.8"
)
_ROBOTS_SECONDS = 3600.0
_ROBOTS_TRIES_AGAIN = 60.0
_MOST_PAUSE_S = 10.0
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,500}")


class Fetcher(Closing):
    """Fetches pages, for any number of threads; close it at the end.

    Args:
        limits: size, time, redirects.
        allow_private: fetch from loopback and private addresses too.
        allowed: networks that are fetched from, whatever they are.
        user_agent: how to introduce oneself; None says ``Footnote/<version>``.
        resolver: returns the addresses of a host; the machine's own unless given.
        tls: checks certificates; the machine's and certifi's authorities unless given.
    """

    def __init__(
        self,
        limits: FetchLimits | None = None,
        allow_private: bool = False,
        *,
        allowed: Sequence[Network] = (),
        user_agent: str | None = None,
        resolver: Resolver = system_resolver,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.limits = limits or FetchLimits()
        self._guard = AddressGuard(allow_private, tuple(allowed))
        self._user_agent = user_agent or f"{PRODUCT}/{_version()}"
        self._resolver = resolver
        self._tls = tls
        self._lock = threading.Lock()
        self._pace = Pace()
        self._robots: dict[str, tuple[float, robots.Rules | FetchError]] = {}

    def close(self) -> None:
        """Start no more fetches, and end all pauses; a fetch that is under way ends by itself."""
        self._pace.stop()

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        modified: str | None = None,
        crawl: bool = False,
    ) -> Fetched:
        """Return the page at a URL.

        Args:
            url: http or https.
            etag: what the last fetch had as ``etag``; an unchanged page is not sent again.
            modified: the same with ``modified``.
            crawl: nobody asked for this very page: robots.txt is asked first, and there is a pause
                before the next request to the same host.

        Raises:
            InvalidURLError: it is no http or https URL.
            ForbiddenAddressError: its host, or that of a redirect, is not fetched from.
            TooLargeError: the page is over the limit.
            FetchRefusedError: its server says that it will not be had (404, 410, 403, robots.txt).
            FetchError: it could not be had this time; ``retry_after`` has the wait it asks for.
        """
        target = parse(url)
        pause_s = 0.0
        if crawl:
            rules = self._rules(target)
            if not rules.allow(target.path):
                raise FetchRefusedError(
                    f"{shown(target.url)} is not fetched: its site's robots.txt asks not to"
                )
            pause_s = max(self.limits.pause_s, min(rules.pause_s or 0.0, _MOST_PAUSE_S))
        conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
        return self._followed(
            target,
            {k: v for k, v in conditions.items() if v and _VALIDATOR.fullmatch(v)},
            pause_s,
        )

    def _followed(
        self, target: Target, conditions: dict[str, str], pause_s: float, *, counts: bool = True
    ) -> Fetched:
        start = target
        with self._pace.turn(target.host, pause_s, counts=counts):
            deadline = Deadline(self.limits.total_s, what=shown(target.url))
            for _ in range(self.limits.redirects + 1):
                if self._pace.stopped:
                    raise FetchError(f"{shown(start.url)} was not fetched: the program is ending")
                found = self._one(target, conditions, deadline)
                if isinstance(found, Fetched):
                    return found
                target = _redirected(target, found)
        raise FetchRefusedError(
            f"{shown(start.url)} redirects more than {self.limits.redirects} times"
        )

    def _one(self, target: Target, conditions: dict[str, str], deadline: Deadline) -> Fetched | str:
        """Return the page at a target, or where it redirects to."""
        from index.fetching.connecting import response  # httpcore takes 250 ms

        addresses = allowed_addresses(
            target.host,
            target.address,
            guard=self._guard,
            resolver=self._resolver,
            wait_s=deadline.left(self.limits.connect_s),
        )
        headers = {
            "Host": target.authority,
            "User-Agent": self._user_agent,
            "Accept": _ACCEPT,
            "Accept-Encoding": ", ".join(ENCODINGS),
            "Connection": "close",
            **conditions,
        }
        tls = self._context() if target.scheme == "https" else None
        with response(
            target, addresses, headers=headers, tls=tls, deadline=deadline, limits=self.limits
        ) as answer:
            if answer.status in replies.REDIRECTS and (to := answer.headers.get("location")):
                return replies.location(to)
            replies.check_status(
                shown(target.url), answer.status, answer.headers, asked_if_new=bool(conditions)
            )
            media_type, charset = content_type(answer.headers.get("content-type"))
            return Fetched(
                url=target.url,
                status=answer.status,
                media_type=media_type,
                charset=charset,
                body=b"" if answer.status == 304 else self._body(target, answer, deadline),
                etag=answer.headers.get("etag") or conditions.get("If-None-Match"),
                modified=answer.headers.get("last-modified") or conditions.get("If-Modified-Since"),
                not_modified=answer.status == 304,
            )

    def _body(self, target: Target, answer: "Response", deadline: Deadline) -> bytes:
        what = shown(target.url)
        said = answer.headers.get("content-length", "")
        if said.isdecimal() and int(said[:18]) > self.limits.max_bytes:
            raise TooLargeError(f"{what} is larger than {self.limits.max_bytes:,} bytes")
        body = Body(
            answer.headers.get("content-encoding", ""), limit=self.limits.max_bytes, what=what
        )
        for data in answer.body:
            body.feed(data)
            deadline.left(0)
        return body.finish()

    def _context(self) -> ssl.SSLContext:
        with self._lock:
            if self._tls is None:
                import certifi  # takes time, and plain http needs none

                # Both: a bare container may have none of its own, an intranet has its own besides.
                self._tls = ssl.create_default_context()
                self._tls.load_verify_locations(certifi.where())
            return self._tls

    def _rules(self, target: Target) -> robots.Rules:
        """Return what the site of a target wants of crawlers; ask it once an hour.

        Raises:
            FetchError: it cannot be asked, so it is not crawled.
        """
        with self._lock:
            until, known = self._robots.get(target.origin, (0.0, robots.NONE))
        if until < time.monotonic():
            known, seconds = self._ask_for_rules(target), _ROBOTS_SECONDS
            if isinstance(known, FetchError):
                seconds = _ROBOTS_TRIES_AGAIN
            with self._lock:
                if len(self._robots) >= 1000:
                    self._robots.clear()
                self._robots[target.origin] = (time.monotonic() + seconds, known)
        if isinstance(known, FetchError):
            raise known
        return known

    def _ask_for_rules(self, target: Target) -> robots.Rules | FetchError:
        file = parse(target.origin + "/robots.txt")
        try:
            return robots.read(self._followed(file, {}, 0.0, counts=False).body, PRODUCT)
        except FetchRefusedError as error:
            if error.status is not None and 400 <= error.status < 500:
                return robots.NONE  # https://www.rfc-editor.org/rfc/rfc9309#section-2.3.1.3
            return _unread(target, error)
        except (FetchError, TooLargeError) as error:
            return _unread(target, error)


def _version() -> str:
    try:
        return metadata.version("footnote")
    except metadata.PackageNotFoundError:  # run from a folder that was not installed
        return "0"


def _unread(target: Target, error: FetchError | TooLargeError) -> FetchError:
    return FetchError(
        f"{target.authority} is not crawled while its robots.txt cannot be read: {error.message}",
        retry_after=error.retry_after if isinstance(error, FetchError) else None,
    )


def _redirected(target: Target, location: str) -> Target:
    try:
        return parse(location, base=target.url)
    except InvalidURLError as error:
        raise InvalidURLError(
            f"{shown(target.url)} redirects to where nothing is fetched from: {error.message}"
        ) from None
