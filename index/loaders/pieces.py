"""A file or an upload to the documents it holds: one for most, several for archives, mails, lines.

A document that cannot be read becomes a piece with its error; the others come all the same.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from index.errors import ConflictError, FootnoteError
from index.loaders.base import MAX_BYTES, Part
from index.loaders.documents import make_document, too_large, with_given
from index.loaders.fields import Fields, checked_fields
from index.loaders.files import is_storable, not_text, read_file, relative_to, shown
from index.loaders.identity import checked_id, document_id, id_from_url, slug
from index.loaders.parsing import Parser
from index.loaders.registry import JSON_LINES, Format
from index.loaders.sniffing import format_of
from index.loaders.unpacking import leaves
from index.model import SourceDocument


@dataclass(frozen=True, slots=True)
class Piece:
    """One document of a file, or why it is not one.

    ``name`` is the file's name, for a piece of it with ``#`` and where it stands:
    ``mail.zip#letters/1.eml``.
    """

    name: str
    document: SourceDocument | None
    error: FootnoteError | None = None


def pieces_of_path(
    path: Path, root: Path, *, parser: Parser, max_bytes: int = MAX_BYTES
) -> Iterator[Piece]:
    """Yield the documents in a file; ``root`` is the folder that is indexed.

    Raises no error for what is wrong with the file: that is in the pieces.

    Args:
        path: the file.
        root: a folder above it, or the file itself.
        parser: reads the formats that are parsed apart.
        max_bytes: of the file.
    """
    relative = relative_to(path, root)
    name = str(relative)
    if not is_storable(str(path.absolute())):
        yield Piece(shown(name), None, not_text(name if not is_storable(name) else str(path)))
        return
    try:
        data = read_file(path, root, name, max_bytes)
    except FootnoteError as error:
        yield Piece(name, None, error)
        return
    source = _Source(name, relative, str(path.absolute()), checked_fields())
    yield from _pieces(data, source, None, parser, max_bytes)


def pieces_of_bytes(
    data: bytes,
    *,
    filename: str,
    parser: Parser,
    media_type: str | None = None,
    id: str | None = None,  # noqa: A002  # the field's name everywhere
    title: str | None = None,
    source: str | None = None,
    url: str | None = None,
    language: str | None = None,
    published_at: dt.date | str | None = None,
    origin: str | None = None,
    max_bytes: int = MAX_BYTES,
) -> Iterator[Piece]:
    """Yield the documents in a file that was uploaded or fetched.

    Given values win over what the file states. Where it holds several documents, a given id is what
    their ids begin with, and title, url and date are for those that state none. Without an id, the
    file name gives it, or the address where ``origin`` is one.

    Args:
        data: the file.
        filename: its name, as the sender calls it; only its last part counts.
        parser: reads the formats that are parsed apart.
        media_type: what it was sent as.
        id: of the document.
        title: of the document.
        source: publisher.
        url: where readers find the original.
        language: a language tag.
        published_at: day of publication.
        origin: where it came from; an address for what was fetched.
        max_bytes: of the file.
    """
    name = PurePosixPath(filename.replace("\\", "/")).name or "The file"
    try:
        given = checked_fields(
            id=id, title=title, source=source, url=url, language=language, published_at=published_at
        )
    except FootnoteError as error:
        yield Piece(name, None, error)
        return
    own = _Source(name, PurePosixPath(name), origin, given)
    yield from _pieces(data, own, media_type, parser, max_bytes)


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a file came from, and what is said about it."""

    name: str
    file: PurePosixPath
    origin: str | None
    given: Fields


def _pieces(
    data: bytes, source: _Source, media_type: str | None, parser: Parser, max_bytes: int
) -> Iterator[Piece]:
    try:
        if len(data) > max_bytes:
            raise too_large(source.name, len(data), max_bytes)
        kind = format_of(data, source.name, media_type)
    except FootnoteError as error:
        yield Piece(source.name, None, error)
        return
    seen: dict[str, str] = {}
    for part in _parts(data, source.name, kind, parser):
        name = f"{source.name}#{part.inner}" if part.inner else source.name
        if part.error is not None or part.loaded is None:
            yield Piece(name, None, part.error)
            continue
        try:
            document = _document(part, source, name, kind)
            if document.id in seen:
                raise ConflictError(
                    f"It would have the id {document.id}, which {seen[document.id]} has. Rename "
                    "one of the two, or give ids."
                )
        except FootnoteError as error:
            yield Piece(name, None, error)
            continue
        seen[document.id] = name
        yield Piece(name, document)


def _parts(data: bytes, name: str, kind: Format, parser: Parser) -> Iterator[Part]:
    if kind.apart:
        yield from parser.parts(data, name, kind)
        return
    for leaf in leaves(data, name, kind, parser.limits):
        yield from leaf.parts()


def _document(part: Part, source: _Source, name: str, kind: Format) -> SourceDocument:
    """Return the document of a part, with what was given about the file."""
    assert part.loaded is not None  # noqa: S101  # the caller saw to that
    loaded, given = part.loaded, source.given
    file: PurePosixPath | None = source.file
    origin = source.origin
    if part.inner:
        inner = PurePosixPath(*(each for each in part.inner.split("/") if each not in ("", ".")))
        if origin is not None:
            origin = f"{origin}#{part.inner}"
        is_line = part.media_type in JSON_LINES.media_types  # known by what it says, as over HTTP
        if loaded.id is None and not is_line:
            stem = given["id"] or document_id(source.file)
            identifier = checked_id(slug(f"{stem}/{inner.with_suffix('')}") or stem)
            loaded = replace(loaded, id=identifier)
        given = _for_several(given, loaded)
        file = None if is_line else inner
    elif loaded.id is None and given["id"] is None and _is_address(origin):
        loaded = replace(loaded, id=id_from_url(origin or ""))  # what a server calls it says little
    loaded = with_given(loaded, given)
    return make_document(
        loaded,
        name=name,
        file=file,
        origin=origin,
        media_type=part.media_type or kind.media_types[0],
    )


def _is_address(origin: str | None) -> bool:
    return (origin or "").startswith(("http://", "https://"))


def _for_several(given: Fields, loaded: object) -> Fields:
    """Return what was given about a file as far as it holds for one document of several."""
    kept = Fields(**given)
    kept["id"] = None
    for name in ("title", "url", "published_at"):
        if getattr(loaded, name) is not None:
            kept[name] = None
    return kept
