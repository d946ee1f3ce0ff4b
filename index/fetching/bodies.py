"""Takes in a body piece by piece and unpacks it, never holding more than the limit."""

import zlib

from index.errors import FetchError, TooLargeError

ENCODINGS = ("gzip", "deflate")
"""What is asked for. Both unpack to a given length, so that a bomb is stopped before it is big."""

_MOST_MEMBERS = 100
_EITHER_HEADER = zlib.MAX_WBITS | 32
"""Gzip or zlib, whichever it begins with."""


class Body:
    """A body that is being received.

    Args:
        encoding: the Content-Encoding header, or empty.
        limit: most bytes, unpacked.
        what: the body's name in messages.

    Raises:
        FetchError: the encoding is none that was asked for.
    """

    def __init__(self, encoding: str, *, limit: int, what: str) -> None:
        name = encoding.strip().lower().removeprefix("x-")
        if name not in ("", "identity", *ENCODINGS):
            raise FetchError(
                f"{what} is packed as {encoding[:40]!r}, which was not asked for; its server is "
                "set up wrongly"
            )
        self._limit = limit
        self._what = what
        self._packed = name in ENCODINGS
        self._unpacker = zlib.decompressobj(_EITHER_HEADER) if self._packed else None
        self._started = False
        self._members = 1
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> None:
        """Take in what was received.

        Raises:
            TooLargeError: the body is over the limit.
            FetchError: it cannot be unpacked.
        """
        try:
            while data and self._packed:
                data = self._unpack(data)
        except zlib.error as error:
            raise FetchError(f"{self._what} is damaged: it cannot be unpacked ({error})") from None
        self._keep(data)

    def finish(self) -> bytes:
        """Return the whole body.

        Raises:
            FetchError: it is cut off.
        """
        if self._unpacker is not None and self._started and not self._unpacker.eof:
            raise FetchError(f"{self._what} is cut off: its packed body has no end")
        return b"".join(self._parts)

    def _unpack(self, data: bytes) -> bytes:
        """Unpack some of ``data``; return what is left of it."""
        unpacker = self._unpacker
        if unpacker is None:
            return b""  # what follows the end is nobody's
        if unpacker.eof:
            if not data.startswith(b"\x1f\x8b") or self._members >= _MOST_MEMBERS:
                self._unpacker = None
                return b""
            self._members += 1
            unpacker = self._unpacker = zlib.decompressobj(_EITHER_HEADER)
        room = self._limit - self._size + 1
        try:
            plain = unpacker.decompress(data, room)
        except zlib.error:
            if self._started:
                raise
            # Some servers send deflate without its header.
            unpacker = self._unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
            plain = unpacker.decompress(data, room)
        self._started = True
        self._keep(plain)
        return unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > self._limit:
            raise TooLargeError(f"{self._what} is larger than {self._limit:,} bytes")
        if data:
            self._parts.append(data)


def unpacked(body: bytes, *, limit: int, what: str) -> bytes:
    """Return a gzip file's content, and any other body as it is.

    Raises:
        TooLargeError: it is over the limit.
        FetchError: it is damaged or cut off.
    """
    if not body.startswith(b"\x1f\x8b"):
        return body
    taken = Body("gzip", limit=limit, what=what)
    taken.feed(body)
    return taken.finish()
