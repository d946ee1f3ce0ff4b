"""Documents from bytes or text: what is given wins, then what the document states.

The one place where a ``SourceDocument`` is made. Reads no files.
"""

import datetime as dt
from pathlib import PurePosixPath

from index.errors import InvalidDocumentError, TooLargeError
from index.loaders.base import Loaded
from index.loaders.fields import checked_fields
from index.loaders.identity import document_id, id_from_text, id_from_url
from index.loaders.normal import normalise
from index.loaders.registry import loader_for
from index.loaders.titles import stated
from index.model import SourceDocument

MAX_BYTES = 20 * 1024 * 1024


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
    return _document(Loaded(text, **given), name="The text")


def load_bytes(
    data: bytes,
    *,
    filename: str,
    media_type: str | None = None,
    id: str | None = None,  # noqa: A002  # the field's name everywhere
    title: str | None = None,
    source: str | None = None,
    url: str | None = None,
    language: str | None = None,
    published_at: dt.date | str | None = None,
    max_bytes: int = MAX_BYTES,
) -> SourceDocument:
    """Return the document that an uploaded file holds; given values win over the file's own.

    Raises:
        InvalidDocumentError: The file cannot be read as its format, or a value cannot be used.
        TooLargeError: The file has more than ``max_bytes`` bytes.
    """
    name = PurePosixPath(filename.replace("\\", "/")).name or "The file"
    given = checked_fields(
        id=id, title=title, source=source, url=url, language=language, published_at=published_at
    )
    loaded = read(data, name, media_type=media_type, max_bytes=max_bytes)
    return _document(
        Loaded(
            loaded.text,
            id=given["id"] or loaded.id,
            title=given["title"] or loaded.title,
            source=given["source"] or loaded.source,
            url=given["url"] or loaded.url,
            language=given["language"] or loaded.language,
            published_at=given["published_at"] or loaded.published_at,
        ),
        name=name,
        file=PurePosixPath(name),
    )


def from_file(
    data: bytes, relative: PurePosixPath, *, origin: str, max_bytes: int
) -> SourceDocument:
    """Return the document of a file at ``relative`` in the folder that is indexed."""
    loaded = read(data, str(relative), max_bytes=max_bytes)
    return _document(loaded, name=str(relative), file=relative, origin=origin)


def read(data: bytes, name: str, *, media_type: str | None = None, max_bytes: int) -> Loaded:
    """Return what the loader for the file's format finds in ``data``."""
    if len(data) > max_bytes:
        raise too_large(name, len(data), max_bytes)
    return loader_for(name, media_type).load(data, name)


def too_large(name: str, size: int | None, limit: int) -> TooLargeError:
    """Return the error for a document over the limit."""
    is_size = f"has {size / 1024**2:,.1f} MB" if size is not None else "is too long"
    return TooLargeError(
        f"{name} {is_size}; at most {limit / 1024**2:,.1f} MB are read. Split it into smaller "
        "documents, or raise the limit."
    )


def _document(
    loaded: Loaded, *, name: str, file: PurePosixPath | None = None, origin: str | None = None
) -> SourceDocument:
    text = normalise(loaded.text)
    if not any(c.isalnum() for c in text):
        raise InvalidDocumentError(f"{name} holds no text: it is blank below any front matter.")
    top = stated(text)
    title = loaded.title or top.title or (file.stem if file else "Untitled")
    identifier = loaded.id
    if identifier is None and file is not None:
        identifier = document_id(file)
    if identifier is None:
        identifier = id_from_url(loaded.url) if loaded.url else id_from_text(title, text)
    return SourceDocument(
        id=identifier,
        text=text,
        title=title,
        source=loaded.source or top.source,
        url=loaded.url,
        language=loaded.language,
        published_at=loaded.published_at or top.published_at,
        origin=origin,
    )
