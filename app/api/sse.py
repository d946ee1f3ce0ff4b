"""An event stream whose events are made by blocking code in a thread.

The framework has event streams of its own, for endpoints that are generators; it offers neither
JSON and events from one path nor a stop of blocking work when the client leaves, so this builds on
its wire format only.
"""

import logging
from collections.abc import Callable, Iterator
from typing import TypeAlias

import anyio
import anyio.from_thread
import anyio.to_thread
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event
from starlette.types import Receive, Scope, Send

LOG = logging.getLogger("footnote.api")

ServerEvent: TypeAlias = tuple[str, bytes]
"""Name and JSON of an event."""

HEARTBEAT_S = 15.0
"""Seconds of silence before a comment is sent, so that proxies keep the connection."""


class EventStream(EventSourceResponse):
    """Sends what ``make_events`` yields in a thread, with heartbeats while there is nothing.

    Args:
        make_events: returns the events; blocking. It is closed when the client is gone.
        on_error: returns the event for an error of ``make_events``.
        limiter: whose thread the events are made in; the stream opens before its turn comes.
    """

    def __init__(
        self,
        make_events: Callable[[], Iterator[ServerEvent]],
        *,
        on_error: Callable[[Exception], ServerEvent],
        limiter: anyio.CapacityLimiter,
    ) -> None:
        super().__init__((), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._make_events = make_events
        self._on_error = on_error
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream; returns when it is complete or the client is gone."""
        outgoing, incoming = anyio.create_memory_object_stream[ServerEvent](float("inf"))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_leave_with_client, receive, tasks.cancel_scope)
            tasks.start_soon(self._produce, outgoing)
            # Leaving this block, also by cancellation, breaks the stream that the thread writes to.
            with incoming:
                await self._forward(incoming, send)
            tasks.cancel_scope.cancel()

    async def _forward(self, incoming: MemoryObjectReceiveStream[ServerEvent], send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        )
        while True:
            chunk = KEEPALIVE_COMMENT
            try:
                with anyio.move_on_after(HEARTBEAT_S):
                    name, data = await incoming.receive()
                    chunk = format_sse_event(event=name, data_str=data.decode())
            except anyio.EndOfStream:
                break
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _produce(self, outgoing: MemoryObjectSendStream[ServerEvent]) -> None:
        with outgoing:
            await anyio.to_thread.run_sync(self._work, outgoing, limiter=self._limiter)

    def _work(self, outgoing: MemoryObjectSendStream[ServerEvent]) -> None:
        events: Iterator[ServerEvent] | None = None
        try:
            events = self._make_events()
            for event in events:
                anyio.from_thread.run_sync(outgoing.send_nowait, event)
        except anyio.BrokenResourceError:
            LOG.debug("the client left an event stream")
        except Exception as error:  # noqa: BLE001 - whatever it is, the client is told
            try:
                anyio.from_thread.run_sync(outgoing.send_nowait, self._on_error(error))
            except anyio.BrokenResourceError:
                LOG.debug("the client left an event stream before its error")
        finally:
            close = getattr(events, "close", None)
            if close is not None:
                close()


async def _leave_with_client(receive: Receive, scope: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()
