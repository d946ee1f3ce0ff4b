"""The catalog of jobs: long work, how far it has come, and what became of each document.

Only keeps the record; who does the work is no concern of this module.
"""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sqlalchemy import Engine, Row, func, insert, select, update

from index.catalog import schema
from index.catalog.engine import aware, now, translated
from index.errors import NotFoundError

JobState: TypeAlias = Literal["queued", "running", "done", "failed", "cancelled"]
_FINAL = ("done", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of long work. ``results`` are JSON values, one for each document dealt with."""

    id: str
    kind: str
    state: JobState
    total: int | None
    done: int
    results: tuple[Any, ...]
    error: str | None
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None


class Jobs:
    """Creates, changes and reads jobs. Safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(self, kind: str, *, total: int | None = None) -> Job:
        """Record a new job in state ``queued``."""
        job_id = f"job_{secrets.token_hex(8)}"
        values: dict[str, Any] = {
            "id": job_id,
            "kind": kind,
            "state": "queued",
            "total": total,
            "done": 0,
            "results": [],
            "created_at": now(),
        }
        with translated(self._engine), self._engine.begin() as connection:
            connection.execute(insert(schema.jobs).values(values))
        return self.get(job_id)

    def update(
        self,
        job_id: str,
        *,
        state: JobState | None = None,
        total: int | None = None,
        done: int | None = None,
        results: list[Any] | None = None,
        error: str | None = None,
    ) -> Job:
        """Change what is given. Times follow the state; a finished job keeps its state.

        Raises:
            NotFoundError: there is no such job.
        """
        given = {"state": state, "total": total, "done": done, "results": results, "error": error}
        values: dict[str, Any] = {name: v for name, v in given.items() if v is not None}
        if state == "running":
            values["started_at"] = now()
        if state in _FINAL:
            values["finished_at"] = now()
        job = schema.jobs
        statement = update(job).where(job.c.id == job_id).values(values)
        if state is not None:
            statement = statement.where(job.c.state.not_in(_FINAL))
        if values:
            with translated(self._engine), self._engine.begin() as connection:
                connection.execute(statement)
        return self.get(job_id)

    def get(self, job_id: str) -> Job:
        """Return a job. Raises NotFoundError."""
        statement = select(schema.jobs).where(schema.jobs.c.id == job_id)
        with translated(self._engine), self._engine.connect() as connection:
            row = connection.execute(statement).first()
        if row is None:
            raise NotFoundError(f"There is no job {job_id!r}.")
        return _job(row)

    def list(self, *, offset: int = 0, limit: int = 50) -> tuple[tuple[Job, ...], int]:
        """Return jobs, newest first, and how many there are."""
        job = schema.jobs
        statement = select(job).order_by(job.c.created_at.desc(), job.c.id)
        with translated(self._engine), self._engine.connect() as connection:
            rows = connection.execute(statement.offset(offset).limit(limit)).all()
            total = connection.execute(select(func.count()).select_from(job)).scalar_one()
        return tuple(map(_job, rows)), total

    def fail_interrupted(self) -> int:
        """Mark the jobs that a former process left unfinished as failed; return how many."""
        job = schema.jobs
        statement = (
            update(job)
            .where(job.c.state.not_in(_FINAL))
            .values(
                state="failed",
                error="The process that ran this job ended before it was finished. Start it again.",
                finished_at=now(),
            )
        )
        with translated(self._engine), self._engine.begin() as connection:
            return connection.execute(statement).rowcount


def _job(row: Row[Any]) -> Job:
    return Job(
        id=row.id,
        kind=row.kind,
        state=row.state,
        total=row.total,
        done=row.done,
        results=tuple(row.results),
        error=row.error,
        created_at=aware(row.created_at),
        started_at=row.started_at and aware(row.started_at),
        finished_at=row.finished_at and aware(row.finished_at),
    )
