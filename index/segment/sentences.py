"""Where sentences end inside one block of running text.

Works on any script that ends its sentences with a mark. Knows nothing of headings, tables or
passages, and changes no text: it returns offsets. One pass, linear in the length of the text.
"""

import re
from collections.abc import Iterator

from index.segment.abbreviations import ALWAYS, BEFORE_NUMBERS, DOUBTFUL, STARTERS

# A sentence's last mark, the quotes and brackets it closes, and notes after them, such as [1] or ².
_END = re.compile(
    r"(?P<mark>[.!?\u2026\u061f\u06d4\u0964\u0965]++)"
    r"[\"'\u201d\u2019\u00bb)\]}*_]*+[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]{0,3}+(?:\[[^\[\]\n]{1,40}\]|\s\[[a-z0-9][^\[\]\n]{0,39}\])*+(?=\s)"
    r"|(?<=[a-z]{3})\.(?=[A-Z][a-z]+\s)"  # a blank was forgotten
    r"|[\u3002\uff01\uff1f\uff61]++[\u300d\u300f\u201d\u2019\uff09]*+"
)
_OPENERS = "\"'\u201c\u201d\u2018\u2019\u00ab([{\u300c\u300e\uff08*_"
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_]{1,2})*")  # J, U.S, a.m
_NOTE = re.compile(r"[\[(][^\])]{1,40}[\])]\W*")
_STRAY = re.compile(r"(?:[\"'\u201c\u201d\u2018\u2019\u00bb)\]][ \t\n]+)+")
_QUOTE_LIMIT = 160  # characters; a quotation or bracket of several sentences up to this stays whole


def split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the sentences of ``text[start:end]`` as offsets into ``text``.

    They come in order, do not overlap, carry no blanks at their ends, and hold every letter and
    digit of the block.
    """
    sentences: list[tuple[int, int]] = []
    for first, last in _whole_quotes(text, _fragments(text, start, end)):
        first, last = _trimmed(text, first, last)
        has_words = any(c.isalnum() for c in text[first:last])
        if sentences and first < last and _is_appendix(text, first, last, has_words):
            sentences[-1] = (sentences[-1][0], last)
        elif has_words:
            sentences.append((first, last))
    return sentences


def _fragments(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _END.finditer(text, start, end):
        if _ends_here(text, start, match, end):
            yield start, match.end()
            start = match.end()
    if start < end:
        yield start, end


def _ends_here(text: str, start: int, match: re.Match[str], end: int) -> bool:
    """Decide whether the mark that ``match`` found ends the sentence that began at ``start``."""
    if match["mark"] is None:  # the other forms are never anything else
        return True
    following = match.end()
    while following < end and (text[following].isspace() or text[following] in _OPENERS):
        following += 1
    if following == end:
        return True
    character = text[following]
    if character.islower() or character in ",;:.!?\u2026)]}":
        return False
    if match["mark"] != ".":
        return True
    return not _is_abbreviation(text, start, match.start(), following)


def _is_abbreviation(text: str, start: int, stop: int, following: int) -> bool:
    """Tell whether the full stop at ``stop`` belongs to the word before it."""
    begin = stop
    floor = max(start, stop - 24)
    while begin > floor and (text[begin - 1].isalnum() or text[begin - 1] == "."):
        begin -= 1
    word = text[begin:stop]
    if not word:
        return False
    if word.isdigit():  # "1. The first point": the number that opens a point of a list
        return len(word) <= 3 and not text[start:begin].strip()
    if word in ALWAYS:
        return True
    if word in BEFORE_NUMBERS and text[following].isdigit():
        return True
    if _INITIALS.fullmatch(word) or word in DOUBTFUL:
        return not _opens_a_sentence(text, following)
    return False


def _opens_a_sentence(text: str, following: int) -> bool:
    word = _WORD.match(text, following)
    if word is None or word.group() not in STARTERS:
        return False
    return len(word.group()) > 1 or text[word.end() : word.end() + 1] != "."  # "J. A. Smith"


def _whole_quotes(text: str, fragments: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join the fragments of a short quotation or bracket that holds several sentences."""
    waiting: list[tuple[int, int]] = []
    for fragment in fragments:
        waiting.append(fragment)
        first, last = waiting[0][0], fragment[1]
        # A fragment that is long by itself was waiting for nothing.
        if last - first <= _QUOTE_LIMIT and _is_open(text[first:last]):
            continue
        if last - first <= _QUOTE_LIMIT or len(waiting) == 1:
            yield first, last
            waiting = []
            continue
        # Too long to stay whole: the first ones stand alone, the last may open another quotation.
        yield from waiting[:-1]
        waiting = [fragment]
        if last - fragment[0] > _QUOTE_LIMIT or not _is_open(text[fragment[0] : last]):
            yield fragment
            waiting = []
    yield from waiting


def _is_open(text: str) -> bool:
    """Tell whether a quotation or bracket that opens in ``text`` is still open at its end."""
    return (
        text.count("\u201c") > text.count("\u201d")
        or text.count("\u00ab") > text.count("\u00bb")
        or text.count("(") > text.count(")")
        or text.count('"') % 2 == 1
    )


def _is_appendix(text: str, first: int, last: int, has_words: bool) -> bool:
    """Tell whether a fragment only adds to the sentence before: a note, or a few marks."""
    if not has_words:
        return last - first <= 4
    return last - first <= 45 and bool(_NOTE.fullmatch(text, first, last))


def _trimmed(text: str, first: int, last: int) -> tuple[int, int]:
    while first < last and text[first].isspace():
        first += 1
    while last > first and text[last - 1].isspace():
        last -= 1
    if stray := _STRAY.match(text, first, last):  # a closing quote set apart from its sentence
        first = stray.end()
    return first, last
