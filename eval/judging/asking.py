"""Puts a prompt to the judge until there is a reply that can be used, twice at most.

Owns the order of cache, limits, call, reading, checks and correction. Knows no metric.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from app.models.base import Completion
from app.models.errors import ModelError
from eval.judging import checks, extraction
from eval.judging.cache import ReplyCache
from eval.judging.errors import UnmeasuredError, UnusableReplyError, told
from eval.judging.limits import Budget
from eval.judging.model import JudgeModel
from prompts import Message

_Model = TypeVar("_Model", bound=BaseModel)
_CORRECTION = (
    "Your reply cannot be used: {problem}. Reply once more, with one complete JSON object that "
    "fits the schema and leaves nothing out. Write nothing else."
)


@dataclass(frozen=True, slots=True)
class Asker:
    """Gets checked replies from a judge.

    Args:
        model: the judge.
        cache: where usable replies are kept.
        budget: counts the calls, and refuses them over a limit.
    """

    model: JudgeModel
    cache: ReplyCache
    budget: Budget

    async def ask(self, prompt: str, schema: type[_Model], number: int = 0) -> _Model:
        """Return a reply that fits the schema and answers all of the prompt.

        Args:
            prompt: one of ragas's prompts.
            schema: the response model that goes with it.
            number: how often this prompt was put before, where several replies are wanted.

        Raises:
            UnmeasuredError: there is none.
        """
        inputs = checks.inputs_of(prompt)
        key = self.cache.key(self.model.identity, prompt, str(number))
        kept = self.cache.get(key)
        if kept is not None:
            try:
                checked = checks.check(inputs, extraction.read(kept, schema))
            except UnusableReplyError:
                pass  # kept by an earlier version that checked less
            else:
                self.budget.cached += 1
                return checked
        return await self._ask(prompt, schema, inputs, key)

    async def _ask(
        self, prompt: str, schema: type[_Model], inputs: dict[str, Any], key: str
    ) -> _Model:
        messages = [Message("user", prompt)]
        reply = await self._reply(messages)
        try:
            checked = checks.check(inputs, extraction.read(reply, schema))
        except UnusableReplyError as error:
            correction = _CORRECTION.format(problem=error)
            messages += [Message("assistant", reply), Message("user", correction)]
            reply = await self._reply(messages)
            try:
                checked = checks.check(inputs, extraction.read(reply, schema))
            except UnusableReplyError as error:
                raise UnmeasuredError(f"the judge's reply cannot be used: {error}") from None
        self.cache.put(key, reply)
        return checked

    async def _reply(self, messages: list[Message]) -> str:
        characters = sum(len(message.content) for message in messages)
        deadline = self.budget.admit()
        failure: ModelError
        try:
            reply: Completion = await self.model.chat.completion(messages, deadline=deadline)
        except ModelError as error:
            self.budget.failed(error, characters)
            failure = error
        else:
            self.budget.succeeded(reply.usage, (characters, len(reply.text)))
            return reply.text
        raise UnmeasuredError(f"the judge gave no reply: {told(failure)}")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A checked reply and what was asked."""

    inputs: dict[str, Any]
    reply: BaseModel


class Session:
    """All that one metric asks about one case. Remembers it for the reason.

    Args:
        asker: gets the replies.
    """

    def __init__(self, asker: Asker) -> None:
        self.exchanges: list[Exchange] = []
        self._asker = asker
        self._times: Counter[str] = Counter()

    async def ask(self, prompt: str, schema: type[_Model]) -> _Model:
        """Return a checked reply; the same prompt again gets one of its own."""
        number = self._times[prompt]
        self._times[prompt] += 1
        reply = await self._asker.ask(prompt, schema, number)
        self.exchanges.append(Exchange(checks.inputs_of(prompt), reply))
        return reply
