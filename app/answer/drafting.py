"""Cut a streamed draft into sentences with their markers, each as soon as it is complete.

Where a sentence ends depends on the text alone, never on how it arrived. Markers such as ``[1]``,
``[1, 2]`` or ``[1]-[3]`` belong to the sentence they stand in or right behind. Knows neither models
nor sources.
"""

import re
from dataclasses import dataclass

from index.segment.abbreviations import ALWAYS, BEFORE_NUMBERS, DOUBTFUL, STARTERS

LONGEST = 4000
"""Characters after which an unfinished sentence is cut, so that none can hold back the draft."""

_MARKS = ".!?\u2026\u061f\u06d4\u0964\u3002\uff01\uff1f"
_WIDE = "\u3002\uff01\uff1f"
_CLOSERS = "\"'\u201d\u2019\u00bb)*_`\u300d\u300f\uff09"
_OPENERS = "\"'\u201c\u2018\u00ab(*_`\u300c\u300e"
_MARKER = re.compile(r"\[\s*\^?\d{1,3}(?:\s*[-\u2013,;]\s*\^?\d{1,3})*\s*\]")
_RANGE = re.compile(r"\[\s*\^?(\d{1,3})\s*\]\s*[-\u2013]\s*\[\s*\^?(\d{1,3})\s*\]")
_PARTIAL = re.compile(r"\[[\s\d,;\u2013^-]{0,40}$")
_BREAK = re.compile(r"\n[ \t]*(?:\n|#{1,6}[ \t]|[-*+\u2022][ \t]|\d{1,3}[.)][ \t]|>|\||`{3}|~{3})")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_ITEM = re.compile(r"\s*(?:[-*+\u2022]\s+)?\d{1,3}$")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_QUOTE_LIMIT = 160  # characters; a quotation of several sentences up to this stays whole
_SETTLED = re.compile(
    rf"(?:\][{_CLOSERS}]*[{_MARKS}]+[{_CLOSERS}]*|[{_MARKS}][{_CLOSERS}]*\s*\[[\d\s,;\u2013^-]+\])\s*$"
)
_WIDEST = 50  # numbers that one range of markers may name


@dataclass(frozen=True, slots=True)
class DraftedSentence:
    """A sentence as drafted, markup and all, without its markers; and the numbers they name."""

    text: str
    markers: tuple[int, ...]
    raw: str


