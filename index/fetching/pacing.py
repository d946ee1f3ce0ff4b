"""One request at a time for each host, with a pause between those of a crawl."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_MOST_HOSTS = 1000


@dataclass(slots=True)
class _Host:
    turn: threading.Lock = field(default_factory=threading.Lock)
    waiting: int = 0
    last: float = float("-inf")


class Pace:
    """Hands out turns. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hosts: dict[str, _Host] = {}
        self._stopped = threading.Event()

    @property
    def stopped(self) -> bool:
        """Whether no more turns should be taken."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """End all pauses at once; who waits goes on and finds ``stopped`` true."""
        self._stopped.set()

    @contextmanager
    def turn(self, host: str, pause_s: float, *, counts: bool = True) -> Iterator[None]:
        """Wait for the caller's turn with ``host``, ``pause_s`` after the last one that counts."""
        with self._lock:
            self._forget()
            state = self._hosts.setdefault(host, _Host())
            state.waiting += 1
        try:
            with state.turn:
                left = state.last + pause_s - time.monotonic()
                if left > 0:
                    self._stopped.wait(left)
                try:
                    yield
                finally:
                    if counts:
                        state.last = time.monotonic()
        finally:
            with self._lock:
                state.waiting -= 1

    def _forget(self) -> None:
        """Forget the hosts that were not asked for the longest time."""
        if len(self._hosts) < _MOST_HOSTS:
            return
        idle = sorted(
            (state.last, host) for host, state in self._hosts.items() if not state.waiting
        )
        for _, host in idle[: _MOST_HOSTS // 2]:
            del self._hosts[host]
