"""From a request to the passages it is answered from: complete the question, embed, retrieve."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle

from app.answer.model import NearestSource, Turn
from app.answer.question import analyse, standalone
from app.answer.question.model import Question
from index.embedding.base import Embedder
from index.errors import InvalidQuestionError
from index.model import Filters, RetrievedPassage, Vector

NEAREST_SOURCES = 5


@dataclass(frozen=True, slots=True)
class AskRequest:
    """A question, what was said before it, and where to look."""

    question: str
    history: tuple[Turn, ...] = ()
    filters: Filters = field(default_factory=Filters)
    top_k: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A standalone question, its vector, and the passages that bear on it, best first."""

    question: Question
    vector: Vector
    passages: tuple[RetrievedPassage, ...]

    def sources(self) -> tuple[NearestSource, ...]:
        """Return the best-scored documents, each once."""
        sources: dict[str, NearestSource] = {}
        for passage in self.passages:
            if passage.document_id not in sources:
                sources[passage.document_id] = NearestSource(
                    document_id=passage.document_id,
                    title=passage.title,
                    source=passage.source,
                    published_at=passage.published_at,
                    score=round(float(passage.score), 4),
                )
        return tuple(sources.values())[:NEAREST_SOURCES]


class Finder:
    """Finds the passages for a request. Blocking; one embedding a question.

    Args:
        embedder: embeds the question.
        retriever: makes the retriever of one request from its top_k and filters; any LlamaIndex
            retriever over the collection will do.
        passages_of: the stored passages that its nodes stand for.
        top_k: passages to retrieve where the request does not say.
    """

    def __init__(
        self,
        *,
        embedder: Embedder,
        retriever: Callable[[int, Filters], BaseRetriever],
        passages_of: Callable[[Sequence[NodeWithScore]], Sequence[RetrievedPassage]],
        top_k: int,
    ) -> None:
        self._embedder = embedder
        self._retriever = retriever
        self._passages_of = passages_of
        self._top_k = top_k

    def find(self, request: AskRequest, *, completed: str | None = None) -> Found:
        """Return what was found; ``completed`` is the standalone form, where it is known already.

        Raises:
            InvalidQuestionError: the question is blank or no text.
            StorageError: a store cannot be read.
        """
        asked = request.question.strip()
        if not asked:
            raise InvalidQuestionError("The question is empty. Ask it in a sentence.")
        if not asked.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in asked):
            raise InvalidQuestionError("The question holds characters that are no text.")
        question = analyse(completed or standalone(asked, request.history))
        vector = self._embedder.embed_query(question.text)
        retriever = self._retriever(request.top_k or self._top_k, request.filters)
        bundle = QueryBundle(query_str=question.text, embedding=vector.tolist())
        passages = self._passages_of(retriever.retrieve(bundle))
        best_first = sorted(passages, key=lambda passage: passage.score, reverse=True)
        return Found(question, vector, tuple(best_first))
