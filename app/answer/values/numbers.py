"""Numbers and durations in text, with the thing they count.

Years and the figures inside names (F-16, Boeing 747) are no numbers. An ordinal has the unit
"ordinal"; "dozens" and the like have no amount.
"""

import re
from collections.abc import Sequence
from typing import Final

from app.answer.values.model import Value, ValueKind
from app.answer.values.tokens import Token, singular
from app.answer.values.words import (
    APPROXIMATE,
    APPROXIMATE_PHRASES,
    COLLECTIVES,
    CURRENCIES,
    FRACTIONS,
    FUNCTION_WORDS,
    MAGNITUDES,
    NUMERALS,
    ORDINALS,
    TIME_UNITS,
    word_set,
)

_FIGURE: Final = re.compile(
    r"(?P<figure>(?>\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?))"
    r"(?P<nth>st|nd|rd|th)?(?P<over>\s?/\s?\d+)?(?![^\W½¼¾]|:\d|/\d|\.\d)(?P<percent>\s?%|\s(?:percent|per\scent)\b)?"
)
_GLUED: Final = re.compile(
    r"(?P<figure>\d+(?:\.\d+)?)(?P<glued>bn|mn|m|k|km|kg|cm|mm|cc|ft|m²|km²)(?!\w)"
)
_MONEY: Final = re.compile(r"(?:US|A|C)?[$€£¥₹]\s?$")
_HALVES: Final = {"½": 0.5, "¼": 0.25, "¾": 0.75}
_WORDS_OPEN: Final = frozenset(
    (*NUMERALS, *MAGNITUDES, *COLLECTIVES, *ORDINALS, *FRACTIONS, "dozen", "a", "an", "couple")
)
_NO_HEAD: Final = word_set("to of and or in at")


def find_numbers(text: str, tokens: Sequence[Token], taken: Sequence[Value]) -> list[Value]:
    """Return numbers and durations outside the spans in ``taken`` (the dates), in order."""
    found: list[Value] = []
    dates = iter([*taken, None])
    date = next(dates)
    index = 0
    while index < len(tokens):
        token = tokens[index]
        while date is not None and date.end <= token.start:
            date = next(dates)
        if date is not None and date.start <= token.start:
            index += 1
            continue
        value: Value | None = None
        if token.text[0].isdigit():
            value = _figure(text, tokens, index)
        elif token.lower in _WORDS_OPEN:
            value = _in_words(text, tokens, index)
        index += 1
        if value is not None:
            found.append(value)
            while index < len(tokens) and tokens[index].start < value.end:
                index += 1
        elif token.text[0].isdigit():
            # The rest of a figure that was ruled out (12:30, 3.2.1) is no number either.
            while (
                index < len(tokens) and text[tokens[index - 1].end : tokens[index].start] in _GLUE
            ):
                index += 1
    return found


_GLUE: Final = frozenset((":", ".", ",", "/"))


def _figure(text: str, tokens: Sequence[Token], index: int) -> Value | None:
    token = tokens[index]
    match = _FIGURE.match(text, token.start)
    if match is None:
        match = _GLUED.match(text, token.start)
        if match is None:
            return None
    if _inside_name(text, tokens, index, match) or _bracketed(text, match):
        return None
    amount = float(match["figure"].replace(",", ""))
    groups = match.groupdict()
    end = match.end()
    if groups.get("nth"):
        return _make(text, tokens, index, token.start, end, amount, "ordinal")
    if over := groups.get("over"):
        divisor = float(over.strip(" /"))
        if not divisor:
            return None
        amount /= divisor
    if text[end : end + 1] in _HALVES:
        amount += _HALVES[text[end]]
        end += 1
    if groups.get("percent"):
        return _make(text, tokens, index, token.start, end, amount, "%")
    if glued := groups.get("glued"):
        scale = {"m": 1e6, "k": 1e3, "bn": 1e9, "mn": 1e6}.get(glued, 1.0)
        money = _MONEY.search(text, max(token.start - 4, 0), token.start)
        if glued == "m" and money is None:
            scale = 1.0
        unit = None if scale != 1.0 else singular(glued)
        return _make(text, tokens, index, token.start, end, amount * scale, unit)
    after = _next(tokens, index, end)
    if (
        after < len(tokens)
        and tokens[after].lower in MAGNITUDES
        and _near(text, end, tokens[after])
    ):
        amount *= MAGNITUDES[tokens[after].lower]
        end = tokens[after].end
    return _make(text, tokens, index, token.start, end, amount, None)


