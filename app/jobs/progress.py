"""What became of a job's documents, gathered and written into the catalog now and then.

A row for each would cost a commit for each. What is lost when the process dies is found unchanged
when the job goes on.
"""

import time

from app.spool import Spool
from index.catalog.job_items import Given, ItemChange, JobItem
from index.errors import FootnoteError, PassedOverError
from index.library import Jobs

EVERY_S = 0.5
_MOST_HELD = 500
_SHARE = 20
"""Writing takes at most about one part in this many of the time."""


class Progress:
    """Records one job.

    Args:
        jobs: the catalog's record.
        job_id: the job.
        spool: lets go the files of what is done.
    """

    def __init__(self, jobs: Jobs, job_id: str, spool: Spool) -> None:
        self._jobs = jobs
        self._job_id = job_id
        self._spool = spool
        self._held: list[JobItem] = []
        self._files: list[str] = []
        self._next_at = 0.0
        self._numbers: dict[int, int] = {}
        self._documents: dict[str, str] = {}
        self._skipped: int | None = None
        self._settled: set[tuple[int, str]] = set()
        for item in jobs.settled(job_id):
            self._numbers[item.position] = max(self._numbers.get(item.position, 0), item.piece)
            if item.name is not None and item.state != "cancelled":
                self._settled.add((item.position, item.name))
            if item.document_id is not None and item.change in ("added", "replaced", "unchanged"):
                self._documents[item.document_id] = item.name or ""

    @property
    def documents(self) -> dict[str, str]:
        """The ids of documents that are in, from before a restart, and what they came from."""
        return self._documents

    def is_settled(self, position: int, name: str) -> bool:
        """Tell whether this piece was dealt with before a restart."""
        return (position, name) in self._settled

    def number(self, position: int) -> int:
        """Return the number of the next piece of what was given."""
        self._numbers[position] = self._numbers.get(position, 0) + 1
        return self._numbers[position]

    def note(
        self,
        position: int,
        piece: int,
        name: str | None,
        *,
        document_id: str | None = None,
        change: ItemChange | None = None,
        error: FootnoteError | None = None,
    ) -> None:
        """Record what became of a document; ``piece`` 0 is the one document of what was given.

        A file that is passed over has not failed: its row is done, with the reason.
        """
        is_passed_over = isinstance(error, PassedOverError)
        self._hold(
            JobItem(
                position=position,
                piece=piece,
                name=name,
                state="done" if error is None or is_passed_over else "failed",
                document_id=document_id,
                change="passed_over" if is_passed_over else change,
                code=error.code if error is not None else None,
                message=error.message if error is not None else None,
            )
        )

    def close(self, given: Given) -> None:
        """Record that all of what was given is dealt with; its pieces have rows of their own."""
        self._hold(JobItem(given.position, 0, given.name, "unpacked"))

    def release(self, spooled: str | None) -> None:
        """Let a file go once what was made of it is recorded."""
        if spooled is not None:
            self._files.append(spooled)

    def expect(self, *, total: int | None = None, skipped: int | None = None) -> None:
        """Record how many documents there will be, or were seen to be unchanged."""
        self._skipped = skipped if skipped is not None else self._skipped
        self.write(total=total)

    def write(self, *, total: int | None = None) -> None:
        """Write what is held."""
        held, self._held = self._held, []
        files, self._files = self._files, []
        begun = time.monotonic()
        self._jobs.record(self._job_id, held, total=total, skipped=self._skipped)
        self._spool.discard(files)
        ended = time.monotonic()
        self._next_at = ended + max(EVERY_S, (ended - begun) * _SHARE)

    def _hold(self, item: JobItem) -> None:
        self._held.append(item)
        if len(self._held) >= _MOST_HELD or time.monotonic() >= self._next_at:
            self.write()
