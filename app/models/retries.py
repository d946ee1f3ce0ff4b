"""When to try a model again, and how long to wait before that."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from app.models.base import Deadline
from app.models.errors import ModelError

_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 8.0


@dataclass(frozen=True, slots=True)
class Retries:
    """Bounded retries with exponential pauses, never past the deadline.

    A ``Retry-After`` is obeyed exactly; where it lies past the deadline there is no point in
    waiting, so the failure is final at once. Other pauses are spread over half their length, so
    that clients that failed together do not come back together.
    """

    max_attempts: int
    spread: Callable[[], float] = random.random

    def pause(self, attempt: int, failure: ModelError, deadline: Deadline) -> float | None:
        """Return the seconds to wait after the ``attempt``-th failure, None to give up."""
        if attempt >= self.max_attempts or not failure.retryable:
            return None
        if failure.retry_after is not None:
            seconds = failure.retry_after
        else:
            longest = min(_FIRST_PAUSE_S * 2 ** (attempt - 1), _LONGEST_PAUSE_S)
            seconds = longest * (0.5 + self.spread() / 2)
        return seconds if seconds < deadline.remaining() else None
