"""The life of a revision, each step one transaction.

``pending`` (being written to the other stores) → ``current`` (what readers see) → ``superseded``
(replaced, still in the other stores) → ``archived`` (only its text is kept, so that an old citation
still opens). A deleted document's revisions are ``deleted`` until the other stores have forgotten
them, then gone. Whatever is found pending, superseded or deleted at a start was interrupted. What
is made anew beside the index is ``remade`` (``remakes``).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, update

from index.catalog import copies, schema
from index.catalog.documents import Stored
from index.catalog.engine import now, translated
from index.catalog.live import LiveRevisions
from index.catalog.packing import pack_spans, pack_vectors, passage_key
from index.errors import NotFoundError
from index.language import DETECTED
from index.model import Matrix, Passage, SourceDocument

_DOCUMENTS, _REVISIONS, _PASSAGES = schema.documents, schema.revisions, schema.passages


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A revision ready to be stored. ``vectors`` has a row for each sentence, in text order."""

    document: SourceDocument
    sha: str
    passages: Sequence[Passage]
    vectors: Matrix

    @property
    def sentences(self) -> int:
        """The number of sentences in all passages."""
        return sum(len(passage.sentences) for passage in self.passages)


@dataclass(frozen=True, slots=True)
class Leftovers:
    """Revisions whose last change was interrupted, by the state they were left in."""

    pending: tuple[int, ...]
    superseded: tuple[int, ...]
    deleted: tuple[int, ...]

    def all(self) -> tuple[int, ...]:
        """Return the keys of all of them."""
        return self.pending + self.superseded + self.deleted


class Revisions:
    """Changes revisions. One writer at a time: the library sees to that."""

    def __init__(self, engine: Engine, live: LiveRevisions) -> None:
        self._engine = engine
        self._live = live

    def stage(self, drafts: Sequence[Draft], stamp: str) -> list[int]:
        """Store new revisions that no reader sees yet; return their keys."""
        keys: list[int] = []
        with translated(self._engine), self._engine.begin() as connection:
            if drafts:
                new = insert(_REVISIONS).returning(_REVISIONS.c.key, sort_by_parameter_order=True)
                values = [revision_values(draft, stamp) for draft in drafts]
                keys.extend(connection.execute(new, values).scalars())
            rows = [
                row
                for key, draft in zip(keys, drafts, strict=True)
                for row in passage_rows(key, draft.document.text, draft.passages, draft.vectors)
            ]
            if rows:
                connection.execute(insert(_PASSAGES), rows)
        return keys

    def publish(
        self, keys: Sequence[int], samples: Mapping[str, Sequence[int]] | None = None
    ) -> list[int]:
        """Make pending revisions the current ones; return the keys of those they replace.

        ``samples`` are of their texts, by document id, to find copies by (see ``copies``).
        """
        with translated(self._engine), self._engine.begin() as connection:
            replaced = _make_current(connection, keys)
            copies.record(connection, samples or {})
            _set_state(connection, keys, "current")
            _set_state(connection, replaced, "superseded")
        self._live.change(added=keys, removed=replaced)
        return replaced

    def remove(self, document_id: str) -> list[int]:
        """Take a document away from readers and wipe its texts; return its revisions' keys.

        Raises:
            NotFoundError: there is no such document.
        """
        of_document = _REVISIONS.c.document_id == document_id
        with translated(self._engine), self._engine.begin() as connection:
            statement = delete(_DOCUMENTS).where(_DOCUMENTS.c.id == document_id)
            if connection.execute(statement).rowcount == 0:
                raise NotFoundError(f"There is no document {document_id!r}.")
            copies.forget(connection, document_id)
            keys = list(connection.execute(select(_REVISIONS.c.key).where(of_document)).scalars())
            connection.execute(
                update(_REVISIONS).where(of_document).values(state="deleted", text="")
            )
        self._live.change(removed=keys)
        return keys

    def archive(self, keys: Collection[int]) -> None:
        """Drop the passages of superseded revisions. A text that a later revision has goes too."""
        later = _REVISIONS.alias()
        repeated = (
            select(later.c.key)
            .where(
                later.c.document_id == _REVISIONS.c.document_id,
                later.c.sha == _REVISIONS.c.sha,
                later.c.key > _REVISIONS.c.key,
                later.c.state.in_(("current", "archived")),
            )
            .exists()
        )
        with translated(self._engine), self._engine.begin() as connection:
            for part in _parts(keys):
                of_part = _REVISIONS.c.key.in_(part)
                connection.execute(delete(_PASSAGES).where(_PASSAGES.c.revision.in_(part)))
                connection.execute(delete(_REVISIONS).where(of_part, repeated))
            _set_state(connection, keys, "archived")

    def purge(self, keys: Collection[int]) -> None:
        """Remove every trace of revisions that were deleted or never became current."""
        with translated(self._engine), self._engine.begin() as connection:
            for part in _parts(keys):
                connection.execute(delete(_PASSAGES).where(_PASSAGES.c.revision.in_(part)))
                connection.execute(delete(_REVISIONS).where(_REVISIONS.c.key.in_(part)))

    def leftovers(self) -> Leftovers:
        """Return the revisions whose last change was interrupted."""
        statement = select(_REVISIONS.c.key, _REVISIONS.c.state).where(
            _REVISIONS.c.state.in_(("pending", "superseded", "deleted"))
        )
        current = select(_DOCUMENTS.c.revision)
        stale = select(_REVISIONS.c.key).where(
            _REVISIONS.c.state == "remade", _REVISIONS.c.remade_from.not_in(current)
        )
        with translated(self._engine), self._engine.connect() as connection:
            rows = connection.execute(statement).all()
            found = {
                state: tuple(key for key, its in rows if its == state)
                for state in ("pending", "superseded", "deleted")
            }
            found["pending"] += tuple(connection.execute(stale).scalars())
        return Leftovers(**found)

    def note(self, stored: Stored, document: SourceDocument) -> None:
        """Record what a document tells of itself that makes no new revision of the same text.

        A document that states no format came without a file, and takes nothing away.
        """
        values: dict[str, object] = {}
        if document.origin not in (None, stored.origin):
            values["origin"] = document.origin
        if document.media_type is not None:
            told = _told(document)
            if (stored.provenance or {}).get("language") == DETECTED:
                told["provenance"] = {**document.provenance, "language": DETECTED}
            values |= {name: told[name] for name in told if told[name] != getattr(stored, name)}
        if not values:
            return
        its = (_REVISIONS.c.key == stored.key) | (_REVISIONS.c.remade_from == stored.key)
        with translated(self._engine), self._engine.begin() as connection:
            connection.execute(update(_REVISIONS).where(its).values(values))

    def without_language(self, keys: Collection[int]) -> Iterator[tuple[int, str]]:
        """Yield key and text of those of the revisions that have no language, some at a time."""
        columns = select(_REVISIONS.c.key, _REVISIONS.c.text)
        for part in _parts(keys, size=50):
            of_part = _REVISIONS.c.key.in_(part) & _REVISIONS.c.language.is_(None)
            with translated(self._engine), self._engine.connect() as connection:
                rows = connection.execute(columns.where(of_part)).all()
            yield from ((key, text) for key, text in rows)

    def set_detected(self, languages: Mapping[int, str]) -> None:
        """Record the languages of revisions that state none, by their keys."""
        columns = select(_REVISIONS.c.key, _REVISIONS.c.provenance)
        with translated(self._engine), self._engine.begin() as connection:
            for part in _parts(languages):
                rows = connection.execute(columns.where(_REVISIONS.c.key.in_(part))).all()
                values = [
                    {
                        "the_key": key,
                        "language": languages[key],
                        "provenance": {**(provenance or {}), "language": DETECTED},
                    }
                    for key, provenance in rows
                ]
                one = update(_REVISIONS).where(_REVISIONS.c.key == bindparam("the_key"))
                connection.execute(one, values)


