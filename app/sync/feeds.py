"""A feed or a sitemap, or a single page, as something to be kept in step with.

A feed shows its newest entries only: one that is listed no more is asked for, and counts as gone
when its server says so (404 or 410). Entries that say when they changed are fetched when they did;
others are asked for conditionally.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from app.sync.model import ITSELF, Brought, Fingerprint, Plan, Reading, Same, Trouble, Vanished
from app.sync.pages import pieces_of_page
from app.sync.planning import emptied, plan_list
from index.catalog.synced import Synced
from index.errors import FetchError, FetchRefusedError
from index.fetching import Entry, Fetched, Fetcher, entries, kind
from index.loaders import Parser

_GONE = frozenset({404, 410})


class Feed:
    """What an address lists.

    Args:
        url: of a feed, a sitemap, or a page.
        fetcher: gets it.
        parser: reads the formats that take one.
        max_bytes: the largest page that is read.
        allow_empty: remove everything where the address itself is gone.
        now: tells the time.
    """

    def __init__(
        self,
        url: str,
        *,
        fetcher: Fetcher,
        parser: Parser,
        max_bytes: int,
        allow_empty: bool = False,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._url = url
        self._fetcher = fetcher
        self._parser = parser
        self._max_bytes = max_bytes
        self._allow_empty = allow_empty
        self._now = now
        self._entries: dict[str, Entry] = {}
        self._page: Fetched | None = None
        self._troubles: list[Trouble] = []
        self._asked: frozenset[str] = frozenset()
        self._closing: Fingerprint | None = None

    @property
    def root(self) -> str:
        """The address."""
        return self._url

    def plan(self, known: Mapping[str, Synced]) -> Plan:
        """Fetch the list and compare it with what is recorded.

        Raises:
            FetchError: it cannot be had.
            ConflictError: it is gone, and documents came from it.
        """
        itself = known[ITSELF].fingerprint if ITSELF in known else {}
        try:
            found = self._get(self._url, itself)
        except FetchRefusedError as error:
            if error.status not in _GONE or not known:
                raise
            if not self._allow_empty:
                number = sum(len(was.documents) for was in known.values())
                raise emptied(self._url, number) from error
            return Plan(gone=tuple(item for item in known if item != ITSELF))
        listed = self._listed(found, itself)
        plan = plan_list(listed, known, now=self._now())
        self._asked = frozenset(plan.ask)
        return replace(plan, troubles=tuple(self._troubles))

    def read(self, item: str, known: Synced | None) -> Reading:
        """Fetch an entry, if it has changed."""
        before = known.fingerprint if known is not None and known.is_whole else {}
        changed = _changed(self._entries.get(item))
        if self._page is not None and item == self._url:
            found = self._page
        else:
            try:
                found = self._get(item, before, crawl=True)
            except FetchRefusedError as error:
                if error.status in _GONE:
                    return Vanished(error)
                raise
            except FetchError:
                if item in self._asked and known is not None:  # it may be there; ask another day
                    return Same(self._marked(before))
                raise
        if found.not_modified:
            return Same(self._marked({**before, "changed": changed}, item))
        sha = hashlib.sha256(found.body).hexdigest()
        seen = {"etag": found.etag, "modified": found.modified, "sha": sha, "changed": changed}
        if before.get("sha") == sha:
            return Same(self._marked(seen, item))
        pieces = pieces_of_page(
            found,
            item,
            parser=self._parser,
            max_bytes=self._max_bytes,
            entry=self._entries.get(item),
        )
        return Brought(pieces, self._marked(seen, item))

    def closing(self, *, complete: bool) -> Fingerprint | None:
        """Record the list as read once every entry of it is in; until then it is fetched again."""
        return self._closing if complete else None

    def _listed(self, found: Fetched, itself: Fingerprint) -> dict[str, str | None]:
        """Return what is listed: each address with the time it says it changed."""
        if found.not_modified:
            return dict(itself.get("entries", {}))
        if kind(found) == "document":
            self._page = found
            listed: dict[str, str | None] = {self._url: None}
        else:
            for entry in entries(found, self._fetcher):
                if entry.error is not None:
                    self._troubles.append(Trouble(entry.url, entry.error))
                else:
                    self._entries[entry.url] = entry
            listed = {url: _changed(entry) for url, entry in self._entries.items()}
        if found.etag or found.modified:
            self._closing = {"etag": found.etag, "modified": found.modified, "entries": listed}
        return listed

    def _get(self, url: str, before: Fingerprint, *, crawl: bool = False) -> Fetched:
        """Fetch a page, unless it is as it was before."""
        etag, modified = before.get("etag"), before.get("modified")
        return self._fetcher.get(url, etag=etag, modified=modified, crawl=crawl)

    def _marked(self, fingerprint: Fingerprint, item: str = ITSELF) -> dict[str, Any]:
        """Note when an entry was asked for that is listed no more."""
        if item != ITSELF and item not in self._asked:
            return dict(fingerprint)
        return {**fingerprint, "asked": self._now().isoformat()}


def _changed(entry: Entry | None) -> str | None:
    """Return when an entry says that it changed, None where it does not say.

    An RSS feed has one date for publication and change, so one at publication promises nothing.
    """
    if entry is None or entry.updated is None:
        return None
    published = entry.published_at
    if published is not None and abs((entry.updated.date() - published).days) <= 1:
        return None
    return entry.updated.isoformat()
