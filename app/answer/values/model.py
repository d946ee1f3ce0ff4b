"""A value as it stands in a text, with the normalised form that comparisons use."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class ValueKind(StrEnum):
    """The sorts of value that can be recognised and compared."""

    DATE = "date"
    DURATION = "duration"
    NUMBER = "number"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Value:
    """A value found in a text; ``text`` is exactly the characters from ``start`` to ``end``.

    Normalised form, by kind: DATE has ``first`` and ``last``, the days it may mean ("end of
    September 2025" is its last ten days, "mid-2025" May to August), or, without a year, ``month``
    and ``day`` alone; NUMBER and DURATION have ``amount``, and ``unit`` (lower-case singular noun
    or symbol: "troop", "%", "usd", "month"); NAME has ``key``, folded for comparison.
    """

    kind: ValueKind
    text: str
    start: int
    end: int
    first: dt.date | None = None
    last: dt.date | None = None
    month: int | None = None
    day: int | None = None
    amount: float | None = None
    unit: str | None = None
    key: str | None = None
    approximate: bool = False
