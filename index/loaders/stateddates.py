"""A day as machines and people write it in a field that is meant to hold one.

Only full days count; the day is taken as written, in its own time zone.
"""

import datetime as dt
import re
from email.utils import parsedate

_ISO = re.compile(r"\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_PACKED = re.compile(r"\s*(\d{4})(\d{2})(\d{2})(?:T\d|\s*$)")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_NAME = r"([A-Za-z]{3,9})\.?"
_DAY_FIRST = re.compile(rf"(?:[A-Za-z]+,?\s+)?(\d{{1,2}})\.?\s+{_NAME},?\s+(\d{{4}})")
_MONTH_FIRST = re.compile(rf"(?:[A-Za-z]+,?\s+)?{_NAME}\s+(\d{{1,2}}),?\s+(\d{{4}})")
_YEARS = range(1400, 2200)


def stated_day(value: str | None) -> dt.date | None:
    """Return the day that a value states, None where it states none."""
    if not value or len(value) > 200:
        return None
    if match := _ISO.match(value) or _PACKED.match(value):
        return _day(*map(int, match.groups()))
    words = " ".join(value.split())
    if match := _DAY_FIRST.match(words):
        return _day(int(match[3]), _month(match[2]), int(match[1]))
    if match := _MONTH_FIRST.match(words):
        return _day(int(match[3]), _month(match[1]), int(match[2]))
    parsed = parsedate(words)
    return _day(*parsed[:3]) if parsed else None


def _month(name: str) -> int:
    """Return the number of a month's English name or its first letters; 0 for other words."""
    lowered = name.lower()
    found = [n for n, month in enumerate(_MONTHS, start=1) if month.startswith(lowered)]
    return found[0] if found else 9 if lowered == "sept" else 0


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None