def revision_values(draft: Draft, stamp: str) -> dict[str, object]:
    """Return the columns of a pending revision."""
    document = draft.document
    return {
        "document_id": document.id,
        "sha": draft.sha,
        "state": "pending",
        "stamp": stamp,
        "characters": len(document.text),
        "passages": len(draft.passages),
        "sentences": draft.sentences,
        "language": document.language,
        "published_at": document.published_at,
        "created_at": now(),
        "source": document.source,
        "url": document.url,
        "origin": document.origin,
        "title": document.title,
        **_told(document),
        "text": document.text,
    }


def _told(document: SourceDocument) -> dict[str, object]:
    return {
        "media_type": document.media_type,
        "provenance": dict(document.provenance) or None,
        "pages": list(document.pages) or None,
    }


def passage_rows(
    revision: int, text: str, passages: Sequence[Passage], vectors: Matrix
) -> Iterator[dict[str, object]]:
    """Yield the columns of a revision's passages."""
    row = 0
    for passage in passages:
        after = row + len(passage.sentences)
        yield {
            "key": passage_key(revision, passage.number),
            "revision": revision,
            "start": passage.start,
            "end": passage.end,
            "heading": passage.heading,
            "spans": pack_spans(passage.sentences),
            "text": text[passage.start : passage.end],
            "vectors": pack_vectors(vectors[row:after]),
        }
        row = after


def _make_current(connection: Connection, keys: Collection[int]) -> list[int]:
    """Point documents at their new revisions, making them if need be; return what was there."""
    moment = now()
    revision, document = _REVISIONS.c, _DOCUMENTS.c
    joined = _REVISIONS.outerjoin(_DOCUMENTS, document.id == revision.document_id)
    columns = select(revision.key, revision.document_id, document.revision).select_from(joined)
    replaced: list[int] = []
    new: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    for part in _parts(keys):
        for key, document_id, former in connection.execute(columns.where(revision.key.in_(part))):
            if former is None:
                times = {"created_at": moment, "updated_at": moment}
                new.append({"id": document_id, "revision": key, **times})
            else:
                replaced.append(former)
                changed.append({"the_id": document_id, "revision": key, "updated_at": moment})
    if new:
        connection.execute(insert(_DOCUMENTS), new)
    if changed:
        one = update(_DOCUMENTS).where(document.id == bindparam("the_id"))
        connection.execute(one, changed)
    return replaced


def _set_state(connection: Connection, keys: Collection[int], state: str) -> None:
    for part in _parts(keys):
        of_part = _REVISIONS.c.key.in_(part)
        connection.execute(update(_REVISIONS).where(of_part).values(state=state))


def _parts(keys: Collection[int], size: int = 500) -> list[list[int]]:
    """Cut a list of keys so that each part fits into one statement."""
    ordered = list(keys)
    return [ordered[i : i + size] for i in range(0, len(ordered), size)]
