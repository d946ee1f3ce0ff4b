"""What stands in one stretch on a page: letters to a run of text with its place.

Works on letters and boxes alone. Tells marks of notes from exponents by their place and their
neighbours, and puts words of scripts that run from the right into the order in which they are read.
"""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from index.loaders.normal import normalise
from index.loaders.scripts import raised, unsigned

_CELL_GAP = 1.0  # letter heights: a wider gap sets columns apart, and no two words of a sentence
_SMALL = 0.86  # of the usual letter height
_RAISED = 0.1  # letter heights above the line
_TWICE = 0.25  # of a letter's width between two prints of it
_UNITS = frozenset(
    ("m", "km", "cm", "mm", "dm", "ft", "yd", "mi", "s", "x", "y", "z", "r", "n", "e")
)
_MARKS = frozenset("*\u2020\u2021\u00a7\u00b6")
_DASHES = frozenset("-\u2212+")


class Glyph(NamedTuple):
    """A letter on a page; ``x`` is where its shape begins, ``word`` counts the words of its line.

    ``number`` is its place among all of the page.
    """

    letter: str
    x: float
    left: float
    right: float
    baseline: float
    size: float
    word: int
    number: int = -1


@dataclass(frozen=True, slots=True)
class Run:
    """Letters in a row, in points from the lower left corner of the page."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    bold: bool = False
    hyphenated: bool = False

    def with_text(self, text: str) -> "Run":
        """Return the run with another text."""
        return replace(self, text=text)

    def joined(self, other: "Run") -> "Run":
        """Return this run and the one after it as one."""
        return replace(
            self,
            text=f"{self.text} {other.text}",
            left=min(self.left, other.left),
            right=max(self.right, other.right),
            size=max(self.size, other.size),
            bold=self.bold and other.bold,
            hyphenated=other.hyphenated,
        )


def runs_of(glyphs: Sequence[Glyph], is_bold: Callable[[int], bool]) -> Iterator[Run]:
    """Yield the runs of a line: parts of it that are set apart, as columns and cells are.

    Args:
        glyphs: the letters of the line, in the order of the file.
        is_bold: tells whether the letter with a number is of a heavy font.
    """
    glyphs = _printed_once(glyphs)
    if not glyphs:
        return
    if _from_right(glyphs):
        yield from _run(_read_from_right(glyphs), glyphs, is_bold)
        return
    part: list[Glyph] = []
    for glyph in glyphs:
        size = max(glyph.size, part[-1].size) if part else 0.0
        if part and glyph.word != part[-1].word and glyph.left - part[-1].right > size * _CELL_GAP:
            yield from _run(_words(part), part, is_bold)
            part = []
        part.append(glyph)
    yield from _run(_words(part), part, is_bold)


def is_note_mark(run: Run, before: Run) -> bool:
    """Tell whether a run is nothing but the mark of a note, raised at the end of another run."""
    short = len(run.text) <= 3 and (run.text.isdigit() or set(run.text) <= _MARKS)
    up = run.baseline - before.baseline
    return (
        short
        and run.size < before.size * _SMALL
        and before.size * _RAISED < up < before.size
        and abs(run.left - before.right) < before.size * 0.5
    )


def _run(text: str, glyphs: Sequence[Glyph], is_bold: Callable[[int], bool]) -> Iterator[Run]:
    tidy = " ".join(normalise(unsigned(text)).split())
    if not tidy:
        return
    telling = [g for g in glyphs if g.letter.isalnum()] or list(glyphs)
    told = [telling[0], telling[len(telling) // 2], telling[-1]]
    yield Run(
        tidy,
        min(g.left for g in glyphs),
        max(g.right for g in glyphs),
        median(g.baseline for g in told),
        median(g.size for g in told),
        all(is_bold(g.number) for g in told),
    )


def _printed_once(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Leave out letters printed a second time in the same place, as some programs make bold."""
    kept: list[Glyph] = []
    for glyph in glyphs:
        last = kept[-1] if kept else None
        twice = (
            last is not None
            and last.letter == glyph.letter
            and abs(last.left - glyph.left) < _TWICE * max(glyph.right - glyph.left, 0.1)
            and abs(last.baseline - glyph.baseline) < 0.2 * glyph.size
        )
        if not twice:
            kept.append(glyph)
    return kept


