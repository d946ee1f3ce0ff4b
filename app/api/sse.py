"""An event stream with heartbeats, whose source is closed when the client leaves.

The framework has event streams of its own, for endpoints that are generators; it does not offer
JSON and events from one path, so this builds on its wire format only.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import TypeAlias

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event
from starlette.types import Receive, Scope, Send

ServerEvent: TypeAlias = tuple[str | None, bytes]
"""Name and data of an event, usually JSON."""

HEARTBEAT_S = 15.0
"""Seconds of silence before a comment is sent, so that proxies keep the connection."""


class EventStream(EventSourceResponse):
    """Sends what ``make_events`` yields, with heartbeats while there is nothing.

    Args:
        make_events: returns the events. It is closed when the client is gone.
        on_error: returns the event for an error of ``make_events``.
    """

    def __init__(
        self,
        make_events: Callable[[], AsyncGenerator[ServerEvent, None]],
        *,
        on_error: Callable[[Exception], ServerEvent],
    ) -> None:
        super().__init__((), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._make_events = make_events
        self._on_error = on_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream; returns when it is complete or the client is gone."""
        outgoing, incoming = anyio.create_memory_object_stream[ServerEvent](float("inf"))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_leave_with_client, receive, tasks.cancel_scope)
            tasks.start_soon(self._produce, outgoing)
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
            try:
                async with aclosing(self._make_events()) as events:
                    async for event in events:
                        await outgoing.send(event)
            except Exception as error:  # noqa: BLE001 - whatever it is, the client is told
                await outgoing.send(self._on_error(error))


async def _leave_with_client(receive: Receive, scope: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()
