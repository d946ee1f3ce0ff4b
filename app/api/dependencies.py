"""What routes ask for: the services, the job queue, and threads to block in.

Nothing that blocks runs on the event loop. Questions share a small number of threads, so that many
clients at once wait their turn instead of slowing each other down.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, TypeVar

import anyio
import anyio.to_thread
from anyio.abc import TaskGroup
from fastapi import Depends, Query
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from app.answer.threads import InThread

if TYPE_CHECKING:
    from app.api.asking import Asking
    from app.api.readiness import ReadinessCheck
    from app.examples import ExampleQuestions
    from app.jobs.runner import JobRunner
    from app.local_access import LocalAccess
    from app.rates import Rate
    from app.services import Services
    from app.sessions import Sessions
    from app.spool import Spool

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Context:
    """What one application works with."""

    services: "Services"
    jobs: "JobRunner"
    spool: "Spool"
    local_access: "LocalAccess"
    questions: anyio.CapacityLimiter
    large_bodies: anyio.CapacityLimiter
    sessions: "Sessions"
    session_rate: "Rate"
    asking: "Asking"
    examples: "ExampleQuestions"
    readiness: "ReadinessCheck"


def get_context(request: Request) -> Context:
    """Return the context that the application was made with."""
    context: Context = request.app.state.context
    return context


InContext = Annotated[Context, Depends(get_context)]


@dataclass(frozen=True, slots=True)
class Paging:
    """Which part of a list is wanted."""

    offset: int
    limit: int


def paging(
    offset: Annotated[int, Query(ge=0, le=10_000_000, description="Items to leave out.")] = 0,
    limit: Annotated[int, Query(ge=1, le=200, description="Items wanted.")] = 50,
) -> Paging:
    """Read offset and limit."""
    return Paging(offset, limit)


InPaging = Annotated[Paging, Depends(paging)]


def require_json(request: Request) -> None:
    """Refuse a body that does not say it is JSON.

    Raises:
        HTTPException: 415. A form or plain text is what a page of another origin could send
            without asking first.
    """
    if not is_json(request.headers.get("content-type", "")):
        raise HTTPException(415, "Send JSON, and say so: Content-Type: application/json.")


def is_json(content_type: str) -> bool:
    """Tell whether a Content-Type header names JSON."""
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type == "application/json" or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )


async def run(work: Callable[[], T]) -> T:
    """Run something that blocks, in a thread."""
    return await anyio.to_thread.run_sync(work)


def in_turn(context: Context) -> InThread:
    """Return how the blocking steps of a question are run: in a thread, when it is their turn.

    Indexing in the background waits for them.
    """
    right_of_way = context.services.library.right_of_way

    def first(work: Callable[[], T]) -> T:
        with right_of_way.claim():
            return work()

    async def run_first(work: Callable[[], T], /) -> T:
        return await anyio.to_thread.run_sync(partial(first, work), limiter=context.questions)

    return run_first


async def while_connected(request: Request, work: Awaitable[T]) -> T:
    """Return what ``work`` returns; stop it when the client leaves.

    Raises:
        ClientDisconnect: the client left; nobody sees the answer.
    """
    results: list[T] = []
    failure: Exception | None = None

    async def watch(tasks: TaskGroup) -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        tasks.cancel_scope.cancel()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(watch, tasks)
        try:
            results.append(await work)
        except Exception as error:  # noqa: BLE001 - raised below, out of the group
            failure = error
        tasks.cancel_scope.cancel()
    if failure is not None:
        raise failure
    if not results:
        raise ClientDisconnect
    return results[0]
