"""The runs on a page to lines in the order in which they are read: columns, tables, margins.

Works on places and words alone; knows nothing of PDF. The order of the file is kept wherever the
places do not show that it goes across columns.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count, pairwise
from statistics import median

from index.loaders.lines import Line
from index.loaders.runs import Run, is_note_mark
from index.loaders.tables import is_figure

_SAME_LINE = 0.35  # letter heights between two baselines of one line
_ROW_GAP = 2.6  # letter heights between two rows of a table, at most
_WORDS = 2.6  # in a line of a column of running text, at least
_FILLED = 0.6  # of a column of running text, by its lines
_MARKER = re.compile(
    r"(?:[\u2022\u2023\u25aa\u25cf\u25e6\u2013\u2014*\u00b7o\ue000-\uf8ff-]|\(?\d{1,3}[.)]|"
    r"\(?[a-zA-Z][.)]|\(?[ivx]{1,5}[.)]|\u00a7+)"
)
_NUMBER = re.compile(r"\d{1,4}")
_FEW_NUMBERS = 3
_GOES_ON = 0.3  # of numbered lines, that begin inside a sentence


@dataclass(slots=True)
class _Row:
    """Runs on one baseline, from the left."""

    runs: list[Run]

    @property
    def baseline(self) -> float:
        return self.runs[0].baseline

    @property
    def size(self) -> float:
        return max(run.size for run in self.runs)


@dataclass(slots=True)
class _Region:
    """Rows whose runs stand in the same columns; ``spans`` are the ends of the columns."""

    rows: list[_Row]
    spans: list[tuple[float, float]] = field(default_factory=list)


def lines_of_page(runs: Sequence[Run], height: float, tables: "count[int]") -> list[Line]:
    """Return the lines of a page.

    Args:
        runs: what stands on it, in the order of the file.
        height: of the page.
        tables: gives each table a number of its own.
    """
    rows = _without_line_numbers(_rows(runs))
    lines: list[Line] = []
    place = 0
    while place < len(rows):
        region = _region(rows, place)
        if region is None:
            lines.append(_line(rows[place].runs, height))
            place += 1
            continue
        place += len(region.rows)
        if _is_text(region):
            for column in region.spans:
                for row in region.rows:
                    if inside := [run for run in row.runs if _is_in(run, column)]:
                        lines.append(_line(inside, height))
        elif _is_table(region):
            number = next(tables)
            for row in region.rows:
                lines.append(_line(row.runs, height, _cells(row, region.spans), number))
        else:
            lines += [_line(row.runs, height) for row in region.rows]
    return lines


def _line(runs: Sequence[Run], height: float, cells: tuple[str, ...] = (), table: int = 0) -> Line:
    whole = runs[0]
    for run in runs[1:]:
        if cells or run.text != "\u2022":  # what is no letter opens a line or says nothing
            whole = whole.joined(run)
    return Line(
        whole.text,
        whole.left,
        whole.right,
        whole.baseline,
        whole.size,
        height,
        whole.hyphenated,
        whole.bold,
        cells,
        table,
    )


def _rows(runs: Sequence[Run]) -> list[_Row]:
    """Join runs that follow each other on one baseline; marks of notes are left out."""
    rows: list[_Row] = []
    for run in runs:
        last = rows[-1].runs[-1] if rows else None
        if last is not None and is_note_mark(run, last):
            continue
        level = max(run.size, last.size) * _SAME_LINE if last is not None else 0.0
        on_row = last is not None and abs(run.baseline - last.baseline) < level
        if last is None or not on_row or run.left < last.right - last.size * 0.5:
            rows.append(_Row([run]))
        elif run.left - last.right < max(run.size, last.size) or _MARKER.fullmatch(last.text):
            rows[-1].runs[-1] = last.joined(run)
        else:
            rows[-1].runs.append(run)
    return rows


def _without_line_numbers(rows: list[_Row]) -> list[_Row]:
    """Return the rows without numbers that count the lines in a margin.

    They count up evenly in one place beside the text, and the text goes on past them: what a list
    numbers, or a table, does not.
    """
    for at_end in (False, True):
        found: list[tuple[int, Run]] = []
        others: list[Run] = []
        for number, row in enumerate(rows):
            run = row.runs[-1 if at_end else 0]
            if _NUMBER.fullmatch(run.text) and len(row.runs) <= 2:
                found.append((number, run))
            others += [each for each in row.runs if each is not run or number != _last(found)]
        counted = _counting([run for _, run in found])
        if len(counted) < _FEW_NUMBERS or not others:
            continue
        reach = [run for run in others if not _NUMBER.fullmatch(run.text)]
        top, low = max(r.baseline for r in counted), min(r.baseline for r in counted)
        reach = [run for run in reach if low - run.size < run.baseline < top + run.size]
        outside = reach and (
            min(r.left for r in counted) > max(r.right for r in reach)
            if at_end
            else max(r.right for r in counted) < min(r.left for r in reach)
        )
        follows = sum(b.text[:1].islower() for _, b in pairwise(reach))
        if not outside or follows < _GOES_ON * max(len(reach) - 1, 1):
            continue
        gone = set(map(id, counted))
        kept = [_Row([run for run in row.runs if id(run) not in gone]) for row in rows]
        rows = _rows([run for row in kept for run in row.runs])
    return rows


def _last(found: Sequence[tuple[int, Run]]) -> int:
    return found[-1][0] if found else -1


def _counting(numbers: Sequence[Run]) -> list[Run]:
    """Return the numbers if they count evenly upwards as they go down the page."""
    values = [int(run.text) for run in numbers]
    steps = {b - a for a, b in pairwise(values)}
    falls = all(b.baseline < a.baseline for a, b in pairwise(numbers))
    return list(numbers) if len(steps) == 1 and min(steps) > 0 and falls else []


def _region(rows: Sequence[_Row], place: int) -> _Region | None:
    """Return the rows from ``place`` on that stand in columns; None where there are no columns."""
    if len(rows[place].runs) < 2:
        return None
    region = _Region([rows[place]], _ends(rows[place].runs))
    for before, row in pairwise(rows[place:]):
        down = before.baseline - row.baseline
        if not 0 < down < _distance(region) or abs(row.size - before.size) > 0.35 * before.size:
            break
        if len(row.runs) > 1:
            spans = _merged([*region.spans, *_ends(row.runs)])
            if len(spans) < 2 or len(spans) < len(row.runs) - 1:
                break
            region.spans = spans
        elif not _stands_in_column(row.runs[0], region):
            break
        region.rows.append(row)
    while len(region.rows) > 1 and not _keeps_last(region):
        region.rows.pop()
    return region if len(region.rows) > 1 else None


def _distance(region: _Region) -> float:
    """Return how far down the next row may stand."""
    size = region.rows[-1].size
    steps = [a.baseline - b.baseline for a, b in pairwise(region.rows)]
    return min(_ROW_GAP * size, 1.6 * median(steps) + 0.2 * size) if steps else _ROW_GAP * size


def _ends(runs: Sequence[Run]) -> list[tuple[float, float]]:
    return [(run.left, run.right) for run in runs]


def _merged(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for left, right in sorted(spans):
        if merged and left <= merged[-1][1] + 1.0:
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    return merged


def _is_in(run: Run, span: tuple[float, float]) -> bool:
    middle = (run.left + run.right) / 2
    return span[0] - 1 <= middle <= span[1] + 1


def _stands_in_column(run: Run, region: _Region) -> bool:
    """Tell whether a run alone on its row belongs to one of the columns."""
    for number, (left, right) in enumerate(region.spans):
        last = number == len(region.spans) - 1
        edge = right + run.size if last else region.spans[number + 1][0] - run.size * 0.5
        if abs(run.left - left) < run.size * 0.6 and run.right < edge:
            return True
    return False


def _keeps_last(region: _Region) -> bool:
    """Tell whether the last row is part of the columns, and not the first line below them."""
    runs = region.rows[-1].runs
    return len(runs) > 1 or _is_text(region) or not _is_in(runs[0], region.spans[0])


def _is_text(region: _Region) -> bool:
    """Tell columns of running text from those of a table: their lines are full of words."""
    if sum(len(row.runs) > 1 for row in region.rows) < 3:
        return False
    for span in region.spans:
        runs = [run for row in region.rows for run in row.runs if _is_in(run, span)]
        widths = [run.right - run.left for run in runs]
        words = sum(_length(run.text) for run in runs) / max(len(runs), 1)
        filled = median(widths) / max(span[1] - span[0], 1.0) if widths else 0.0
        figures = sum(is_figure(run.text) for run in runs)
        if words < _WORDS or filled < _FILLED or figures * 3 > len(runs):
            return False
    return True


def _length(text: str) -> float:
    """Return the number of words, or of what stands for words where there are no blanks."""
    return len(text.split()) if text.isascii() else max(len(text.split()), len(text) / 5)


def _is_table(region: _Region) -> bool:
    several = [row for row in region.rows if len(row.runs) > 1]
    if len(several) < 2:
        return False
    return len(several) > 2 or any(is_figure(run.text) for run in several[-1].runs[1:])


def _cells(row: _Row, spans: Sequence[tuple[float, float]]) -> tuple[str, ...]:
    return tuple(" ".join(run.text for run in row.runs if _is_in(run, span)) for span in spans)
