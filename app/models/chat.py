"""Any LlamaIndex LLM as a ``ChatModel``: time limits, retries, and errors that are ours.

Owns what happens around a call. Knows no provider.
"""

import asyncio
import contextlib
import itertools
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from typing import TypeVar

from llama_index.core.llms import LLM, ChatMessage, ChatResponse

from app.models.base import Completion, Deadline, Usage
from app.models.errors import CutOffError, EmptyReplyError, ModelError, ModelTimeoutError
from app.models.failures import translate
from app.models.retries import Retries
from app.models.settings import LLMSettings
from app.models.thinking import ThinkingFilter
from prompts import Message

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class LlamaIndexChatModel:
    """A LlamaIndex LLM behind our interface.

    Args:
        llm: the LLM; where it has an ``aclose``, it is used.
        settings: time limits and the number of attempts.
        name: how the answer object names it.
    """

    def __init__(self, llm: LLM, settings: LLMSettings, *, name: str) -> None:
        self.name = name
        self.llm = llm
        self._settings = settings
        self._retries = Retries(settings.max_attempts)

    async def stream(
        self, messages: Sequence[Message], *, deadline: Deadline | None = None
    ) -> AsyncGenerator[str, None]:
        """Yield the reply's text as it comes; see ``ChatModel.stream``."""
        deadline = deadline or Deadline.after(self._settings.timeout_s)
        for attempt in itertools.count(1):
            spoken = False
            failure: ModelError | None = None
            async with contextlib.aclosing(self._attempt(messages, deadline)) as deltas:
                try:
                    async for delta in deltas:
                        spoken = True
                        yield delta
                except ModelError as error:
                    failure = error
            if failure is None:
                return
            if spoken and not isinstance(failure, CutOffError):
                failure = _cut_off_by(failure)
            if spoken:
                raise failure
            await self._pause(attempt, failure, deadline)

    async def complete(
        self, messages: Sequence[Message], *, deadline: Deadline | None = None
    ) -> str:
        """Return the whole reply; see ``ChatModel.complete``."""
        return (await self.completion(messages, deadline=deadline)).text

    async def completion(
        self, messages: Sequence[Message], *, deadline: Deadline | None = None
    ) -> Completion:
        """Return the whole reply with the tokens it took. Raises like ``complete``."""
        deadline = deadline or Deadline.after(self._settings.timeout_s)
        for attempt in itertools.count(1):
            limit = Deadline.after(min(self._settings.first_token_s, deadline.remaining()))
            response, failure = await self._try(
                lambda: self.llm.achat(_chat_messages(messages)), limit.remaining()
            )
            if response is not None:
                thinking = ThinkingFilter()
                text = thinking.feed(response.message.content or "") + thinking.end()
                if text.strip():
                    return Completion(text, _usage(response))
                failure = EmptyReplyError()
            await self._pause(attempt, failure or EmptyReplyError(), deadline)
        raise AssertionError("the attempts end with a reply or an error")

    async def aclose(self) -> None:
        """Close the connections."""
        if hasattr(self.llm, "aclose"):
            await self.llm.aclose()

    async def _attempt(
        self, messages: Sequence[Message], deadline: Deadline
    ) -> AsyncGenerator[str, None]:
        """Yield the text of one call. Each wait has its limit; none outlives the deadline."""
        first = Deadline.after(min(self._settings.first_token_s, deadline.remaining()))
        thinking = ThinkingFilter()
        spoken = False
        responses, failure = await self._try(
            lambda: self.llm.astream_chat(_chat_messages(messages)), first.remaining()
        )
        if responses is None:
            raise failure or EmptyReplyError()
        limit = first.remaining()
        try:
            while True:
                response, failure = await self._try(lambda: _next(responses), limit)
                if failure is not None:
                    raise failure
                text = thinking.feed(response.delta or "") if response else thinking.end()
                if text:
                    spoken = spoken or not text.isspace()
                    yield text
                if response is None:
                    break
                limit = min(self._settings.stall_s, deadline.remaining())
        finally:
            if isinstance(responses, AsyncGenerator):
                await responses.aclose()
        if not spoken:
            raise EmptyReplyError()

    async def _try(
        self, call: Callable[[], Awaitable[_T]], seconds: float
    ) -> tuple[_T | None, ModelError | None]:
        """Return what a call gives, or how it failed; ours is raised without the provider's."""
        try:
            async with asyncio.timeout(seconds):
                return await call(), None
        except TimeoutError:
            return None, ModelTimeoutError(detail=f"nothing for {seconds:.1f} s")
        except Exception as error:  # noqa: BLE001 - whatever a provider's code raises becomes ours
            return None, translate(error, self._settings.secrets())

    async def _pause(self, attempt: int, failure: ModelError, deadline: Deadline) -> None:
        """Wait before the next attempt, or raise the failure when there is none."""
        pause = self._retries.pause(attempt, failure, deadline)
        if pause is None:
            raise failure
        _log.info(
            "Attempt %d at %s failed (%s); next in %.1f s", attempt, self.name, failure.code, pause
        )
        await asyncio.sleep(pause)


def _chat_messages(messages: Sequence[Message]) -> list[ChatMessage]:
    return [ChatMessage(role=message.role, content=message.content) for message in messages]


async def _next(responses: AsyncIterator[ChatResponse]) -> ChatResponse | None:
    return await anext(responses, None)


def _usage(response: ChatResponse) -> Usage | None:
    usage = response.additional_kwargs.get("usage")
    return usage if isinstance(usage, Usage) else None


def _cut_off_by(failure: ModelError) -> CutOffError:
    return CutOffError(detail=f"{failure.code}: {failure.detail or failure.message}")
