"""Revisions made anew by another embedding model or passage maker, beside those that answer.

Each has a key of its own, the state ``remade`` and the key of the revision it is to take the place
of; no reader sees it. ``switch`` puts all of them in place in one transaction. One whose original
was replaced or deleted meanwhile is stale, and is cleared away like anything interrupted.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from index.catalog import facts, schema
from index.catalog.engine import translated
from index.catalog.live import LiveRevisions
from index.catalog.revisions import Draft, passage_rows, revision_values
from index.model import SourceDocument

STAMP, GENERATION, DISCARDED, REMAKE = "stamp", "generation", "discarded", "remake"

_DOCUMENTS, _REVISIONS, _PASSAGES = schema.documents, schema.revisions, schema.passages
_REMADE = _REVISIONS.c.state == "remade"
_ORIGINALS = _REVISIONS.join(_DOCUMENTS, _DOCUMENTS.c.revision == _REVISIONS.c.remade_from)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is made beside the index: with which parts, in the stores of which generation.

    ``ready`` says that it was complete at some moment, so that little is missing.
    """

    stamp: str
    generation: int
    ready: bool = False


@dataclass(frozen=True, slots=True)
class Original:
    """A current revision that is to be made anew."""

    key: int
    document: SourceDocument
    sha: str
    created_at: dt.datetime


class Remakes:
    """Reads and changes what is made beside the index. One process does so at a time."""

    def __init__(self, engine: Engine, live: LiveRevisions) -> None:
        self._engine = engine
        self._live = live

    def plan(self) -> Plan | None:
        """Return what is being made beside the index, None where nothing is."""
        found = self._fact(REMAKE)
        return None if found is None else Plan(**found)

    def generation(self) -> int:
        """Return which generation of the stores answers."""
        return int(self._fact(GENERATION) or 0)

    def discarded(self) -> int | None:
        """Return the generation whose stores are still to be thrown away, if there is one."""
        found = self._fact(DISCARDED)
        return None if found is None else int(found)

    def forget_discarded(self) -> None:
        """Record that those stores are gone."""
        with translated(self._engine), self._engine.begin() as connection:
            facts.write(connection, DISCARDED, None)

    def begin(self, stamp: str) -> Plan:
        """Return the plan for ``stamp``: the one that was interrupted, or a new one."""
        plan = self.plan()
        if plan is not None and plan.stamp == stamp:
            return plan
        return Plan(stamp, max(self.generation(), plan.generation if plan else 0) + 1)

    def save(self, plan: Plan) -> None:
        """Record the plan, and drop what was made under another."""
        with translated(self._engine), self._engine.begin() as connection:
            facts.write(connection, REMAKE, asdict(plan))
            _drop(connection, _REMADE & (_REVISIONS.c.stamp != plan.stamp))

    def abandon(self) -> None:
        """Drop the plan and all that was made under it."""
        with translated(self._engine), self._engine.begin() as connection:
            facts.write(connection, REMAKE, None)
            _drop(connection, _REMADE)

    def todo(self) -> list[int]:
        """Return the keys of the current revisions that are still to be made anew."""
        made = select(_REVISIONS.c.remade_from).where(_REMADE)
        current = _DOCUMENTS.c.revision
        with translated(self._engine), self._engine.connect() as connection:
            done = set(connection.execute(made).scalars())
            return [key for key in connection.execute(select(current)).scalars() if key not in done]

    def made(self) -> list[int]:
        """Return the keys of what is made and not stale."""
        statement = select(_REVISIONS.c.key).select_from(_ORIGINALS).where(_REMADE)
        with translated(self._engine), self._engine.connect() as connection:
            return list(connection.execute(statement).scalars())

    def originals(self, keys: Sequence[int]) -> list[Original]:
        """Return those of the revisions that there still are."""
        statement = select(_REVISIONS).where(_REVISIONS.c.key.in_(keys))
        with translated(self._engine), self._engine.connect() as connection:
            return [
                Original(row.key, _document(row), row.sha, row.created_at)
                for row in connection.execute(statement)
            ]

    def add(self, made: Sequence[tuple[Original, Draft]], stamp: str) -> list[int | None]:
        """Store drafts; return their keys, None where the original is no longer current."""
        values = [
            revision_values(draft, stamp)
            | {"state": "remade", "remade_from": each.key, "created_at": each.created_at}
            for each, draft in made
        ]
        new = insert(_REVISIONS).returning(_REVISIONS.c.key, sort_by_parameter_order=True)
        with translated(self._engine), self._engine.begin() as connection:
            keys = list(connection.execute(new, values).scalars()) if values else []
            # Looked up after the first write, which keeps other writers of SQLite out.
            wanted = _with_original(connection, keys)
            stale = [key for key in keys if key not in wanted]
            connection.execute(delete(_REVISIONS).where(_REVISIONS.c.key.in_(stale)))
            rows = [
                row
                for key, (_original, draft) in zip(keys, made, strict=True)
                if key in wanted
                for row in passage_rows(key, draft.document.text, draft.passages, draft.vectors)
            ]
            if rows:
                connection.execute(insert(_PASSAGES), rows)
        return [key if key in wanted else None for key in keys]

    def switch(self, plan: Plan) -> None:
        """Let what was made answer from now on. Only while no document changes, and none lacks."""
        pairs = select(_REVISIONS.c.remade_from, _REVISIONS.c.key).select_from(_ORIGINALS)
        document, key = _DOCUMENTS.c.revision, _REVISIONS.c.key
        former = self.generation()
        with translated(self._engine), self._engine.begin() as connection:
            rows = connection.execute(pairs.where(_REMADE)).all()
            changes = [{"old": old, "new": new} for old, new in rows]
            if changes:
                one = update(_DOCUMENTS).where(document == bindparam("old"))
                connection.execute(one.values(revision=bindparam("new")), changes)
                one = update(_REVISIONS).where(key == bindparam("old"))
                connection.execute(one.values(state="superseded"), changes)
                one = update(_REVISIONS).where(key == bindparam("new"))
                connection.execute(one.values(state="current", remade_from=None), changes)
            for name, value in (
                (STAMP, plan.stamp),
                (GENERATION, plan.generation),
                (DISCARDED, former),
                (REMAKE, None),
            ):
                facts.write(connection, name, value)
        self._live.change(added=[row[1] for row in rows], removed=[row[0] for row in rows])

    def count_current(self) -> int:
        """Return how many revisions there are to be made anew in all."""
        with translated(self._engine), self._engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(_DOCUMENTS)).scalar_one()

    def _fact(self, name: str) -> Any:
        with translated(self._engine), self._engine.connect() as connection:
            return facts.read(connection, name)


def _with_original(connection: Connection, keys: Collection[int]) -> set[int]:
    statement = select(_REVISIONS.c.key).select_from(_ORIGINALS).where(_REVISIONS.c.key.in_(keys))
    return set(connection.execute(statement).scalars())


def _drop(connection: Connection, which: ColumnElement[bool]) -> None:
    keys = select(_REVISIONS.c.key).where(which)
    connection.execute(delete(_PASSAGES).where(_PASSAGES.c.revision.in_(keys)))
    connection.execute(delete(_REVISIONS).where(which))


def _document(row: Any) -> SourceDocument:
    return SourceDocument(
        id=row.document_id,
        text=row.text,
        title=row.title,
        source=row.source,
        url=row.url,
        language=row.language,
        published_at=row.published_at,
        origin=row.origin,
        media_type=row.media_type,
        pages=tuple(row.pages or ()),
        provenance=row.provenance or {},
    )