class SentenceCutter:
    """Takes a draft piece by piece and gives back its sentences."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, delta: str) -> list[DraftedSentence]:
        """Take the next piece and return the sentences that are now surely complete."""
        self._held += delta
        return self._cut(final=False)

    def settle(self) -> list[DraftedSentence]:
        """Return the held sentence if its full stop and its markers are there.

        For a draft that pauses: a further marker may still come, and is then lost to it.
        """
        return self._cut(final=True) if _SETTLED.search(self._held) else []

    def flush(self) -> list[DraftedSentence]:
        """Return what is left once the draft has ended."""
        return self._cut(final=True)

    def _cut(self, *, final: bool) -> list[DraftedSentence]:
        sentences = []
        while True:
            end = _end(self._held, final=final)
            if end is None:
                break
            raw, self._held = self._held[:end], self._held[end:]
            sentence = parse(raw)
            if sentence is not None:
                sentences.append(sentence)
        return sentences


def cut(text: str) -> list[DraftedSentence]:
    """Cut a whole draft."""
    cutter = SentenceCutter()
    return [*cutter.feed(text), *cutter.flush()]


def parse(raw: str) -> DraftedSentence | None:
    """Take the markers out of a sentence; None when nothing but blanks is left with no marker."""
    markers: list[int] = []

    def note(first: int, last: int) -> None:
        if first <= last < first + _WIDEST:
            markers.extend(range(first, last + 1))
        else:
            markers.extend((first, last))

    def read(match: re.Match[str]) -> str:
        for part in re.split(r"[,;]", match.group().strip("[] ")):
            numbers = [int(n) for n in re.findall(r"\d+", part)]
            if numbers:
                note(numbers[0], numbers[-1])
        return " "

    def span(match: re.Match[str]) -> str:
        note(int(match[1]), int(match[2]))
        return " "

    text = _MARKER.sub(read, _RANGE.sub(span, raw))
    text = re.sub(r"[ \t]+([,.;:!?\u2026])", r"\1", text)
    text = re.sub(r"[ \t]{2,}", " ", text).strip()
    if not text.strip("-*#>|` \t\n.,;:") and not markers:
        return None
    return DraftedSentence(text, tuple(dict.fromkeys(markers)), raw.strip())


def _end(text: str, *, final: bool) -> int | None:
    """Return where the first sentence of ``text`` ends, or None while that is not sure."""
    start = len(text) - len(text.lstrip())
    if start == len(text):
        return (len(text) or None) if final else None
    if _FENCE.match(text, start):
        return _fence_end(text, start, final=final)
    place = start
    while place < len(text):
        if place - start >= LONGEST:
            return place
        character = text[place]
        if character == "\n":
            ends = _line_end(text, place, final=final)
            if ends is None:
                return None
            if ends:
                return place + 1
        elif character in _MARKS:
            end = _mark_end(text, start, place, final=final)
            if end is None:
                return None
            if end > 0:
                return end
            place += 1
            continue
        place += 1
    return len(text) if final else None


def _fence_end(text: str, start: int, *, final: bool) -> int | None:
    """Return the end of a block of code; an open one runs to the end of the draft."""
    match = _FENCE.match(text, start)
    assert match is not None, "the caller saw a fence"  # noqa: S101 - narrows the type
    closing = re.compile(rf"\n[ \t]*{re.escape(match[1][0])}{{{len(match[1])},}}[ \t]*(?=\n|\Z)")
    found = closing.search(text, match.end())
    if found is not None and (final or found.end() < len(text)):
        return found.end()
    return len(text) if final else None


def _line_end(text: str, place: int, *, final: bool) -> bool | None:
    """Tell whether the line break at ``place`` ends the sentence; None while that is not sure."""
    following = place + 1
    while following < len(text) and text[following] in " \t":
        following += 1
    if following == len(text):
        return True if final else None
    if text[following] == "\n" or text[following] in "#>|":
        return True
    opening = text[following : following + 6]
    if len(opening) < 6 and not final and re.fullmatch(r"[-*+\u2022`~\d.) \t]*", opening):
        return None
    return _BREAK.match(text, place) is not None


def _mark_end(text: str, start: int, place: int, *, final: bool) -> int | None:
    """Return the end of the sentence whose mark stands at ``place``, 0 if none ends there.

    None means that what has arrived cannot tell yet.
    """
    after = place + 1
    while after < len(text) and (text[after] in _MARKS or text[after] in _CLOSERS):
        after += 1
    if after == len(text):
        return after if final else None
    if text[place] not in _WIDE and not text[after].isspace() and text[after] != "[":
        return 0
    end = after
    while True:
        following = end
        while following < len(text) and text[following] in " \t":
            following += 1
        if following == len(text):
            return len(text) if final else None
        marker = _MARKER.match(text, following)
        if marker is None:
            break
        end = marker.end()
        if end < len(text) and text[end] in "-\u2013" and text[end + 1 : end + 2] in ("[", ""):
            if end + 1 == len(text) and not final:
                return None
            end += text[end + 1 : end + 2] == "["
    if text[following] == "[" and _PARTIAL.match(text, following) and not final:
        return None
    if after - start <= _QUOTE_LIMIT and _is_open(text[start:after]):
        return 0
    if end > after:
        return end  # markers close a sentence whatever follows
    return _sentence_end(text, start, place, after, following, final=final)


def _sentence_end(
    text: str, start: int, place: int, after: int, following: int, *, final: bool
) -> int | None:
    if text[following] == "\n":
        ends = _line_end(text, following, final=final)
        if ends is None or ends:
            return None if ends is None else following + 1
        while following < len(text) and text[following].isspace():
            following += 1
        if following == len(text):
            return len(text) if final else None
    opening = following
    while opening < len(text) and text[opening] in _OPENERS:
        opening += 1
    if opening == len(text):
        return after if final else None
    if text[opening].islower() or text[opening] in ",;:":
        return 0
    if text[place] != ".":
        return after
    word = _before(text, start, place)
    if not _may_abbreviate(word, text, start, place):
        return after
    complete = _WORD.match(text, opening)
    if complete is not None and complete.end() == len(text) and not final:
        return None
    return 0 if _abbreviates(word, text, opening) else after


def _is_open(text: str) -> bool:
    """Tell whether a quotation that opens in ``text`` is still open at its end."""
    return text.count("\u201c") > text.count("\u201d") or text.count('"') % 2 == 1


def _before(text: str, start: int, place: int) -> str:
    begin = place
    while begin > max(start, place - 24) and (text[begin - 1].isalnum() or text[begin - 1] == "."):
        begin -= 1
    return text[begin:place]


def _may_abbreviate(word: str, text: str, start: int, place: int) -> bool:
    if word.isdigit():
        return _ITEM.fullmatch(text, start, place) is not None
    return bool(
        word in ALWAYS
        or word in DOUBTFUL
        or word in BEFORE_NUMBERS
        or (word and _INITIALS.fullmatch(word))
    )


def _abbreviates(word: str, text: str, opening: int) -> bool:
    """Tell whether a word that may be an abbreviation is one, by what follows."""
    if word.isdigit() or word in ALWAYS:
        return True
    if word in BEFORE_NUMBERS and text[opening].isdigit():
        return True
    if _INITIALS.fullmatch(word) or word in DOUBTFUL:
        following = _WORD.match(text, opening)
        return following is None or following.group() not in STARTERS
    return False
