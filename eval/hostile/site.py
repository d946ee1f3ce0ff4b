"""A web server on loopback whose answers are written byte by byte, so that they can be wrong."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeAlias

Answer: TypeAlias = bytes | Callable[[socket.socket], None]
"""What is sent to a request, or what does the sending."""


@dataclass
class Site:
    """What a server sends by path, and the requests that it got."""

    host: str
    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[bytes] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/") -> str:
        """Return the URL of a path."""
        return f"http://{self.host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """Return the paths that were asked for, in their order."""
        return [request.split(b" ")[1].decode() for request in self.requests]

    def serve(self, connection: socket.socket) -> None:
        """Answer the one request of a connection."""
        with connection, suppress(OSError):  # a fetcher hangs up when it has seen enough
            if request := connection.recv(65_536):
                self.requests.append(request)
                words = request.split(b" ", 2)
                path = words[1].decode("latin-1") if len(words) > 1 else ""
                answer = self.answers.get(path, reply(b"", status="404 Not Found"))
                if callable(answer):
                    answer(connection)
                else:
                    connection.sendall(answer)
                connection.shutdown(socket.SHUT_WR)
                connection.recv(65_536)  # until the other side has read all and closes


def reply(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return an answer as it goes over the wire, with its length unless a header says one."""
    lines = [f"HTTP/1.1 {status}", *headers]
    if not any(h.lower().startswith(("content-length", "transfer-encoding")) for h in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    """Return a redirect."""
    return reply(b"", f"Location: {location}", status=status)


@contextmanager
def site(host: str = "127.0.0.1") -> Iterator[Site]:
    """Serve a site on loopback."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    threads: list[threading.Thread] = []
    with socket.create_server((host, 0), family=family) as listener:
        served = Site(host, listener.getsockname()[1])

        def accept() -> None:
            while not served.stopping.is_set():
                connection, _ = listener.accept()
                connection.settimeout(5)
                thread = threading.Thread(target=served.serve, args=(connection,), daemon=True)
                thread.start()
                threads.append(thread)

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield served
        finally:
            served.stopping.set()
            socket.create_connection((host, served.port)).close()  # wakes it up
            accepting.join()
            for thread in threads:
                thread.join(5)
