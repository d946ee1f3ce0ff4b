"""A question's way to its answer: complete it, retrieve, select evidence, write, verify, assemble.

Owns the order of the steps and the answer object they add up to. It reaches the index only through
a retriever and a reader of stored spans, and knows neither HTTP nor the command line.
"""

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from index.retrieve import retrieved_passages
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import QueryBundle

from app.answer import evidence, quotes
from app.answer.conflicts import ConflictGroup
from app.answer.draft import Citations, Draft, render
from app.answer.events import AnswerDone, Event, SentenceChecked, SourcesFound
from app.answer.evidence.model import Evidence, Selection
from app.answer.model import (
    Answer,
    AnswerSentence,
    Conflict,
    DroppedSentence,
    Generator,
    NearestSource,
    Reason,
    Timings,
    Turn,
)
from app.answer.question import analyse, standalone
from app.answer.question.model import Question
from app.answer.verify import QuoteVerifier
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


@dataclass(slots=True)
class _Clock:
    """Milliseconds from step to step."""

    started: float = field(default_factory=time.perf_counter)
    last: float = field(default_factory=time.perf_counter)

    def lap(self) -> float:
        now = time.perf_counter()
        spent, self.last = (now - self.last) * 1000, now
        return round(spent, 3)

    def total(self) -> float:
        return round((time.perf_counter() - self.started) * 1000, 3)


class Chain:
    """Answers questions from what the retriever finds.

    Args:
        embedder: embeds the question, once.
        retriever: makes the retriever of one request from its top_k and filters; any LlamaIndex
            retriever whose nodes name stored passages will do.
        verifier: checks each quote before it is shown.
        top_k: passages to retrieve where the request does not say.
        refuse_below: least estimate that the sources answer; None means the measured default.
        is_empty: tells whether there is any document at all, asked only when nothing was found.
    """

    def __init__(
        self,
        *,
        embedder: Embedder,
        retriever: Callable[[int, Filters], BaseRetriever],
        verifier: QuoteVerifier,
        top_k: int,
        refuse_below: float | None = None,
        is_empty: Callable[[], bool] = lambda: False,
    ) -> None:
        self._embedder = embedder
        self._retriever = retriever
        self._verifier = verifier
        self._top_k = top_k
        self.refuse_below = evidence.REFUSE_BELOW if refuse_below is None else refuse_below
        self._is_empty = is_empty

    def ask(self, request: AskRequest) -> Answer:
        """Return the answer to a question. Blocking: embeds, searches and reads.

        Raises:
            InvalidQuestionError: the question is blank.
            StorageError: a store cannot be read.
        """
        for event in self.stream(request):
            if isinstance(event, AnswerDone):
                return event.answer
        raise AssertionError("a stream of events ends with the answer")

    def stream(self, request: AskRequest) -> Iterator[Event]:
        """Yield the sources, each checked sentence, then the whole answer. Raises like ``ask``."""
        clock = _Clock()
        found = self._find(request)
        retrieve_ms = clock.lap()
        sources = _nearest(found.passages)
        yield SourcesFound(sources)

        draft = self._write(found.question, _select(found))
        write_ms = clock.lap()
        draft = self._verify(draft)
        finished = _assemble(draft)
        verify_ms = clock.lap()
        for sentence in finished.sentences:
            yield SentenceChecked(sentence, finished.citations.of(sentence))
        yield AnswerDone(
            Answer(
                id=f"ans_{secrets.token_hex(12)}",
                status="answered" if finished.sentences else "refused",
                reason=None if finished.sentences else draft.reason or "draft_unsupported",
                question=found.question.text,
                answer=finished.text,
                sentences=tuple(finished.sentences),
                citations=finished.citations.all(),
                conflicts=tuple(finished.conflicts),
                dropped=draft.dropped,
                sources=sources,
                generator=Generator(kind="extractive"),
                timings_ms=Timings(
                    retrieve=retrieve_ms, write=write_ms, verify=verify_ms, total=clock.total()
                ),
            )
        )

    def select(self, request: AskRequest) -> Selection:
        """Return the evidence the answer would be made of, for those who measure it."""
        return _select(self._find(request))

    def _find(self, request: AskRequest) -> "_Found":
        if not request.question.strip():
            raise InvalidQuestionError("The question is empty. Ask it in a sentence.")
        question = analyse(standalone(request.question.strip(), request.history))
        vector = self._embedder.embed_query(question.text)
        retriever = self._retriever(request.top_k or self._top_k, request.filters)
        bundle = QueryBundle(query_str=question.text, embedding=vector.tolist())
        return _Found(question, vector, retrieved_passages(retriever.retrieve(bundle)))

    def _write(self, question: Question, selection: Selection) -> "_Drafted":
        if not selection.ranked:
            return _Drafted(reason="no_documents" if self._is_empty() else "no_evidence")
        if not selection.chosen or selection.answerable < self.refuse_below:
            return _Drafted(reason="weak_evidence")
        drafts, groups = quotes.write(question, selection)
        return _Drafted(drafts=tuple(drafts), groups=tuple(groups))

    def _verify(self, drafted: "_Drafted") -> "_Drafted":
        """Take out every quote that does not stand, and what has no quote left."""
        checked = self._verifier.verify(quotes.quoted_evidence(drafted.drafts, drafted.groups))
        if not checked.failed:
            return drafted
        good = set(checked.verified)
        drafts = [replace(d, evidence=_only(d.evidence, good)) for d in drafted.drafts]
        groups = []
        for group in drafted.groups:
            claims = ((value, _only(items, good)) for value, items in group.claims)
            kept = tuple((value, items) for value, items in claims if items)
            if len(kept) > 1:
                groups.append(ConflictGroup(kept))
        return _Drafted(
            drafts=tuple(d for d in drafts if d.evidence and d.evidence[0].text == d.text),
            groups=tuple(groups),
            dropped=tuple(DroppedSentence(text=e.text, why=why) for e, why in checked.failed),
        )


