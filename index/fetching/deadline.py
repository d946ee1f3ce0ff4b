"""The wall clock of one fetch: how long it may still take, whatever it is doing."""

import time
from collections.abc import Callable

from index.errors import FetchError


class Deadline:
    """The moment by which a fetch has to be done.

    Args:
        seconds: from now.
        what: what is fetched, for the message.
        clock: seconds that only go forward.
    """

    def __init__(
        self, seconds: float, *, what: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._end = clock() + seconds
        self._seconds = seconds
        self._what = what

    def left(self, most: float) -> float:
        """Return the seconds that one step may take: what is left, but at most ``most``.

        Raises:
            FetchError: nothing is left.
        """
        left = self._end - self._clock()
        if left <= 0:
            raise self.passed()
        return min(left, most)

    def passed(self) -> FetchError:
        """Return the error that says that the time is over."""
        return FetchError(f"{self._what} took longer than {self._seconds:g} seconds to send")
