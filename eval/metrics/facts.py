"""Whether a text says a fact: its dates, numbers and names compared as values, the rest as words.

"end of September 2026" says "September 2026", "about 2,500 troops" says "2,500", "Hussein Allawi"
says "Hussein Alawi". Knows no answer and no citation.
"""

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from app.answer.question.words import content
from app.answer.values import Value, ValueKind, compatible, extract, same
from eval.cases.model import Case, Fact

_COUNTED: Final = frozenset({ValueKind.DATE, ValueKind.NUMBER, ValueKind.DURATION})
_NEARLY_ALL: Final = 0.75
"""Share of a fact's words, apart from its values, that a text must have to say it."""

_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_FOLD: Final = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


def folded(text: str) -> str:
    """Return a text as it is compared: lower case, plain punctuation, 2500 for 2,500."""
    return _THOUSANDS.sub("", " ".join(text.translate(_FOLD).casefold().split()))


def says(text: str, wanted: str, reference: dt.date | None = None) -> bool:
    """Tell whether a sentence or a quote says what is wanted.

    It does when it holds the same words, or when it has every date, number and duration of
    ``wanted`` (``app.answer.values.same``), its names in any spelling, and three quarters of the
    words that are left.

    Args:
        text: one sentence, or a quote.
        wanted: one way to write a fact.
        reference: the day that ``text`` was published, to place "next month" by.
    """
    if _holds(folded(text), folded(wanted)):
        return True
    values = values_of(wanted)
    there = values_of(text, reference)
    if not all(any(_same(value, other) for other in there) for value in values):
        return False
    rest = {t.stem for t in content(wanted) if not _inside(t.start, values)}
    if not rest:
        return bool(values)
    stems = {token.stem for token in content(text)}
    return len(rest & stems) / len(rest) >= _NEARLY_ALL


def agrees(text: str, wanted: str, reference: dt.date | None = None) -> bool:
    """Tell whether a few words and one way to write a fact say the same, or one the other.

    "September 2026" agrees with "the end of September 2026", "Alawi" with "Hussein Alawi". Where
    both have dates, numbers or durations, these must agree as values: "12" does not agree with
    "12 March".

    Args:
        text: the few words.
        wanted: one way to write a fact.
        reference: the day that ``text`` was published, to place "next month" by.
    """
    given, right = counted(values_of(text, reference)), counted(values_of(wanted))
    if given and right and not any(_same(one, other) for one in right for other in given):
        return False
    return says(text, wanted, reference) or says(wanted, text)


def said_by(text: str, case: Case, reference: dt.date | None = None) -> frozenset[int]:
    """Return which facts of a case a text says; the values of a conflict count as facts as well."""
    wanted = [fact.values for fact in facts_of(case)]
    return frozenset(
        number
        for number, values in enumerate(wanted)
        if any(says(text, value, reference) for value in values)
    )


def facts_of(case: Case) -> tuple[Fact, ...]:
    """Return the facts of a case, and each value of its conflict as a fact without evidence."""
    return case.facts + tuple(Fact((value,), ()) for value in case.conflicts)


@lru_cache(maxsize=4096)
def values_of(text: str, reference: dt.date | None = None) -> tuple[Value, ...]:
    """Return the dates, numbers, durations and names in a text, in their order."""
    return tuple(extract(text, reference=reference))


def counted(values: Iterable[Value]) -> list[Value]:
    """Return the dates, numbers and durations among values."""
    return [value for value in values if value.kind in _COUNTED]


def _holds(text: str, words: str) -> bool:
    """Tell whether ``words`` stand in ``text``, not as a part of longer ones or of a figure."""
    pattern = rf"(?<!\w)(?<!\d[.,]){re.escape(words)}(?!\w)(?![.,]\d)"
    return bool(words) and re.search(pattern, text) is not None


def _same(wanted: Value, value: Value) -> bool:
    """Tell whether a value is the wanted one; a wanted figure without a unit leaves it open."""
    if wanted.kind is ValueKind.NUMBER and wanted.unit is None:
        return compatible(wanted, value) and value.kind is ValueKind.NUMBER
    return same(wanted, value)


def _inside(place: int, values: Iterable[Value]) -> bool:
    return any(value.start <= place < value.end for value in values)
