"""Answers written by a model, each sentence checked before anything of it is shown.

Owns the conversation with the model: the prompt, fewer passages when they are too many, and what of
its draft passes. It never shows a sentence that no given passage supports. Knows no provider.
"""

import asyncio
import datetime as dt
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, suppress
from functools import partial

from app.answer.assembly import Assembly, Clock
from app.answer.draft import Draft
from app.answer.drafting import DraftedSentence, SentenceCutter
from app.answer.events import SentenceChecked
from app.answer.finding import AskRequest, Found
from app.answer.judging import Hearing, Judge
from app.answer.model import Generator
from app.answer.quotes import REFUSAL
from app.answer.support import CheckedSentence
from app.answer.threads import InThread
from app.answer.verify import QuoteVerifier
from app.models.base import ChatModel, Deadline
from app.models.errors import ContextTooLongError, ModelError
from index.model import RetrievedPassage
from prompts import Prompts

LOG = logging.getLogger("footnote.answer")
MOST_CHARACTERS = 20_000
"""A draft longer than this is cut: no answer needs it, and a model that repeats itself ends."""

MOST_QUESTION_CHARACTERS = 500
PAUSE_S = 0.015
"""Seconds of silence after which a complete sentence is no longer held for further markers."""

Check = Callable[[DraftedSentence, Sequence[RetrievedPassage]], CheckedSentence]
"""A drafted sentence and the passages that were given, to what holds of it."""


class Writer:
    """Writes answers with a model.

    Args:
        model: writes the draft.
        prompts: what the model is told.
        check: tells whether passages support a sentence.
        verifier: checks that each quote stands in the stored text.
        timeout_s: seconds that all calls of one question may take together.
        judge: gives a second opinion on each sentence that passed the check.
        today: the date that the model is told.
    """

    def __init__(
        self,
        model: ChatModel,
        prompts: Prompts,
        check: Check,
        verifier: QuoteVerifier,
        *,
        timeout_s: float,
        judge: Judge | None = None,
        today: Callable[[], dt.date] = dt.date.today,
    ) -> None:
        self.generator = Generator(
            kind="model",
            model=model.name,
            prompt=prompts.answer_sha,
            judge=judge.name if judge else None,
            judge_prompt=judge.prompt if judge else None,
        )
        self._model = model
        self._prompts = prompts
        self._check = check
        self._verifier = verifier
        self._timeout_s = timeout_s
        self._judge = judge
        self._today = today

    def deadline(self) -> Deadline:
        """Return when a question that is asked now must be answered."""
        return Deadline.after(self._timeout_s)

    async def aclose(self) -> None:
        """Close the models' connections. To be called on the loop that used them."""
        await self._model.aclose()
        if self._judge is not None:
            await self._judge.aclose()

    async def standalone(self, request: AskRequest, deadline: Deadline) -> str | None:
        """Return the question completed from its history; None where the offline way must do."""
        if not request.history:
            return None
        messages = self._prompts.rewrite(request.question, request.history)
        try:
            reply = await self._model.complete(messages, deadline=deadline)
        except ModelError as error:
            LOG.warning("The model did not complete a question: %s", error.code)
            return None
        line = " ".join(reply.split())
        return line if 0 < len(line) <= MOST_QUESTION_CHARACTERS else None

    async def write(
        self,
        found: Found,
        assembly: Assembly,
        clock: Clock,
        deadline: Deadline,
        in_thread: InThread,
    ) -> AsyncGenerator[SentenceChecked, None]:
        """Yield each sentence as soon as it passes; what fails is recorded in ``assembly``.

        Raises:
            ModelError: the model gave nothing usable, or broke off; what was yielded before holds.
            Refused: the model says that the passages do not answer.
        """
        passages = list(found.passages)
        while True:
            try:
                attempt = self._attempt(found, passages, assembly, clock, deadline, in_thread)
                async with aclosing(attempt) as events:
                    async for event in events:
                        yield event
            except ContextTooLongError:
                if len(passages) == 1 or assembly.sentences or assembly.dropped:
                    raise
                passages = passages[: len(passages) // 2]
                continue
            return

    async def _attempt(
        self,
        found: Found,
        passages: Sequence[RetrievedPassage],
        assembly: Assembly,
        clock: Clock,
        deadline: Deadline,
        in_thread: InThread,
    ) -> AsyncGenerator[SentenceChecked, None]:
        messages = self._prompts.answer(
            found.question.text, passages, today=self._today(), refusal=REFUSAL
        )
        refused = False
        seen: set[str] = set()
        hearing = self._judge.hearing(deadline) if self._judge else None
        stream = self._model.stream(messages, deadline=deadline)
        async with aclosing(stream) as deltas, aclosing(_sentences(deltas)) as sentences:
            async for sentence in sentences:
                if _is_refusal(sentence):
                    refused = True
                    continue
                if sentence.text in seen:
                    continue
                seen.add(sentence.text)
                clock.lap("write")
                draft = await in_thread(partial(self._checked, sentence, passages, assembly))
                if draft is not None and hearing is not None:
                    draft = await _unopposed(draft, hearing, assembly)
                clock.lap("verify")
                if draft is not None:
                    yield assembly.add(draft)
        clock.lap("write")
        if refused and not assembly.sentences and not assembly.dropped:
            raise Refused

    def _checked(
        self, sentence: DraftedSentence, passages: Sequence[RetrievedPassage], assembly: Assembly
    ) -> Draft | None:
        checked = self._check(sentence, passages)
        text, verdict = checked.text, checked.verdict
        if verdict.outcome == "dropped":
            assembly.drop(text, verdict.why or "no passage supports it")
            return None
        verification = self._verifier.verify(verdict.evidence)
        if verification.failed:
            assembly.drop(text, verification.failed[0][1])
            return None
        return Draft(text, verification.verified, "supported")


class Refused(Exception):  # noqa: N818 - an outcome, not an error
    """The model says that the passages do not answer the question."""


async def _unopposed(draft: Draft, hearing: Hearing, assembly: Assembly) -> Draft | None:
    """Return the draft when the judge lets it pass; otherwise record why not."""
    why = await hearing.objection(draft)
    if why is None:
        return draft
    assembly.drop(draft.text, why)
    return None


async def _sentences(deltas: AsyncIterator[str]) -> AsyncGenerator[DraftedSentence, None]:
    """Cut a stream of text into sentences, each as soon as it is complete.

    A sentence with its full stop and markers is not kept waiting for a model that pauses.
    """
    cutter = SentenceCutter()
    characters = 0
    following = asyncio.ensure_future(anext(deltas, None))
    try:
        while True:
            done, _ = await asyncio.wait({following}, timeout=PAUSE_S)
            if not done:
                for sentence in cutter.settle():
                    yield sentence
            delta = await following
            if delta is None:
                break
            characters += len(delta)
            for sentence in cutter.feed(delta):
                yield sentence
            if characters > MOST_CHARACTERS:
                LOG.warning("A draft of over %d characters was cut", MOST_CHARACTERS)
                break
            following = asyncio.ensure_future(anext(deltas, None))
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError, ModelError):
            await following
    for sentence in cutter.flush():
        yield sentence


def _is_refusal(sentence: DraftedSentence) -> bool:
    return sentence.text.strip(" .“”\"'").casefold() == REFUSAL.strip(" .").casefold()
