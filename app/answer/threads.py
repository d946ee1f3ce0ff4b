"""How blocking steps leave the event loop; who calls the chain decides in which threads."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import anyio.to_thread

T = TypeVar("T")


class InThread(Protocol):
    """Runs blocking work off the event loop."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]:
        """Return what the work returns."""
        ...


async def in_any_thread(work: Callable[[], T]) -> T:
    """Run blocking work in a thread of anyio's own pool."""
    return await anyio.to_thread.run_sync(work)
