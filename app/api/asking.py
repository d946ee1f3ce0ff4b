"""A question on its way through the API, whichever form it is asked and answered in.

Owns what holds for all of them: who waits for whom, whose ids answers carry, and which quotes were
given to readers. Knows the chain; no form of a request.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.types import Scope

from app.answer.chain import AskRequest, Chain
from app.answer.events import AnswerDone, Event, SentenceChecked
from app.answer.model import Answer, Citation
from app.answer.threads import InThread
from app.api import access
from app.api.answer_ids import AnswerIds
from app.api.middleware.rates import address_of
from app.api.turns import BusyError, Turns
from app.quoted import GivenQuotes
from app.rates import block_of

if TYPE_CHECKING:
    from app.settings import Limits


class Asking:
    """Asks the chain.

    Args:
        chain: answers.
        ids: signs the ids of answers.
        quoted: remembers what sessions were given to read.
        limits: how many may be at work and wait.
    """

    def __init__(
        self,
        chain: Chain,
        ids: AnswerIds,
        quoted: GivenQuotes,
        limits: "Limits",
    ) -> None:
        self.ids = ids
        self.quoted = quoted
        self._chain = chain
        self._inside = 0
        self._most_inside = limits.concurrent_questions + limits.waiting_questions
        self._turns = Turns(limits.model_questions, limits.waiting_model_questions)

    def admit(self, scope: Scope) -> None:
        """Say at once that there is no room for a question, before anything is sent.

        Raises:
            BusyError: as many are at work and waiting as may.
        """
        if self._asks_a_model:
            self._turns.refuse_if_full(_name(scope))
        elif self._inside >= self._most_inside:
            raise BusyError

    @contextmanager
    def place(self) -> Iterator[None]:
        """Count one more at work or waiting for a thread, until the end of the block.

        Raises:
            BusyError: as many are as may.
        """
        if self._inside >= self._most_inside:
            raise BusyError
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1

    async def answer(self, scope: Scope, question: AskRequest, in_thread: InThread) -> Answer:
        """Return the answer to a question. Raises like the chain, and BusyError."""
        async with self._turn(scope):
            answer = self.ids.signed(await self._chain.aask(question, in_thread))
        self._give(scope, answer.citations)
        return answer

    async def events(
        self, scope: Scope, question: AskRequest, in_thread: InThread
    ) -> AsyncGenerator[Event, None]:
        """Yield the events of an answer. Raises like ``answer``."""
        async with (
            self._turn(scope),
            aclosing(self._chain.astream(question, in_thread)) as events,
        ):
            async for event in events:
                if isinstance(event, SentenceChecked):
                    self._give(scope, event.citations)
                    yield event
                elif isinstance(event, AnswerDone):
                    self._give(scope, event.answer.citations)
                    yield replace(event, answer=self.ids.signed(event.answer))
                else:
                    yield event

    @property
    def _asks_a_model(self) -> bool:
        return self._chain.writer is not None

    @asynccontextmanager
    async def _turn(self, scope: Scope) -> AsyncIterator[None]:
        """Wait for a turn where a model is asked: its calls cost, and its provider has limits."""
        if not self._asks_a_model:
            with self.place():
                yield
            return
        async with self._turns.turn(_name(scope)):
            yield

    def _give(self, scope: Scope, citations: Sequence[Citation]) -> None:
        if access.caller_of(scope).kind == "session":
            self.quoted.give(citations)


def _name(scope: Scope) -> str:
    """Return whom a question counts for among those who wait."""
    return block_of(address_of(scope))
