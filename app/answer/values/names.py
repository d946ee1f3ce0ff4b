"""Names in text: runs of capitalised words, acronyms, initials, with titles stripped."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from app.answer.values.model import Value, ValueKind
from app.answer.values.openers import opens_sentence
from app.answer.values.tokens import Token
from app.answer.values.words import (
    FUNCTION_WORDS,
    GENERATIONS,
    LEADING_TITLES,
    MONTHS,
    PARTICLES,
    TITLES,
    WEEKDAYS,
    word_set,
)

_JOINS: Final = frozenset(
    (" ", "-", "–", "\u00a0", ". ", ".", "’", "'", "’ ", "' ", " & ", "&", "ʿ", "‘")
)
_SENTENCE_END: Final = re.compile(r"[.!?:;\n“\"(\[]\s*$|^\s*[“\"'‘(\[-]*$")
_LINKS: Final = frozenset(["of", "the", "and", "for"])
_MARKS: Final = re.compile(r"[^\w\s]|_")


def name_key(text: str) -> str:
    """Fold a name for comparison: no accents, case, punctuation or leading article."""
    return _fold(text)


def _fold(text: str) -> str:
    plain = text
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", text.replace("\u0131", "i"))
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = plain.lower().replace("'", "").replace("’", "").replace("‘", "").replace(".", "")
    words = _MARKS.sub(" ", plain).split()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join(words)


def find_names(text: str, tokens: Sequence[Token], dates: Sequence[Value]) -> list[Value]:
    """Return the names of ``text`` in order; words inside ``dates`` are none."""
    found: list[Value] = []
    index = 0
    spans = iter([*dates, None])
    date = next(spans)
    while index < len(tokens):
        token = tokens[index]
        while date is not None and date.end <= token.start:
            date = next(spans)
        dated = date is not None and date.start <= token.start
        if dated or not _capital(text, tokens, index):
            index += 1
            continue
        end = _run(text, tokens, index, date.start if date is not None else len(text))
        for first, last in _pieces(text, tokens, index, end):
            found.append(_value(text, tokens[first].start, tokens[last].end))
        index = end + 1
    return found


def _value(text: str, start: int, end: int) -> Value:
    if text[end : end + 1] == "." and text[end - 2 : end - 1] == ".":
        end += 1  # U.S., not the end of a sentence
    span = text[start:end]
    return Value(ValueKind.NAME, span, start, end, key=_fold(span))


def _capital(text: str, tokens: Sequence[Token], index: int) -> bool:
    """Whether a name may start here: a capital, or an Arabic article joined to one."""
    token = tokens[index]
    if token.text[0].isupper():
        return token.lower not in WEEKDAYS and not _is_month(tokens, index)
    return (
        token.lower in PARTICLES
        and index + 1 < len(tokens)
        and text[token.end : tokens[index + 1].start] in ("-", "’", "'")
        and tokens[index + 1].text[0].isupper()
    )


def _is_month(tokens: Sequence[Token], index: int) -> bool:
    token = tokens[index]
    if token.lower not in MONTHS or len(token.text) < 3:
        return False
    return index == 0 or not (index + 1 < len(tokens) and tokens[index + 1].text[0].isupper())


def _run(text: str, tokens: Sequence[Token], index: int, limit: int) -> int:
    """Return the index of the last token of the capitalised run that starts at ``index``."""
    last = index
    position = index + 1
    while position < len(tokens) and tokens[position].start < limit:
        token = tokens[position]
        gap = text[tokens[position - 1].end : token.start]
        if gap not in _JOINS or _ends(tokens[position - 1], gap):
            break
        if gap in ("’", "'") and token.lower == "s":
            break
        if token.text[0].isupper():
            if token.lower in WEEKDAYS or _is_month(tokens, position):
                break
            last = position
        elif _numbered(text, tokens, position):
            last = position
            break
        elif (
            (token.lower not in PARTICLES and token.lower not in _LINKS)
            or position - last > 2
            or (token.lower in ("and", "for") and not _within(tokens, position))
        ):
            break
        position += 1
    return last


def _ends(token: Token, gap: str) -> bool:
    """Whether a full stop ends the sentence: not after an initial or an abbreviated title."""
    if "." not in gap:
        return False
    return not (len(token.text) == 1 or (len(token.text) <= 4 and token.lower in _ABBREVIATED))


_ABBREVIATED: Final = word_set(
    """
    mr mrs ms dr st jr sr gen lt col maj capt adm sgt cmdr rep sen gov prof rev hon brig mt
    ft no
    """
)


def _numbered(text: str, tokens: Sequence[Token], position: int) -> bool:
    """Whether a figure ends a name: Boeing 747, Apollo 11, F-16."""
    token = tokens[position]
    if not token.text.isdigit() or len(token.text) > 4:
        return False
    if text[token.start - 1] == "-":
        return True
    after = text[token.end : token.end + 2]
    return bool(
        token.end == len(text) or not after.strip() or after[0] in ",.;)’'" or after[0] == " "
    ) and (
        len(token.text) < 4
        and not after.startswith((",", "."))
        and (position + 1 >= len(tokens) or not tokens[position + 1].lower.endswith("s"))
    )


def _within(tokens: Sequence[Token], position: int) -> bool:
    """Whether "and" or "for" joins words of one name: an office (Ministry of A and B)."""
    return any(token.lower in _OFFICES for token in tokens[max(position - 4, 0) : position])


def _pieces(text: str, tokens: Sequence[Token], first: int, last: int) -> list[tuple[int, int]]:
    """Cut a run at titles and drop what owes its capital to the start of the sentence."""
    if _starts_sentence(text, tokens[first]):
        while first <= last and opens_sentence(tokens[first].text) and not _acronym(tokens[first]):
            following = tokens[first + 1] if first < last else None
            if following is not None and tokens[first].lower not in FUNCTION_WORDS:
                break
            first += 1
    else:
        while (
            first <= last and tokens[first].lower in FUNCTION_WORDS and not _acronym(tokens[first])
        ):
            first += 1
    if first > last:
        return []
    pieces: list[tuple[int, int]] = []
    start = first
    position = first
    while position <= last:
        end = _title_end(tokens, position, last)
        if end > position and (end <= last or position > start or position == first):
            if position > start:
                pieces.append((start, position - 1))
            start = end
            position = end
            continue
        position += 1
    if start <= last:
        pieces.append((start, last))
    return [piece for piece in (_trimmed(tokens, *piece) for piece in pieces) if piece]


def _trimmed(tokens: Sequence[Token], first: int, last: int) -> tuple[int, int] | None:
    """Drop links and stray articles at the edges of a piece."""
    while first <= last and tokens[first].lower in _LINKS | {"a", "an", "in", "his", "her"}:
        first += 1
    while last >= first and tokens[last].lower in FUNCTION_WORDS and not _acronym(tokens[last]):
        last -= 1
    if first > last or (first == last and len(tokens[first].text) == 1):
        return None
    if first == last and tokens[first].text.isdigit():
        return None
    return first, last


def _acronym(token: Token) -> bool:
    return len(token.text) > 1 and token.text.isupper()


def _title_end(tokens: Sequence[Token], position: int, last: int) -> int:
    """Return the index after the titles that start at ``position`` (itself when there are none)."""
    end = position
    while end <= last and tokens[end].lower in TITLES and not _acronym(tokens[end]):
        end += 1
    if end == position:
        return position
    if all(token.lower in LEADING_TITLES for token in tokens[position:end]):
        return position
    if end <= last and tokens[end].lower in _NOT_PEOPLE:
        return position
    if end <= last and tokens[end].lower in ("of", "for"):
        return position
    return end


_OFFICES: Final = word_set(
    """
    ministry department office bureau committee institute agency
    """
)
_NOT_PEOPLE: Final = word_set(
    """
    motors electric assembly hospital department league office palace county street avenue
    island academy news international park house school college university mills dynamics
    committee council ministry intelligence command
    """
)


def _starts_sentence(text: str, token: Token) -> bool:
    return bool(_SENTENCE_END.search(text[max(token.start - 3, 0) : token.start]))


def generation(words: Sequence[str]) -> str | None:
    """Return what tells namesakes apart ("jr", "ii"), if a name ends in it."""
    return words[-1] if len(words) > 1 and words[-1] in GENERATIONS else None
