"""A question's way to its answer: find passages, then quote them, checked, as one answer object.

Owns the order of the steps. It reaches the index only through a retriever and a reader of stored
spans, and knows neither HTTP nor the command line.
"""

from collections.abc import Iterator

from app.answer.assembly import Clock
from app.answer.events import AnswerDone, Event, SentenceChecked, SourcesFound
from app.answer.evidence.model import Selection
from app.answer.finding import AskRequest, Finder
from app.answer.model import Answer
from app.answer.quoting import Quoter, select

__all__ = ["AskRequest", "Chain"]


class Chain:
    """Answers questions from what the retriever finds."""

    def __init__(self, finder: Finder, quoter: Quoter) -> None:
        self.quoter = quoter
        self._finder = finder

    def ask(self, request: AskRequest) -> Answer:
        """Return the answer to a question. Blocking: embeds, searches and reads.

        Raises:
            InvalidQuestionError: the question is blank.
            StorageError: a store cannot be read.
        """
        clock = Clock()
        found = self._finder.find(request)
        clock.lap("retrieve")
        return self.quoter.answer(found, clock)

    def stream(self, request: AskRequest) -> Iterator[Event]:
        """Yield the sources, each checked sentence, then the whole answer. Raises like ``ask``."""
        clock = Clock()
        found = self._finder.find(request)
        clock.lap("retrieve")
        yield SourcesFound(found.sources())
        answer = self.quoter.answer(found, clock)
        citations = {citation.marker: citation for citation in answer.citations}
        for sentence in answer.sentences:
            yield SentenceChecked(sentence, tuple(citations[m] for m in sentence.citations))
        yield AnswerDone(answer)

    def select(self, request: AskRequest) -> Selection:
        """Return the evidence that a question is answered from, for those who measure it."""
        return select(self._finder.find(request))
