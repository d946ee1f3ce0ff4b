"""Lines as they stand on pages to running text: paragraphs joined, headers and footers left out.

Works on positions and words alone; knows nothing of PDF. Lines are joined only where their places
say that they belong together.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from index.loaders.hyphens import Hyphens
from index.loaders.lines import Line, without_running_lines
from index.loaders.normal import normalise

_WIDE_GAP = 1.18  # times the usual distance of lines: a new paragraph
_WIDER_GAP = 2.2  # and this one even where the words would go on
_LARGER = 1.15  # times the usual size of letters: a heading
_INDENT = (0.8, 6.0)  # letter heights by which a paragraph's first line may stand in
_FULL = 0.85  # of the usual width: a line shorter than this was not broken for want of room
_MAX_HEADING = 200  # characters
_ENDS = (*".!?:;", *"\u2026\u3002\uff01\uff1f\u061f")
_CLOSERS = "\"'”’»)]"
_BULLET = re.compile(r"(?:[\u2022\u2023\u25aa\u25cf\u2013\u2014*-]|\(?\d{1,3}[.)]|\(?[a-z]\))\s")


@dataclass(slots=True)
class _Paragraph:
    """Lines that belong together; ``level`` is 0 for running text."""

    lines: list[Line]
    page: int
    level: int = 0


def pages_of_text(pages: Sequence[Sequence[Line]]) -> tuple[str, tuple[int, ...]]:
    """Return the text of all pages, normalised, and the offset at which each of them begins."""
    bodies = without_running_lines(pages)
    hyphens = Hyphens(line.text for lines in bodies for line in lines)
    sizes = [round(line.size, 1) for lines in bodies for line in lines for _ in line.text]
    levels = _heading_levels(bodies, median(sizes) if sizes else 0.0)
    usual = _usual_distances(bodies)
    text = ""
    starts: list[int] = []
    parts: list[str] = []
    place = 0
    before: _Paragraph | None = None
    for number, lines in enumerate(bodies):
        for position, paragraph in enumerate(_paragraphs(lines, number, levels, usual)):
            words = hyphens.joined(paragraph.lines)
            goes_on = position == 0 and before is not None and _goes_on(before, paragraph)
            if goes_on and before is not None:
                whole = hyphens.link(before.lines[-1], parts[-1], words)
                place += len(whole[0]) - len(parts[-1])
                parts[-1], glue, words = whole
            else:
                sign = "#" * paragraph.level + " " if paragraph.level else ""
                words, glue = sign + words, "\n\n" if parts else ""
            if position == 0:
                starts.append(place + len(glue))
            parts += [glue, words] if glue else [words]
            place += len(glue) + len(words)
            before = paragraph
        if not lines:
            starts.append(-1)  # begins where the next page with text does
    text = "".join(parts)
    return _checked(text, starts)


def _checked(text: str, starts: list[int]) -> tuple[str, tuple[int, ...]]:
    following = len(text)
    for number in range(len(starts) - 1, -1, -1):
        following = starts[number] = following if starts[number] < 0 else starts[number]
    if normalise(text) == text:
        return text, tuple(starts)
    # Letters that only their neighbours on the next line made another one: cut and normalise anew.
    cuts = [0, *starts[1:], len(text)]
    pieces = [normalise(text[a:b]) for a, b in pairwise(cuts)]
    joined, again = "", []
    for piece in pieces:
        joined = f"{joined}\n\n{piece}" if joined and piece else joined or piece
        again.append(len(joined) - len(piece))
    return joined, tuple(again)


def _heading_levels(pages: Iterable[Sequence[Line]], usual: float) -> dict[float, int]:
    """Return the level of headings by the size of their letters; the largest has level 1."""
    larger = {
        round(line.size, 1) for lines in pages for line in lines if line.size > usual * _LARGER
    }
    return {size: min(rank, 3) for rank, size in enumerate(sorted(larger, reverse=True), start=1)}


def _usual_distances(pages: Iterable[Sequence[Line]]) -> dict[int, float]:
    """Return how far lines of a paragraph are apart, by the size of their letters."""
    counts: dict[int, Counter[float]] = {}
    for lines in pages:
        for above, below in pairwise(lines):
            down = above.baseline - below.baseline
            if 0 < down < 3 * above.size and _is_alike(above, below):
                counts.setdefault(round(below.size), Counter())[round(down * 2) / 2] += 1
    return {size: distances.most_common(1)[0][0] for size, distances in counts.items()}


def _paragraphs(
    lines: Sequence[Line], page: int, levels: dict[float, int], usual: dict[int, float]
) -> list[_Paragraph]:
    width = _usual_width(lines)
    found: list[_Paragraph] = []
    for line in lines:
        level = levels.get(round(line.size, 1), 0)
        if found and _belongs(found[-1], line, level, usual.get(round(line.size), 0.0), width):
            found[-1].lines.append(line)
        else:
            found.append(_Paragraph([line], page, level))
    for paragraph in found:
        if paragraph.level and sum(len(line.text) for line in paragraph.lines) > _MAX_HEADING:
            paragraph.level = 0
    return found


def _belongs(before: _Paragraph, line: Line, level: int, usual: float, width: float) -> bool:
    """Tell whether a line goes on with the paragraph before it on the same page."""
    last = before.lines[-1]
    if level != before.level or _BULLET.match(line.text):
        return False
    if last.hyphenated:
        return True
    if not _is_alike(last, line):
        return False
    down = last.baseline - line.baseline
    if down < -last.size:  # the next column
        return not _ends(last.text) and not level
    if usual and down > usual * _WIDE_GAP:
        return down < usual * _WIDER_GAP and not _ends(last.text) and line.text[:1].islower()
    indent = (line.left - last.left) / max(line.size, 1.0)
    in_list = _BULLET.match(before.lines[0].text)
    if _INDENT[0] < indent < _INDENT[1] and _ends(last.text) and not in_list:
        return False
    short = last.right - last.left < width * _FULL
    return not (short and _ends(last.text)) or level > 0


def _is_alike(line: Line, other: Line) -> bool:
    """Tell whether two lines have letters of one size."""
    return abs(line.size - other.size) < 0.1 * max(line.size, other.size, 1.0)


def _usual_width(lines: Sequence[Line]) -> float:
    widths = sorted(line.right - line.left for line in lines)
    return widths[int(len(widths) * 0.75)] if widths else 0.0


def _goes_on(before: _Paragraph, after: _Paragraph) -> bool:
    """Tell whether a page's first paragraph is the rest of the last one of the page before."""
    if before.level or after.level or before.page != after.page - 1:
        return False
    last, first = before.lines[-1], after.lines[0]
    if last.hyphenated:
        return True
    begins = first.text.lstrip("\"'“‘«([")[:1]
    return not _ends(last.text) and begins.islower() and not _BULLET.match(first.text)


def _ends(text: str) -> bool:
    return text.rstrip(_CLOSERS).endswith(_ENDS)
