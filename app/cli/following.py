"""Follows a job to its end, with a bar on a terminal; Ctrl-C cancels it.

Knows jobs only as a session shows them.
"""

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.api.job_models import JobLine
    from app.cli.session import Session

_SHORTEST_S = 0.02
_LONGEST_S = 0.5
_GROWTH = 1.3


def follow(session: "Session", job: "JobLine", what: str) -> "JobLine":
    """Wait until a job is over and return it. ``what`` is what the bar calls it.

    Ctrl-C stops the job between two documents before it ends the waiting.
    """
    from app.cli.progress import bar

    with bar() as progress:
        task = progress.add_task(what, total=job.total)
        try:
            return _wait(
                session,
                job,
                lambda now: progress.update(task, completed=now.done, total=now.total),
            )
        except KeyboardInterrupt:
            progress.update(task, description="Stopping")
            _wait(session, session.cancel(job.id), lambda now: None)
            raise


def is_over(job: "JobLine") -> bool:
    """Tell whether a job has ended."""
    return job.state not in ("queued", "running")


def _wait(session: "Session", job: "JobLine", show: "Callable[[JobLine], None]") -> "JobLine":
    pause = _SHORTEST_S
    while not is_over(job):
        time.sleep(pause)
        pause = min(pause * _GROWTH, _LONGEST_S)
        job = session.job(job.id)
        show(job)
    return job
