"""Makes an index with another embedding model beside the one that answers, and switches to it.

``prepare`` writes new revisions, vectors and words that no reader sees, while another process may
go on answering and indexing with the old model; interrupted, it goes on where it was. ``switch``
needs the data folder for itself, adds what was indexed meanwhile, and puts the new in the old one's
place in one transaction. Until then the old index opens with the old model as if nothing was.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from index import mend
from index.catalog import Catalog
from index.catalog.engine import sqlite_url
from index.catalog.remakes import STAMP, Original, Plan
from index.drafting import Drafting, stored_passages
from index.embedding.base import Embedder
from index.errors import IndexDamagedError
from index.folder import DataFolder, discard
from index.lexical import LexicalStore
from index.lock import only_remake
from index.right_of_way import RightOfWay
from index.vectors import VectorStore

_LOG = logging.getLogger(__name__)
_BATCH_CHARACTERS = 40_000
_BATCH_DOCUMENTS = 64

Progress = Callable[[int, int], None]
"""Called with how many documents are done, and how many there are."""


class Remake:
    """An index in the making, beside the one that answers.

    Args:
        catalog: holds both.
        folder: where the stores lie.
        drafting: makes passages and vectors, with the new model.
        chroma_url: a Chroma server, where the vectors are not in the folder.
    """

    def __init__(
        self,
        catalog: Catalog,
        folder: DataFolder,
        drafting: Drafting,
        *,
        chroma_url: str | None = None,
    ) -> None:
        self._catalog = catalog
        self._folder = folder
        self._drafting = drafting
        self._stamp = str(drafting.stamp)
        self._url = chroma_url

    @property
    def is_wanted(self) -> bool:
        """Whether the index was made with other parts than the present ones."""
        return self._catalog.fact(STAMP) not in (None, self._stamp)

    @property
    def is_ready(self) -> bool:
        """Whether ``prepare`` came to its end, so that ``switch`` has little left to do."""
        plan = self._catalog.remakes.plan()
        return plan is not None and plan.ready and plan.stamp == self._stamp

    def prepare(self, *, progress: Progress | None = None) -> None:
        """Make everything that is missing.

        Raises:
            ConflictError: another process does so already.
            StorageError: the stores cannot be written; what was made is kept.
            UnavailableError: the embedding model does not answer; what was made is kept.
        """
        with only_remake(self._folder.root):
            self._complete(progress)

    def switch(self) -> None:
        """Make what is still missing, then let the new index answer. Hold the data folder.

        Raises:
            As ``prepare``.
        """
        with only_remake(self._folder.root):
            plan = self._complete(None)
            self._catalog.remakes.switch(plan)
        _LOG.info("The index is now the one made with %s.", self._stamp)

    def abandon(self) -> None:
        """Throw away what was made, because the index stays as it is."""
        plan = self._catalog.remakes.plan()
        if plan is not None:
            with only_remake(self._folder.root):
                self._catalog.remakes.abandon()
                throw_away(self._folder, plan.generation, self._url)

    def _complete(self, progress: Progress | None) -> Plan:
        remakes = self._catalog.remakes
        former = remakes.plan()
        plan = remakes.begin(self._stamp)
        if former is not None and former.generation != plan.generation:
            throw_away(self._folder, former.generation, self._url)
        remakes.save(plan)
        with self._stores(plan) as (vectors, lexical):
            self._embed(plan, vectors, progress)
            made = remakes.made()
            mend.complete_vectors(self._catalog, vectors, made)
            mend.complete_lexical(self._catalog, lexical, made)
        plan = replace(plan, ready=True)
        remakes.save(plan)
        return plan

    def _embed(self, plan: Plan, vectors: VectorStore, progress: Progress | None) -> None:
        remakes = self._catalog.remakes
        todo = remakes.todo()
        total = remakes.count_current()
        done = total - len(todo)
        if progress is not None:
            progress(done, total)
        for batch in self._batches(todo):
            documents = [each.document for each in batch]
            drafts = self._drafting.drafts(documents, [each.sha for each in batch])
            keys = remakes.add(list(zip(batch, drafts, strict=True)), plan.stamp)
            for key, draft in zip(keys, drafts, strict=True):
                if key is not None:
                    vectors.add(list(stored_passages(key, draft)))
            done += len(batch)
            if progress is not None:
                progress(done, total)

    def _batches(self, todo: Sequence[int]) -> Iterator[list[Original]]:
        """Yield the documents to make anew, some at a time, so that few texts are in memory."""
        batch: list[Original] = []
        characters = 0
        for first in range(0, len(todo), _BATCH_DOCUMENTS):
            for each in self._catalog.remakes.originals(todo[first : first + _BATCH_DOCUMENTS]):
                batch.append(each)
                characters += len(each.document.text)
                if characters >= _BATCH_CHARACTERS or len(batch) >= _BATCH_DOCUMENTS:
                    yield batch
                    batch, characters = [], 0
        if batch:
            yield batch

    @contextmanager
    def _stores(self, plan: Plan) -> Iterator[tuple[VectorStore, LexicalStore]]:
        """Open the new stores; damaged ones begin again, since the catalog has the vectors."""
        generation = plan.generation
        vectors = VectorStore(
            self._folder.vectors(generation), url=self._url, generation=generation
        )
        lexical = LexicalStore(self._folder.lexical(generation))
        with ExitStack() as resources:
            for store in (vectors, lexical):
                resources.callback(store.close)
                try:
                    store.open()
                except IndexDamagedError:
                    store.clear()
            yield vectors, lexical


def throw_away(folder: DataFolder, generation: int, chroma_url: str | None) -> None:
    """Delete the stores of a generation."""
    discard(folder.lexical(generation))
    VectorStore(folder.vectors(generation), url=chroma_url, generation=generation).destroy()


def tidy(catalog: Catalog, folder: DataFolder, chroma_url: str | None) -> None:
    """Delete what the last switch left behind, and what was being deleted when a process died."""
    folder.tidy()
    generation = catalog.remakes.discarded()
    if generation is not None:
        throw_away(folder, generation, chroma_url)
        catalog.remakes.forget_discarded()


def use_parts(
    catalog: Catalog, folder: DataFolder, embedder: Embedder, chroma_url: str | None
) -> None:
    """See that the index was made with the present parts, or switch to one that was.

    Raises:
        IndexMismatchError: there is none.
    """
    drafting = Drafting(embedder, RightOfWay())
    remake = Remake(catalog, folder, drafting, chroma_url=chroma_url)
    tidy(catalog, folder, chroma_url)
    recorded = catalog.fact(STAMP)
    if recorded is None:
        catalog.set_fact(STAMP, str(drafting.stamp))
    elif remake.is_wanted and remake.is_ready:
        _LOG.warning("Switching from the index made with %s to %s.", recorded, drafting.stamp)
        remake.switch()
        tidy(catalog, folder, chroma_url)
    else:
        drafting.stamp.check(recorded)


def prepare(
    data_dir: Path,
    *,
    embedder: Embedder,
    catalog_url: str | None = None,
    chroma_url: str | None = None,
    progress: Progress | None = None,
) -> bool:
    """Make an index with ``embedder`` beside the one that answers; return whether it was needed.

    A server may hold the folder and go on. The next ``Library.open`` with this embedder switches.
    Where the index was made with this embedder, one that was begun with another is thrown away.

    Raises:
        As ``Remake.prepare``.
    """
    folder = DataFolder(data_dir)
    if catalog_url is None:
        folder.refuse_lost_catalog()
        if not folder.catalog.exists():
            return False
    catalog = Catalog.open(catalog_url or sqlite_url(folder.catalog))
    try:
        drafting = Drafting(embedder, RightOfWay())
        remake = Remake(catalog, folder, drafting, chroma_url=chroma_url)
        wanted = remake.is_wanted
        if wanted:
            remake.prepare(progress=progress)
        else:
            remake.abandon()
        return wanted
    finally:
        catalog.close()
