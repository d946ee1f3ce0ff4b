"""Documents from bytes or text: what is given wins, then what the document states.

The one place where a ``SourceDocument`` is made. Reads no files.
"""

import datetime as dt
from dataclasses import replace
from pathlib import PurePosixPath

from index.errors import InvalidDocumentError, TooLargeError
from index.loaders.base import MAX_BYTES, Loaded
from index.loaders.fields import Fields, checked_fields
from index.loaders.identity import document_id, id_from_text, id_from_url
from index.loaders.normal import normalise
from index.loaders.titles import stated
from index.model import SourceDocument

GIVEN = "given"
_STATED_FIELDS = ("title", "source", "url", "language", "published_at")


def load_text(
    text: str,
    *,
    id: str | None = None,  # noqa: A002  # the field's name everywhere
    title: str | None = None,
    source: str | None = None,
    url: str | None = None,
    language: str | None = None,
    published_at: dt.date | str | None = None,
    max_bytes: int = MAX_BYTES,
) -> SourceDocument:
    """Return a document made of a text and of what is known about it.

    Without an id, the address gives one, or else title and text do.

    Raises:
        InvalidDocumentError: The text is blank, or a value cannot be used.
        TooLargeError: The text has more than ``max_bytes`` bytes as UTF-8.
    """
    if len(text) > max_bytes or len(text.encode("utf-8", "replace")) > max_bytes:
        raise too_large("The text", None, max_bytes)
    given = checked_fields(
        id=id, title=title, source=source, url=url, language=language, published_at=published_at
    )
    return make_document(with_given(Loaded(text), given), name="The text")


def with_given(loaded: Loaded, given: Fields) -> Loaded:
    """Return what was loaded with the values that were given in the place of its own."""
    values = {name: value for name, value in given.items() if value is not None}
    named = {name: GIVEN for name in _STATED_FIELDS if name in values}
    return replace(loaded, **values, provenance={**loaded.provenance, **named})  # type: ignore[arg-type]  # Fields are checked


def make_document(
    loaded: Loaded,
    *,
    name: str,
    file: PurePosixPath | None = None,
    origin: str | None = None,
    media_type: str | None = None,
) -> SourceDocument:
    """Return the document that a loader's result is.

    Args:
        loaded: the text and what is stated.
        name: how errors call it.
        file: the path that its id and, where nothing better is stated, its title come from.
        origin: where it came from.
        media_type: the format it came in.

    Raises:
        InvalidDocumentError: There is no text.
    """
    text = normalise(loaded.text)
    if not any(c.isalnum() for c in text):
        raise InvalidDocumentError(f"{name} holds no text: it is blank below any front matter.")
    top = stated(text)
    provenance = dict(loaded.provenance)
    title = loaded.title or top.title
    if not loaded.title:
        provenance["title"] = top.title_from if title else "file name" if file else "none"
        title = title or (file.stem if file else "Untitled")
    for field, value in (("source", top.source), ("published_at", top.published_at)):
        if getattr(loaded, field) is None and value is not None:
            provenance[field] = "dateline"
    identifier = loaded.id
    if identifier is None and file is not None:
        identifier = document_id(file)
    if identifier is None:
        identifier = id_from_url(loaded.url) if loaded.url else id_from_text(title or "", text)
    return SourceDocument(
        id=identifier,
        text=text,
        title=title or "Untitled",
        source=loaded.source or top.source,
        url=loaded.url,
        language=loaded.language,
        published_at=loaded.published_at or top.published_at,
        origin=origin,
        media_type=media_type,
        pages=loaded.pages,
        provenance=provenance,
    )


def too_large(name: str, size: int | None, limit: int) -> TooLargeError:
    """Return the error for a document over the limit."""
    is_size = f"has {size / 1e6:,.1f} MB" if size is not None else "is too long"
    return TooLargeError(
        f"{name} {is_size}; at most {limit / 1e6:,.1f} MB are read. Split it into smaller "
        "documents, or raise the limit (FOOTNOTE_LIMITS__DOCUMENT_BYTES)."
    )
