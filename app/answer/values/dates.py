"""Dates in text: absolute, partial and relative, each as the days that it may mean.

A date without a year keeps its month and day; a relative one ("last Saturday") has days only when a
reference date is given. Nothing is guessed: what cannot be placed keeps its text alone.
"""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

from app.answer.values import periods
from app.answer.values.date_forms import DIGIT_FORMS, EARLY_YEAR, FORMS
from app.answer.values.date_reading import dated, read_match
from app.answer.values.model import Value
from app.answer.values.tokens import Token, singular
from app.answer.values.words import FUNCTION_WORDS, MAGNITUDES, MONTHS, NUMERALS, ORDINALS, word_set

_MONTH_LEADS: Final = word_set(
    """
    in by until till since of from during before after next last this through to early mid
    late and or between for on around every
    """
)
_NEVER_COUNTED: Final = word_set("the in since early mid late s its his her their")
"""Words after which four digits are a year even when a plural follows: the 2008 elections."""


def find_dates(text: str, tokens: Sequence[Token], reference: dt.date | None) -> list[Value]:
    """Return the dates of ``text`` in order; relative ones are placed by ``reference``."""
    found: list[Value] = []
    position = 0
    for index, token in enumerate(tokens):
        if token.start < position:
            continue
        forms = DIGIT_FORMS if token.text[0].isdigit() else FORMS.get(token.lower)
        if forms is None:
            continue
        value = _read(forms, text, tokens, index, found, reference)
        if value is not None:
            found.append(value)
            position = value.end
    return found


def _read(
    forms: Sequence[re.Pattern[str]],
    text: str,
    tokens: Sequence[Token],
    index: int,
    earlier: Sequence[Value],
    reference: dt.date | None,
) -> Value | None:
    token = tokens[index]
    if token.lower == "in" and (match := EARLY_YEAR.match(text, token.start)):
        year = int(match["year"])
        return dated(text, match.start("year"), match.end(), periods.years(year, year))
    if token.start and text[token.start - 1] in "$€£#-–" and not _follows_word(text, token.start):
        return None
    for form in forms:
        match = form.match(text, token.start)
        if match is not None and _plausible(match, text, tokens, index):
            value = read_match(match, text, earlier, reference)
            if value is not None:
                return value
    return None


def _follows_word(text: str, start: int) -> bool:
    """Tell "post-2014" and a dash between words from a currency sign or a model number."""
    return text[start - 1] in "-–" and not text[max(start - 3, 0) : start - 1].isupper()


def _plausible(match: re.Match[str], text: str, tokens: Sequence[Token], index: int) -> bool:
    """Rule out what only looks like a date: the verb may, a number of things, a small march."""
    groups = match.groupdict()
    before = tokens[index - 1].lower if index else ""
    month = groups.get("month")
    if month is not None:
        if not month[0].isupper():
            return False
        if match.group().strip(".") == month.strip("."):
            abbreviated = len(month.strip(".")) < 4 and month.lower() != "may"
            return not abbreviated and (before in _MONTH_LEADS or len(month) > 5)
        return True
    if match.re is DIGIT_FORMS[-1]:
        return _is_year(match, text, tokens, index, before)
    count = groups.get("count")
    if count is not None:
        return count.isdigit() or count.lower() in NUMERALS or count.lower() in ("a", "an", "few")
    nth = groups.get("nth")
    return nth is None or nth[0].isdigit() or nth.lower() in ORDINALS


def _is_year(
    match: re.Match[str], text: str, tokens: Sequence[Token], index: int, before: str
) -> bool:
    if text[match.end() : match.end() + 1] in ("%", "°"):
        return False
    if before in _NEVER_COUNTED or before in MONTHS or index + 1 == len(tokens):
        return True
    after = tokens[index + 1]
    if text[match.end() : after.start] != " ":
        return True
    word = after.lower
    if word in MAGNITUDES or word == "percent":
        return False
    counted = (word.endswith("s") and word not in FUNCTION_WORDS) or singular(word) != word
    if word in ("births", "deaths"):
        return True  # how reference works sort people
    return not (counted and after.text.islower())
