"""The JSON that a judge meant, out of the reply that it wrote.

Knows fences, text around the JSON, trailing commas and bare lists. What is cut off is never
completed, and what can be read in two ways is not read at all: both could lose a verdict.
"""

import json
import re
from collections.abc import Iterator
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from eval.judging.errors import UnusableReplyError

_Model = TypeVar("_Model", bound=BaseModel)
_CLOSES = {"{": "}", "[": "]"}
_STRING_OR_TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])', re.DOTALL)


def read(reply: str, schema: type[_Model]) -> _Model:
    """Return the one object of the schema that a reply holds.

    Raises:
        UnusableReplyError: there is none, or there are several that differ.
    """
    fits: list[_Model] = []
    problem = "it holds no complete JSON object"
    for span in _spans(reply):
        try:
            found = schema.model_validate(_wrapped(_parsed(span), schema))
        except ValidationError as error:
            problem = _explain(error)
        except ValueError as error:
            problem = f"its JSON cannot be read ({error})"
        else:
            fits += [found] if found not in fits else []
    if len(fits) > 1:
        raise UnusableReplyError("it holds several JSON objects that differ")
    if not fits:
        raise UnusableReplyError(problem)
    return fits[0]


def _spans(text: str) -> Iterator[str]:
    """Yield each outermost bracketed stretch; nothing of one that is never closed."""
    start = 0
    while opening := re.compile(r"[{\[]").search(text, start):
        end = _end(text, opening.start())
        if end is None:
            return
        yield text[opening.start() : end]
        start = end


def _end(text: str, start: int) -> int | None:
    """Return the offset after the bracket that closes the one at ``start``."""
    waiting: list[str] = []
    in_string = False
    skip = False
    for offset in range(start, len(text)):
        character = text[offset]
        if skip:
            skip = False
        elif in_string:
            skip = character == "\\"
            in_string = character != '"'
        elif character == '"':
            in_string = True
        elif character in _CLOSES:
            waiting.append(_CLOSES[character])
        elif waiting and character == waiting[-1]:
            waiting.pop()
            if not waiting:
                return offset + 1
    return None


def _parsed(text: str) -> object:
    without = _STRING_OR_TRAILING_COMMA.sub(lambda match: match[1] or "", text)
    return json.loads(
        without,
        strict=False,  # line ends inside strings are common and harmless
        parse_constant=_refuse_constant,
        object_pairs_hook=_object,
    )


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no number")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _wrapped(value: object, schema: type[BaseModel]) -> object:
    """Return a bare list as the only field of the object that was asked for."""
    names = list(schema.model_fields)
    return {names[0]: value} if isinstance(value, list) and len(names) == 1 else value


def _explain(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "the object"
    return f"it does not fit the schema ({where}: {first['msg']})"
