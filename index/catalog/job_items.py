"""The rows of a job: what it was given, and what became of each document that came out of it.

The row with piece 0 is what was given (a file, a text, an address, a folder). One that turns out to
hold several documents is *unpacked*: its documents have rows of their own, and it counts no more.
Says nothing of a job as a whole.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from index.catalog import schema
from index.model import Change

ItemState: TypeAlias = Literal["waiting", "done", "failed", "cancelled", "unpacked"]
ItemChange: TypeAlias = Change | Literal["removed", "passed_over"]

_ITEMS = schema.job_items
_COUNTED = _ITEMS.c.state != "unpacked"


@dataclass(frozen=True, slots=True)
class Given:
    """What a job is given to do. ``work`` is JSON; ``spooled`` names the file that waits for it."""

    position: int
    name: str | None
    work: Mapping[str, Any]
    spooled: str | None = None


@dataclass(frozen=True, slots=True)
class JobItem:
    """What became of one document: a change, or code and message of the error.

    One that was passed over has both.
    """

    position: int
    piece: int
    name: str | None
    state: ItemState
    document_id: str | None = None
    change: ItemChange | None = None
    code: str | None = None
    message: str | None = None


def add(connection: Connection, job_id: str, items: Sequence[Given]) -> None:
    """Record what a job is given."""
    rows = [
        {
            "job_id": job_id,
            "position": item.position,
            "piece": 0,
            "state": "waiting",
            "name": item.name,
            "work": dict(item.work),
            "spooled": item.spooled,
        }
        for item in items
    ]
    if rows:
        connection.execute(insert(_ITEMS), rows)


def waiting(connection: Connection, job_id: str) -> list[Given]:
    """Return what of a job is still to do, in its order."""
    columns = select(_ITEMS.c.position, _ITEMS.c.name, _ITEMS.c.work, _ITEMS.c.spooled)
    of_job = columns.where(
        _ITEMS.c.job_id == job_id, _ITEMS.c.piece == 0, _ITEMS.c.state == "waiting"
    )
    return [Given(*row) for row in connection.execute(of_job.order_by(_ITEMS.c.position))]


def record(connection: Connection, job_id: str, items: Iterable[JobItem]) -> None:
    """Write what became of documents; a row that is there already is replaced.

    Whatever waited for an item that is no longer waiting is let go.
    """
    for item in items:
        of_item = (
            _ITEMS.c.job_id == job_id,
            _ITEMS.c.position == item.position,
            _ITEMS.c.piece == item.piece,
        )
        values = {
            "state": item.state,
            "name": item.name,
            "document_id": item.document_id,
            "change": item.change,
            "code": item.code,
            "message": item.message,
            "spooled": None,
            "work": None,
        }
        if connection.execute(update(_ITEMS).where(*of_item).values(values)).rowcount == 0:
            key = {"job_id": job_id, "position": item.position, "piece": item.piece}
            connection.execute(insert(_ITEMS).values(key | values))


def settled(connection: Connection, job_id: str) -> list[JobItem]:
    """Return every row of a job that waits no more."""
    return _rows(connection, (_ITEMS.c.job_id == job_id, _ITEMS.c.state != "waiting"))


def page(
    connection: Connection, job_id: str, *, offset: int, limit: int, failed: bool
) -> tuple[list[JobItem], int]:
    """Return some of a job's rows, in their order, and how many there are."""
    conditions = [_ITEMS.c.job_id == job_id, _ITEMS.c.state == "failed" if failed else _COUNTED]
    counting = select(func.count()).select_from(_ITEMS).where(*conditions)
    total = connection.execute(counting).scalar_one()
    return _rows(connection, conditions, offset=offset, limit=limit), total


def counts(connection: Connection, job_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Count each job's rows by what became of them: a change, or else the state."""
    outcome = func.coalesce(_ITEMS.c.change, _ITEMS.c.state)
    statement = (
        select(_ITEMS.c.job_id, outcome, func.count())
        .where(_ITEMS.c.job_id.in_(job_ids), _COUNTED)
        .group_by(_ITEMS.c.job_id, outcome)
    )
    found: dict[str, dict[str, int]] = {job_id: {} for job_id in job_ids}
    for job_id, name, number in connection.execute(statement):
        found[job_id][name] = number
    return found


def cancel(connection: Connection, job_id: str) -> list[str]:
    """Let go what of a job still waits; return the names of the files that waited for it."""
    of_job = (_ITEMS.c.job_id == job_id, _ITEMS.c.state == "waiting")
    files = connection.execute(select(_ITEMS.c.spooled).where(*of_job)).scalars()
    names = [name for name in files if name is not None]
    values = {"state": "cancelled", "spooled": None, "work": None}
    connection.execute(update(_ITEMS).where(*of_job).values(values))
    return names


def forget(connection: Connection, job_ids: Sequence[str]) -> None:
    """Delete the rows of jobs."""
    connection.execute(delete(_ITEMS).where(_ITEMS.c.job_id.in_(job_ids)))


def spooled(connection: Connection) -> set[str]:
    """Return the names of all files that some job waits for."""
    names = connection.execute(select(_ITEMS.c.spooled).where(_ITEMS.c.spooled.is_not(None)))
    return set(names.scalars())


def _rows(
    connection: Connection,
    conditions: Sequence[ColumnElement[bool]],
    *,
    offset: int = 0,
    limit: int | None = None,
) -> list[JobItem]:
    columns = [_ITEMS.c[name] for name in JobItem.__dataclass_fields__]
    statement = select(*columns).where(*conditions)
    ordered = statement.order_by(_ITEMS.c.position, _ITEMS.c.piece).offset(offset).limit(limit)
    return [JobItem(*row) for row in connection.execute(ordered)]