def _words(glyphs: Sequence[Glyph]) -> str:
    """Return the text of glyphs; exponents are raised in it, marks of notes are left out."""
    size = median(g.size for g in glyphs)
    usual = [g for g in glyphs if g.size > size * _SMALL] or list(glyphs)
    size, base = max(g.size for g in usual), median(g.baseline for g in usual)
    parts: list[str] = []
    small = ""
    word = glyphs[0].word
    for glyph in [*glyphs, None]:
        up = glyph is not None and glyph.size < size * _SMALL
        if glyph is not None and up and glyph.baseline > base + size * _RAISED:
            if glyph.word != word:
                small, word = small + " ", glyph.word
            small += glyph.letter
            continue
        if small:
            parts.append(_exponent("".join(parts), small))
            small = ""
        if glyph is not None:
            if glyph.word != word:
                parts.append(" ")
                word = glyph.word
            parts.append(glyph.letter)
    return "".join(parts)


def _exponent(before: str, small: str) -> str:
    """Return what is raised after ``before`` as it is to be read; nothing for a note's mark."""
    bare = small.strip()
    if not before.strip():  # it opens the line: the note itself, or a row of exponents
        return f"{bare} "
    is_number = bare.lstrip("-\u2212+").isdigit()
    listed = all(c.isdigit() or c in ", " or c in _MARKS for c in bare)
    last = before.rsplit(None, 1)[-1] if not before[-1].isspace() else ""
    stem = last.lstrip("(0123456789.,/")
    if is_number and (last[-1:].isdigit() or stem in _UNITS or len(bare) > len(bare.lstrip("-"))):
        return raised(bare)
    if listed:
        return " " if small.endswith(" ") else ""
    return small


def _from_right(glyphs: Sequence[Glyph]) -> bool:
    kinds = [unicodedata.bidirectional(g.letter[:1] or " ") for g in glyphs]
    return sum(k in ("R", "AL") for k in kinds) > sum(k == "L" for k in kinds)


def _is_right(glyph: Glyph) -> bool:
    return unicodedata.bidirectional(glyph.letter[:1] or " ") in ("R", "AL", "NSM")


def _read_from_right(glyphs: Sequence[Glyph]) -> str:
    """Return the text of a line that is read from the right, by the places of its letters.

    Files have such letters in either order, even within one line; where they stand is certain.
    """
    words: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        words.setdefault(glyph.word, []).append(glyph)
    placed = sorted(words.values(), key=lambda word: -max(g.right for g in word))
    texts: list[str] = []
    turned: list[str] = []  # words that run from the left inside the line, in reverse
    for word in placed:
        if any(_is_right(g) for g in word):
            texts += [*reversed(turned), _word_from_right(word)]
            turned = []
        else:
            ordered = sorted(word, key=lambda g: g.left)
            turned.append("".join(g.letter for g in ordered))
    return " ".join([*texts, *reversed(turned)])


def _word_from_right(word: Sequence[Glyph]) -> str:
    steps = [b.x - a.x for a, b in pairwise(word) if _is_right(a)]
    leftwards = sum(step < 0 for step in steps) >= sum(step > 0 for step in steps)
    # Letters of one shape have one place: their order is that of the whole word.
    ordered = sorted(word if leftwards else reversed(word), key=lambda g: -round(g.x, 1))
    text = turned = ""  # figures and foreign letters inside the word run from the left
    for glyph in ordered:
        if _is_right(glyph) or not (glyph.letter.isalnum() or turned):
            text, turned = text + turned + glyph.letter, ""
        else:
            turned = glyph.letter + turned
    if turned and not turned[0].isalnum():  # a mark at the end of the word, after its figures
        return text + turned[1:] + turned[0]
    return text + turned
