"""What synchronisation has brought in: by root and item, the documents and what they were like.

Only keeps the record; what follows from it is the planner's to say.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, delete, insert, select

from index.catalog import schema
from index.catalog.engine import translated

_SYNCED, _DOCUMENTS = schema.synced, schema.documents
_NOTHING = ""
_PART = 500


@dataclass(frozen=True, slots=True)
class Synced:
    """An item of a root as it was when it was last brought in.

    Attributes:
        item: what it is called in its root: a relative path, or an address.
        documents: the documents that came of it.
        fingerprint: JSON values that tell whether it has changed.
        is_whole: whether all of its documents are still there.
    """

    item: str
    documents: tuple[str, ...]
    fingerprint: Mapping[str, Any]
    is_whole: bool = True


class SyncedItems:
    """Reads and writes the record. Safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def roots(self) -> list[str]:
        """Return all roots, sorted."""
        with translated(self._engine), self._engine.connect() as connection:
            found = connection.execute(select(_SYNCED.c.root).distinct()).scalars()
            return sorted(found)

    def of(self, root: str) -> dict[str, Synced]:
        """Return the items of a root, by name."""
        statement = (
            select(_SYNCED.c.item, _SYNCED.c.document_id, _SYNCED.c.fingerprint, _DOCUMENTS.c.id)
            .join_from(_SYNCED, _DOCUMENTS, _SYNCED.c.document_id == _DOCUMENTS.c.id, isouter=True)
            .where(_SYNCED.c.root == root)
        )
        found: dict[str, Synced] = {}
        with translated(self._engine), self._engine.connect() as connection:
            for item, document_id, fingerprint, there in connection.execute(statement):
                before = found.get(item)
                documents: tuple[str, ...] = (document_id,) if document_id != _NOTHING else ()
                whole = there is not None or document_id == _NOTHING
                if before is not None:
                    documents += before.documents
                    whole = whole and before.is_whole
                found[item] = Synced(item, documents, fingerprint, whole)
        return found

    def put(self, items: Collection[Synced], *, root: str) -> None:
        """Record items as they are now, in place of what was recorded of them."""
        rows = [
            {
                "root": root,
                "item": each.item,
                "document_id": document_id,
                "fingerprint": dict(each.fingerprint),
            }
            for each in items
            for document_id in dict.fromkeys(each.documents or (_NOTHING,))
        ]
        if not rows:
            return
        with translated(self._engine), self._engine.begin() as connection:
            for each in items:
                of_item = (_SYNCED.c.root == root, _SYNCED.c.item == each.item)
                connection.execute(delete(_SYNCED).where(*of_item))
            connection.execute(insert(_SYNCED), rows)

    def forget(self, root: str, item: str, document_id: str | None = None) -> None:
        """Take an item off the record, or only one of its documents."""
        of_item = [_SYNCED.c.root == root, _SYNCED.c.item == item]
        if document_id is not None:
            of_item.append(_SYNCED.c.document_id == document_id)
        with translated(self._engine), self._engine.begin() as connection:
            connection.execute(delete(_SYNCED).where(*of_item))

    def held_elsewhere(self, document_ids: Collection[str], *, root: str, item: str) -> set[str]:
        """Return those of the documents that another item, or another root, brought in too."""
        wanted, found = list(document_ids), set[str]()
        elsewhere = (_SYNCED.c.root != root) | (_SYNCED.c.item != item)
        with translated(self._engine), self._engine.connect() as connection:
            for start in range(0, len(wanted), _PART):
                part = _SYNCED.c.document_id.in_(wanted[start : start + _PART])
                statement = select(_SYNCED.c.document_id).where(part, elsewhere).distinct()
                found.update(connection.execute(statement).scalars())
        return found
