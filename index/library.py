"""The index as the rest of Footnote sees it: one object over a data folder.

Puts the stores together, decides what to do with what it finds at a start, and owns nothing else:
how documents go in is ``ingest``'s, how passages come out ``retrieve``'s.
"""

import logging
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from llama_index.core.schema import NodeWithScore

from index import checking, mend, privacy
from index.catalog import Catalog
from index.catalog.documents import Counts, Page
from index.catalog.engine import sqlite_url
from index.catalog.feedback import Feedback, FeedbackStore
from index.catalog.jobs import Job, Jobs
from index.catalog.synced import SyncedItems
from index.checking import Difference
from index.closing import Closing
from index.embedding.base import Embedder
from index.errors import IndexDamagedError
from index.folder import DataFolder
from index.ingest import Ingest, Outcome
from index.lexical import LexicalStore
from index.lock import FolderLock
from index.model import (
    Change,
    DocumentSummary,
    Filters,
    RetrievedPassage,
    Revision,
    SourceDocument,
)
from index.remake import use_parts
from index.resolve import resolve
from index.retrieve import HybridRetriever
from index.right_of_way import RightOfWay
from index.vectors import VectorStore

if TYPE_CHECKING:
    from chromadb import Collection

__all__ = ["Counts", "Feedback", "Job", "Jobs", "Library", "Outcome", "Page"]

_LOG = logging.getLogger(__name__)
_NO_FILTERS = Filters()
_DEATHS = 2
_DIED_OPENING = (
    "The last process died while it opened the vectors: it was killed, or they are damaged in a "
    "way that Chroma does not see. Run `footnote doctor --repair` to make them again from the "
    "catalog; no document is lost. A start does so by itself after two such deaths."
)


