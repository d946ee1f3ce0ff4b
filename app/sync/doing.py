"""Carries out what a plan says, document by document, so that it can stop anywhere and go on later.

Before a document is added it is recorded as this root's own, so that a process that dies in between
leaves none that no later run would know of; an item counts as unchanged only after all of it is in.
"""

import logging
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.sync.model import ITSELF, Brought, Fingerprint, Plan, Same, Source, Step, Vanished
from index.catalog.synced import Synced
from index.errors import ConflictError, FootnoteError, NotFoundError, PassedOverError
from index.library import Library, Outcome
from index.loaders import Piece
from index.model import SourceDocument

LOG = logging.getLogger("footnote.sync")

_CHUNK_DOCUMENTS = 64
_CHUNK_CHARACTERS = 200_000


@dataclass(slots=True, eq=False)
class _Item:
    """An item that is being brought in: what it held before, and what of it is in by now."""

    name: str
    before: tuple[str, ...]
    fingerprint: Fingerprint
    claimed: list[str] = field(default_factory=list)
    stored: list[str] = field(default_factory=list)
    has_failed: bool = False

    @property
    def record(self) -> Synced:
        """What to record of it now: all that may be in the index, and whether it is settled."""
        documents = self.stored if not self.has_failed else (*self.before, *self.claimed)
        return Synced(self.name, tuple(documents), {} if self.has_failed else self.fingerprint)


