"""Lines as they stand on pages to running text: paragraphs joined, headers and footers left out.

Works on positions and words alone; knows nothing of PDF. Lines are joined only where their places
say that they belong together.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from index.loaders.hyphens import Hyphens
from index.loaders.lines import Line, without_running_lines
from index.loaders.normal import normalise
from index.loaders.tables import markdown_table

_WIDE_GAP = 1.18  # times the usual distance of lines: a new paragraph
_WIDER_GAP = 2.2  # and this one even where the words would go on
_FAR = 3.0  # letter heights: no two lines of a paragraph are this far apart
_LARGER = 1.15  # times the usual size of letters: a heading
_INDENT = (0.8, 6.0)  # letter heights by which a paragraph's first line may stand in
_FULL = 0.85  # of the usual width: a line shorter than this was not broken for want of room
_MAX_HEADING = 200  # characters
_ENDS = (*".!?:;", *"\u2026\u3002\uff01\uff1f\u061f")
_CLOSERS = "\"'”’»)]"
_SMALLER = 0.9  # times the usual size of letters: a footnote
_NOTE = re.compile(r"(?:\d{1,3}|[a-z]|[*\u2020\u2021\u00a7\u00b6]{1,3})[.)]?\s*\S")
_LEADERS = re.compile(r"(?:[.\u2026\u00b7_]\s?){4,}\s*\S{1,6}$")
_BULLET = re.compile(r"(?:[\u2022\u2023\u25aa\u25cf\u2013\u2014*-]|\(?\d{1,3}[.)]|\(?[a-z]\))\s")


@dataclass(slots=True)
class _Paragraph:
    """Lines that belong together; ``level`` is 0 for running text, ``is_note`` is a footnote's."""

    lines: list[Line]
    page: int
    level: int = 0
    is_note: bool = False


def pages_of_text(pages: Sequence[Sequence[Line]]) -> tuple[str, tuple[int, ...]]:
    """Return the text of all pages, normalised, and the offset at which each of them begins."""
    bodies = without_running_lines(pages)
    hyphens = Hyphens(line.text for lines in bodies for line in lines)
    looks = _Looks.of(bodies)
    found = [_paragraphs(lines, number, looks) for number, lines in enumerate(bodies)]
    text = ""
    starts: list[int] = []
    parts: list[str] = []
    place = 0
    before: _Paragraph | None = None
    for number, own in enumerate(found):
        paragraphs = _with_notes(own, found[number + 1] if number + 1 < len(found) else ())
        for position, paragraph in enumerate(paragraphs):
            words = _words(paragraph, hyphens)
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
        if not paragraphs:
            starts.append(-1)  # begins where the next page with text does
    text = "".join(parts)
    return _checked(text, starts)


def _words(paragraph: _Paragraph, hyphens: Hyphens) -> str:
    if not paragraph.lines[0].table:
        return hyphens.joined(paragraph.lines)
    rows: list[list[str]] = []
    for line in paragraph.lines:
        cells = list(line.cells)
        if rows and cells and not cells[0] and sum(map(bool, cells)) < sum(map(bool, rows[-1])):
            rows[-1] = [
                f"{above} {cell}".strip() for above, cell in zip(rows[-1], cells, strict=True)
            ]
        else:
            rows.append(cells)
    return markdown_table(rows)


def _with_notes(found: list[_Paragraph], following: Sequence[_Paragraph]) -> list[_Paragraph]:
    """Return a page's paragraphs with its footnotes where they divide no sentence.

    They stand last, or before the paragraph that the next page goes on with.
    """
    text = [each for each in found if not each.is_note]
    notes = [each for each in found if each.is_note]
    begins = next((each for each in following if not each.is_note), None)
    if not notes or not text or begins is None or not _goes_on(text[-1], begins):
        return [*text, *notes]
    last = len(text) - 1
    while last > 0 and text[last - 1].level:
        last -= 1
    return [*text[:last], *notes, *text[last:]]


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


