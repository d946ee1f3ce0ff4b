"""Calendar arithmetic: the days that a month, a part of a year or a century may mean."""

import calendar
import datetime as dt
from typing import Final, TypeAlias

Period: TypeAlias = tuple[dt.date, dt.date]
"""First and last day, both included."""

_YEAR_PARTS: Final = {
    "early": (1, 4),
    "beginning": (1, 3),
    "start": (1, 3),
    "mid": (5, 8),
    "middle": (5, 8),
    "late": (9, 12),
    "end": (10, 12),
    "first half": (1, 6),
    "second half": (7, 12),
    "latter half": (7, 12),
    "first quarter": (1, 3),
    "second quarter": (4, 6),
    "third quarter": (7, 9),
    "fourth quarter": (10, 12),
    "last quarter": (10, 12),
}


def day(year: int, month: int, number: int) -> Period | None:
    """Return one day, or None when the calendar has no such day."""
    try:
        date = dt.date(year, month, number)
    except ValueError:
        return None
    return date, date


def months(year: int, first: int, last: int) -> Period:
    """Return the days from a month to another; a last month before the first is next year's."""
    end_year = year if last >= first else year + 1
    return dt.date(year, first, 1), dt.date(end_year, last, calendar.monthrange(end_year, last)[1])


def years(first: int, last: int) -> Period:
    """Return whole years, both included (1 to 9999)."""
    return dt.date(max(first, 1), 1, 1), dt.date(min(last, 9999), 12, 31)


def part(period: Period, name: str) -> Period:
    """Narrow a period to its early, middle or late part (or half, or quarter)."""
    first, last = period
    if first.year == last.year and (first.month, last.month) == (1, 12):
        return months(first.year, *_YEAR_PARTS[name])
    length = (last - first).days + 1
    if "half" in name:
        middle = first + dt.timedelta(days=length // 2)
        return (first, middle - dt.timedelta(days=1)) if name[0] == "f" else (middle, last)
    if length > 366:
        third_years = (last.year - first.year + 1) // 3
        cuts = (dt.date(first.year + third_years, 1, 1), dt.date(last.year - third_years + 1, 1, 1))
    else:
        third = 10 if length <= 31 else length // 3
        cuts = (first + dt.timedelta(days=third), first + dt.timedelta(days=2 * third))
    if name in ("early", "beginning", "start", "first quarter"):
        return first, cuts[0] - dt.timedelta(days=1)
    if name in ("mid", "middle", "second quarter", "third quarter"):
        return cuts[0], cuts[1] - dt.timedelta(days=1)
    return cuts[1], last


def shifted(date: dt.date, amount: float, unit: str) -> dt.date:
    """Return the date ``amount`` units later (earlier when negative), in calendar months."""
    span = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}.get(unit)
    try:
        if span is None:
            scale = {"week": 7, "fortnight": 14}.get(unit, 1)
            return date + dt.timedelta(days=amount * scale)
        index = date.year * 12 + date.month - 1 + round(amount * span)
        year, month = divmod(index, 12)
        length = calendar.monthrange(year, month + 1)[1]
        return dt.date(year, month + 1, min(date.day, length))
    except (OverflowError, ValueError):
        return dt.date.max if amount > 0 else dt.date.min


def around(date: dt.date, unit: str, offset: int) -> Period:
    """Return the week, month, year or decade ``offset`` units from the one that holds ``date``."""
    moved = shifted(date, offset, unit)
    match unit:
        case "week":
            monday = moved - dt.timedelta(days=moved.weekday())
            return monday, monday + dt.timedelta(days=6)
        case "month":
            return months(moved.year, moved.month, moved.month)
        case "quarter":
            first = (moved.month - 1) // 3 * 3 + 1
            return months(moved.year, first, first + 2)
        case "year":
            return years(moved.year, moved.year)
        case "decade":
            return years(moved.year // 10 * 10, moved.year // 10 * 10 + 9)
        case "century":
            return century(moved.year // 100 + 1)
        case _:
            return moved, moved


def century(number: int) -> Period:
    """Return a century as people mean it: the 20th is 1900 to 2000."""
    return years(number * 100 - 100, number * 100)
