"""Find the values of the wanted kinds in a text."""

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from app.answer.values.dates import find_dates
from app.answer.values.model import Value, ValueKind
from app.answer.values.names import find_names
from app.answer.values.numbers import find_numbers
from app.answer.values.tokens import tokenise

ALL_KINDS: Final = frozenset(ValueKind)


def extract(
    text: str,
    kinds: Collection[ValueKind] = ALL_KINDS,
    *,
    reference: dt.date | None = None,
) -> list[Value]:
    """Return the values of ``kinds`` in ``text``, in order of appearance.

    A span of time is a DURATION; when only numbers are wanted it is a NUMBER whose unit is the unit
    of time, because "how many months" asks for one.

    Args:
        text: One sentence or a few.
        kinds: What to look for.
        reference: The day the text was published; it places "next month" and "last Saturday".
    """
    tokens = tokenise(text)
    dates = find_dates(text, tokens, reference)
    found: list[Value] = []
    if ValueKind.DATE in kinds:
        found += dates
    if ValueKind.NUMBER in kinds or ValueKind.DURATION in kinds:
        for value in find_numbers(text, tokens, dates):
            if value.kind in kinds:
                found.append(value)
            elif value.kind is ValueKind.DURATION:
                found.append(replace(value, kind=ValueKind.NUMBER))
    if ValueKind.NAME in kinds:
        found += find_names(text, tokens, dates)
    found.sort(key=lambda value: (value.start, value.end))
    return found
