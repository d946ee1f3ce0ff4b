"""Rows of cells to a table of Markdown, and whether the first row names the columns.

The one place where a table is written, whatever format it came from, so that segmentation knows its
head from its rows.
"""

import re
from collections.abc import Sequence
from itertools import zip_longest

_WALL = re.compile(r"[\s|]+")  # between words in a cell
_FIGURE = re.compile(r"[^\w]*\d[\d.,:/%\s\u2013\u2212-]*\D{0,3}$")
_MARK = re.compile(r"[-\u2013\u2014.?*/]*$|(?:n/?a|nil|none)$", re.IGNORECASE)
_MOST_HEAD = 80  # characters of a column's name


def markdown_table(rows: Sequence[Sequence[str]], *, head: bool | None = None) -> str:
    """Return a table of Markdown; one without a head gets an empty one, so that no row is lost.

    Rows of one cell above all others are the table's title and stand before it; a table with one
    column is laid out as one and is none.

    Args:
        rows: the cells of each row, from the top.
        head: whether the first row names the columns; None where only the cells tell.
    """
    tidy = [[_WALL.sub(" ", cell).strip() for cell in row] for row in rows]
    tidy = [row for row in tidy if any(row)]
    titles = []
    while len(tidy) > 2 and len(_filled(tidy[0])) == 1 and len(_filled(tidy[1])) > 1:
        titles.append(_filled(tidy.pop(0))[0])
    if not tidy:
        return "\n\n".join(titles)
    width = max(map(len, tidy))
    if width == 1:
        return "\n\n".join([*titles, *(row[0] for row in tidy)])
    if head is None or titles:
        head = has_head(tidy)
    names, body = (tidy[0], tidy[1:]) if head and len(tidy) > 1 else ([""] * width, tidy)
    lines = [names, ["---"] * width, *body]
    table = "\n".join("| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in lines)
    return "\n\n".join([*titles, table])


def named_rows(rows: Sequence[Sequence[str]], names: Sequence[str]) -> str:
    """Return a table without a head in whose rows each cell stands after its column's name.

    Empty cells are left out. What is quoted of a long table then says what its figures are.
    """
    tidy = [_WALL.sub(" ", name).strip().rstrip(":") for name in names]
    lines = []
    for row in rows:
        cells = []
        for name, cell in zip_longest(tidy, row, fillvalue=""):
            if words := _WALL.sub(" ", cell).strip():
                cells.append(f"{name}: {words}" if name else words)
        if cells:
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(["|  |  |", "| --- | --- |", *lines]) if lines else ""


def has_head(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row names columns: words above a column of figures.

    Where no column has figures, a first row that is full and short names them.
    """
    if len(rows) < 2:
        return False
    first, body = rows[0], rows[1:]
    columns = list(zip_longest(*body, fillvalue=""))
    named = [cell for cell in first if cell]
    if not named or any(len(cell) > _MOST_HEAD for cell in named):
        return False
    telling = figures = 0
    for number, column in enumerate(columns):
        filled = [cell for cell in column if cell and not _MARK.match(cell)]
        if filled and sum(map(is_figure, filled)) * 3 > len(filled) * 2:
            figures += 1
            name = first[number] if number < len(first) else ""
            years = all(map(_is_year, filled))
            telling += bool(name) and (not is_figure(name) or (_is_year(name) and not years))
    if figures:
        return telling * 2 > figures
    return len(named) == len(columns) and not any(map(is_figure, named))


def is_figure(cell: str) -> bool:
    """Tell whether a cell holds a figure and no words, such as ``8,120`` or ``16.6 %``."""
    return bool(_FIGURE.match(cell))


def _is_year(cell: str) -> bool:
    return bool(re.fullmatch(r"(?:1[5-9]|20)\d\d(?:[/-]\d{2,4})?", cell))


def _filled(row: Sequence[str]) -> list[str]:
    return [cell for cell in row if cell]
