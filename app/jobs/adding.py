"""A job that adds documents: what was given is opened piece by piece and goes into the index.

Knows how results find back to what was given. Whether the job runs at all is the runner's business.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.jobs import work
from app.jobs.opening import Opener
from app.jobs.progress import Progress
from index.catalog.job_items import Given
from index.errors import ConflictError, FootnoteError
from index.library import Library, Outcome
from index.loaders import Piece
from index.model import SourceDocument

LOG = logging.getLogger("footnote.jobs")

FAULT = "Something went wrong in the service; its log has the details."


@dataclass(slots=True, eq=False)
class _Opened:
    """One of what was given, and how many of its documents are under way."""

    given: Given
    is_single: bool = False
    is_read: bool = False
    under_way: int = 0
    is_closed: bool = False


class Adding:
    """Adds what one job was given.

    Args:
        library: the index.
        opener: opens what was given.
        progress: the record of this job.
        is_stopped: asked between documents.
    """

    def __init__(
        self,
        library: Library,
        opener: Opener,
        progress: Progress,
        *,
        is_stopped: Callable[[], bool],
    ) -> None:
        self._library = library
        self._opener = opener
        self._progress = progress
        self._is_stopped = is_stopped
        self._ids: dict[str, tuple[str, int | None]] = {
            document_id: (name, None) for document_id, name in progress.documents.items()
        }
        self._sent: deque[tuple[_Opened, int, str | None]] = deque()

    def run(self, given: Sequence[Given]) -> None:
        """Add documents until all are in, or until stopped between two of them.

        Raises:
            StorageError: the index cannot be written; what was recorded before is done.
        """
        self._progress.expect(total=self._opener.expected(work.load(each.work) for each in given))
        for outcome in self._library.add_many(self._documents(given)):
            self._record(outcome)
        self._progress.write()

    def _documents(self, given: Sequence[Given]) -> Iterator[SourceDocument]:
        for each in given:
            if self._is_stopped():
                return
            opened = _Opened(each)
            for piece, is_single in self._pieces(each):
                opened.is_single = is_single
                if self._is_stopped():
                    return
                if not is_single and self._progress.is_settled(each.position, piece.name):
                    continue
                name = each.name if is_single else piece.name
                number = 0 if is_single else self._progress.number(each.position)
                error = piece.error or self._taken(piece)
                if piece.document is None or error is not None:
                    self._fail(opened, number, name, error)
                    continue
                opened.under_way += 1
                self._sent.append((opened, number, name))
                yield piece.document
            opened.is_read = True
            self._close(opened)

    def _pieces(self, given: Given) -> Iterator[tuple[Piece, bool]]:
        """Yield the pieces of what was given, and whether a piece is the only one.

        A folder or a list of pages is never a single piece; a file with one document in it is.
        """
        before: Piece | None = None
        several = False
        try:
            wanted = work.load(given.work)
            several = isinstance(wanted, work.PathWork) and wanted.path.is_dir()
            for piece in self._opener.pieces(wanted, given.name, given.spooled):
                if before is not None:
                    several = True
                    yield before, False
                before = piece
        except Exception as error:
            if not isinstance(error, FootnoteError):
                LOG.exception("%s could not be opened", given.name)
                error = FootnoteError(FAULT)
            if before is not None:
                several = True
                yield before, False
            before = Piece(given.name or "", None, error)
        if before is not None:
            yield before, not several

    def _taken(self, piece: Piece) -> ConflictError | None:
        """Return an error if another document of this job has the same id and another text."""
        if piece.document is None:
            return None
        mine = (piece.name, hash(piece.document.text))
        owner, text = self._ids.setdefault(piece.document.id, mine)
        if text == mine[1]:
            return None
        return ConflictError(
            f"It would have the id {piece.document.id!r}, which {owner} has. Rename one of the "
            "two, or send it by itself with an id of its own."
        )

    def _fail(
        self,
        opened: _Opened,
        number: int,
        name: str | None,
        error: FootnoteError | None,
        document_id: str | None = None,
    ) -> None:
        self._progress.note(
            opened.given.position,
            number,
            name,
            document_id=document_id,
            error=error or FootnoteError(FAULT),
        )

    def _record(self, outcome: Outcome) -> None:
        opened, number, name = self._sent.popleft()
        opened.under_way -= 1
        if outcome.error is not None or outcome.change is None:
            self._fail(opened, number, name, outcome.error, outcome.id)
        else:
            self._progress.note(
                opened.given.position,
                number,
                name,
                document_id=outcome.id,
                change=outcome.change,
            )
        self._close(opened)

    def _close(self, opened: _Opened) -> None:
        """Record that all of what was given is in, once it is."""
        if opened.is_closed or not opened.is_read or opened.under_way:
            return
        opened.is_closed = True
        self._progress.release(opened.given.spooled)
        if not opened.is_single:
            self._progress.close(opened.given)
