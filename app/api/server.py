"""The HTTP server under the application: how many may connect, how slowly, and how it ends.

Owns what happens below the application: a connection has a time limit for its request's headers,
there is a most of them, and a server that is told to stop cuts bodies that still come in, lets
answers finish, and ends. Deadlines of bodies are the application's (``middleware.body_limit``).
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from app.settings import ServerSettings

LOG = logging.getLogger("footnote.api")
_RESERVED = 256
"""Descriptors that are left to the stores, to uploads and to models."""
_NEAR = 0.8
_WARN_EVERY_S = 60.0


class Connections:
    """The connections of one server, and which of them have not said yet what they want.

    Args:
        most: connections at the same time.
        header_seconds: longest time until a request's headers are complete.
        clock: returns seconds.
    """

    def __init__(
        self, most: int, header_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.most = most
        self.header_seconds = header_seconds
        self.open = 0
        self._clock = clock
        self._silent: dict[Any, None] = {}  # in the order in which they came
        self._warned = -_WARN_EVERY_S

    def admit(self, connection: Any) -> bool:
        """Count a new connection; tell whether there is room.

        The longest silent one has to make room: who means to ask has asked by then.
        """
        self.open += 1
        if self.open > self.most * _NEAR and self._clock() - self._warned >= _WARN_EVERY_S:
            self._warned = self._clock()
            LOG.warning(
                "%d of at most %d connections are open, %d of them without a request. Beyond that "
                "the longest silent ones are closed (FOOTNOTE_SERVER__CONNECTIONS).",
                self.open,
                self.most,
                len(self._silent),
            )
        if self.open <= self.most:
            return True
        longest = next(iter(self._silent), None)
        if longest is None:
            return False
        self._silent.pop(longest)
        longest.transport.abort()
        return True

    def waits(self, connection: Any, *, silent: bool) -> None:
        """Note whether the headers of a request are still to come."""
        if silent:
            self._silent.setdefault(connection)
        else:
            self._silent.pop(connection, None)

    def left(self, connection: Any) -> None:
        """Count a connection out."""
        self.open -= 1
        self._silent.pop(connection, None)


def limited_protocol(connections: Connections) -> type[asyncio.Protocol]:
    """Return the server's own protocol with limits on connections and headers."""
    base: Any = AutoHTTPProtocol

    class Limited(base):  # type: ignore[misc]  # which one it is depends on what is installed
        _deadline: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            if connections.admit(self):
                self._expect_headers()
            else:
                self._refuse(b"503 Service Unavailable")

        def data_received(self, data: bytes) -> None:
            if self.transport.is_closing():
                return
            before = self.cycle
            super().data_received(data)
            if self.cycle is not before:
                self._have_headers()
            elif before is None or before.response_complete:
                self._expect_headers()

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            self._have_headers()
            connections.left(self)

        def shutdown(self) -> None:
            cycle = self.cycle
            if cycle is not None and cycle.more_body and not cycle.response_complete:
                self.transport.abort()  # nobody waits for a body that may never end
            else:
                super().shutdown()

        def _expect_headers(self) -> None:
            if self._deadline is None:
                seconds = connections.header_seconds
                self._deadline = self.loop.call_later(seconds, self._is_late)
                connections.waits(self, silent=True)

        def _have_headers(self) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None
            connections.waits(self, silent=False)

        def _is_late(self) -> None:
            self._refuse(b"408 Request Timeout")

        def _refuse(self, status: bytes) -> None:
            if not self.transport.is_closing():
                head = b"HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: 0\r\n" % status
                self.transport.write(head + b"Retry-After: 5\r\n\r\n")
                self.transport.close()

    return Limited


class Server(uvicorn.Server):
    """Says when it is ready, by calling ``on_ready``."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: Any = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()


def make_server(
    app: FastAPI, settings: ServerSettings, on_ready: Callable[[], None] = lambda: None
) -> Server:
    """Return a server of ``app`` within the limits of the settings."""
    connections = Connections(most_connections(settings.connections), settings.header_seconds)
    config = uvicorn.Config(
        app,
        http=limited_protocol(connections),
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,  # app.api writes its own, with request ids
        server_header=False,
        proxy_headers=False,  # app.api believes the proxies that the settings name
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )
    return Server(config, on_ready)


def most_connections(wanted: int) -> int:
    """Return how many connections there may be, as many as the process may have descriptors for."""
    try:
        import resource
    except ImportError:  # Windows
        return wanted
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or wanted <= soft - _RESERVED:
        return wanted
    most = max(16, soft - _RESERVED)
    LOG.warning(
        "The process may open %d files, so %d connections are accepted instead of %d "
        "(FOOTNOTE_SERVER__CONNECTIONS). Raise the limit, for instance with ulimit -n.",
        soft,
        most,
        wanted,
    )
    return most
