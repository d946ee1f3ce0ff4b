"""Lines as they stand on pages to running text: paragraphs joined, headers and footers left out.

Works on positions and words alone; knows nothing of PDF. Lines are joined only where their places
say that they belong together.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from index.loaders.hyphens import Hyphens
from index.loaders.normal import normalise

_EDGE = 0.12  # of a page's height, where running headers and footers stand
_EDGE_LINES = 3
_NEAR = 0.7  # letter heights between two lines of one paragraph, at most
_REPEATED = 3  # pages on which a line at the edge makes it furniture; two in short documents
_SHORT = 5  # pages
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|p\.|pg\.|side|sida|pagina|página)\s*)?"
    r"(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:/|of|von|de|sur|av)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
_WIDE_GAP = 1.35  # times the usual distance of lines: a new paragraph
_LARGER = 1.15  # times the usual size of letters: a heading
_INDENT = (0.8, 6.0)  # letter heights by which a paragraph's first line may stand in
_FULL = 0.85  # of the usual width: a line shorter than this was not broken for want of room
_MAX_HEADING = 200  # characters
_ENDS = (*".!?:;", *"\u2026\u3002\uff01\uff1f\u061f")
_CLOSERS = "\"'”’»)]"
_BULLET = re.compile(r"(?:[\u2022\u2023\u25aa\u25cf\u2013\u2014*-]|\(?\d{1,3}[.)]|\(?[a-z]\))\s")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and where it stands, in points from the lower left corner of its page.

    ``hyphenated`` tells that its last word goes on in the next line.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    page_height: float
    hyphenated: bool = False

    @property
    def size(self) -> float:
        """The height of its letters' cells."""
        return self.top - self.bottom

    def divided(self) -> "Line":
        """Return the line as one whose last word goes on in the next."""
        return replace(self, hyphenated=True)


@dataclass(slots=True)
class _Paragraph:
    """Lines that belong together; ``level`` is 0 for running text."""

    lines: list[Line]
    page: int
    level: int = 0


def pages_of_text(pages: Sequence[Sequence[Line]]) -> tuple[str, tuple[int, ...]]:
    """Return the text of all pages, normalised, and the offset at which each of them begins."""
    bodies = _without_furniture(pages)
    hyphens = Hyphens(line.text for lines in bodies for line in lines)
    sizes = [round(line.size, 1) for lines in bodies for line in lines for _ in line.text]
    usual = median(sizes) if sizes else 0.0
    levels = _heading_levels(bodies, usual)
    text = ""
    starts: list[int] = []
    parts: list[str] = []
    place = 0
    before: _Paragraph | None = None
    for number, lines in enumerate(bodies):
        for position, paragraph in enumerate(_paragraphs(lines, number, levels)):
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


def _without_furniture(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return the pages without the lines at their edges that repeat, and without page numbers."""
    counts = Counter(
        key
        for lines in pages
        for key in {_key(line) for edge in _edges(lines) for line in edge if _is_at_edge(line)}
    )
    needed = 2 if len(pages) < _SHORT else _REPEATED
    repeated = {key for key, count in counts.items() if count >= needed}
    kept = []
    for lines in pages:
        furniture = {id(line) for edge in _edges(lines) for line in _furniture(edge, repeated)}
        kept.append([line for line in lines if id(line) not in furniture])
    return kept


def _edges(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Return the lines of a page from its lower edge inwards, and from its upper one."""
    upwards = sorted(lines, key=lambda line: line.bottom)
    return upwards[: _EDGE_LINES + 1], upwards[: -_EDGE_LINES - 2 : -1]


def _is_at_edge(line: Line) -> bool:
    height = line.page_height * _EDGE
    return line.top < height or line.bottom > line.page_height - height


def _furniture(edge: Sequence[Line], repeated: set[str]) -> list[Line]:
    """Return the outermost lines that repeat, down to the last one that stands apart from the text.

    A text may begin with the same words on several pages; its first line has the second one near.
    """
    found: list[Line] = []
    for line in edge[:_EDGE_LINES]:
        is_furniture = _key(line) in repeated or _PAGE_NUMBER.fullmatch(line.text)
        if not is_furniture or not _is_at_edge(line):
            break
        found.append(line)
    while found and len(found) < len(edge) and _is_near(found[-1], edge[len(found)]):
        found.pop()
    return found


def _is_near(line: Line, other: Line) -> bool:
    """Tell whether two lines stand together as lines of one paragraph do."""
    upper, lower = (line, other) if line.bottom > other.bottom else (other, line)
    is_alike = abs(line.size - other.size) < 0.1 * max(line.size, other.size)
    return is_alike and upper.bottom - lower.top < _NEAR * other.size


def _key(line: Line) -> str:
    return re.sub(r"\d+", "0", " ".join(line.text.casefold().split()))


def _heading_levels(pages: Iterable[Sequence[Line]], usual: float) -> dict[float, int]:
    """Return the level of headings by the size of their letters; the largest has level 1."""
    larger = {
        round(line.size, 1) for lines in pages for line in lines if line.size > usual * _LARGER
    }
    return {size: min(rank, 3) for rank, size in enumerate(sorted(larger, reverse=True), start=1)}


def _paragraphs(lines: Sequence[Line], page: int, levels: dict[float, int]) -> list[_Paragraph]:
    distances = [
        above.bottom - below.bottom
        for above, below in pairwise(lines)
        if 0 < above.bottom - below.bottom < 4 * max(above.size, 1.0)
    ]
    usual = median(distances) if distances else 0.0
    width = _usual_width(lines)
    found: list[_Paragraph] = []
    for line in lines:
        level = levels.get(round(line.size, 1), 0)
        if found and _belongs(found[-1], line, level, usual, width):
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
    if abs(line.size - last.size) > 0.1 * max(last.size, 1.0):
        return False
    down = last.bottom - line.bottom
    if down < -last.size:  # the next column
        return not _ends(last.text) and not level
    if usual and down > usual * _WIDE_GAP:
        return False
    indent = (line.left - before.lines[-1].left) / max(line.size, 1.0)
    if (
        _INDENT[0] < indent < _INDENT[1]
        and _ends(last.text)
        and not _BULLET.match(before.lines[0].text)
    ):
        return False
    short = last.right - last.left < width * _FULL
    return not (short and _ends(last.text)) or level > 0


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
