"""Whose turn it is where only so many may be at work: a bounded queue that is fair to callers.

Those who wait are taken from each caller in turn, so that one who asks much waits longest. When the
queue is full, the latest of the caller who has most in it gives way. Belongs to one event loop.
"""

import math
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio

from index.errors import FootnoteError

_FIRST_GUESS_S = 5.0
_WEIGHT = 0.2  # of the latest duration in their running mean


class BusyError(FootnoteError):
    """All places are taken and the queue is full. ``retry_after`` is in seconds."""

    code = "busy"
    retryable = True

    def __init__(self, message: str | None = None, *, retry_after: float = 1) -> None:
        self.retry_after = max(1, math.ceil(retry_after))
        super().__init__(
            message
            or f"Too many questions are being answered. Ask again in {self.retry_after} seconds."
        )


@dataclass(eq=False, slots=True)
class _Waiting:
    called: anyio.Event = field(default_factory=anyio.Event)
    is_dropped: bool = False


class Turns:
    """Lets ``most`` work at the same time, and ``waiting`` more wait for it."""

    def __init__(
        self, most: int, waiting: int, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._most_waiting = waiting
        self._clock = clock
        self._busy = 0
        self._queues: OrderedDict[str, deque[_Waiting]] = OrderedDict()
        self._mean_s = _FIRST_GUESS_S

    @property
    def busy(self) -> int:
        """How many are at work."""
        return self._busy

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._queues.values()))

    def refuse_if_full(self, caller: str) -> None:
        """Say at once, before anything is begun, that there is no room. Raises BusyError."""
        if self._busy >= self._most and self._is_full_for(caller):
            raise BusyError(retry_after=self._wait_s())

    @asynccontextmanager
    async def turn(self, caller: str) -> AsyncIterator[None]:
        """Wait for a turn, and have it until the end of the block.

        Raises:
            BusyError: there is no room, or it was given to another caller meanwhile.
        """
        if self._busy >= self._most:
            await self._queue(caller)
        else:
            self._busy += 1
        started = self._clock()
        try:
            yield
        finally:
            self._mean_s += _WEIGHT * (self._clock() - started - self._mean_s)
            self._hand_on()

    async def _queue(self, caller: str) -> None:
        if self._is_full_for(caller):
            raise BusyError(retry_after=self._wait_s())
        if self.waiting >= self._most_waiting:
            self._drop_from(max(self._queues, key=self._length))
        mine = _Waiting()
        self._queues.setdefault(caller, deque()).append(mine)
        try:
            await mine.called.wait()
        except BaseException:
            if not mine.called.is_set():
                self._leave(caller, mine)
            elif not mine.is_dropped:  # the turn came just as the caller left
                self._hand_on()
            raise
        if mine.is_dropped:
            raise BusyError(retry_after=self._wait_s())

    def _is_full_for(self, caller: str) -> bool:
        """Tell whether the queue is full and nobody has more in it than this caller would have."""
        if self.waiting < self._most_waiting:
            return False
        longest = max(map(len, self._queues.values()), default=0)
        return self._length(caller) + 1 >= longest

    def _length(self, caller: str) -> int:
        return len(self._queues.get(caller, ()))

    def _drop_from(self, caller: str) -> None:
        dropped = self._queues[caller][-1]
        self._leave(caller, dropped)
        dropped.is_dropped = True
        dropped.called.set()

    def _leave(self, caller: str, waiting: _Waiting) -> None:
        queue = self._queues[caller]
        queue.remove(waiting)
        if not queue:
            del self._queues[caller]

    def _hand_on(self) -> None:
        """Give a turn that ended to the next caller's first, or free it."""
        if not self._queues:
            self._busy -= 1
            return
        caller = next(iter(self._queues))
        following = self._queues[caller][0]
        self._leave(caller, following)
        if caller in self._queues:
            self._queues.move_to_end(caller)
        following.called.set()

    def _wait_s(self) -> float:
        return self._mean_s * (1 + self.waiting / self._most)
