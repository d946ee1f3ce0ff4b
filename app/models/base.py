"""What the answering chain asks of a model: text for messages, within a time limit.

Knows neither LlamaIndex nor a provider.
"""

import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from prompts import Message


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens that a provider counted for one reply."""

    prompt: int
    completion: int


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole reply. ``usage`` is None where the provider does not say."""

    text: str
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment by which all attempts together must be done; compare ``time.monotonic()``."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Self:
        """Return the deadline that many seconds from now."""
        return cls(time.monotonic() + seconds)

    def remaining(self) -> float:
        """Return the seconds left, 0 when it has passed."""
        return max(0.0, self.at - time.monotonic())


class ChatModel(Protocol):
    """Writes text. Every failure is an ``app.models.errors.ModelError``."""

    @property
    def name(self) -> str:
        """The model as the answer object names it."""
        ...

    def stream(
        self, messages: Sequence[Message], *, deadline: Deadline | None = None
    ) -> AsyncGenerator[str, None]:
        """Yield the reply's text as it comes.

        Failures before the first text are retried where that can help. Afterwards the text already
        handed on cannot be taken back, so ``CutOffError`` ends the stream: start over by calling
        again with the same deadline. Cancelling the task or closing the generator
        (``contextlib.aclosing``) closes the call to the provider at once.

        Args:
            messages: the conversation, system message first.
            deadline: when to give up; by default the model's own time limit from now.

        Raises:
            ModelError: there is no usable reply, or it broke off.
        """
        ...

    async def complete(
        self, messages: Sequence[Message], *, deadline: Deadline | None = None
    ) -> str:
        """Return the whole reply. Retries and raises like ``stream``, never in the middle."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...