class Library(Closing):
    """An open index. Use as a context manager; ``open`` makes one.

    Reads may come from any number of threads; writes wait for each other.

    Attributes:
        embedder: the embedding model that questions are embedded with.
        jobs: the record of long work.
        synced: what synchronisation has brought in.
        feedback: readers' ratings of answers.
        right_of_way: claimed by whoever answers a question; indexing waits for them.
    """

    def __init__(
        self,
        catalog: Catalog,
        vectors: VectorStore,
        lexical: LexicalStore,
        embedder: Embedder,
        resources: ExitStack,
    ) -> None:
        self.embedder = embedder
        self.jobs: Jobs = catalog.jobs
        self.synced: SyncedItems = catalog.synced
        self.feedback: FeedbackStore = catalog.feedback
        self._catalog = catalog
        self._vectors = vectors
        self._lexical = lexical
        self.right_of_way = RightOfWay()
        self._ingest = Ingest(catalog, vectors, lexical, embedder, self.right_of_way)
        self._resources = resources

    @classmethod
    def open(
        cls,
        data_dir: Path,
        *,
        embedder: Embedder,
        catalog_url: str | None = None,
        chroma_url: str | None = None,
        server_url: str | None = None,
        repair: bool = False,
        inspect: bool = False,
    ) -> Self:
        """Open the index in a data folder, making it when it is missing.

        What an interrupted process left behind is cleaned up, and what is missing in a store is
        written again from the catalog, as is a store that cannot be read. An index that was made
        beside this one with the parts that are given (``remake``) takes its place.

        Args:
            data_dir: the folder; one process at a time may hold it.
            embedder: the embedding model.
            catalog_url: a SQLAlchemy URL, where the catalog is not in the folder.
            chroma_url: a Chroma server, where the vectors are not in the folder.
            server_url: where this process serves, for others that find the folder held.
            repair: make the vectors and the lexical index again from the catalog.
            inspect: mend nothing, so that ``differences`` sees what there is.

        Raises:
            DataFolderBusyError: another process holds the folder.
            IndexMismatchError: the index was made with other parts.
            IndexDamagedError: the catalog cannot be read; with ``inspect``, another store neither.
            StorageError: the folder cannot be written.
            UnavailableError: a server cannot be reached.
        """
        folder = DataFolder(data_dir)
        with ExitStack() as resources:
            lock = FolderLock(data_dir, url=server_url)
            resources.callback(lock.release)
            if not inspect:
                privacy.close_to_others(data_dir)
            if catalog_url is None:
                folder.refuse_lost_catalog()
            catalog = Catalog.open(catalog_url or sqlite_url(folder.catalog))
            resources.callback(catalog.close)
            use_parts(catalog, folder, embedder, chroma_url)
            generation = catalog.remakes.generation()
            vectors = VectorStore(folder.vectors(generation), url=chroma_url, generation=generation)
            resources.callback(vectors.close)
            lexical = LexicalStore(folder.lexical(generation))
            resources.callback(lexical.close)
            library = cls(catalog, vectors, lexical, embedder, resources)
            library._start(lock, repair=repair, inspect=inspect)
            library._resources = resources.pop_all()
            return library

    def _start(self, lock: FolderLock, *, repair: bool, inspect: bool) -> None:
        if repair:
            self.rebuild()
            lock.trust()
            return
        if lock.died_opening and inspect:
            raise IndexDamagedError(_DIED_OPENING)
        try:
            if lock.died_opening >= _DEATHS:
                raise IndexDamagedError(_DIED_OPENING)
            with lock.opening():
                self._vectors.open()
                if lock.is_inherited and not inspect:
                    checking.doubt_vectors(self._catalog, self._vectors)
        except IndexDamagedError as error:  # as a kill leaves it while Chroma writes its files
            if inspect:
                raise
            _LOG.warning("Making the vectors again from the catalog: %s", error)
            lock.opened()
            mend.fill_vectors(self._catalog, self._vectors)
        try:
            self._lexical.open()
            if lock.is_inherited and not inspect:
                self._lexical.verify()
        except IndexDamagedError as error:
            if inspect:
                raise
            _LOG.warning("Making the lexical index again from the catalog: %s", error)
            mend.fill_lexical(self._catalog, self._lexical)
        if not inspect:
            self._agree()
            lock.trust()

    def _agree(self) -> None:
        try:
            mend.settle(self._catalog, self._vectors, self._lexical)
            mend.agree(self._catalog, self._vectors, self._lexical)
        except IndexDamagedError as error:
            _LOG.warning("Making both stores again from the catalog: %s", error)
            self.rebuild()

    def add(self, document: SourceDocument) -> Change:
        """Add or replace a document; a reader sees its old state or its new one.

        Raises:
            InvalidDocumentError: it has no sentence to index.
            ConflictError: another file that exists has its id.
            StorageError: it could not be stored.
        """
        return self._ingest.add(document)

    def add_many(self, documents: Iterable[SourceDocument]) -> Iterator[Outcome]:
        """Add or replace documents, and yield what became of each, in their order.

        Several times faster than adding one by one. Each document is atomic by itself.

        Raises:
            StorageError: the stores cannot be written; what was yielded before is stored.
        """
        return self._ingest.add_many(documents)

    def delete(self, document_id: str) -> None:
        """Remove a document with all its revisions, from everywhere. Raises NotFoundError."""
        self._ingest.delete(document_id)

    def revision(self, document_id: str, sha: str | None = None) -> Revision:
        """Return a document's current revision, or an earlier one. Raises NotFoundError."""
        return self._catalog.documents.revision(document_id, sha)

    def revisions(self, document_id: str) -> list[Revision]:
        """Return a document's revisions, newest first. Raises NotFoundError."""
        return self._catalog.documents.revisions(document_id)

    def read_span(self, document_id: str, sha: str, start: int, end: int) -> str:
        """Return a revision's text from ``start`` to ``end``. Raises NotFoundError."""
        return self._catalog.documents.read_span(document_id, sha, start, end)

    def summary(self, document_id: str) -> DocumentSummary:
        """Return a document's line in the list. Raises NotFoundError."""
        return self._catalog.documents.summary(document_id)

    def documents(self, *, offset: int = 0, limit: int = 50) -> Page[DocumentSummary]:
        """Return a part of the list of documents, in the order of their ids."""
        return self._catalog.documents.page(offset=offset, limit=limit)

    def counts(self) -> Counts:
        """Count documents, passages and sentences."""
        return self._catalog.documents.counts()

    def retriever(self, *, top_k: int = 8, filters: Filters = _NO_FILTERS) -> HybridRetriever:
        """Return a LlamaIndex retriever of ``top_k`` passages of the documents in ``filters``."""
        return HybridRetriever(
            self._catalog,
            self._vectors,
            self._lexical,
            self.embedder,
            top_k=top_k,
            filters=filters,
        )

    def probe(self) -> None:
        """Search once, without embedding anything. Raises StorageError where a store fails."""
        vector = np.zeros(self.embedder.dimension, np.float32)
        vector[0] = 1
        self.retriever(top_k=1).search("ready", vector)

    def passages_of(self, nodes: Sequence[NodeWithScore]) -> list[RetrievedPassage]:
        """Return the passages that a retriever's nodes stand for, whichever retriever it was."""
        return resolve(nodes, self._catalog)

    def copies_of(self, document_id: str) -> tuple[str, ...]:
        """Return the ids of the documents that carry the same text as this one."""
        return self._catalog.copies.of(document_id)

    def copies_among(self, document_ids: Iterable[str]) -> frozenset[tuple[str, str]]:
        """Return the pairs of these documents that carry the same text, each in both orders."""
        return self._catalog.copies.among(tuple(document_ids))

    def has_flag(self, name: str) -> bool:
        """Tell whether ``set_flag`` was called with ``name``, ever."""
        return self._catalog.fact(f"flag:{name}") is not None

    def set_flag(self, name: str) -> None:
        """Record that something was done, for all times."""
        self._catalog.set_fact(f"flag:{name}", True)

    def secret(self, name: str) -> bytes:
        """Return a random secret of 32 bytes that stays the same for this catalog."""
        fact = f"secret:{name}"
        if self._catalog.fact(fact) is None:
            self._catalog.set_fact(fact, secrets.token_hex(32))
        return bytes.fromhex(self._catalog.fact(fact))

    def new_secret(self, name: str) -> bytes:
        """Put a new secret in place of the one that ``secret`` returned, and return it."""
        self._catalog.set_fact(f"secret:{name}", None)
        return self.secret(name)

    @property
    def stamp(self) -> str:
        """The parts the index is made with: model, dimension, passage maker."""
        return str(self._ingest.stamp)

    @property
    def collection(self) -> "Collection":
        """The Chroma collection of sentences, to give to a LlamaIndex ``ChromaVectorStore``."""
        return self._vectors.collection

    @property
    def lexical(self) -> LexicalStore:
        """The lexical store alone, for measuring it."""
        return self._lexical

    def rebuild(self) -> None:
        """Make the vectors and the lexical index again from the catalog; nothing is embedded.

        Searches fail while this runs.
        """
        with self._ingest.lock:
            mend.fill(self._catalog, self._vectors, self._lexical)

    @property
    def stamp_beside(self) -> str | None:
        """What an index that is being made beside this one is made with, if there is one."""
        plan = self._catalog.remakes.plan()
        return plan.stamp if plan else None

    def differences(self) -> list[Difference]:
        """Read all stores once; return what is wrong in or between them."""
        return checking.differences(self._catalog, self._vectors, self._lexical)

    def close(self) -> None:
        """Let go of the data folder. Harmless when it was done before."""
        with self._ingest.lock:
            self._resources.close()
