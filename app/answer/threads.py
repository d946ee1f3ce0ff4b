"""Threads and event loops: how blocking steps leave a loop, and how blocking callers reach one."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Any, Protocol, TypeAlias, TypeVar

import anyio.to_thread

T = TypeVar("T")
_Running: TypeAlias = tuple[asyncio.AbstractEventLoop, asyncio.Event]


class InThread(Protocol):
    """Runs blocking work off the event loop."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]:
        """Return what the work returns."""
        ...


async def in_any_thread(work: Callable[[], T]) -> T:
    """Run blocking work in a thread of anyio's own pool."""
    return await anyio.to_thread.run_sync(work)


class OwnLoop:
    """One event loop, on a thread of its own, for callers that have none; starts when first used.

    A model's connections belong to the loop they were opened on. A new loop for each question
    would leave each with connections that nothing can use or close any more.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: _Running | None = None
        self._thread: Thread | None = None

    @property
    def started(self) -> bool:
        """Whether anything ran on it since it was closed last."""
        return self._running is not None

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what the work returns. Blocking; an interrupted caller stops the work."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop())
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def close(self) -> None:
        """Stop the loop and what still runs on it."""
        with self._lock:
            running, self._running = self._running, None
        if running is None or self._thread is None:
            return
        loop, stop = running
        loop.call_soon_threadsafe(stop.set)
        self._thread.join()

    def _loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._running is None:
                started: Future[_Running] = Future()
                self._thread = Thread(
                    target=asyncio.run, args=(_serve(started),), name="footnote-loop", daemon=True
                )
                self._thread.start()
                self._running = started.result()
            return self._running[0]


async def _serve(started: "Future[_Running]") -> None:
    stop = asyncio.Event()
    started.set_result((asyncio.get_running_loop(), stop))
    await stop.wait()
