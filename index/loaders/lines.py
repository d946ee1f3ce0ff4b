"""The lines on pages, and which of them run through all pages: headers, footers, page numbers.

Works on positions and words alone; knows nothing of PDF and of paragraphs.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_EDGE = 0.12  # of a page's height, where running headers and footers stand
_EDGE_LINES = 3
_NEAR = 1.6  # letter heights between two lines of one paragraph, at most
_REPEATED = 3  # pages on which a line at the edge makes it furniture; two in short documents
_SHORT = 5  # pages
_NUMBERED = 0.4  # of the pages, with numbers that count up with them
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|p\.|pg\.|side|sida|pagina|página)\s*)?"
    r"(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:/|of|von|de|sur|av)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\b\d{1,4}\b")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and where it stands, in points from the lower left corner of its page.

    ``baseline`` is what its letters stand on, ``size`` the height of their cells; ``hyphenated``
    tells that its last word goes on in the next line. ``cells`` are those of a row of a table, and
    ``table`` is the table's number, 0 for lines of text.
    """

    text: str
    left: float
    right: float
    baseline: float
    size: float
    page_height: float
    hyphenated: bool = False
    bold: bool = False
    cells: tuple[str, ...] = ()
    table: int = 0


def without_running_lines(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return the pages without the lines at their edges that repeat or count the pages."""
    edges = [_edges(lines) for lines in pages]
    counts = Counter(
        key
        for both in edges
        for key in {_key(line) for edge in both for line in edge if _is_at_edge(line)}
    )
    needed = 2 if len(pages) < _SHORT else _REPEATED
    repeated = {key for key, count in counts.items() if count >= needed}
    counting = _counting(edges)
    kept = []
    for number, (lines, both) in enumerate(zip(pages, edges, strict=True)):
        known = repeated | {_key(line) for line in counting[number]}
        running = {id(line) for edge in both for line in _running(edge, known)}
        kept.append([line for line in lines if id(line) not in running])
    return kept


def _counting(edges: Sequence[tuple[list[Line], list[Line]]]) -> list[list[Line]]:
    """Return each page's outermost lines whose number counts up with the pages.

    Such a line is a header even where its words change from chapter to chapter; a sentence is none.
    """
    offsets: list[dict[int, list[Line]]] = []
    for number, both in enumerate(edges):
        found: dict[int, list[Line]] = {}
        for line in (edge[0] for edge in both if edge and _is_at_edge(edge[0])):
            if not line.text.endswith((".", "!", "?")):
                for match in _NUMBER.finditer(line.text):
                    found.setdefault(int(match[0]) - number, []).append(line)
        offsets.append(found)
    counts = Counter(offset for found in offsets for offset in found)
    if not counts:
        return _with_offset(offsets, None)
    offset, count = counts.most_common(1)[0]
    return _with_offset(
        offsets, offset if count >= max(_REPEATED, len(edges) * _NUMBERED) else None
    )


def _with_offset(found: Sequence[dict[int, list[Line]]], offset: int | None) -> list[list[Line]]:
    """Return each page's lines with an offset; none where there is no offset."""
    return [[] if offset is None else page.get(offset, []) for page in found]


def _edges(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Return the lines of a page from its lower edge inwards, and from its upper one."""
    upwards = sorted(lines, key=lambda line: line.baseline)
    return upwards[: _EDGE_LINES + 1], upwards[: -_EDGE_LINES - 2 : -1]


def _is_at_edge(line: Line) -> bool:
    height = line.page_height * _EDGE
    return line.baseline + line.size < height or line.baseline > line.page_height - height


def _running(edge: Sequence[Line], known: set[str]) -> list[Line]:
    """Return the outermost lines that repeat, down to the last one that stands apart from the text.

    A text may begin with the same words on several pages; its first line has the second one near.
    """
    found: list[Line] = []
    for line in edge[:_EDGE_LINES]:
        is_running = _key(line) in known or _PAGE_NUMBER.fullmatch(line.text)
        if not is_running or not _is_at_edge(line):
            break
        found.append(line)
    while found and len(found) < len(edge) and _is_near(found[-1], edge[len(found)]):
        found.pop()
    return found


def _is_near(line: Line, other: Line) -> bool:
    """Tell whether two lines stand together as lines of one paragraph do."""
    is_alike = abs(line.size - other.size) < 0.1 * max(line.size, other.size)
    return is_alike and abs(line.baseline - other.baseline) < _NEAR * other.size


def _key(line: Line) -> str:
    return " ".join(line.text.casefold().split())
