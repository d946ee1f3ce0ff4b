"""What the catalog tells about documents and their revisions. Reads only."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Engine, Row, Select, func, select

from index.catalog import schema
from index.catalog.engine import aware, translated
from index.errors import NotFoundError
from index.model import DocumentSummary, Filters, Revision

_DOCUMENTS, _REVISIONS = schema.documents, schema.revisions
_CURRENT = _DOCUMENTS.join(_REVISIONS, _DOCUMENTS.c.revision == _REVISIONS.c.key)
_SHOWN = ("current", "superseded", "archived")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list, and how long the whole list is."""

    items: tuple[T, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What readers can find."""

    documents: int
    passages: int
    sentences: int


@dataclass(frozen=True, slots=True)
class Stored:
    """The current revision of a document, as ingestion compares it with what comes in."""

    key: int
    sha: str
    title: str
    source: str | None
    url: str | None
    language: str | None
    published_at: Any
    origin: str | None
    media_type: str | None
    pages: Any
    provenance: Any


@dataclass(frozen=True, slots=True)
class Allowed:
    """The current revisions that pass a filter, and how many sentences they have."""

    revisions: frozenset[int]
    sentences: int


class Documents:
    """Reads documents and revisions. Safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def stored(self, document_ids: Collection[str]) -> dict[str, Stored]:
        """Return what is stored of those of the documents that there are, by id."""
        columns = [_REVISIONS.c[column.name] for column in fields(Stored)]
        statement = select(_DOCUMENTS.c.id, *columns).select_from(_CURRENT)
        statement = statement.where(_DOCUMENTS.c.id.in_(document_ids))
        with translated(self._engine), self._engine.connect() as connection:
            rows = connection.execute(statement).all()
        return {row[0]: Stored(*row[1:]) for row in rows}

    def summary(self, document_id: str) -> DocumentSummary:
        """Return a document's line in the list. Raises NotFoundError."""
        row = self._first(_summaries().where(_DOCUMENTS.c.id == document_id))
        if row is None:
            raise _no_document(document_id)
        return _summary(row)

    def page(self, *, offset: int, limit: int) -> Page[DocumentSummary]:
        """Return the documents from ``offset`` on, in the order of their ids."""
        statement = _summaries().order_by(_DOCUMENTS.c.id).offset(offset).limit(limit)
        with translated(self._engine), self._engine.connect() as connection:
            rows = connection.execute(statement).all()
            total = connection.execute(select(func.count()).select_from(_DOCUMENTS)).scalar_one()
        return Page(tuple(map(_summary, rows)), total)

    def counts(self) -> Counts:
        """Count documents, passages and sentences."""
        row = self._first(
            select(
                func.count(),
                func.coalesce(func.sum(_REVISIONS.c.passages), 0),
                func.coalesce(func.sum(_REVISIONS.c.sentences), 0),
            ).select_from(_CURRENT)
        )
        return Counts(*map(int, row)) if row is not None else Counts(0, 0, 0)

    def revision(self, document_id: str, sha: str | None = None) -> Revision:
        """Return the current revision, or the newest one with ``sha``. Raises NotFoundError."""
        statement = _revisions(document_id)
        if sha is None:
            statement = statement.where(_DOCUMENTS.c.revision == _REVISIONS.c.key)
        else:
            statement = statement.where(_REVISIONS.c.sha == sha)
        row = self._first(statement.limit(1))
        if row is None:
            raise _no_document(document_id, sha)
        return _revision(row)

    def revisions(self, document_id: str) -> list[Revision]:
        """Return a document's revisions, newest first. Raises NotFoundError."""
        with translated(self._engine), self._engine.connect() as connection:
            rows = connection.execute(_revisions(document_id)).all()
        if not rows:
            raise _no_document(document_id)
        return [_revision(row) for row in rows]

    def read_span(self, document_id: str, sha: str, start: int, end: int) -> str:
        """Return the stored text from ``start`` to ``end``. Raises NotFoundError."""
        part = func.substr(_REVISIONS.c.text, start + 1, end - start)
        row = self._first(
            select(part)
            .where(
                _REVISIONS.c.document_id == document_id,
                _REVISIONS.c.sha == sha,
                _REVISIONS.c.state.in_(_SHOWN),
            )
            .limit(1)
        )
        if row is None:
            raise _no_document(document_id, sha)
        return str(row[0])

    def allowed(self, filters: Filters) -> Allowed:
        """Return the current revisions that pass ``filters``."""
        statement = select(_REVISIONS.c.key, _REVISIONS.c.sentences).select_from(_CURRENT)
        with translated(self._engine), self._engine.connect() as connection:
            rows = connection.execute(statement.where(*_conditions(filters))).all()
        return Allowed(frozenset(row[0] for row in rows), sum(row[1] for row in rows))

    def current_keys(self) -> list[int]:
        """Return the keys of all current revisions."""
        with translated(self._engine), self._engine.connect() as connection:
            return list(connection.execute(select(_DOCUMENTS.c.revision)).scalars())

    def _first(self, statement: Select[Any]) -> Row[Any] | None:
        with translated(self._engine), self._engine.connect() as connection:
            return connection.execute(statement).first()


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.document_ids:
        conditions.append(_DOCUMENTS.c.id.in_(filters.document_ids))
    if filters.sources:
        conditions.append(_REVISIONS.c.source.in_(filters.sources))
    # A comparison with NULL is not true, so an undated document passes no date filter.
    if filters.published_from is not None:
        conditions.append(_REVISIONS.c.published_at >= filters.published_from)
    if filters.published_to is not None:
        conditions.append(_REVISIONS.c.published_at <= filters.published_to)
    return conditions


def _summaries() -> Select[Any]:
    return select(
        _DOCUMENTS.c.id,
        _DOCUMENTS.c.created_at,
        _DOCUMENTS.c.updated_at,
        _REVISIONS.c.sha,
        _REVISIONS.c.title,
        _REVISIONS.c.source,
        _REVISIONS.c.url,
        _REVISIONS.c.language,
        _REVISIONS.c.published_at,
        _REVISIONS.c.origin,
        _REVISIONS.c.characters,
        _REVISIONS.c.passages,
        _REVISIONS.c.media_type,
        _REVISIONS.c.provenance,
    ).select_from(_CURRENT)


def _summary(row: Row[Any]) -> DocumentSummary:
    return DocumentSummary(
        id=row.id,
        revision=row.sha,
        title=row.title,
        source=row.source,
        url=row.url,
        language=row.language,
        published_at=row.published_at,
        origin=row.origin,
        characters=row.characters,
        passages=row.passages,
        created_at=aware(row.created_at),
        updated_at=aware(row.updated_at),
        media_type=row.media_type,
        provenance=row.provenance or {},
    )


def _revisions(document_id: str) -> Select[Any]:
    return (
        select(_REVISIONS, (_DOCUMENTS.c.revision == _REVISIONS.c.key).label("current"))
        .join_from(_REVISIONS, _DOCUMENTS, _REVISIONS.c.document_id == _DOCUMENTS.c.id)
        .where(_DOCUMENTS.c.id == document_id, _REVISIONS.c.state.in_(_SHOWN))
        .order_by(_REVISIONS.c.key.desc())
    )


def _revision(row: Row[Any]) -> Revision:
    return Revision(
        document_id=row.document_id,
        sha=row.sha,
        text=row.text,
        title=row.title,
        source=row.source,
        url=row.url,
        language=row.language,
        published_at=row.published_at,
        origin=row.origin,
        created_at=aware(row.created_at),
        current=bool(row.current),
        media_type=row.media_type,
        pages=tuple(row.pages or ()),
        provenance=row.provenance or {},
    )


def _no_document(document_id: str, sha: str | None = None) -> NotFoundError:
    if sha is None:
        return NotFoundError(f"There is no document {document_id!r}.")
    return NotFoundError(f"Document {document_id!r} has no revision {sha!r}.")
