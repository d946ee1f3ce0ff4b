"""Which revisions are current, in memory, so that a search asks no database about its hits.

The process that holds the data folder is the only writer, so the copy cannot grow stale.
"""

import threading
from collections.abc import Collection, Iterable


class LiveRevisions:
    """The keys of the current revisions, changed by whole commits.

    ``replaced`` counts the commits that took a revision away. A search that saw a hit go while the
    count moved may have looked before the new revision was written and decided after: it must look
    again. Commits that only add do not disturb a search.

    Args:
        keys: the revisions that are current at the start.
    """

    def __init__(self, keys: Iterable[int]) -> None:
        self._keys = set(keys)
        self._lock = threading.Lock()
        self.replaced = 0

    def change(self, *, added: Collection[int] = (), removed: Collection[int] = ()) -> None:
        """Take revisions in and out as one step."""
        with self._lock:
            self._keys.difference_update(removed)
            self._keys.update(added)
            if removed:
                self.replaced += 1

    def among(self, keys: Iterable[int]) -> set[int]:
        """Return those of ``keys`` that are current, all as of one moment."""
        wanted = set(keys)
        with self._lock:
            return wanted & self._keys

    def all(self) -> list[int]:
        """Return the keys of all current revisions, as of one moment."""
        with self._lock:
            return list(self._keys)

    def __len__(self) -> int:
        """Return how many revisions are current."""
        return len(self._keys)
