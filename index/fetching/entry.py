"""One line of a feed or sitemap: a document's URL and what the list states about it."""

import datetime as dt
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from index.errors import FootnoteError, InvalidURLError
from index.fetching.urls import parse

_MOST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """A listed document, or, with ``error``, what of the list could not be read.

    ``published_at`` is the day that the list states, in the time zone it states it in; None if it
    states none, and the day of a change is not one. ``updated`` is when the list says that the
    document changed last. ``provenance`` tells where a value was found, by field:
    ``{"published_at": "sitemap news:publication_date"}``.
    """

    url: str
    title: str | None = None
    published_at: dt.date | None = None
    updated: dt.datetime | None = None
    source: str | None = None
    language: str | None = None
    provenance: Mapping[str, str] = field(default_factory=dict)
    error: FootnoteError | None = None


def listed_url(text: str | None, base: str) -> str | None:
    """Return the absolute URL of a listed document; None if it is none that can be fetched."""
    if not text or not text.strip():
        return None
    try:
        return parse(text, base=base).url
    except InvalidURLError:
        return None


def plain(text: str | None, most: int = _MOST_TITLE) -> str | None:
    """Return a title without markup, on one line; None if nothing is left."""
    if not text:
        return None
    bare = html.unescape(re.sub(r"<[^<>]{0,500}>", " ", text[: most * 10]))
    bare = "".join(c if c.isprintable() else " " for c in bare)
    return " ".join(bare.split())[:most] or None
