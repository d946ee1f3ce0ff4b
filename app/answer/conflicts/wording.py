"""How a claim's value is shown: as its source writes it, with the words it cannot do without."""

import datetime as dt
import re
from typing import Final

from app.answer.conflicts.candidates import Candidate, range_around
from app.answer.values import Value, ValueKind
from app.answer.values.tokens import singular

_BEFORE: Final = re.compile(
    r"(?:about|around|approximately|roughly|nearly|almost|over|more than|less than|at least|up to"
    r"|circa|between)\s$",
    re.IGNORECASE,
)
_PART_OF: Final = re.compile(r"(?:beginning|start|middle|end|first half|second half)\b", re.I)
_AFTER: Final = re.compile(r"(?:\s[a-z]+){1,3}")


def shown(span: Candidate) -> str:
    """Return the value as its source writes it, a figure with its "about" and what it counts."""
    text, start, end = span.evidence.text, span.start, span.end
    value = span.value
    if value is not None and value.kind is not ValueKind.NAME:
        whole = range_around(span)
        start, end = whole[:2] if whole else (start, end)
        before = _BEFORE.search(text, max(start - 16, 0), start)
        start = before.start() if before else start
        if value.kind is ValueKind.NUMBER and value.unit and (after := _AFTER.match(text, end)):
            end = _through_unit(text, end, after, value.unit)
        if value.kind is ValueKind.DATE:
            return _date(text, start, end, value)
    return " ".join(text[start:end].split())


def _date(text: str, start: int, end: int, value: Value) -> str:
    """Return a date that reads well alone: "the end of May 2025", and no "next month"."""
    written = " ".join(text[start:end].split()).removesuffix(".")
    if value.first is not None and value.last is not None and not re.search(r"\d", written):
        return _resolved(value.first, value.last) or written
    if _PART_OF.match(written):
        return f"the {written}"
    return written


def _resolved(first: dt.date, last: dt.date) -> str | None:
    if first == last:
        return f"{first.day} {first:%B %Y}"
    if first.day == 1 and (last + dt.timedelta(days=1)).day == 1 and first.month == last.month:
        return f"{first:%B %Y}"
    return None


def _through_unit(text: str, end: int, after: re.Match[str], unit: str) -> int:
    for word in re.finditer(r"[a-z]+", after.group()):
        if singular(word.group()) == unit:
            return after.start() + word.end()
    return end
