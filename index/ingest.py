"""Takes documents in and out of the index, so that a reader sees all of a document or nothing.

The order of the writes is the whole secret: the catalog records a pending revision; Chroma and
Tantivy get its vectors and passages, which readers drop as not current; one catalog transaction
makes it current; only then are the old revision's leftovers removed. Whatever moment the process
dies at, ``mend`` can tell from the catalog what to undo or to finish.
"""

import hashlib
import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from index import mend, shingles
from index.catalog import Catalog
from index.catalog.documents import Stored
from index.catalog.packing import MAX_PASSAGES
from index.catalog.revisions import Draft
from index.drafting import Drafting, stored_passages
from index.embedding.base import Embedder
from index.errors import (
    ConflictError,
    FootnoteError,
    InvalidDocumentError,
    StorageError,
    TooLargeError,
)
from index.language import stated_language
from index.lexical import LexicalStore
from index.model import Change, SourceDocument
from index.right_of_way import RightOfWay
from index.vectors import VectorStore

_LOG = logging.getLogger(__name__)
_BATCH_CHARACTERS = 40_000  # about 400 sentences, a second of embedding: enough to hide a commit
_BATCH_DOCUMENTS = 64
_SAID_BY_LISTS = ("published_at", "source", "language")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document: a change, or the error that kept it out."""

    id: str
    change: Change | None
    error: FootnoteError | None = None


@dataclass(slots=True, eq=False)
class _Item:
    """A document of a batch and what is known of it so far."""

    document: SourceDocument
    sha: str
    change: Change | None = None
    error: FootnoteError | None = None
    draft: Draft | None = None

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.document.id, self.change, self.error)


class Ingest:
    """The one writer of an index. Calls from several threads wait for each other.

    Args:
        catalog: the truth.
        vectors: the store of sentence vectors.
        lexical: the store of passages for BM25.
        embedder: the embedding model.
        right_of_way: given to readers between small steps.
    """

    def __init__(
        self,
        catalog: Catalog,
        vectors: VectorStore,
        lexical: LexicalStore,
        embedder: Embedder,
        right_of_way: RightOfWay | None = None,
    ) -> None:
        self._catalog = catalog
        self._vectors = vectors
        self._lexical = lexical
        self._right_of_way = right_of_way or RightOfWay()
        self._drafting = Drafting(embedder, self._right_of_way)
        self.stamp = self._drafting.stamp
        self.lock = threading.RLock()
        self._unsettled = False

    def add(self, document: SourceDocument) -> Change:
        """Add or replace one document.

        Raises:
            InvalidDocumentError: it has no sentence.
            ConflictError: another file has its id.
            StorageError: it could not be stored; readers see what they saw before.
        """
        item = self._item(document)
        self._prepare([item])
        self._write([item])
        if item.error is not None:
            raise item.error
        assert item.change is not None  # noqa: S101  # no error, so it was dealt with
        return item.change

    def add_many(self, documents: Iterable[SourceDocument]) -> Iterator[Outcome]:
        """Add or replace documents, each atomically; yield what became of each, in order.

        While one batch is written, the next one is embedded.

        Raises:
            StorageError: the stores cannot be written; what was reported before is stored.
        """
        with ThreadPoolExecutor(1, thread_name_prefix="ingest") as writer:
            writing: Future[list[Outcome]] | None = None
            for batch in self._batches(documents):
                self._prepare(batch)
                if writing is not None:
                    yield from writing.result()
                writing = writer.submit(self._write, batch)
            if writing is not None:
                yield from writing.result()

    def delete(self, document_id: str) -> None:
        """Remove a document and all that is stored of it. Raises NotFoundError."""
        with self.lock:
            self._settle()
            revisions = tuple(self._catalog.revisions.remove(document_id))
            self._unsettled = True
            mend.purge(self._catalog, self._vectors, self._lexical, revisions)
            self._unsettled = False

    def _item(self, document: SourceDocument) -> _Item:
        return _Item(document, hashlib.sha256(document.text.encode()).hexdigest())

    def _batches(self, documents: Iterable[SourceDocument]) -> Iterator[list[_Item]]:
        """Cut documents into batches, none of which has the same id twice."""
        batch: list[_Item] = []
        ids: set[str] = set()
        characters = 0
        for document in documents:
            full = characters >= _BATCH_CHARACTERS or len(batch) >= _BATCH_DOCUMENTS
            if batch and (full or document.id in ids):
                yield batch
                batch, ids, characters = [], set(), 0
            batch.append(self._item(document))
            ids.add(document.id)
            characters += len(document.text)
        if batch:
            yield batch

    def _prepare(self, batch: Sequence[_Item]) -> None:
        """Make passages and vectors of the documents that seem to need it."""
        self._decide(batch)
        wanted = [item for item in batch if item.change in ("added", "replaced")]
        drafts = self._drafting.drafts(
            [item.document for item in wanted], [item.sha for item in wanted]
        )
        for item, draft in zip(wanted, drafts, strict=True):
            item.draft = draft
            if not draft.passages:
                item.error = InvalidDocumentError(
                    f"{item.document.origin or item.document.id} has no sentence to index."
                )
            elif len(draft.passages) >= MAX_PASSAGES:
                item.error = TooLargeError(
                    f"{item.document.id} is too long: divide it into several documents."
                )

    def _decide(self, batch: Sequence[_Item]) -> None:
        """Compare documents with what is stored under their ids now."""
        found = self._catalog.documents.stored([item.document.id for item in batch])
        for item in batch:
            self._decide_one(item, found.get(item.document.id))

    def _decide_one(self, item: _Item, stored: Stored | None) -> None:
        if stored is not None and stored.sha == item.sha:
            item.document = _with_what_is_known(item.document, stored)
        document = item.document
        if stored is None:
            item.change = "added"
        elif _is_another_file(stored.origin, document.origin):
            item.change = None
            item.error = ConflictError(
                f"{document.origin} and {stored.origin} would both be the document "
                f"{document.id!r}. Give one of them another `id` in its front matter."
            )
        elif not _same(stored, item):
            item.change = "replaced"
        else:
            item.change = "unchanged"
            self._catalog.revisions.note(stored, document)

    def _write(self, batch: Sequence[_Item]) -> list[Outcome]:
        """Store what was prepared. Decides once more, for the index may have changed since."""
        with self.lock:
            self._settle()
            self._decide([item for item in batch if item.error is None and item.draft])
            writing = [
                item.draft
                for item in batch
                if item.error is None and item.draft and item.change in ("added", "replaced")
            ]
            if writing:
                self._store(writing)
        for item in batch:
            if item.error is not None:
                item.change = None
        return [item.outcome for item in batch]

    def _store(self, drafts: Sequence[Draft]) -> None:
        self._unsettled = True
        keys = self._catalog.revisions.stage(drafts, str(self.stamp))
        passages = [
            p for key, draft in zip(keys, drafts, strict=True) for p in stored_passages(key, draft)
        ]
        self._vectors.add(passages, self._right_of_way)
        self._lexical.add(passages)
        self._lexical.commit()
        samples = {draft.document.id: shingles.sample(draft.document.text) for draft in drafts}
        replaced = tuple(self._catalog.revisions.publish(keys, samples))
        try:
            mend.retire(self._catalog, self._vectors, self._lexical, replaced)
        except StorageError:
            # The documents are in; what is left of the old ones goes before the next write.
            _LOG.exception("Could not remove replaced revisions yet.")
        else:
            self._unsettled = False

    def _settle(self) -> None:
        """Clean up after a write that failed."""
        if self._unsettled:
            mend.settle(self._catalog, self._vectors, self._lexical)
            self._unsettled = False


def _same(stored: Stored, item: _Item) -> bool:
    """Tell whether a document states what is stored. A detected language is not stated."""
    document = item.document
    return (
        stored.sha,
        stored.title,
        stored.source,
        stored.url,
        stated_language(stored.language, stored.provenance),
        stored.published_at,
    ) == (
        item.sha,
        document.title,
        document.source,
        document.url,
        document.language,
        document.published_at,
    )


def _with_what_is_known(document: SourceDocument, stored: Stored) -> SourceDocument:
    """Return a page that was fetched again with what a list said of it when it was fetched before.

    A feed dates its entries, a sitemap need not: the one that says nothing takes nothing away.
    """
    if not (document.origin or "").startswith(("http://", "https://")):
        return document
    said = {name: getattr(stored, name) for name in _SAID_BY_LISTS}
    said["language"] = stated_language(stored.language, stored.provenance)
    known = {
        name: value
        for name, value in said.items()
        if getattr(document, name) is None and value is not None
    }
    if not known:
        return document
    told = {name: said for name, said in (stored.provenance or {}).items() if name in known}
    return replace(document, **known, provenance={**document.provenance, **told})


def _is_another_file(stored: str | None, incoming: str | None) -> bool:
    """Tell whether two origins are different files, both of which exist.

    A file that was moved leaves no file behind, and a URL or an upload claims no place.
    """
    if stored is None or incoming is None or stored == incoming:
        return False
    first, second = Path(stored), Path(incoming)
    try:
        return first.is_file() and second.is_file() and not first.samefile(second)
    except (OSError, ValueError):
        return False