@dataclass(frozen=True, slots=True)
class _Looks:
    """What is usual in a document: the size of its letters, its headings, its distances.

    ``levels`` has the level of headings by the size of their letters; ``bold_level`` is that of
    lines in heavy letters of the usual size, 0 where they are no headings; ``distances`` has how
    far lines of a paragraph are apart, by the size of their letters.
    """

    size: float
    levels: Mapping[float, int]
    bold_level: int
    distances: Mapping[int, float]

    @classmethod
    def of(cls, pages: Sequence[Sequence[Line]]) -> "_Looks":
        lines = [line for page in pages for line in page]
        sizes = [round(line.size, 1) for line in lines for _ in line.text]
        usual = median(sizes) if sizes else 0.0
        larger = {round(line.size, 1) for line in lines if line.size > usual * _LARGER}
        levels = {
            size: min(rank, 3) for rank, size in enumerate(sorted(larger, reverse=True), start=1)
        }
        heavy = sum(len(line.text) for line in lines if line.bold)
        is_rare = heavy * 3 < sum(len(line.text) for line in lines)
        bold_level = min(max(levels.values(), default=1) + 1, 4) if is_rare else 0
        return cls(usual, levels, bold_level, _usual_distances(pages))

    def level(self, line: Line) -> int:
        """Return the level of the heading that a line is by its letters alone; 0 for text."""
        if level := self.levels.get(round(line.size, 1), 0):
            return level
        stands_out = line.bold and line.size > self.size * 0.95 and not line.table
        is_words = any(c.isalpha() for c in line.text) and not _BULLET.match(line.text)
        return self.bold_level if stands_out and is_words and not _ends(line.text) else 0


def _usual_distances(pages: Iterable[Sequence[Line]]) -> dict[int, float]:
    """Return how far lines of a paragraph are apart, by the size of their letters."""
    counts: dict[int, Counter[float]] = {}
    for lines in pages:
        for above, below in pairwise(lines):
            down = above.baseline - below.baseline
            if 0 < down < _FAR * above.size and _is_alike(above, below):
                counts.setdefault(round(below.size), Counter())[round(down * 2) / 2] += 1
    return {size: distances.most_common(1)[0][0] for size, distances in counts.items()}


def _paragraphs(lines: Sequence[Line], page: int, looks: _Looks) -> list[_Paragraph]:
    notes = _notes(lines, looks)
    found = _grouped([line for line in lines if id(line) not in notes], page, looks)
    for paragraph in _grouped([line for line in lines if id(line) in notes], page, looks):
        paragraph.level, paragraph.is_note = 0, True
        found.append(paragraph)
    return found


def _grouped(lines: Sequence[Line], page: int, looks: _Looks) -> list[_Paragraph]:
    width = _usual_width(lines)
    found: list[_Paragraph] = []
    for line in lines:
        level = looks.level(line)
        usual = looks.distances.get(round(line.size), 0.0)
        if found and _belongs(found[-1], line, level, usual, width):
            found[-1].lines.append(line)
        else:
            found.append(_Paragraph([line], page, level))
    for paragraph in found:
        if paragraph.level and sum(len(line.text) for line in paragraph.lines) > _MAX_HEADING:
            paragraph.level = 0
    if found and all(paragraph.level for paragraph in found):  # heavy letters are the text here
        for paragraph in found:
            if paragraph.level == looks.bold_level and paragraph.lines[0].bold:
                paragraph.level = 0
    return found


def _notes(lines: Sequence[Line], looks: _Looks) -> set[int]:
    """Return the footnotes of a page: smaller lines at the foot of a column, after a mark."""
    found: set[int] = set()
    in_note = False
    last: Line | None = None
    for line in lines:
        small = line.size < looks.size * _SMALLER and not line.table
        below = last is not None and line.baseline < last.baseline
        begins = small and below and line.baseline < line.page_height / 2 and _NOTE.match(line.text)
        in_note = bool(begins) or (in_note and small and below)
        if in_note:
            found.add(id(line))
        last = line
    return found if len(found) < len(lines) else set()


def _belongs(before: _Paragraph, line: Line, level: int, usual: float, width: float) -> bool:
    """Tell whether a line goes on with the paragraph before it on the same page."""
    last = before.lines[-1]
    if line.table or last.table:
        return line.table == last.table
    if level != before.level or _BULLET.match(line.text) or _LEADERS.search(last.text):
        return False
    if last.hyphenated:
        return True
    if not _is_alike(last, line):
        return False
    down = last.baseline - line.baseline
    if down < -last.size:  # the next column
        return not _ends(last.text) and not level
    if down > _FAR * last.size:
        return False
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
    if last.table or first.table or before.is_note or after.is_note:
        return False
    if last.hyphenated:
        return True
    if _ends(last.text) or _BULLET.match(first.text):
        return False
    begins = first.text.lstrip("\"'“‘«([")[:1]
    return begins.islower() or (_is_full(before) and _ends(after.lines[-1].text))


def _is_full(paragraph: _Paragraph) -> bool:
    """Tell whether a paragraph's last line was broken for want of room."""
    widths = [line.right - line.left for line in paragraph.lines]
    return len(widths) > 1 and widths[-1] > max(widths) * _FULL


def _ends(text: str) -> bool:
    return text.rstrip(_CLOSERS).endswith(_ENDS)
