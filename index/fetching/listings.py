"""What a feed or a sitemap lists: which of the two it is, and its entries, in bounded numbers.

Fetches only the sitemaps that a sitemap index names. The documents themselves are the caller's.
"""

from collections.abc import Iterator
from typing import Literal, TypeAlias

from index.errors import FetchError, FootnoteError, InvalidDocumentError, TooLargeError
from index.fetching.bodies import unpacked
from index.fetching.entry import Entry
from index.fetching.fetched import Fetched
from index.fetching.fetcher import Fetcher
from index.fetching.urls import shown
from index.fetching.xml import root_name

Kind: TypeAlias = Literal["feed", "sitemap", "document"]

__all__ = ["Entry", "Kind", "entries", "kind"]

_FEEDS = ("rss", "feed", "RDF")
_SITEMAPS = ("urlset", "sitemapindex")
_HEAD = 65_536
_HEAD_UNPACKED = 40_000_000


def kind(fetched: Fetched) -> Kind:
    """Return what a page is, by what it contains; its media type is not trusted."""
    try:
        body = unpacked(fetched.body, limit=_HEAD_UNPACKED, what=shown(fetched.url))
    except (FetchError, TooLargeError):
        return "document"
    name = root_name(body[:_HEAD])
    if name in _FEEDS:
        return "feed"
    return "sitemap" if name in _SITEMAPS else "document"


def entries(fetched: Fetched, fetcher: Fetcher) -> Iterator[Entry]:
    """Yield what a feed or a sitemap lists, each URL once, in its order.

    An entry with an ``error`` stands for what could not be read: a child sitemap, a rest that is
    damaged, what is over the limit on entries. The others are not the less good for it.

    Raises:
        InvalidDocumentError: it is neither a feed nor a sitemap.
    """
    found = kind(fetched)
    if found == "document":
        raise InvalidDocumentError(f"{shown(fetched.url)} is neither a feed nor a sitemap")
    seen: set[str] = set()
    for entry in _all(fetched, fetcher, found):
        if entry.error is None:
            if entry.url in seen:
                continue
            if len(seen) >= fetcher.limits.entries:
                most = fetcher.limits.entries
                yield Entry(
                    url=fetched.url,
                    error=TooLargeError(
                        f"{shown(fetched.url)} lists more than {most:,} documents; the first "
                        f"{most:,} were taken (FOOTNOTE_FETCH__ENTRIES allows more)"
                    ),
                )
                return
            seen.add(entry.url)
        yield entry


def _all(fetched: Fetched, fetcher: Fetcher, found: Kind) -> Iterator[Entry]:
    if found == "feed":
        from index.fetching import feeds  # feedparser takes 90 ms

        body = unpacked(fetched.body, limit=fetcher.limits.max_bytes, what=shown(fetched.url))
        yield from feeds.read(body, fetched.url, fetched.charset, most=fetcher.limits.entries + 1)
        return
    yield from _Sitemaps(fetcher).walk(fetched)


class _Sitemaps:
    """Walks a sitemap and those that it names, breadth of `FetchLimits` and no more."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._seen: set[str] = set()

    def walk(self, fetched: Fetched, depth: int = 0) -> Iterator[Entry]:
        from index.fetching import sitemaps  # lxml takes 30 ms

        limits = self._fetcher.limits
        self._seen.add(fetched.url)
        try:
            body = unpacked(fetched.body, limit=limits.max_bytes, what=shown(fetched.url))
        except FootnoteError as error:
            yield Entry(url=fetched.url, error=error)
            return
        children: list[sitemaps.Child] = []
        for item in sitemaps.read(body, fetched.url):
            if isinstance(item, Entry):
                yield item
            elif len(children) <= limits.entries:
                children.append(item)
        for child in sitemaps.newest_first(children):
            if child.url in self._seen:
                continue
            if depth >= limits.depth or len(self._seen) > limits.sitemaps:
                yield Entry(url=child.url, error=_beyond(child.url, limits.sitemaps, limits.depth))
                return
            yield from self._child(child.url, depth)

    def _child(self, url: str, depth: int) -> Iterator[Entry]:
        self._seen.add(url)
        try:
            fetched = self._fetcher.get(url, crawl=True)
            if kind(fetched) != "sitemap":
                raise InvalidDocumentError(f"{shown(url)} is listed as a sitemap but is none")
        except FootnoteError as error:
            yield Entry(url=url, error=error)
            return
        yield from self.walk(fetched, depth + 1)


def _beyond(url: str, sitemaps: int, depth: int) -> TooLargeError:
    return TooLargeError(
        f"{shown(url)} and what follows was not read: of sitemaps within a sitemap at most "
        f"{sitemaps} are, down to {depth} levels"
    )
