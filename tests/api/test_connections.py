"""Clients that connect and dawdle, and a server that is told to stop: over real sockets."""

import contextlib
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import httpx
import pytest

from app.api.server import Connections
from app.services import Services
from app.settings import ServerSettings

Serving = Callable[[Services], AbstractContextManager[httpx.Client]]
QUESTION = {"question": "How long did the repairs take?"}
HALF_A_REQUEST = b"GET /healthz HTTP/1.1\r\nHost: loc"
UPLOAD = (
    b"POST /v1/documents HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: 5000\r\n\r\n{"
)


def with_server(services: Services, **server: Any) -> Services:
    settings = services.settings.model_copy(update={"server": ServerSettings(**server)})
    return replace(services, settings=settings)


@contextlib.contextmanager
def dawdlers(client: httpx.Client, count: int, said: bytes) -> Iterator[list[socket.socket]]:
    """Open connections that send so much and no more."""
    url = httpx.URL(str(client.base_url))
    with contextlib.ExitStack() as stack:
        opened = []
        for _ in range(count):
            connection = socket.create_connection((url.host, url.port), timeout=30)
            stack.enter_context(connection)
            connection.sendall(said)
            opened.append(connection)
        yield opened


def answer(connection: socket.socket) -> bytes:
    """Return what comes until the connection is closed."""
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(4096):
            received += piece
    return received


def test_half_open_requests_keep_nobody_out(
    services: Services, serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.WARNING, "footnote.api"),
        serving(with_server(services, connections=20)) as client,
        dawdlers(client, 60, HALF_A_REQUEST),
    ):
        assert client.get("/healthz").status_code == 200
    assert caplog.text.count("of at most 20 connections are open") == 1


@pytest.mark.parametrize("said", [b"", HALF_A_REQUEST])
def test_headers_have_a_deadline(services: Services, serving: Serving, said: bytes) -> None:
    with (
        serving(with_server(services, header_seconds=0.2)) as client,
        dawdlers(client, 1, said) as (connection,),
    ):
        assert answer(connection).startswith(b"HTTP/1.1 408")
        assert client.get("/healthz").status_code == 200


def test_a_body_that_trickles_is_cut(services: Services, serving: Serving) -> None:
    limits = {"body_seconds": 0.3, "body_bytes_per_second": 1000}
    with (
        serving(with_server(services, **limits)) as client,
        dawdlers(client, 1, UPLOAD) as (connection,),
    ):
        stop = threading.Event()

        def trickle() -> None:
            with contextlib.suppress(OSError):
                while not stop.wait(0.05):
                    connection.sendall(b" ")

        thread = threading.Thread(target=trickle)
        thread.start()
        received = answer(connection)
        stop.set()
        thread.join()
        assert received.startswith(b"HTTP/1.1 408")
        assert json.loads(received.partition(b"\r\n\r\n")[2])["code"] == "too_slow"


def test_a_slow_but_steady_body_arrives(services: Services, serving: Serving) -> None:
    def pieces() -> Iterator[bytes]:
        body = json.dumps(QUESTION).encode()
        for place in range(0, len(body), 10):
            time.sleep(0.25)
            yield body[place : place + 10]

    limits = {"body_seconds": 1.0, "body_bytes_per_second": 20}
    with serving(with_server(services, **limits)) as client:
        headers = {"content-type": "application/json"}
        assert client.post("/v1/ask", content=pieces(), headers=headers).status_code == 200


def test_an_open_body_does_not_keep_the_server_from_stopping(
    services: Services, serving: Serving
) -> None:
    with contextlib.ExitStack() as stack:
        with serving(with_server(services, shutdown_seconds=600)) as client:
            stack.enter_context(dawdlers(client, 3, UPLOAD))
            assert client.get("/healthz").status_code == 200
            started = time.monotonic()
        # Leaving the block stops the server as SIGTERM does, and waits for its end.
        assert time.monotonic() - started < 15


def test_an_answer_that_is_being_given_is_finished_first(
    services: Services, serving: Serving, scripted_chain: Callable[..., Any]
) -> None:
    go_on = threading.Semaphore(0)
    chain = scripted_chain(lambda question: go_on.acquire(timeout=10))
    events: list[str] = []
    with contextlib.ExitStack() as stack:
        with serving(with_server(replace(services, chain=chain), shutdown_seconds=60)) as client:
            asker = stack.enter_context(httpx.Client(base_url=client.base_url, timeout=30))
            response = stack.enter_context(
                asker.stream(
                    "POST", "/v1/ask", json=QUESTION, headers={"accept": "text/event-stream"}
                )
            )
            lines = response.iter_lines()
            go_on.release()
            events.append(next(lines))
            threading.Timer(0.5, go_on.release, (5,)).start()
        events += [line for line in lines if line.startswith("event: ")]
    assert events == ["event: sources", "event: sentence", "event: done"]


def test_an_answer_without_end_is_cut_after_the_time_limit(
    services: Services, serving: Serving, scripted_chain: Callable[..., Any]
) -> None:
    go_on = threading.Event()
    chain = scripted_chain(lambda question: go_on.wait(20))
    with contextlib.ExitStack() as stack:
        with serving(with_server(replace(services, chain=chain), shutdown_seconds=1)) as client:
            stack.callback(go_on.set)
            url = httpx.URL(str(client.base_url))
            connection = socket.create_connection((url.host, url.port), timeout=30)
            stack.enter_context(connection)
            body = json.dumps(QUESTION).encode()
            connection.sendall(
                b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
                b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
                % (len(body), body)
            )
            time.sleep(0.3)
            started = time.monotonic()
        assert time.monotonic() - started < 15


def test_the_longest_silent_connection_makes_room() -> None:
    aborted: list[str] = []

    class Fake:
        def __init__(self, name: str) -> None:
            self.transport = self
            self.name = name

        def abort(self) -> None:
            aborted.append(self.name)

    connections = Connections(2, 10)
    first, second, third, fourth = (Fake(name) for name in "abcd")
    for each in (first, second):
        assert connections.admit(each)
        connections.waits(each, silent=True)
    connections.waits(first, silent=False)
    assert connections.admit(third)
    assert aborted == ["b"]
    connections.left(second)
    assert not connections.admit(fourth)
