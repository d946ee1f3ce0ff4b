"""Whether the stores answer, looked at once in a few seconds however often that is asked.

Anyone may ask, so asking must cost nothing: nothing is embedded, and many who ask at once share one
look. Knows nothing of HTTP.
"""

import logging
import time
from collections.abc import Callable, Mapping

import anyio

from app.api.dependencies import run
from app.api.models import Readiness
from index.errors import FootnoteError, UnavailableError

LOG = logging.getLogger("footnote.api")
SECONDS = 5.0
"""How long a look is good for."""


class ReadinessCheck:
    """Runs checks in a thread and keeps what they found for a while.

    Args:
        checks: what to run, by name; what raises is not ready.
        seconds: how long the outcome is kept, good or bad.
        clock: returns seconds.
    """

    def __init__(
        self,
        checks: Mapping[str, Callable[[], object]],
        *,
        seconds: float = SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._checks = checks
        self._seconds = seconds
        self._clock = clock
        self._lock = anyio.Lock()
        self._until = -seconds
        self._failure: FootnoteError | None = None

    async def look(self) -> Readiness:
        """Return what was found lately, or look again.

        Raises:
            FootnoteError: a check failed.
        """
        if self._is_stale():
            async with self._lock:
                if self._is_stale():  # else whoever held the lock has looked
                    self._failure = await run(self._run)
                    self._until = self._clock() + self._seconds
        if self._failure is not None:
            raise self._failure.with_traceback(None)
        return Readiness(checks=dict.fromkeys(self._checks, "ok"))

    def _is_stale(self) -> bool:
        return self._clock() >= self._until

    def _run(self) -> FootnoteError | None:
        for name, check in self._checks.items():
            try:
                check()
            except FootnoteError as error:
                return error
            except Exception:
                LOG.exception("the check of %s failed", name)
                return UnavailableError(
                    f"Not ready: the check of the {name} failed. The log of the service says why."
                )
        return None
