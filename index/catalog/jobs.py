"""The catalog of jobs: long work, how far it has come, and what became of each document.

Only keeps the record, so that another process can go on where this one stopped; who does the work
is no concern of this module.
"""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from sqlalchemy import Connection, Engine, Row, Select, delete, func, insert, select, update

from index.catalog import job_items, schema
from index.catalog.engine import aware, now, translated
from index.catalog.job_items import Given, JobItem
from index.errors import NotFoundError

JobState: TypeAlias = Literal["queued", "running", "done", "failed", "cancelled"]
FINAL: tuple[JobState, ...] = ("done", "failed", "cancelled")
MOST_KEPT = 1000
KEPT_DAYS = 30

_JOBS = schema.jobs
_PART = 500


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of long work.

    Attributes:
        id: its name for programs.
        kind: what sort of work it is.
        name: what it works on, for people.
        state: ``queued``, ``running``, or how it ended.
        cancelling: whether it was asked to stop and has not done so yet.
        total: documents in all, as far as known.
        done: documents dealt with, failed ones included.
        counts: how many were ``added``, ``replaced``, ``unchanged``, ``removed``, ``failed`` or
            ``cancelled``, and how many are ``waiting``.
        error: why it failed.
        created_at: when it was asked for.
        started_at: when it was begun first.
        finished_at: when it ended.
    """

    id: str
    kind: str
    name: str | None
    state: JobState
    cancelling: bool
    total: int | None
    done: int
    error: str | None
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    counts: Mapping[str, int] = field(default_factory=dict)


class Jobs:
    """Creates, changes and reads jobs. Safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(self, kind: str, *, name: str | None = None, items: Sequence[Given] = ()) -> Job:
        """Record a new job in state ``queued``, with what it is given to do."""
        job_id = f"job_{secrets.token_hex(8)}"
        values = {
            "id": job_id,
            "kind": kind,
            "name": name,
            "state": "queued",
            "cancelling": False,
            "total": len(items),
            "done": 0,
            "skipped": 0,
            "created_at": now(),
        }
        with translated(self._engine), self._engine.begin() as connection:
            connection.execute(insert(_JOBS).values(values))
            job_items.add(connection, job_id, items)
        return self.get(job_id)

    def start(self, job_id: str) -> Job:
        """Mark a job as running, unless it ended or was cancelled. Raises NotFoundError."""
        moment = func.coalesce(_JOBS.c.started_at, now())
        self._change(job_id, {"state": "running", "started_at": moment})
        return self.get(job_id)

    def record(
        self,
        job_id: str,
        items: Sequence[JobItem] = (),
        *,
        total: int | None = None,
        skipped: int | None = None,
    ) -> None:
        """Write what became of documents, and how far the job is.

        Args:
            job_id: the job.
            items: documents dealt with.
            total: how many documents there will be at least.
            skipped: documents that were seen to be unchanged and have no row.
        """
        with translated(self._engine), self._engine.begin() as connection:
            job_items.record(connection, job_id, items)
            row = connection.execute(select(_JOBS).where(_JOBS.c.id == job_id)).first()
            if row is None:
                raise _no_job(job_id)
            beside = skipped if skipped is not None else row.skipped or 0
            counts = job_items.counts(connection, [job_id])[job_id]
            values = {
                "skipped": beside,
                "done": sum(counts.values()) - counts.get("waiting", 0) + beside,
                "total": max(total or row.total or 0, sum(counts.values()) + beside),
            }
            connection.execute(update(_JOBS).where(_JOBS.c.id == job_id).values(values))

    def finish(self, job_id: str, state: JobState, error: str | None = None) -> Sequence[str]:
        """End a job. What of it still waits is cancelled.

        Returns:
            The names of the files that still waited for it.
        """
        with translated(self._engine), self._engine.begin() as connection:
            files = job_items.cancel(connection, job_id)
            counts = job_items.counts(connection, [job_id])[job_id]
            number = sum(counts.values()) + func.coalesce(_JOBS.c.skipped, 0)
            done = number - counts.get("cancelled", 0)
            values = {"state": state, "error": error, "finished_at": now()}
            connection.execute(
                update(_JOBS)
                .where(_JOBS.c.id == job_id, _JOBS.c.state.not_in(FINAL))
                .values(values | {"total": number, "done": done})
            )
        return files

    def cancel(self, job_id: str) -> Job:
        """Ask a job to stop. One that is over stays as it is. Raises NotFoundError."""
        self._change(job_id, {"cancelling": True})
        return self.get(job_id)

    def get(self, job_id: str) -> Job:
        """Return a job. Raises NotFoundError."""
        found = self._read(select(_JOBS).where(_JOBS.c.id == job_id))
        if not found:
            raise _no_job(job_id)
        return found[0]

    def list(self, *, offset: int = 0, limit: int = 50) -> tuple[tuple[Job, ...], int]:
        """Return jobs, newest first, and how many there are."""
        newest = select(_JOBS).order_by(_JOBS.c.created_at.desc(), _JOBS.c.id)
        with translated(self._engine), self._engine.connect() as connection:
            total = connection.execute(select(func.count()).select_from(_JOBS)).scalar_one()
        return tuple(self._read(newest.offset(offset).limit(limit))), total

    def unfinished(self) -> tuple[Job, ...]:
        """Return the jobs that are not over, oldest first."""
        oldest = select(_JOBS).where(_JOBS.c.state.not_in(FINAL)).order_by(_JOBS.c.created_at)
        return tuple(self._read(oldest))

    def requeue(self) -> None:
        """Mark as queued what a former process was running when it ended."""
        running = update(_JOBS).where(_JOBS.c.state == "running").values(state="queued")
        with translated(self._engine), self._engine.begin() as connection:
            connection.execute(running)

    def waiting(self, job_id: str) -> Sequence[Given]:
        """Return what of a job is still to do, in its order."""
        with translated(self._engine), self._engine.connect() as connection:
            return job_items.waiting(connection, job_id)

    def settled(self, job_id: str) -> Sequence[JobItem]:
        """Return all rows of a job that wait no more."""
        with translated(self._engine), self._engine.connect() as connection:
            return job_items.settled(connection, job_id)

    def items(
        self, job_id: str, *, offset: int = 0, limit: int = 50, failed: bool = False
    ) -> tuple[Sequence[JobItem], int]:
        """Return some of a job's rows, or of its failed ones, and how many there are."""
        with translated(self._engine), self._engine.connect() as connection:
            return job_items.page(connection, job_id, offset=offset, limit=limit, failed=failed)

    def spooled(self) -> set[str]:
        """Return the names of the files that jobs wait for."""
        with translated(self._engine), self._engine.connect() as connection:
            return job_items.spooled(connection)

    def prune(self, *, most: int = MOST_KEPT, days: int = KEPT_DAYS) -> int:
        """Delete jobs that ended ``days`` ago or are not among the newest; return how many."""
        old = _JOBS.c.finished_at < now() - dt.timedelta(days=days)
        newest = select(_JOBS.c.id).order_by(_JOBS.c.created_at.desc(), _JOBS.c.id).limit(most)
        ended = select(_JOBS.c.id).where(
            _JOBS.c.state.in_(FINAL), old | _JOBS.c.id.not_in(newest.scalar_subquery())
        )
        with translated(self._engine), self._engine.begin() as connection:
            found = list(connection.execute(ended).scalars())
            for start in range(0, len(found), _PART):
                part = found[start : start + _PART]
                job_items.forget(connection, part)
                connection.execute(delete(_JOBS).where(_JOBS.c.id.in_(part)))
        return len(found)

    def _change(self, job_id: str, values: dict[str, Any]) -> None:
        of_job = (_JOBS.c.id == job_id, _JOBS.c.state.not_in(FINAL))
        with translated(self._engine), self._engine.begin() as connection:
            connection.execute(update(_JOBS).where(*of_job).values(values))

    def _read(self, statement: Select[Any]) -> Sequence[Job]:
        with translated(self._engine), self._engine.connect() as connection:
            rows = connection.execute(statement).all()
            counts = _counts(connection, rows)
        return [_job(row, counts[row.id]) for row in rows]


def _counts(connection: Connection, rows: Sequence[Row[Any]]) -> dict[str, dict[str, int]]:
    counts = job_items.counts(connection, [row.id for row in rows])
    for row in rows:
        if row.skipped:
            of_job = counts[row.id]
            of_job["unchanged"] = of_job.get("unchanged", 0) + row.skipped
    return counts


def _job(row: Row[Any], counts: Mapping[str, int]) -> Job:
    return Job(
        id=row.id,
        kind=row.kind,
        name=row.name,
        state=row.state,
        cancelling=bool(row.cancelling) and row.state not in FINAL,
        total=row.total,
        done=row.done,
        error=row.error,
        created_at=aware(row.created_at),
        started_at=row.started_at and aware(row.started_at),
        finished_at=row.finished_at and aware(row.finished_at),
        counts=counts,
    )


def _no_job(job_id: str) -> NotFoundError:
    return NotFoundError(f"There is no job {job_id!r}.")
