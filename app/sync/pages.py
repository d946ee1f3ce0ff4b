"""A fetched page to its documents: what it states, and where it is silent what its list states.

Fetches nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from index.fetching import Entry, Fetched
from index.loaders import Parser, Piece, pieces_of_bytes
from index.model import SourceDocument

_FROM_LIST = ("published_at", "source", "language")


def pieces_of_page(
    found: Fetched,
    url: str,
    *,
    parser: Parser,
    max_bytes: int,
    entry: Entry | None = None,
    given: Mapping[str, Any] | None = None,
) -> Iterator[Piece]:
    """Yield the documents of a page.

    Args:
        found: the page.
        url: the address it was asked for at, which names it.
        parser: reads the formats that take one.
        max_bytes: the largest page that is read.
        entry: what a feed or sitemap says of it.
        given: what wins over what the page states.
    """
    pieces = pieces_of_bytes(
        found.body,
        filename=found.filename,
        media_type=found.media_type,
        origin=url,
        parser=parser,
        max_bytes=max_bytes,
        **{"url": url, **(given or {})},
    )
    for piece in pieces:
        name = piece.name.replace(found.filename, url, 1)
        document = piece.document
        if document is not None and entry is not None:
            document = _filled(document, entry)
        yield Piece(name, document, piece.error)


def _filled(document: SourceDocument, entry: Entry) -> SourceDocument:
    missing = {
        name: getattr(entry, name)
        for name in _FROM_LIST
        if getattr(document, name) is None and getattr(entry, name) is not None
    }
    if not missing:
        return document
    found = {name: entry.provenance[name] for name in missing if name in entry.provenance}
    return replace(document, **missing, provenance={**document.provenance, **found})