def _in_words(text: str, tokens: Sequence[Token], index: int) -> Value | None:
    """Read "two hundred and fifty", "a dozen", "two-thirds", "dozens of", "third"."""
    first = tokens[index]
    if first.lower in COLLECTIVES:
        return _make(text, tokens, index, first.start, first.end, None, None, approximate=True)
    amount: float | None = None
    total = 0.0
    end = first.start
    position = index
    while position < len(tokens):
        word = tokens[position].lower
        gap = text[end : tokens[position].start] if position > index else ""
        if gap not in ("", " ", "-"):
            break
        if word in NUMERALS and not (amount and amount % 10):
            amount = (amount or 0.0) + NUMERALS[word]
        elif word in MAGNITUDES and (amount is not None or total):
            scale = MAGNITUDES[word]
            if scale == 100:
                amount = (amount or 1.0) * scale
            else:
                total += (amount or 1.0) * scale
                amount = 0.0
        elif word == "dozen" and position > index:
            amount = (amount or 1.0) * 12
        elif word in ("a", "an") and position == index:
            amount = 1.0
        elif word == "and" and amount and amount >= 100 and _numeral(tokens, position + 1):
            pass
        else:
            break
        end = tokens[position].end
        position += 1
    if position < len(tokens) and tokens[position].lower in FRACTIONS and (amount or 0) < 20:
        fraction = _fraction(text, tokens, index, position, amount)
        if fraction is not None:
            return fraction
    if amount is None or position == index:
        return _ordinal(text, tokens, index)
    if first.lower in ("a", "an") and position == index + 1:
        return _single(text, tokens, index)
    if first.lower == "one" and position == index + 1 and not _counts(text, tokens, position):
        return None
    return _make(text, tokens, index, first.start, end, total + amount, None)


def _numeral(tokens: Sequence[Token], index: int) -> bool:
    return index < len(tokens) and tokens[index].lower in NUMERALS


def _counts(text: str, tokens: Sequence[Token], index: int) -> bool:
    """Whether a plain noun follows: "one soldier", not "one of them" or "one, however"."""
    if index >= len(tokens) or text[tokens[index - 1].end : tokens[index].start] not in (" ", "-"):
        return False
    return tokens[index].lower not in FUNCTION_WORDS


def _single(text: str, tokens: Sequence[Token], index: int) -> Value | None:
    """Read "a decade", "an hour", "a year": only spans of time are counted so."""
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if (
        after is None
        or text[tokens[index].end : after.start] != " "
        or after.lower not in TIME_UNITS
    ):
        return None
    if after.lower in ("second", "quarter", "day", "night"):
        return None
    start, end = tokens[index].start, after.end
    return Value(ValueKind.DURATION, text[start:end], start, end, amount=1.0, unit=after.lower)


def _fraction(
    text: str, tokens: Sequence[Token], index: int, position: int, amount: float | None
) -> Value | None:
    word = tokens[position].lower
    whole = amount is None and word in ("half",)
    followed = position + 1 < len(tokens) and tokens[position + 1].lower in ("of", "the", "a", "an")
    if not (whole or followed) or (amount is None and word not in ("half", "third", "quarter")):
        return None
    if amount is None and not whole:
        return None
    start, end = tokens[index].start, tokens[position].end
    return _make(text, tokens, index, start, end, (amount or 1.0) / FRACTIONS[word], "fraction")


def _ordinal(text: str, tokens: Sequence[Token], index: int) -> Value | None:
    token = tokens[index]
    number = ORDINALS.get(token.lower)
    if number is None:
        return None
    return Value(
        ValueKind.NUMBER, token.text, token.start, token.end, amount=float(number), unit="ordinal"
    )


