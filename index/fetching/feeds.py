"""Reads RSS and Atom in all their kinds with feedparser, which is given clean bytes and no more.

A feed is parsed by lxml first and cut down to the few elements that are wanted, so that feedparser
gets small, well-formed XML: its own repair of broken feeds is slow on hostile ones. It gets a
stream, because it would open a file or a URL that it is given by name.
"""

import datetime as dt
import email.utils
import io
import re
import time
from collections.abc import Iterator
from typing import Any

from index.errors import InvalidDocumentError
from index.fetching.entry import Entry, listed_url, plain
from index.fetching.urls import shown
from index.fetching.xml import Element, local_name, tree

_ITEMS = ("item", "entry")
_HOLDERS = ("rss", "RDF", "feed", "channel")
_DATES = ("pubDate", "published", "updated", "issued", "modified", "created", "date")
_WANTED = frozenset(
    {"title", "link", "guid", "id", "source", "language", "publicationDate", *_DATES}
)
_MOST_TEXT = 4_000
_MOST_PARTS = 200
_XML = "{http://www.w3.org/XML/1998/namespace}"
_ATTRIBUTES = ("version", "rel", "href", "type", "isPermaLink", f"{_XML}base", f"{_XML}lang")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")


def read(body: bytes, url: str, charset: str | None, *, most: int) -> Iterator[Entry]:
    """Yield the entries of a feed that have a page of their own, ``most`` at most."""
    root = tree(body, charset)
    if root is None:
        error = InvalidDocumentError(f"{shown(url)} is damaged: no feed can be read from it")
        yield Entry(url=url, error=error)
        return
    import feedparser  # takes 90 ms
    from lxml import etree

    _cut_down(root, most)
    parsed = feedparser.parse(
        io.BytesIO(etree.tostring(root, encoding="utf-8")),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": url,
        },
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    feed_title = plain(parsed.feed.get("title"))
    language = plain(parsed.feed.get("language"), 20)
    for item in parsed.entries[:most]:
        place = listed_url(item.get("link"), url)
        if place is not None:
            yield _entry(item, place, feed_title, language)


def _entry(item: Any, url: str, feed_title: str | None, language: str | None) -> Entry:
    day = _day(item.get("published"), item.get("published_parsed"))
    own = plain((item.get("source") or {}).get("title"))
    source = own or feed_title
    provenance = {
        "published_at": "feed entry's publication date" if day else None,
        "source": None if source is None else "feed entry's source" if own else "feed title",
        "language": "feed language" if language else None,
    }
    # Asked as a plain dict: feedparser's own look-up gives one date for the other.
    updated = dict.get(item, "updated_parsed") or dict.get(item, "published_parsed")
    return Entry(
        url=url,
        title=plain(item.get("title")),
        published_at=day,
        updated=_moment(updated),
        source=source,
        language=language,
        provenance={field: found for field, found in provenance.items() if found},
    )


def _day(text: str | None, moment: time.struct_time | None) -> dt.date | None:
    """Return the day that a feed's date states, in the zone it states it in where that is clear."""
    if not text or moment is None:
        return None
    try:
        if found := _ISO_DAY.match(text.strip()):
            return dt.date(*(int(part) for part in found.groups()))
        stated = email.utils.parsedate(text)
        return dt.date(*(stated or moment)[:3])
    except (ValueError, TypeError, OverflowError):
        return None


def _moment(utc: time.struct_time | None) -> dt.datetime | None:
    try:
        return dt.datetime(*utc[:6], tzinfo=dt.UTC) if utc else None
    except (ValueError, TypeError, OverflowError):
        return None


def _cut_down(root: Element, most: int) -> None:
    """Remove from a feed what is not wanted of it."""
    from lxml import etree

    etree.strip_elements(root, etree.Entity, with_tail=False)
    items = 0
    for holder in [element for element in root.iter() if local_name(element) in _HOLDERS]:
        _keep_attributes(holder)
        for child in list(holder):
            name = local_name(child)
            items += name in _ITEMS
            if name in _ITEMS and items <= most:
                _keep_wanted(child)
            elif name in _WANTED:
                _keep_attributes(child)
            elif name not in _HOLDERS:
                holder.remove(child)


def _keep_wanted(item: Element) -> None:
    _keep_attributes(item)
    for number, part in enumerate(list(item)):
        if local_name(part) not in _WANTED or number >= _MOST_PARTS:
            item.remove(part)
            continue
        for element in part.iter():
            _keep_attributes(element)
            if element.text and len(element.text) > _MOST_TEXT:
                element.text = element.text[:_MOST_TEXT]


def _keep_attributes(element: Element) -> None:
    kept = [(name, element.get(name)) for name in _ATTRIBUTES]
    element.attrib.clear()
    for name, value in kept:
        if value is not None and len(value) <= _MOST_TEXT:
            element.set(name, value)