class Sync:
    """Brings the index in step with one source.

    Args:
        library: the index.
        source: what it is kept in step with.
        is_cancelled: asked between documents; what was done until then stays.
    """

    def __init__(
        self, library: Library, source: Source, *, is_cancelled: Callable[[], bool] = lambda: False
    ) -> None:
        self._library = library
        self._source = source
        self._record = library.synced
        self._root = source.root
        self._is_cancelled = is_cancelled
        self._known: Mapping[str, Synced] = {}
        self._asked: frozenset[str] = frozenset()
        self._owners: dict[str, tuple[str, str | None]] = {}
        self._aside: deque[Step] = deque()
        self._vanished: list[str] = []
        self._chunk: list[tuple[_Item, Piece]] = []
        self._sent: deque[tuple[_Item, str]] = deque()
        self._open: list[_Item] = []
        self._same: list[Synced] = []
        self.unchanged = 0
        self.is_complete = True

    def plan(self) -> Plan:
        """Look at the source and say what there is to do. Raises FootnoteError."""
        self._known = self._record.of(self._root)
        return self._source.plan(self._known)

    def run(self, plan: Plan) -> Iterator[Step]:
        """Carry out a plan, and yield what became of each document that was looked at.

        Raises:
            StorageError: the index cannot be written; what was yielded before is done.
        """
        self.unchanged = sum(len(self._known[item].documents) for item in plan.same)
        self._asked = frozenset(plan.ask)
        self._owners = {
            document_id: (item, None)
            for item in (*plan.same, *plan.look)
            if item in self._known
            for document_id in self._known[item].documents
        }
        yield from (self._failed(trouble.item, trouble.error) for trouble in plan.troubles)
        yield from (self._passed_over(each.item, each.error) for each in plan.passed_over)
        for outcome in self._library.add_many(self._documents((*plan.look, *plan.ask))):
            yield self._step(outcome)
            yield from self._set_aside()
        self._settle()
        self._record_same()
        yield from self._set_aside()
        for item in (*plan.gone, *self._vanished):
            if self._is_cancelled():
                return
            yield from self._remove(item, self._known[item].documents)
        if not self._is_cancelled():
            closing = self._source.closing(complete=self.is_complete)
            if closing is not None:
                self._record.put([Synced(ITSELF, (), closing)], root=self._root)

    def _documents(self, items: Sequence[str]) -> Iterator[SourceDocument]:
        """Yield what the items hold, a chunk at a time; each chunk is claimed before it is sent."""
        characters = 0
        for name in items:
            for item, piece in self._pieces(name):
                if self._is_cancelled():
                    item.has_failed = True  # not all of it was seen
                    break
                self._chunk.append((item, piece))
                characters += len(piece.document.text) if piece.document else 0
                if len(self._chunk) >= _CHUNK_DOCUMENTS or characters >= _CHUNK_CHARACTERS:
                    yield from self._send()
                    characters = 0
            if self._is_cancelled():
                break
        yield from self._send()

    def _pieces(self, name: str) -> Iterator[tuple[_Item, Piece]]:
        """Read an item and yield its documents; what gives none is settled at once."""
        known = self._known.get(name)
        item = None
        try:
            reading = self._source.read(name, known)
            if isinstance(reading, Brought):
                item = _Item(name, known.documents if known else (), reading.fingerprint)
                self._open.append(item)
                for piece in reading.pieces:
                    yield item, piece
                return
        except Exception as error:
            if item is not None:
                item.has_failed = True
            if not isinstance(error, FootnoteError):
                LOG.exception("%s of %s could not be read", name, self._root)
                error = _fault(name)
            self._aside.append(self._failed(name, error))
            return
        if isinstance(reading, Same) and known is not None:
            self.unchanged += len(known.documents)
            self._same.append(replace(known, fingerprint=reading.fingerprint))
            if len(self._same) >= _CHUNK_DOCUMENTS:
                self._record_same()
        elif isinstance(reading, Vanished):
            if name in self._asked:
                self._vanished.append(name)
            else:
                self._aside.append(self._failed(name, reading.error))

    def _send(self) -> Iterator[SourceDocument]:
        """Record the chunk's documents as this root's own, then let them go to the index."""
        self._settle()
        chunk, self._chunk = self._chunk, []
        sending: list[tuple[_Item, SourceDocument, str]] = []
        for item, piece in chunk:
            document, error = piece.document, piece.error
            if document is not None and error is None:
                error = self._own(document.id, item.name, piece.name)
            if isinstance(error, PassedOverError):
                self._aside.append(self._passed_over(piece.name, error))
                continue
            if document is None or error is not None:
                item.has_failed = True
                self._aside.append(self._failed(piece.name, error or _fault(piece.name)))
                continue
            item.claimed.append(document.id)
            sending.append((item, document, piece.name))
        claims = {
            item.name: Synced(item.name, (*item.before, *item.claimed), {})
            for item, _, _ in sending
        }
        self._record.put(list(claims.values()), root=self._root)
        for item, document, name in sending:
            self._sent.append((item, name))
            yield document

    def _own(self, document_id: str, item: str, piece: str) -> ConflictError | None:
        """Give an id to a piece of an item, unless another one of this root has it."""
        owner, its_piece = self._owners.get(document_id, (item, piece))
        if owner != item or its_piece not in (None, piece):
            return _same_id(document_id, its_piece or owner)
        self._owners[document_id] = (item, piece)
        return None

    def _step(self, outcome: Outcome) -> Step:
        item, name = self._sent.popleft()
        if outcome.error is not None:
            item.has_failed = True
            return self._failed(name, outcome.error, outcome.id)
        item.stored.append(outcome.id)
        return Step(name, outcome.id, outcome.change)

    def _settle(self) -> None:
        """Record the items that are wholly dealt with, and drop documents they hold no more."""
        under_way = {id(item) for item, _ in (*self._sent, *self._chunk)}
        over = [item for item in self._open if id(item) not in under_way]
        if not over:
            return
        self._open = [item for item in self._open if item not in over]
        self._record.put([item.record for item in over if item.record.documents], root=self._root)
        for item in over:
            lost = [each for each in item.before if each not in item.stored]
            if lost and not item.has_failed:
                self._aside.extend(self._remove(item.name, lost))

    def _record_same(self) -> None:
        """Record how items look now that were read and found to be as they were."""
        same, self._same = self._same, []
        self._record.put(same, root=self._root)

    def _remove(self, item: str, documents: Collection[str]) -> Iterator[Step]:
        """Delete documents that an item brought in, unless another item holds them too."""
        held = self._record.held_elsewhere(documents, root=self._root, item=item)
        for document_id in documents:
            if document_id not in held:
                try:
                    self._library.delete(document_id)
                except NotFoundError:
                    pass  # somebody was faster
                else:
                    yield Step(item, document_id, "removed")
            self._record.forget(self._root, item, document_id)

    def _set_aside(self) -> Iterator[Step]:
        while self._aside:
            yield self._aside.popleft()

    def _passed_over(self, name: str, error: FootnoteError) -> Step:
        return Step(name, None, "passed_over", error)

    def _failed(self, name: str, error: FootnoteError, document_id: str | None = None) -> Step:
        self.is_complete = False
        return Step(name, document_id, None, error)


def _same_id(document_id: str, other: str) -> ConflictError:
    return ConflictError(
        f"It would have the id {document_id!r}, which {other} has. Rename one of the two, or give "
        "it an `id` of its own in its front matter."
    )


def _fault(name: str) -> FootnoteError:
    return FootnoteError(
        f"Something went wrong while {name} was read; the log of the service has the details."
    )