@dataclass(frozen=True, slots=True)
class _Found:
    question: Question
    vector: Vector
    passages: list[RetrievedPassage]


@dataclass(frozen=True, slots=True)
class _Drafted:
    drafts: tuple[Draft, ...] = ()
    groups: tuple[ConflictGroup, ...] = ()
    dropped: tuple[DroppedSentence, ...] = ()
    reason: Reason | None = None


@dataclass(slots=True)
class _Assembled:
    text: str
    citations: Citations
    sentences: list[AnswerSentence]
    conflicts: list[Conflict]


def _assemble(draft: _Drafted) -> _Assembled:
    citations = Citations()
    sentences = [citations.sentence(item) for item in draft.drafts]
    rendered = [render(sentence) for sentence in sentences]
    conflicts: list[Conflict] = []
    for group in draft.groups:
        conflict, sentence = quotes.disagreement(group, citations)
        conflicts.append(conflict)
        sentences.append(sentence)
        rendered.append(quotes.render_disagreement(conflict))
    return _Assembled(" ".join(rendered) or quotes.REFUSAL, citations, sentences, conflicts)


def _select(found: _Found) -> Selection:
    return evidence.select(found.question, found.vector, found.passages)


def _only(items: Sequence[Evidence], good: set[Evidence]) -> tuple[Evidence, ...]:
    return tuple(item for item in items if item in good)


def _nearest(passages: Sequence[RetrievedPassage]) -> tuple[NearestSource, ...]:
    """Return the best-scored documents, each once."""
    sources: dict[str, NearestSource] = {}
    for passage in sorted(passages, key=lambda item: item.score, reverse=True):
        if passage.document_id not in sources:
            sources[passage.document_id] = NearestSource(
                document_id=passage.document_id,
                title=passage.title,
                source=passage.source,
                published_at=passage.published_at,
                score=round(float(passage.score), 4),
            )
    return tuple(sources.values())[:NEAREST_SOURCES]
