"""How often somebody may do something a minute, counted by the ``limits`` library.

Counts are kept in this process, or in a store that several processes share. Only this module
imports the library; it knows neither HTTP nor what is counted.
"""

import ipaddress
import math
import time
from collections.abc import Callable
from functools import partial

import anyio.to_thread
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from app.settings import SettingsError

__all__ = ["Rate", "Storage", "block_of", "open_storage"]

_LONGEST_NAME = 100
_IPV6_BLOCK = 64  # what one customer gets: single addresses of it cost nothing


def open_storage(url: str | None) -> Storage:
    """Return where counts are kept; ``url`` is one that the library knows.

    Raises:
        SettingsError: the store cannot be used.
    """
    if url is None:
        return MemoryStorage()
    try:
        storage = storage_from_string(url)
        if isinstance(storage, Storage) and storage.check():
            return storage
    except Exception as error:  # each kind of store brings errors of its own
        raise SettingsError(
            "The counts of FOOTNOTE_RATES__STORAGE_URL cannot be opened "
            f"({type(error).__name__}). Check the URL, and install what it takes: "
            "pip install 'limits[redis]' for redis://."
        ) from error
    raise SettingsError("The store of FOOTNOTE_RATES__STORAGE_URL does not answer.")


class Rate:
    """Lets each name do something so many times in any minute.

    Args:
        per_minute: how often; None does not limit.
        storage: where it is counted.
        kind: tells this count from others in the storage.
    """

    def __init__(self, per_minute: int | None, storage: Storage, kind: str) -> None:
        self._item = RateLimitItemPerMinute(per_minute, 1, "footnote") if per_minute else None
        self._window = MovingWindowRateLimiter(storage)
        self._is_near = isinstance(storage, MemoryStorage)
        self._kind = kind

    async def wait(self, name: str) -> int:
        """Count one time for ``name``; return 0, or for how many seconds it has to wait."""
        return await self._asked(self._window.hit, name)

    async def look(self, name: str) -> int:
        """Return what ``wait`` would, and count nothing."""
        return await self._asked(self._window.test, name)

    async def _asked(self, ask: Callable[..., bool], name: str) -> int:
        if self._item is None:
            return 0
        answer = partial(self._answer, ask, self._item, name)
        # A store elsewhere is asked in a thread: nothing that waits is done on the loop.
        return answer() if self._is_near else await anyio.to_thread.run_sync(answer)

    def _answer(self, ask: Callable[..., bool], item: RateLimitItem, name: str) -> int:
        if ask(item, self._kind, name):
            return 0
        until = self._window.get_window_stats(item, self._kind, name).reset_time
        return max(1, math.ceil(until - time.time()))


def block_of(address: str) -> str:
    """Return what an address is counted as: itself, or the /64 of an IPv6 address."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:_LONGEST_NAME]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, _IPV6_BLOCK), strict=False))
    return str(found)
