"""The YAML block between two lines of ``---`` at the top of a text.

Reads plain values only, as they are written: YAML's own ideas of dates, booleans and objects never
come into play.
"""

import re
from typing import Any

from index.errors import InvalidDocumentError
from index.loaders.base import Loaded
from index.loaders.fields import checked_fields

_OPENING = re.compile(r"\ufeff?---[ \t]*\r?\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_MAX_BLOCK = 20_000  # characters
_KEYS = ("id", "title", "source", "url", "language", "published_at")
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


def split(text: str, name: str) -> Loaded:
    """Return the text below the front matter, with what the front matter states.

    A text without front matter is returned whole. Keys that mean nothing here are left alone.

    Raises:
        InvalidDocumentError: The block is no valid YAML, or a value is of the wrong kind.
    """
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return Loaded(text)
    block = text[opening.end() : closing.start()]
    values = _parsed(block, name)
    if not isinstance(values, dict):  # a ruler at the top, and another one further down
        return Loaded(text) if values not in (None, "") else Loaded(text[closing.end() :])
    stated: dict[str, str | None] = {}
    for key in _KEYS:
        value = values.get(key)
        if value is not None and not isinstance(value, str):
            raise InvalidDocumentError(
                f"The front matter of {name} must give {key} as plain text, not as a list or map."
            )
        stated[key] = None if value is None or value.strip() in _NOTHING else value
    try:
        values = checked_fields(**stated)
        found = {name: "front matter" for name, value in values.items() if value is not None}
        found.pop("id", None)
        return Loaded(text[closing.end() :], **values, provenance=found)
    except InvalidDocumentError as error:
        raise InvalidDocumentError(f"The front matter of {name}: {error.message}") from error


def _parsed(block: str, name: str) -> Any:  # whatever YAML holds
    import yaml

    if len(block) > _MAX_BLOCK:
        raise InvalidDocumentError(
            f"The front matter of {name} is longer than {_MAX_BLOCK} characters. Is the second "
            "line of '---' missing?"
        )
    try:
        # All values as strings; the pure Python parser raises where a C one could overflow.
        return yaml.load(block, Loader=yaml.BaseLoader)  # noqa: S506  # builds no objects
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 2}" if mark is not None else ""
        problem = getattr(error, "problem", None) or "it is nested too deeply"
        raise InvalidDocumentError(
            f"The front matter of {name} is not valid YAML{line}: {problem}. Put values that hold "
            "': ' or begin with a special character in quotes."
        ) from error
