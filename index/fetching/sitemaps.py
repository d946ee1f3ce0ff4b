"""Reads one sitemap or sitemap index, with the part for news sites. Fetches nothing.

https://www.sitemaps.org/protocol.html
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.errors import InvalidDocumentError
from index.fetching.entry import Entry, listed_url, plain
from index.fetching.urls import shown
from index.fetching.xml import Element, elements, local_name, text_of

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")
_MOST_ITEMS = 50_000  # by the protocol
_NEWS_DATE = "sitemap news:publication_date"


@dataclass(frozen=True, slots=True)
class Child:
    """A sitemap that a sitemap index names, and when it says that this one changed."""

    url: str
    updated: dt.datetime | None


def read(body: bytes, url: str) -> Iterator[Entry | Child]:
    """Yield the pages and sitemaps of one sitemap, and an `Entry` with an error where it breaks."""
    try:
        for number, element in enumerate(elements(body, ("url", "sitemap"), shown(url))):
            if number >= _MOST_ITEMS:
                raise InvalidDocumentError(
                    f"{shown(url)} lists more than {_MOST_ITEMS:,} addresses, as no sitemap may; "
                    "the rest was not read"
                )
            parts = {local_name(part): part for part in element}
            place = listed_url(text_of(parts.get("loc")), url)
            if place is None:
                continue
            updated = _moment(text_of(parts.get("lastmod")))
            if local_name(element) == "sitemap":
                yield Child(place, updated)
            else:
                yield _entry(place, updated, parts.get("news"))
    except InvalidDocumentError as error:
        yield Entry(url=url, error=error)


def newest_first(children: Sequence[Child]) -> list[Child]:
    """Return sitemaps with the last changed first, if each says when; else in their order."""
    dated = [(child.updated, child) for child in children if child.updated is not None]
    if len(dated) < len(children):
        return list(children)
    return [child for _, child in sorted(dated, key=lambda pair: pair[0], reverse=True)]


def _entry(url: str, updated: dt.datetime | None, news: Element | None) -> Entry:
    if news is None:
        return Entry(url=url, updated=updated)
    parts = {local_name(part): part for part in news.iter()}
    day = _day(text_of(parts.get("publication_date")))
    source = plain(text_of(parts.get("name")))
    language = plain(text_of(parts.get("language")), 20)
    provenance = {
        "published_at": _NEWS_DATE if day else None,
        "source": "sitemap news:name" if source else None,
        "language": "sitemap news:language" if language else None,
    }
    return Entry(
        url=url,
        title=plain(text_of(parts.get("title"))),
        published_at=day,
        updated=updated,
        source=source,
        language=language,
        provenance={field: found for field, found in provenance.items() if found},
    )


def _day(text: str | None) -> dt.date | None:
    """Return the day of a W3C date, in the zone it is stated in; a month or a year is none."""
    found = _DAY.match(text or "")
    try:
        return dt.date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def _moment(text: str | None) -> dt.datetime | None:
    """Return the moment of a W3C date or time; a day begins at midnight, without a zone in UTC."""
    try:
        moment = dt.datetime.fromisoformat((text or "")[:40])
        return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    except (ValueError, OverflowError):
        return None
