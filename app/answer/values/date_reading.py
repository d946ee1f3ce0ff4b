"""What a matched date form means: its groups become days of the calendar."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from app.answer.values import periods
from app.answer.values.model import Value, ValueKind
from app.answer.values.periods import Period
from app.answer.values.tokens import singular
from app.answer.values.words import MONTHS, NUMERALS, ORDINALS, SEASONS, WEEKDAYS

_Handler: TypeAlias = Callable[[dict[str, str], dt.date | None], Period | None]


def read_match(
    match: re.Match[str], text: str, earlier: Sequence[Value], reference: dt.date | None
) -> Value | None:
    """Return the date that a matched form means, or None when it means none.

    Args:
        match: A match of one of the forms of ``date_forms``.
        text: The text it was found in.
        earlier: Dates before it in the text; "September next year" counts from the last of them.
        reference: The day the text was published, for relative dates.
    """
    groups = {name: value for name, value in match.groupdict().items() if value is not None}
    start, end = match.span()
    if "month" in groups:
        return _month_value(groups, text, start, end, earlier, reference)
    for name, handler in _HANDLERS:
        if name in groups:
            period = handler(groups, reference)
            if period is not None and "part" in groups and name != "weekday":
                period = periods.part(period, _part_name(groups))
            if period is None and name in _MUST_RESOLVE:
                return None
            return dated(text, start, end, period)
    return None


def _month_value(
    groups: dict[str, str],
    text: str,
    start: int,
    end: int,
    earlier: Sequence[Value],
    reference: dt.date | None,
) -> Value | None:
    month = MONTHS[groups["month"].lower().rstrip(".")]
    year = _year_of(groups, month, earlier, reference)
    number = int(groups["day"]) if "day" in groups else None
    if number is not None and not 1 <= number <= 31:
        return None
    if year is None:
        return Value(ValueKind.DATE, text[start:end], start, end, month=month, day=number)
    if number is None:
        period: Period | None = periods.months(year, month, month)
        if period is not None and "part" in groups:
            period = periods.part(period, _part_name(groups))
    else:
        period = periods.day(year, month, number)
        if period is not None and "day2" in groups:
            last = periods.day(year, month, int(groups["day2"]))
            period = (period[0], last[1]) if last and last[1] > period[0] else period
    return None if period is None else dated(text, start, end, period)


def _year_of(
    groups: dict[str, str], month: int, earlier: Sequence[Value], reference: dt.date | None
) -> int | None:
    if "year" in groups:
        return int(groups["year"])
    base = next((value.last.year for value in reversed(earlier) if value.last), None)
    if "other" in groups:
        other = groups["other"].lower().split()[-1]
        if base is None and reference is not None:
            base = reference.year
        shift = {"next": 1, "following": 1, "last": -1, "previous": -1}.get(other, 0)
        return None if base is None else base + shift
    if "rel" in groups and reference is not None:
        if groups["rel"].lower() == "next":
            return reference.year + (month <= reference.month)
        if groups["rel"].lower() == "last":
            return reference.year - (month >= reference.month)
        return reference.year
    return None


def _part_name(groups: dict[str, str]) -> str:
    return " ".join(groups["part"].lower().split())


def _year_span(groups: dict[str, str], _reference: dt.date | None) -> Period | None:
    first = int(groups["year"])
    last = int(groups["year2"])
    if last < 100:
        last += first // 100 * 100
    return periods.years(first, last) if first < last <= first + 999 else None


def _numeric(groups: dict[str, str], _reference: dt.date | None) -> Period | None:
    """Read 27/09/2024; where day and month cannot be told apart, both readings are covered."""
    year, a, b = int(groups["year"]), int(groups["a"]), int(groups["b"])
    readings = [day for day in (periods.day(year, b, a), periods.day(year, a, b)) if day]
    return (min(readings)[0], max(readings)[1]) if readings else None


def _century(groups: dict[str, str], _reference: dt.date | None) -> Period | None:
    if "era" in groups:
        return None
    first = _nth(groups["nth"])
    last = _nth(groups["nth2"]) if "nth2" in groups else first
    return periods.century(first)[0], periods.century(last)[1]


def _nth(text: str) -> int:
    digits = re.match(r"\d+", text)
    return int(digits.group()) if digits else ORDINALS.get(text.lower(), 1)


def _weekday(groups: dict[str, str], reference: dt.date | None) -> Period | None:
    if reference is None:
        return None
    ahead = (WEEKDAYS[groups["weekday"].lower()] - reference.weekday()) % 7
    match groups.get("rel", "").lower():
        case "next":
            shift = ahead or 7
        case "last":
            shift = ahead - 7
        case _:
            shift = ahead - 7 if ahead else 0
    date = reference + dt.timedelta(days=shift)
    return date, date


def _season(groups: dict[str, str], reference: dt.date | None) -> Period | None:
    span = SEASONS[groups["season"].lower()]
    if "year" in groups:
        return periods.months(int(groups["year"]), *span)
    if reference is None:
        return None
    shift = {"next": 1, "last": -1}.get(groups["rel"].lower(), 0)
    candidates = [periods.months(reference.year + offset, *span) for offset in (-1, 0, 1)]
    if shift > 0:
        return next(c for c in candidates if c[0] > reference)
    if shift < 0:
        return next(c for c in reversed(candidates) if c[1] < reference)
    return candidates[1]


def _relative(groups: dict[str, str], reference: dt.date | None) -> Period | None:
    if reference is None:
        return None
    unit = singular(groups["unit"].lower())
    ahead = groups["rel"].lower() in ("next", "coming")
    if "count" in groups:
        amount = _count(groups["count"])
        other = periods.shifted(reference, amount if ahead else -amount, unit)
        return (reference, other) if ahead else (other, reference)
    return periods.around(reference, unit, {"next": 1, "last": -1}.get(groups["rel"].lower(), 0))


def _ago(groups: dict[str, str], reference: dt.date | None) -> Period | None:
    if reference is None or groups["ago"].lower() != "ago":
        return None
    unit = singular(groups["unit"].lower())
    moved = periods.shifted(reference, -_count(groups["count"]), unit)
    return periods.around(moved, unit, 0)


def _count(text: str) -> int:
    if text.isdigit():
        return min(int(text), 9999)
    return NUMERALS.get(text.lower(), 1)


def _when(groups: dict[str, str], reference: dt.date | None) -> Period | None:
    if reference is None:
        return None
    shift = {"yesterday": -1, "tomorrow": 1}.get(groups["when"].lower(), 0)
    date = reference + dt.timedelta(days=shift)
    return date, date


def _decade(groups: dict[str, str], _reference: dt.date | None) -> Period | None:
    first = int(groups["decade"])
    return periods.years(first, first + 9)


def _year(groups: dict[str, str], _reference: dt.date | None) -> Period | None:
    if "era" in groups:
        return None
    year = int(groups["year"])
    if "m" in groups:
        return periods.day(year, int(groups["m"]), int(groups["day"]))
    if "q" in groups:
        first = int(groups["q"]) * 3 - 2
        return periods.months(year, first, first + 2)
    return periods.years(year, year)


_HANDLERS: Final[tuple[tuple[str, _Handler], ...]] = (
    ("year2", _year_span),
    ("a", _numeric),
    ("nth", _century),
    ("decade", _decade),
    ("season", _season),
    ("weekday", _weekday),
    ("ago", _ago),
    ("unit", _relative),
    ("when", _when),
    ("year", _year),
)
_MUST_RESOLVE: Final = frozenset(("year2", "a"))


def dated(text: str, start: int, end: int, period: Period | None) -> Value:
    """Make the value for ``text[start:end]``; without a period it is left unplaced."""
    first, last = period if period is not None else (None, None)
    return Value(ValueKind.DATE, text[start:end], start, end, first=first, last=last)
