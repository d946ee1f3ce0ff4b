"""Says when to synchronise again: when a folder has changed, or when an interval is over.

Knows nothing of documents. A folder that goes away is waited for; whoever synchronises it says so.
"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

_DEBOUNCE_MS = 1_600
_STEP_MS = 200
_TICK_MS = 500


def changes_in(
    folder: Path,
    *,
    is_relevant: Callable[[str], bool],
    stop: threading.Event,
    debounce_ms: int = _DEBOUNCE_MS,
) -> Iterator[None]:
    """Yield once at once, then after each burst of changes, until ``stop`` is set.

    What changes while the caller is at work is not lost: the folder is watched from the beginning.

    Args:
        folder: a folder, or a single file; it need not be there yet.
        is_relevant: tells for the path of a change whether it matters.
        stop: ends the watching.
        debounce_ms: the longest time for which changes are gathered.
    """
    from watchfiles import watch

    while not stop.is_set():
        if folder.exists():
            try:
                looks = watch(
                    folder,
                    watch_filter=lambda _change, path: is_relevant(path),
                    debounce=debounce_ms,
                    step=_STEP_MS,
                    stop_event=stop,
                    rust_timeout=_TICK_MS,
                    yield_on_timeout=True,
                    ignore_permission_denied=True,
                )
                is_first = True
                for changes in looks:
                    if is_first or changes:
                        is_first = False
                        yield
                    if not folder.exists():
                        break
            except FileNotFoundError:  # it went in between
                pass
        if not stop.is_set():
            yield  # the one that says that it is gone
            while not folder.exists() and not stop.wait(_TICK_MS / 1000):
                pass


def every(seconds: float, *, stop: threading.Event) -> Iterator[None]:
    """Yield at once, then ``seconds`` after each time the caller came back, until ``stop``."""
    while not stop.is_set():
        yield
        stop.wait(seconds)
