"""Finds the passages that bear on a question: sentence vectors and BM25, fused.

Reads the three stores and writes none. What a reader may see is decided here: hits of revisions
that are not current, or that a filter does not allow, are dropped.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.instrumentation.events.retrieval import RetrievalEndEvent, RetrievalStartEvent
from llama_index.core.schema import NodeWithScore, QueryBundle, QueryType
from llama_index_instrumentation import get_dispatcher

from index.catalog import Catalog
from index.catalog.documents import Allowed
from index.catalog.packing import revision_of
from index.catalog.passages import StoredPassage
from index.coverage import Wanted, question_words
from index.embedding.base import Embedder
from index.hits import Hits
from index.language import detect
from index.lexical import LexicalStore
from index.lexical.analysis import ENGLISH, analysis_of
from index.model import Filters, RetrievedPassage, Vector
from index.nodes import PassageNode, retrieved_passages
from index.vectors import VectorStore

__all__ = ["HybridRetriever", "PassageNode", "retrieved_passages"]

COVERAGE_WEIGHT = 0.4
LEXICAL_WEIGHT = 0.25
"""Measured on SQuAD 2.0 (301 paragraphs, 1,299 questions): the right paragraph is first for 0.834
of the questions and among the first four for 0.953; with both weights chosen on the articles other
than the one asked about: 0.825 and 0.950. Cosine + 0.5 BM25 alone: 0.814 and 0.938; with stop words
left out of BM25: 0.820 and 0.944."""

_SENTENCES = 80
_PASSAGES = 100  # with 30, 0.951 among the first four: many near ones would get no BM25 at all
_CANDIDATES = 12  # up to 60 give the same answers
_ATTEMPTS = 5
_SURE_ENOUGH = 0.4
_NO_FILTERS = Filters()
_DISPATCHER = get_dispatcher(__name__)


class HybridRetriever(BaseRetriever):
    """Ranks passages by their best sentence, and by BM25.

    The score is the best sentence's cosine to the question + 0.4 × the share of the question's
    words that the same sentence has + 0.25 × the passage's BM25 over the best BM25.

    Args:
        catalog: what is current, and the passages.
        vectors: the store of sentence vectors.
        lexical: the store of passages for BM25.
        embedder: embeds the question where its vector is not given.
        top_k: how many passages to return.
        filters: which documents to look in.
    """

    def __init__(
        self,
        catalog: Catalog,
        vectors: VectorStore,
        lexical: LexicalStore,
        embedder: Embedder,
        *,
        top_k: int = 8,
        filters: Filters = _NO_FILTERS,
    ) -> None:
        super().__init__()
        self._catalog = catalog
        self._vectors = vectors
        self._lexical = lexical
        self._embedder = embedder
        self._top_k = top_k
        self._filters = filters

    def search(self, question: str, vector: Vector | None = None) -> list[RetrievedPassage]:
        """Return the best passages, best first; ``vector`` is the question's, if it is known.

        Each document is seen in one state: where it is replaced during the search, the search is
        made again.
        """
        # JSON can bring half a surrogate pair, which no store takes.
        question = question.encode("utf-8", "replace").decode()
        if vector is None:
            vector = self._embedder.embed_query(question)
        found: list[RetrievedPassage] = []
        for _attempt in range(_ATTEMPTS):
            before = self._catalog.live.replaced
            found, disturbed = self._attempt(question, vector)
            if not disturbed or self._catalog.live.replaced == before:
                break
        return found

    def retrieve(self, str_or_query_bundle: QueryType) -> list[NodeWithScore]:
        """Return the best passages as nodes; a vector in the bundle is used.

        Sends the span and the events of ``BaseRetriever.retrieve``, but leaves out what is of no
        use here and takes longer than the fusion: a span within the span, the callbacks of old
        where there are none, and the search for retrievers among the nodes.
        """
        if self.callback_manager.handlers:
            return super().retrieve(str_or_query_bundle)
        bundle = str_or_query_bundle
        if isinstance(bundle, str):
            bundle = QueryBundle(bundle)
        _DISPATCHER.event(RetrievalStartEvent(str_or_query_bundle=str_or_query_bundle))
        nodes = self._nodes(bundle)
        _DISPATCHER.event(RetrievalEndEvent(str_or_query_bundle=str_or_query_bundle, nodes=nodes))
        return nodes

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return self._nodes(query_bundle)

    def _nodes(self, bundle: QueryBundle) -> list[NodeWithScore]:
        vector = None
        if bundle.embedding is not None:
            vector = np.asarray(bundle.embedding, dtype=np.float32)
        found = self.search(bundle.query_str, vector)
        return [NodeWithScore(node=PassageNode(each), score=each.score) for each in found]

    def _attempt(self, question: str, vector: Vector) -> tuple[list[RetrievedPassage], bool]:
        """Search once. The second value tells that a hit was dropped as not current."""
        search = _Search(self._catalog, self._filters)
        if search.nothing_allowed:
            return [], False
        words = question_words(question, _language(question, self._lexical.analyses))
        cosines = search.sentences(self._vectors, vector, self._top_k)
        lexical = search.passages(self._lexical, words, self._top_k)
        candidates = _candidates(cosines, lexical, max(_CANDIDATES, self._top_k + self._top_k // 2))
        rows = self._catalog.passages.load(candidates)
        weights = self._lexical.weigh(words)
        wanted = {
            language: Wanted(weights, language)
            for language in {row.language for row in rows.values()}
        }
        scored = [
            _scored(row, lexical.get(key, 0.0), wanted[row.language], vector)
            for key, row in rows.items()
        ]
        scored.sort(key=lambda each: (-each.score, each.row.key))
        found = [each.passage() for each in scored[: self._top_k]]
        return found, search.dropped or len(rows) < len(candidates)


def _language(question: str, analyses: frozenset[str]) -> str | None:
    """Return the language of a question, None for English and where no document is in it.

    The languages of the documents make up for what a few words leave open, so that half as sure as
    elsewhere is enough.
    """
    if analyses <= {ENGLISH}:
        return None
    found = detect(question)
    if found is None or found.confidence < _SURE_ENOUGH or analysis_of(found.code) not in analyses:
        return None
    return found.code


def _candidates(
    cosines: Mapping[int, float], lexical: Mapping[int, float], limit: int
) -> list[int]:
    """Return the keys of the passages worth a closer look.

    A passage that only BM25 found has no sentence nearer than the farthest that was found, and is
    taken to be as near as that.
    """
    farthest = min(cosines.values(), default=0.0)
    scores = {key: cosine + 0.5 * lexical.get(key, 0.0) for key, cosine in cosines.items()}
    for key, score in lexical.items():
        scores.setdefault(key, farthest + 0.5 * score)
    return sorted(scores, key=scores.__getitem__, reverse=True)[:limit]


class _Scored(NamedTuple):
    """A candidate and what was found out about it."""

    score: float
    similarity: float
    lexical: float
    row: StoredPassage

    def passage(self) -> RetrievedPassage:
        return self.row.scored(self.score, self.similarity, self.lexical)


def _scored(row: StoredPassage, lexical: float, wanted: Wanted, vector: Vector) -> _Scored:
    cosines: list[float] = (row.vectors @ vector).tolist()
    best = -math.inf
    for position in sorted(range(len(cosines)), key=cosines.__getitem__, reverse=True):
        if cosines[position] + COVERAGE_WEIGHT <= best:
            break  # not even all of the question's words would make up for it
        share = wanted.share(row.sentence_starts(position))
        best = max(best, cosines[position] + COVERAGE_WEIGHT * share)
    return _Scored(best + LEXICAL_WEIGHT * lexical, max(cosines), lexical, row)


class _Search:
    """What one attempt may see, and whether something was withheld as not current."""

    def __init__(self, catalog: Catalog, filters: Filters) -> None:
        self._live = catalog.live
        self._allowed: Allowed | None = None
        self._share = 1.0
        self._few: Sequence[int] | None = None
        self.dropped = False
        if filters != _NO_FILTERS:
            self._allowed = catalog.documents.allowed(filters)
            total = max(1, catalog.documents.counts().sentences)
            self._share = self._allowed.sentences / total
            if _is_cheaper_inside(self._allowed.sentences, total):
                self._few = sorted(self._allowed.revisions)

    @property
    def nothing_allowed(self) -> bool:
        return self._allowed is not None and not self._allowed.revisions

    def sentences(self, store: VectorStore, vector: Vector, top_k: int) -> dict[int, float]:
        """Return the passages with the nearest sentences that may be seen, with the cosines."""

        def ask(limit: int) -> Hits:
            return store.nearest(vector, limit, revisions=self._few)

        return self._visible(ask, max(_SENTENCES, 5 * top_k), enough=2 * top_k)

    def passages(self, store: LexicalStore, words: Sequence[str], top_k: int) -> dict[int, float]:
        """Return the passages with the best BM25 scores that may be seen, 1.0 for the best."""
        question = " ".join(words)

        def ask(limit: int) -> Hits:
            return store.search(question, limit, revisions=self._few)

        found = self._visible(ask, max(_PASSAGES, 2 * top_k), enough=2 * top_k)
        top = next(iter(found.values()), 1.0)
        return {key: score / top for key, score in found.items()}

    def _visible(self, ask: Callable[[int], Hits], limit: int, *, enough: int) -> dict[int, float]:
        """Ask for more until enough of the hits may be seen, or there are no more."""
        if self._few is None:
            limit = math.ceil(limit / max(self._share, 1e-6))
        while True:
            hits = ask(limit)
            revisions = {revision_of(key) for key in hits.scores}
            visible = self._live.among(revisions)
            self.dropped = self.dropped or len(visible) < len(revisions)
            if self._allowed is not None:
                visible &= self._allowed.revisions
            found = hits.scores
            if len(visible) < len(revisions):
                found = {k: score for k, score in found.items() if revision_of(k) in visible}
            if hits.exhausted or len(found) >= enough:
                return found
            limit *= 4


def _is_cheaper_inside(allowed: int, total: int) -> bool:
    """Tell whether to filter inside the stores, not after them.

    Inside, Chroma takes about 4 microseconds for each allowed sentence; afterwards, about 10 for
    each hit asked for, of which there must be more the fewer are allowed.
    """
    return allowed * 4 < _SENTENCES * 10 * total / max(allowed, 1)
