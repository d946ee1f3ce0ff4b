"""The queue of documents to index, and the one thread that works on it.

A job is what one request brought. Its record lives in the catalog; the documents wait in the
spool. Knows nothing of HTTP. One thread, because the library writes one document after the other
anyway, and because two writers would only slow the readers down.
"""

import logging
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from index.errors import ConflictError, FootnoteError, StorageError, UnavailableError
from index.library import Job, Library, Outcome
from index.model import SourceDocument

LOG = logging.getLogger("footnote.jobs")

KIND = "documents"
PROGRESS_EVERY_S = 0.5
STOPPED = "The service stopped before this was indexed. Send it again."


class Arrival(Protocol):
    """A document that waits."""

    @property
    def file(self) -> str | None:
        """The name of the file it came as."""

    @property
    def path(self) -> Path | None:
        """Where it waits."""

    def load(self) -> SourceDocument:
        """Read it. Raises FootnoteError when it cannot be used."""


@dataclass(slots=True)
class _Work:
    job: Job
    arrivals: Sequence[Arrival]
    by_position: dict[int, dict[str, Any]] = field(default_factory=dict)
    reported: float = 0.0

    @property
    def results(self) -> list[dict[str, Any]]:
        """What became of the documents so far, in the order they came in."""
        return [self.by_position[position] for position in sorted(self.by_position)]


class DocumentJobs:
    """Indexes documents in the background, job after job.

    Args:
        library: where documents go and jobs are recorded.
        most_waiting: documents that may wait; more are refused.
    """

    def __init__(self, library: Library, *, most_waiting: int) -> None:
        self._library = library
        self._most_waiting = most_waiting
        self._queue: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._waiting = 0
        self._stop_at = float("inf")
        self._stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Mark what a former process left unfinished as failed, then start the thread."""
        interrupted = self._library.jobs.fail_interrupted()
        if interrupted:
            LOG.warning("unfinished jobs of a former process, now failed: %d", interrupted)
        self._thread = threading.Thread(target=self._run, name="footnote-jobs", daemon=True)
        self._thread.start()

    def stop(self, grace_s: float = 10.0) -> None:
        """Work on for at most ``grace_s`` seconds; what is not done then is marked as failed.

        The document being indexed when the time is up is finished, so none is left half.
        """
        with self._lock:
            self._stopping = True
            self._stop_at = time.monotonic() + grace_s
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join()

    def submit(self, arrivals: Sequence[Arrival]) -> Job:
        """Queue documents as one job and return its record.

        Raises:
            UnavailableError: too many wait already, or the service is stopping.
        """
        with self._lock:
            if self._stopping:
                raise UnavailableError("The service is stopping. Send the documents again later.")
            if self._waiting + len(arrivals) > self._most_waiting:
                raise UnavailableError(
                    f"{self._waiting} documents wait to be indexed already, and at most "
                    f"{self._most_waiting} may. Try again when the running jobs are done."
                )
            job = self._library.jobs.create(KIND, total=len(arrivals))
            self._waiting += len(arrivals)
            self._queue.put(_Work(job, arrivals))
        return job

    def _run(self) -> None:
        while (work := self._queue.get()) is not None:
            try:
                self._process(work)
            except Exception as error:
                LOG.exception("job %s failed", work.job.id)
                self._give_up(work, error)
            finally:
                for arrival in work.arrivals:
                    _discard(arrival)
                with self._lock:
                    self._waiting -= len(work.arrivals)

    def _process(self, work: _Work) -> None:
        self._library.jobs.update(work.job.id, state="running")
        loaded: list[int] = []
        # Outcomes come in the order of the documents, so the n-th belongs to the n-th loaded.
        for number, outcome in enumerate(self._library.add_many(self._load(work, loaded))):
            self._record(work, loaded[number], outcome)
        failed = [result for result in work.results if result["error"]]
        error = _summary(failed) if len(failed) == len(work.arrivals) else None
        self._library.jobs.update(
            work.job.id,
            state="failed" if error else "done",
            done=len(work.results),
            results=work.results,
            error=error,
        )

    def _load(self, work: _Work, loaded: list[int]) -> Iterator[SourceDocument]:
        """Yield what can be read, and append its position to ``loaded``; record what cannot."""
        seen: set[str] = set()
        for position, arrival in enumerate(work.arrivals):
            document_id = ""
            try:
                if time.monotonic() > self._stop_at:
                    raise UnavailableError(STOPPED)
                document = arrival.load()
                document_id = document.id
                if document_id in seen:
                    raise ConflictError(
                        f"Another document of this request has the id {document_id!r} too. Send "
                        "them one by one, each with an id of its own."
                    )
            except FootnoteError as error:
                self._record(work, position, Outcome(document_id, None, error))
                continue
            seen.add(document_id)
            loaded.append(position)
            yield document

    def _record(self, work: _Work, position: int, outcome: Outcome) -> None:
        error = outcome.error
        work.by_position[position] = {
            "file": work.arrivals[position].file,
            "document_id": outcome.id or None,
            "change": outcome.change,
            "error": error and {"code": error.code, "message": error.message},
        }
        # Each report writes all results again, so a big job reports now and then only.
        if time.monotonic() - work.reported > PROGRESS_EVERY_S:
            results = work.results
            self._library.jobs.update(work.job.id, done=len(results), results=results)
            work.reported = time.monotonic()

    def _give_up(self, work: _Work, error: Exception) -> None:
        message = (
            error.message
            if isinstance(error, FootnoteError)
            else "Something went wrong in the service; its log has the details."
        )
        try:
            self._library.jobs.update(
                work.job.id,
                state="failed",
                done=len(work.results),
                results=work.results,
                error=message,
            )
        except StorageError:
            LOG.exception("job %s could not even be marked as failed", work.job.id)


def _summary(failed: Sequence[dict[str, Any]]) -> str:
    if len(failed) == 1:
        return str(failed[0]["error"]["message"])
    return f"None of the {len(failed)} documents could be indexed; each result says why."


def _discard(arrival: Arrival) -> None:
    if arrival.path is not None:
        arrival.path.unlink(missing_ok=True)
