"""The network under httpcore: connects to checked addresses only, and keeps to time and size.

The only module that imports httpcore. TLS and the Host header stay with the name that was asked
for; only where the connection goes is decided here.
"""

import ssl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpcore

from index.errors import FetchError, TooLargeError
from index.fetching.addresses import Address
from index.fetching.deadline import Deadline
from index.fetching.limits import FetchLimits
from index.fetching.urls import Target, shown

_HEADERS_BYTES = 200_000
"""Over the limit of the body: status line, headers, and what chunks add."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer whose headers have come; ``body`` yields the rest as it is sent."""

    status: int
    headers: dict[str, str]
    body: Iterator[bytes]


@contextmanager
def response(
    target: Target,
    addresses: Sequence[Address],
    *,
    headers: dict[str, str],
    tls: ssl.SSLContext | None,
    deadline: Deadline,
    limits: FetchLimits,
) -> Iterator[Response]:
    """Send a GET to one of ``addresses`` and give the answer; the connection ends with it.

    Raises:
        FetchError: the server cannot be reached, is too slow, or speaks no HTTP.
        TooLargeError: it sends more than the limit.
    """
    connection = httpcore.HTTPConnection(
        httpcore.Origin(target.scheme.encode(), target.host.encode(), target.port),
        ssl_context=tls,
        network_backend=_Network(addresses, deadline, limits),
    )
    url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
    request = httpcore.Request("GET", url, headers=list(headers.items()))
    with _translated(target, deadline):
        try:
            answer = connection.handle_request(request)
            yield Response(answer.status, _joined(answer.headers), answer.iter_stream())
        finally:
            connection.close()


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers by lower-case name; of a repeated one the last."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


@contextmanager
def _translated(target: Target, deadline: Deadline) -> Iterator[None]:
    """Turn what httpcore raises into errors of ours."""
    url = shown(target.url)
    try:
        yield
    except httpcore.ConnectTimeout:
        raise FetchError(f"{target.authority} does not answer: no connection in time") from None
    except httpcore.TimeoutException:
        deadline.left(0)  # says so if it is the whole that took too long
        raise FetchError(f"{url}: its server went quiet before the page was complete") from None
    except httpcore.ProtocolError as error:
        raise FetchError(f"{url}: its server's answer is not proper HTTP ({error})") from None
    except (httpcore.NetworkError, OSError) as error:
        cause = error if isinstance(error, ssl.SSLError) else error.__cause__
        if isinstance(cause, ssl.SSLError):
            raise FetchError(f"{target.authority}: no secure connection ({_why(cause)})") from None
        raise FetchError(f"{url} cannot be reached: {error}") from None


def _why(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid: {error.verify_message}"
    return (error.reason or str(error)).replace("_", " ").lower()


class _Network(httpcore.NetworkBackend):
    """Connects to the given addresses, in their order, and to nothing else."""

    def __init__(
        self, addresses: Sequence[Address], deadline: Deadline, limits: FetchLimits
    ) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._limits = limits

    def connect_tcp(
        self,
        host: str,  # the name has been resolved
        port: int,
        timeout: float | None = None,  # the deadline says
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception | None = None
        connecting = Deadline(self._limits.connect_s, what=host)
        for address in self._addresses:
            try:
                timeout = self._deadline.left(connecting.left(self._limits.connect_s))
                inner = httpcore.SyncBackend().connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(inner, self._deadline, self._limits)
        raise failure or httpcore.ConnectError("it has no address")

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        raise httpcore.ConnectError(f"{path} is not on the network")


class _Stream(httpcore.NetworkStream):
    """A connection that keeps to the deadline at each step, and to the size in all."""

    def __init__(
        self, inner: httpcore.NetworkStream, deadline: Deadline, limits: FetchLimits
    ) -> None:
        self._inner = inner
        self._deadline = deadline
        self._limits = limits
        self._room = limits.max_bytes + _HEADERS_BYTES

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._inner.read(max_bytes, self._deadline.left(self._limits.stall_s))
        self._room -= len(data)
        if self._room < 0:
            raise TooLargeError(f"The answer is larger than {self._limits.max_bytes:,} bytes")
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(self._limits.stall_s))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            limit = self._deadline.left(self._limits.connect_s)
            inner = self._inner.start_tls(ssl_context, server_hostname, limit)
        except BaseException:
            self._inner.close()
            raise
        return _Stream(inner, self._deadline, self._limits)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
