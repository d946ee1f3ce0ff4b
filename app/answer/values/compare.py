"""Whether two values say the same, or may both hold."""

import datetime as dt
from typing import Final

from app.answer.values.model import Value, ValueKind
from app.answer.values.spelling import same_name
from app.answer.values.words import TIME_UNITS

_EXACT: Final = 1e-6
_ROUND: Final = 0.02
"""How far a round figure may be from the exact one, as a share."""


def same(a: Value, b: Value) -> bool:
    """Tell whether two values say the same, at some precision.

    "September 2025" and "the end of September 2025" do, 2,500 and "about 2,500" do; "September"
    and "September 2025" do not: the first leaves the year open.
    """
    if a.kind is not b.kind:
        return False
    match a.kind:
        case ValueKind.DATE:
            return _same_date(a, b)
        case ValueKind.NAME:
            return same_name(a.text, b.text)
        case _:
            return _same_amount(a, b) and _same_unit(a, b)


def compatible(a: Value, b: Value) -> bool:
    """Tell whether both values may hold: "by September" and "September 2025"."""
    if a.kind is not b.kind:
        return True
    match a.kind:
        case ValueKind.DATE:
            return _compatible_dates(a, b)
        case ValueKind.NAME:
            return same_name(a.text, b.text)
        case _:
            return _same_amount(a, b) and (_same_unit(a, b) or None in (a.unit, b.unit))


def _same_date(a: Value, b: Value) -> bool:
    if a.first is None or b.first is None or a.last is None or b.last is None:
        if a.month is not None or b.month is not None:
            return (a.first, a.month, a.day) == (b.first, b.month, b.day)
        return a.first is b.first and a.text.casefold() == b.text.casefold()
    if not _nested(a, b):
        return False
    longest = max(a.last - a.first, b.last - b.first)
    return longest.days <= 366 or (a.first, a.last) == (b.first, b.last)


def _nested(a: Value, b: Value) -> bool:
    if a.first is None or a.last is None or b.first is None or b.last is None:
        return False
    return (a.first <= b.first and b.last <= a.last) or (b.first <= a.first and a.last <= b.last)


def _compatible_dates(a: Value, b: Value) -> bool:
    if a.first is not None and b.first is not None:
        return _nested(a, b)
    if a.first is not None:
        a, b = b, a
    if a.month is None:
        return True  # a date that could not be placed contradicts nothing
    if b.first is not None and b.last is not None:
        return any(_holds(day, a) for day in _days(b.first, b.last))
    return b.month is None or (
        a.month == b.month and (a.day is None or b.day is None or a.day == b.day)
    )


def _days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [
        first + dt.timedelta(days=offset) for offset in range(min((last - first).days, 366) + 1)
    ]


def _holds(day: dt.date, value: Value) -> bool:
    return day.month == value.month and value.day in (None, day.day)


def _same_unit(a: Value, b: Value) -> bool:
    if a.unit == b.unit:
        return True
    if a.unit in TIME_UNITS and b.unit in TIME_UNITS:
        return True
    return {a.unit, b.unit} <= _HEADS


_HEADS: Final = frozenset(("person", "inhabitant", "resident", "people", "citizen", None))
"""Units that count the same heads; a bare figure of a population has none."""


def _same_amount(a: Value, b: Value) -> bool:
    if a.amount is None or b.amount is None:
        return a.amount is b.amount and a.text.casefold() == b.text.casefold()
    scale_a = TIME_UNITS.get(a.unit or "", 1.0) if a.kind is ValueKind.DURATION else 1.0
    scale_b = TIME_UNITS.get(b.unit or "", 1.0) if b.kind is ValueKind.DURATION else 1.0
    first, second = a.amount * scale_a, b.amount * scale_b
    share = _ROUND if a.approximate or b.approximate or scale_a != scale_b else _EXACT
    return abs(first - second) <= share * max(abs(first), abs(second))
