"""A question's way to its answer: find passages, quote them or let a model write, check, assemble.

Owns the order of the steps and what happens when a model fails: quotes take its place. It reaches
the index only through a retriever and a reader of stored spans, and knows neither HTTP nor the
command line.
"""

import logging
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from functools import partial

from app.answer import quotes
from app.answer.assembly import Assembly, Clock
from app.answer.events import AnswerDone, Event, SentenceChecked, SourcesFound
from app.answer.evidence.model import Selection
from app.answer.finding import AskRequest, Finder, Found
from app.answer.model import Answer, Reason
from app.answer.quoting import Quoter
from app.answer.threads import InThread, OwnLoop, in_any_thread
from app.answer.writing import Refused, Writer
from app.models.errors import CutOffError, LengthLimitError, ModelError

__all__ = ["AskRequest", "Chain"]

LOG = logging.getLogger("footnote.answer")


class Chain:
    """Answers questions from what the retriever finds.

    Args:
        finder: finds the passages.
        quoter: answers with quotes.
        writer: writes with a model, where one is configured.
    """

    def __init__(self, finder: Finder, quoter: Quoter, writer: Writer | None = None) -> None:
        self.quoter = quoter
        self.writer = writer
        self._finder = finder
        self._own_loop = OwnLoop()

    def ask(self, request: AskRequest) -> Answer:
        """Return the answer to a question. Blocking; not to be called on an event loop.

        Raises:
            InvalidQuestionError: the question is blank.
            StorageError: a store cannot be read.
        """
        if self.writer is not None:
            return self._own_loop.run(self.aask(request))
        return self.quote(request)

    def quote(self, request: AskRequest) -> Answer:
        """Return the answer in quotes, also where a model is configured. Blocking; as ``ask``."""
        clock = Clock()
        found = self._finder.find(request)
        clock.lap("retrieve")
        return self.quoter.answer(found, clock)

    async def aask(self, request: AskRequest, in_thread: InThread = in_any_thread) -> Answer:
        """Return the answer to a question. Raises like ``ask``."""
        if self.writer is None:
            return await in_thread(partial(self.ask, request))
        async with aclosing(self._written(request, in_thread, shown=False)) as events:
            async for event in events:
                if isinstance(event, AnswerDone):
                    return event.answer
        raise AssertionError("the events end with the answer")

    async def astream(
        self, request: AskRequest, in_thread: InThread = in_any_thread
    ) -> AsyncGenerator[Event, None]:
        """Yield the sources, each sentence once it is checked, then the answer.

        Closing the generator stops the model. Raises like ``ask``.
        """
        if self.writer is not None:
            async with aclosing(self._written(request, in_thread, shown=True)) as events:
                async for event in events:
                    yield event
            return
        clock = Clock()
        found = await in_thread(partial(self._finder.find, request))
        clock.lap("retrieve")
        yield SourcesFound(found.sources())
        answer = await in_thread(partial(self.quoter.answer, found, clock))
        for event in _told(answer):
            yield event

    def close(self) -> None:
        """Close what ``ask`` opened: the models' connections and the loop they belong to."""
        if self._own_loop.started:
            self._own_loop.run(self.aclose())
            self._own_loop.close()

    async def aclose(self) -> None:
        """Close the models' connections. To be called on the loop that asked."""
        if self.writer is not None:
            await self.writer.aclose()

    def select(self, request: AskRequest) -> Selection:
        """Return the evidence that a question is answered from, for those who measure it."""
        return self.quoter.select(self._finder.find(request))

    async def _written(
        self, request: AskRequest, in_thread: InThread, *, shown: bool
    ) -> AsyncGenerator[Event, None]:
        """Yield the events of an answer that a model writes.

        ``shown`` tells that a reader sees each sentence at once: then what a broken-off model wrote
        stays. Otherwise it is asked once more, and quotes replace what it could not finish.
        """
        assert self.writer is not None  # noqa: S101 - for the type checker
        clock = Clock()
        deadline = self.writer.deadline()
        completed = await self.writer.standalone(request, deadline)
        found = await in_thread(partial(self._finder.find, request, completed=completed))
        clock.lap("retrieve")
        yield SourcesFound(found.sources())
        assembly = Assembly(clock, self.quoter.same_text)
        failure: ModelError | None = None
        for last in (shown, True):
            assembly, failure = Assembly(clock, self.quoter.same_text), None
            if not found.passages:
                break
            try:
                writing = self.writer.write(found, assembly, clock, deadline, in_thread)
                async with aclosing(writing) as sentences:
                    async for sentence in sentences:
                        if shown:
                            yield sentence
            except Refused:
                yield AnswerDone(
                    assembly.answer(found, self.writer.generator, reason="no_evidence")
                )
                return
            except ModelError as error:
                LOG.warning("The model failed (%s): %s", error.code, error.detail or error.message)
                failure = error
            if last or not _worth_repeating(failure):
                break
        already = len(assembly.sentences) if shown else 0
        answer = await in_thread(partial(self._finish, found, assembly, clock, failure, shown))
        for event in list(_told(answer))[already:]:
            yield event

    def _finish(
        self,
        found: Found,
        assembly: Assembly,
        clock: Clock,
        failure: ModelError | None,
        shown: bool,
    ) -> Answer:
        """Return the model's answer with what quotes can add, or quotes where it has none."""
        assert self.writer is not None  # noqa: S101 - for the type checker
        reason: Reason | None = "draft_unsupported" if assembly.dropped else None
        if failure is not None:
            reason = "model_unavailable"
        if not assembly.sentences or (failure is not None and not shown):
            return self.quoter.answer(found, clock, reason=reason, dropped=assembly.dropped)
        self.quoter.complete(found, assembly)
        clock.lap("verify")
        return assembly.answer(
            found, self.writer.generator, reason=reason, incomplete=reason is not None
        )


def _worth_repeating(failure: ModelError | None) -> bool:
    return isinstance(failure, CutOffError) and not isinstance(failure, LengthLimitError)


def _told(answer: Answer) -> Iterator[Event]:
    """Yield the events that show a finished answer."""
    citations = {citation.marker: citation for citation in answer.citations}
    for sentence, rendered in zip(answer.sentences, quotes.rendered(answer), strict=True):
        cited = tuple(citations[marker] for marker in sentence.citations)
        yield SentenceChecked(sentence, cited, rendered)
    yield AnswerDone(answer)
