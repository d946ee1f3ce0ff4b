"""The queue of jobs, and the one thread that works on it.

A job is what one request brought. All of it is in the catalog and in the spool, so that what a
process leaves unfinished the next one goes on with. Knows nothing of HTTP. One thread, because the
library writes one document after the other anyway, and two writers would only slow readers down.
"""

import logging
import queue
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from app.jobs import work
from app.jobs.adding import FAULT, Adding
from app.jobs.opening import Opener
from app.jobs.progress import Progress
from app.jobs.work import SyncWork, Work
from app.spool import Spool
from app.sync.doing import Sync
from app.sync.model import Plan
from index.catalog.job_items import Given
from index.catalog.jobs import JobState
from index.errors import FootnoteError, StorageError, UnavailableError
from index.library import Job, Library

LOG = logging.getLogger("footnote.jobs")

ADDING = "documents"
SYNCING = "sync"


class JobRunner:
    """Works on jobs in the background, one after the other.

    Args:
        library: where documents go and jobs are recorded.
        opener: opens what jobs are given.
        spool: where uploads wait.
        most_waiting: documents that may wait; more are refused.
    """

    def __init__(
        self, library: Library, opener: Opener, spool: Spool, *, most_waiting: int
    ) -> None:
        self._library = library
        self._jobs = library.jobs
        self._opener = opener
        self._spool = spool
        self._most_waiting = most_waiting
        self._queue: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._waiting: dict[str, int] = {}
        self._cancelled: set[str] = set()
        self._unrecorded: dict[str, str] = {}
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, *, resume: bool = True) -> None:
        """Start the thread.

        Args:
            resume: go on with what a former process left unfinished, and sweep out of the spool
                what no job waits for.
        """
        self._jobs.requeue()
        if resume:
            self._spool.sweep(self._jobs.spooled())
            self._jobs.prune()
            for job in self._jobs.unfinished():
                LOG.info("job %s goes on after a restart", job.id)
                self._enqueue(job)
        self._thread = threading.Thread(target=self._run, name="footnote-jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the documents that are being indexed; the rest goes on at the next start."""
        with self._lock:
            self._stopping.set()
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join()

    def submit(
        self, given: Sequence[tuple[str | None, Work, str | None]], *, name: str | None = None
    ) -> Job:
        """Queue what is to be added as one job and return its record.

        Args:
            given: for each a name for people, the work, and the name of its file in the spool.
            name: what the job is called; the name of what is given, where that is not said.

        Raises:
            UnavailableError: too many wait already, or the service is stopping.
        """
        items = [
            Given(position, title, work.dump(what), spooled)
            for position, (title, what, spooled) in enumerate(given)
        ]
        with self._lock:
            self._refuse_when_full(len(items))
            job = self._jobs.create(ADDING, name=name or _name(items), items=items)
            self._enqueue(job)
        return job

    def synchronise(self, what: SyncWork) -> Job:
        """Queue a synchronisation; one of the same that waits already is returned as it is.

        Raises:
            InvalidInputError: it cannot be synchronised.
            UnavailableError: too many wait already, or the service is stopping.
        """
        source = self._opener.source(what)
        values = work.dump(what)
        with self._lock:
            self._refuse_when_full(1)
            for job in self._jobs.unfinished():
                if job.state == "queued" and job.kind == SYNCING and not job.cancelling:
                    (waiting,) = self._jobs.waiting(job.id)
                    if waiting.work == values:
                        return job
            name = what.url or Path(source.root).name  # where a folder lies is nobody's business
            job = self._jobs.create(SYNCING, name=name, items=[Given(0, name, values)])
            self._enqueue(job)
        return job

    def plan(self, what: SyncWork) -> tuple[str, Plan]:
        """Return what a synchronisation is recorded as, and what it would do.

        Raises:
            FootnoteError: it cannot be synchronised.
        """
        source = self._opener.source(what)
        return source.root, Sync(self._library, source).plan()

    def get(self, job_id: str) -> Job:
        """Return a job as it is, though its end could not be recorded. Raises NotFoundError.

        On a full disk not even a failure can be written, and who waits for a job would wait on.
        """
        job = self._jobs.get(job_id)
        error = self._unrecorded.get(job_id)
        return job if error is None else replace(job, state="failed", error=error)

    def cancel(self, job_id: str) -> Job:
        """Stop a job between two documents; what is done stays. Raises NotFoundError."""
        with self._lock:
            job = self._jobs.cancel(job_id)
            is_at_work = job.state == "running" and job_id in self._waiting
            if job_id in self._waiting:
                self._cancelled.add(job_id)
            if not is_at_work:
                self._finish(job_id, "cancelled")
        return self._jobs.get(job_id)

    def _refuse_when_full(self, number: int) -> None:
        if self._stopping.is_set():
            raise UnavailableError("The service is stopping. Send the documents again later.")
        waiting = sum(self._waiting.values())
        if waiting + number > self._most_waiting:
            raise UnavailableError(
                f"{waiting} documents wait to be indexed already, and at most {self._most_waiting} "
                "may. Try again when the running jobs are done."
            )

    def _enqueue(self, job: Job) -> None:
        self._waiting[job.id] = job.counts.get("waiting", 0)
        if job.cancelling:
            self._cancelled.add(job.id)
        self._queue.put(job.id)

    def _run(self) -> None:
        while (job_id := self._queue.get()) is not None and not self._stopping.is_set():
            try:
                self._work_on(job_id)
            except Exception as error:
                LOG.exception("job %s failed", job_id)
                self._give_up(job_id, error)
            finally:
                with self._lock:
                    self._waiting.pop(job_id, None)
                    self._cancelled.discard(job_id)

    def _work_on(self, job_id: str) -> None:
        with self._lock:
            if self._is_cancelled(job_id):
                self._finish(job_id, "cancelled")
                return
            job = self._jobs.start(job_id)
        if job.state != "running":
            return
        progress = Progress(self._jobs, job_id, self._spool)
        given = self._jobs.waiting(job_id)
        if job.kind == SYNCING:
            error = self._synchronise(job_id, given, progress)
        else:
            adding = Adding(
                self._library, self._opener, progress, is_stopped=lambda: self._is_over(job_id)
            )
            adding.run(given)
            error = None
        if self._is_cancelled(job_id):
            self._finish(job_id, "cancelled")
        elif not self._stopping.is_set() or not self._jobs.waiting(job_id):
            self._conclude(job_id, error)

    def _synchronise(self, job_id: str, given: Sequence[Given], progress: Progress) -> str | None:
        """Bring the index in step; return why that could not be done at all."""
        for each in given:
            wanted = work.load(each.work)
            assert isinstance(wanted, SyncWork)  # noqa: S101  # what synchronise() wrote
            try:
                sync = Sync(
                    self._library,
                    self._opener.source(wanted),
                    is_cancelled=lambda: self._is_over(job_id),
                )
                plan = sync.plan()
                progress.expect(total=plan.total, skipped=len(plan.same))
                for step in sync.run(plan):
                    if step.error is not None and progress.is_settled(each.position, step.name):
                        continue  # told before a restart
                    progress.note(
                        each.position,
                        progress.number(each.position),
                        step.name,
                        document_id=step.document_id,
                        change=step.change,
                        error=step.error,
                    )
            except StorageError:
                raise
            except FootnoteError as error:
                progress.note(each.position, 0, each.name, error=error)
                progress.write()
                return error.message
            if not self._is_over(job_id):
                progress.expect(skipped=max(0, sync.unchanged - len(progress.documents)))
                progress.close(each)
            progress.write()
        return None

    def _conclude(self, job_id: str, error: str | None) -> None:
        """End a job: it failed when nothing of it could be done."""
        job = self._jobs.get(job_id)
        failed = job.counts.get("failed", 0)
        if error is None and failed and failed == job.done - job.counts.get("passed_over", 0):
            error = self._summary(job_id, failed)
        self._finish(job_id, "failed" if error else "done", error)
        self._jobs.prune()

    def _summary(self, job_id: str, failed: int) -> str | None:
        if failed == 1:
            (item,), _ = self._jobs.items(job_id, limit=1, failed=True)
            return item.message
        return f"None of the {failed} documents could be indexed; each result says why."

    def _finish(self, job_id: str, state: JobState, error: str | None = None) -> None:
        self._spool.discard(self._jobs.finish(job_id, state, error))

    def _give_up(self, job_id: str, error: Exception) -> None:
        message = error.message if isinstance(error, FootnoteError) else FAULT
        try:
            self._finish(job_id, "failed", message)
        except StorageError:
            LOG.exception("job %s could not even be marked as failed", job_id)
            self._unrecorded[job_id] = f"{message} The job goes on when a server starts again."

    def _is_cancelled(self, job_id: str) -> bool:
        return job_id in self._cancelled

    def _is_over(self, job_id: str) -> bool:
        return self._stopping.is_set() or job_id in self._cancelled


def _name(items: Sequence[Given]) -> str | None:
    first = items[0].name if items else None
    if first is None or len(items) == 1:
        return first
    return f"{first} and {len(items) - 1} more"
