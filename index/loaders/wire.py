"""What passes between a process and the worker that parses for it: framed messages of JSON.

A frame is its length in four bytes, then that many bytes. Nothing that comes from the worker is
ever executed or unpickled; what does not have the expected form is refused.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, BinaryIO

from index.errors import FootnoteError, InvalidDocumentError, PassedOverError, TooLargeError
from index.loaders.base import Loaded, Part

_LENGTH = 4
_ERRORS: Mapping[str, type[FootnoteError]] = {
    each.code: each for each in (InvalidDocumentError, PassedOverError, TooLargeError)
}
_TEXTS = ("id", "title", "source", "url", "language")


class BrokenFrameError(Exception):
    """What came is no message, or is longer than allowed."""


def send(stream: BinaryIO, message: Mapping[str, Any], data: bytes = b"") -> None:
    """Write a message, with the bytes that belong to it."""
    head = json.dumps(message).encode("ascii")
    for part in (head, data):
        stream.write(len(part).to_bytes(_LENGTH, "big"))
        stream.write(part)
    stream.flush()


def receive(read: Callable[[int], bytes], most: int) -> tuple[dict[str, Any], bytes] | None:
    """Return the next message and its bytes; None where the other side has ended.

    Args:
        read: returns as many bytes as asked for, fewer only at the end.
        most: bytes that one part of a message may have.

    Raises:
        BrokenFrameError: it is no message.
    """
    parts: list[bytes] = []
    for _ in range(2):
        length = read(_LENGTH)
        if not length and not parts:
            return None
        size = int.from_bytes(length, "big")
        if len(length) < _LENGTH or size > most:
            raise BrokenFrameError(f"a frame of {size} bytes")
        part = read(size)
        if len(part) < size:
            raise BrokenFrameError("a frame that ends early")
        parts.append(part)
    try:
        message = json.loads(parts[0])
    except (ValueError, RecursionError) as error:
        raise BrokenFrameError("no JSON") from error
    if not isinstance(message, dict):
        raise BrokenFrameError("no object")
    return message, parts[1]


def from_part(part: Part) -> dict[str, Any]:
    """Return a part as a message."""
    message: dict[str, Any] = {"inner": part.inner, "media_type": part.media_type}
    if part.error is not None:
        message["error"] = {"code": part.error.code, "message": part.error.message}
    elif part.loaded is not None:
        day = part.loaded.published_at
        message["loaded"] = {
            **asdict(part.loaded),
            "published_at": day.isoformat() if day else None,
        }
    return message


def to_part(message: Mapping[str, Any]) -> Part:
    """Return the part that a message carries. Raises BrokenFrameError."""
    try:
        inner, media_type = str(message["inner"]), message.get("media_type")
        if (error := message.get("error")) is not None:
            kind = _ERRORS.get(error["code"], InvalidDocumentError)
            return Part(inner, media_type, None, kind(str(error["message"])))
        return Part(inner, media_type, _loaded(message["loaded"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BrokenFrameError("not a part") from error


def _loaded(values: Mapping[str, Any]) -> Loaded:
    texts = {name: values[name] for name in _TEXTS}
    pages = tuple(values["pages"])
    if not isinstance(values["text"], str) or not all(isinstance(page, int) for page in pages):
        raise TypeError("text or pages")
    if not all(value is None or isinstance(value, str) for value in texts.values()):
        raise TypeError("a stated value")
    day = values["published_at"]
    return Loaded(
        text=values["text"],
        published_at=dt.date.fromisoformat(day) if day is not None else None,
        pages=pages,
        provenance={str(key): str(value) for key, value in values["provenance"].items()},
        **texts,
    )
