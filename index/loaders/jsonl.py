"""JSON Lines: each line is a document with the fields that ``POST /v1/documents`` takes.

A line that cannot be used is told of by its number; the others are read all the same.
"""

import json
from collections.abc import Iterator
from typing import Any

from index.errors import FootnoteError, InvalidDocumentError, TooLargeError
from index.loaders.base import Limits, Loaded
from index.loaders.decoding import decode
from index.loaders.fields import checked_fields

_STATED = ("id", "title", "source", "url", "language", "published_at")
_FIELDS = ("text", *_STATED)


def lines(data: bytes, name: str, limits: Limits) -> Iterator[tuple[int, Loaded | FootnoteError]]:
    """Yield each line's number, and its document or why there is none; blank lines are skipped.

    Raises nothing: a file that is no text is one error in line 1.
    """
    try:
        text = decode(data, name)
    except FootnoteError as error:
        yield 1, error
        return
    found = 0
    # Not str.splitlines: JSON may hold other separators of lines as they are.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        found += 1
        if found > limits.entries * 10:
            yield (
                number,
                TooLargeError(
                    f"{name} has more than {limits.entries * 10:,} lines; from line {number} on "
                    "they are not read. Split the file."
                ),
            )
            return
        try:
            yield number, _document(line)
        except FootnoteError as error:
            yield number, type(error)(f"Line {number} of {name}: {error.message}")
    if not found:
        yield 1, InvalidDocumentError(f"{name} is blank.")


def _document(line: str) -> Loaded:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        place = f" at character {error.pos + 1}" if isinstance(error, json.JSONDecodeError) else ""
        raise InvalidDocumentError(f"it is not JSON{place}. Write one object to a line.") from None
    if not isinstance(values, dict):
        raise InvalidDocumentError('it is not an object such as {"text": "..."}.')
    unknown = sorted(set(values) - set(_FIELDS))
    if unknown:
        raise InvalidDocumentError(
            f"the field {unknown[0][:40]!r} is not known; there are {', '.join(_FIELDS)}."
        )
    stated: dict[str, str | None] = {}
    for key in _FIELDS:
        value: Any = values.get(key)
        if value is not None and not isinstance(value, str):
            raise InvalidDocumentError(f"{key} must be a text, in quotes.")
        stated[key] = value
    text = stated.pop("text")
    if not text or not text.strip():
        raise InvalidDocumentError("it has no text.")
    fields = checked_fields(**stated)
    found = {key: "JSON line" for key, value in fields.items() if value is not None and key != "id"}
    return Loaded(text, **fields, provenance=found)
