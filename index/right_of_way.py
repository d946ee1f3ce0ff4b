"""Who goes first where readers and the writer of an index want the same processors.

A question takes milliseconds and somebody waits for it; indexing takes minutes and can wait. So the
writer asks, between small steps, whether a reader is at work, and waits for it, but never long:
under a constant stream of questions indexing gets slower and does not stop.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST_WAIT_S = 0.1
_LATELY_S = 2.0


class RightOfWay:
    """Readers ``claim`` it, the writer ``give``s way. Safe to use from any number of threads."""

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._readers = 0
        self._claimed_at = -_LATELY_S

    @property
    def claimed_lately(self) -> bool:
        """Whether readers are about, so that no step of the writer should be long."""
        return time.monotonic() - self._claimed_at < _LATELY_S

    @contextmanager
    def claim(self) -> Iterator[None]:
        """Hold the writer up until the block ends."""
        with self._free:
            self._readers += 1
            self._claimed_at = time.monotonic()
        try:
            yield
        finally:
            with self._free:
                self._readers -= 1
                if not self._readers:
                    self._free.notify_all()

    def give(self) -> None:
        """Wait until no reader is at work, or for ``LONGEST_WAIT_S`` seconds."""
        if not self._readers:  # read without the lock: this is asked before every sentence
            return
        with self._free:
            self._free.wait_for(lambda: not self._readers, LONGEST_WAIT_S)