def _make(
    text: str,
    tokens: Sequence[Token],
    index: int,
    start: int,
    end: int,
    amount: float | None,
    unit: str | None,
    *,
    approximate: bool = False,
) -> Value:
    approximate = approximate or _is_approximate(text, tokens, index)
    money = _MONEY.search(text, max(start - 4, 0), start)
    if money is not None:
        start = money.start()
        unit = CURRENCIES[money.group().strip().lower()]
    if unit is None:
        noun = _counted(text, tokens, _next(tokens, index, end), end)
        if noun is not None:
            unit = singular(noun.lower)
            if unit in TIME_UNITS and amount is not None:
                return Value(
                    ValueKind.DURATION,
                    text[start : noun.end],
                    start,
                    noun.end,
                    amount=amount,
                    unit=unit,
                    approximate=approximate,
                )
            if unit in CURRENCIES:
                unit, end = CURRENCIES[unit], noun.end
    return Value(
        ValueKind.NUMBER,
        text[start:end],
        start,
        end,
        amount=amount,
        unit=unit,
        approximate=approximate,
    )


def _next(tokens: Sequence[Token], index: int, end: int) -> int:
    while index < len(tokens) and tokens[index].start < end:
        index += 1
    return index


def _near(text: str, end: int, token: Token) -> bool:
    return text[end : token.start] in (" ", "-", "\u00a0")


def _counted(text: str, tokens: Sequence[Token], index: int, end: int) -> Token | None:
    """Find the noun that the number counts: the first plural of the few words that follow.

    "89 partner states and institutions" counts states, "2,500 of the soldiers" soldiers; without a
    plural the first word counts ("a 12-month plan", "996 cc").
    """
    first: Token | None = None
    for token in tokens[index : index + 5]:
        if text[end : token.start] not in (" ", "-", "\u00a0"):
            break
        if first is None and token.lower in ("of", "the", "other", "more", "additional"):
            end = token.end
            continue
        if token.lower in FUNCTION_WORDS or token.text[0].isdigit():
            break
        if first is None:
            first = token
            if singular(token.lower) in TIME_UNITS:
                return token
        if singular(token.lower) != token.lower:
            return token
        end = token.end
    return first


def _is_approximate(text: str, tokens: Sequence[Token], index: int) -> bool:
    if text[max(tokens[index].start - 2, 0) : tokens[index].start].strip() in ("~", "≈"):
        return True
    if index == 0:
        return False
    before = tokens[index - 1]
    if text[before.end : tokens[index].start].strip(" .(") == "" and before.lower in APPROXIMATE:
        if before.lower not in ("than", "to", "least", "most"):
            return True
        return index > 1 and f"{tokens[index - 2].lower} {before.lower}" in APPROXIMATE_PHRASES
    return False


def _bracketed(text: str, match: re.Match[str]) -> bool:
    """Whether the figure is a footnote marker: [13] or [ 13 ]."""
    before = text[max(match.start() - 2, 0) : match.start()].rstrip()
    return before.endswith("[") and text[match.end() : match.end() + 2].lstrip().startswith("]")


def _inside_name(text: str, tokens: Sequence[Token], index: int, match: re.Match[str]) -> bool:
    """Whether the figure belongs to a name or a code: F-16, Boeing 747, 3.2.1."""
    start = match.start()
    if start and text[start - 1] in "-–" and start > 1 and text[start - 2].isalpha():
        return text[start - 2].isupper()
    if start > 1 and text[start - 1] in ".:" and text[start - 2].isdigit():
        return True
    if index == 0 or text[tokens[index - 1].end : start] != " ":
        return False
    before = tokens[index - 1]
    if (
        not before.text[0].isupper()
        or before.lower in FUNCTION_WORDS
        or not match.group().isdigit()
    ):
        return False
    if index == 1 or text[match.end() : match.end() + 1] == "-":
        return False
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if after is None or text[match.end() : after.start] != " ":
        return True
    word = after.lower
    return word not in MAGNITUDES and (word in FUNCTION_WORDS or singular(word) == word)
