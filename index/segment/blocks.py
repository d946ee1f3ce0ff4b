"""The blocks a text is made of, in Markdown or plain: headings, running text, rows, code.

Reads lines and returns offsets; splits no sentences. What is only syntax (rulers, fences, table
rules, link definitions) belongs to no block. Linear in the length of the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise

_ATX = re.compile(r" {0,3}#{1,6}[ \t]+(?=\S)")
_ATX_TAIL = re.compile(r"[ \t]+#+$")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_SETEXT = re.compile(r" {0,3}(?:={3,}|-{3,})$")
_RULER = re.compile(r"(?:[-*_=~+.#][ \t]*){3,}$")
_ITEM = re.compile(
    r"([ \t]*)(?:[-*+\u2022\u2023\u25aa]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?(?=\S)"
)
_QUOTED = re.compile(r" {0,3}(?:>[ \t]?)+")
_DEFINITION = re.compile(r" {0,3}\[[^\]^\n]{1,80}\]:[ \t]+\S")
_EXPLAINED = re.compile(r" {0,3}:[ \t]+(?=\S)")  # what a term of a definition list means
_COMMENT = re.compile(r"[ \t]*<!--.*-->$")
_MAX_WRAP = 120  # characters; longer lines were not broken by hand
_MIN_WRAP = 40
_MAX_SETEXT = 200


class Kind(Enum):
    """What a block is, as far as its form tells."""

    HEADING = auto()
    LINE = auto()  # a line of running text on its own: perhaps a title
    TEXT = auto()  # running text of several lines
    ITEM = auto()
    QUOTE = auto()
    ROW = auto()
    CODE = auto()
    SKIPPED = auto()  # words that are no evidence: the head row of a table


@dataclass(frozen=True, slots=True)
class Block:
    """A block's offsets, and the number of the paragraph (lines without a gap) it stands in."""

    kind: Kind
    start: int
    end: int
    paragraph: int


def blocks(text: str) -> list[Block]:
    """Return the blocks of ``text`` in order, lines broken by hand joined again."""
    return _joined(text, list(_Lines(text)))


class _Lines:
    """Reads a text line by line; each line becomes a block, or part of a code block, or nothing."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = _offsets(text)
        self._paragraph = 0
        self._item_indent: int | None = None

    def __iter__(self) -> Iterator[Block]:
        number = 0
        while number < len(self._lines):
            start, end = self._lines[number]
            line = self._text[start:end]
            if not line.strip():
                self._break()
                number += 1
            elif fence := _FENCE.match(line):
                number, code = self._code(number, fence[1])
                yield from code
            elif self._is_rule(number + 1) and "|" in line:
                number, rows = self._table(number)
                yield from rows
            elif explained := self._explained(number, line):
                self._break()
                end = self._lines[explained][1]
                yield Block(Kind.ITEM, *self._inner(start, end), self._paragraph)
                self._item_indent = 0
                number = explained + 1
            elif self._is_underline(number + 1, line):
                self._break()
                yield Block(Kind.HEADING, *self._inner(start, end), self._paragraph)
                self._break()
                number += 2
            else:
                if (block := self._line(line, start, end)) is not None:
                    yield block
                number += 1

    def _line(self, line: str, start: int, end: int) -> Block | None:
        if _RULER.match(line) or _DEFINITION.match(line) or _COMMENT.match(line):
            self._break()
            return None
        if heading := _ATX.match(line):
            tail = _ATX_TAIL.search(line)
            stop = start + tail.start() if tail and tail.start() >= heading.end() else end
            self._break()
            block = Block(Kind.HEADING, *self._inner(start + heading.end(), stop), self._paragraph)
            self._break()
            return block
        if item := _ITEM.match(line):
            self._break()
            self._item_indent = len(item[1])
            return Block(Kind.ITEM, *self._inner(start + item.end(), end), self._paragraph)
        if quoted := _QUOTED.match(line):
            first, last = self._inner(start + quoted.end(), end)
            return Block(Kind.QUOTE, first, last, self._paragraph) if first < last else None
        if self._item_indent is not None and (more := _EXPLAINED.match(line)):
            self._paragraph += 1  # another meaning of the same term
            return Block(Kind.ITEM, *self._inner(start + more.end(), end), self._paragraph)
        first, last = self._inner(start, end)
        if self._item_indent is not None and first - start > self._item_indent:
            return Block(Kind.ITEM, first, last, self._paragraph)
        self._item_indent = None
        return Block(Kind.LINE, first, last, self._paragraph)

    def _code(self, number: int, fence: str) -> tuple[int, list[Block]]:
        """Read a fenced block; without a closing fence it runs to the end of the text."""
        self._break()
        closing = number + 1
        while closing < len(self._lines):
            start, end = self._lines[closing]
            line = self._text[start:end].strip()
            if line.startswith(fence) and not line.strip(fence[0]):
                break
            closing += 1
        inner = self._lines[number + 1 : closing]
        self._break()
        if not inner:
            return closing + 1, []
        first, last = self._inner(inner[0][0], inner[-1][1])
        block = Block(Kind.CODE, first, last, self._paragraph)
        return closing + 1, [block] if first < last else []

    def _table(self, number: int) -> tuple[int, list[Block]]:
        """Read a table: its head row names columns and is no evidence, each other row is."""
        self._break()
        rows = [Block(Kind.SKIPPED, *self._cells(number), self._paragraph)]
        number += 2
        while number < len(self._lines):
            start, end = self._lines[number]
            if "|" not in self._text[start:end]:
                break
            first, last = self._cells(number)
            if first < last:
                rows.append(Block(Kind.ROW, first, last, self._paragraph))
            number += 1
        self._break()
        return number, rows

    def _cells(self, number: int) -> tuple[int, int]:
        return self._inner(*self._lines[number], blanks=" \t|")

    def _is_rule(self, number: int) -> bool:
        """Tell whether a line is the rule under a table's head, such as ``| --- | :-: |``."""
        if number >= len(self._lines):
            return False
        start, end = self._lines[number]
        line = self._text[start:end]
        return "|" in line and "-" in line and not line.strip("|:- \t")

    def _is_underline(self, number: int, line: str) -> bool:
        if number >= len(self._lines) or len(line) > _MAX_SETEXT:
            return False
        if line.endswith((".", ":", ";")):  # a sentence above a ruler
            return False
        if _RULER.match(line) or _ATX.match(line) or _ITEM.match(line) or _QUOTED.match(line):
            return False
        start, end = self._lines[number]
        return end - start < _MAX_SETEXT and bool(_SETEXT.match(self._text[start:end]))

    def _explained(self, number: int, line: str) -> int:
        """Return the number of the line that says what the term in this one means; else 0."""
        if len(line) > _MAX_SETEXT or line[0] in " \t" or _EXPLAINED.match(line):
            return 0
        if _ITEM.match(line) or _ATX.match(line) or _QUOTED.match(line):
            return 0
        for following in (number + 1, number + 2):
            if following >= len(self._lines):
                return 0
            start, end = self._lines[following]
            if start < end:
                return following if _EXPLAINED.match(self._text[start:end]) else 0
        return 0

    def _inner(self, start: int, end: int, blanks: str = " \t\n") -> tuple[int, int]:
        while start < end and self._text[start] in blanks:
            start += 1
        while end > start and self._text[end - 1] in blanks:
            end -= 1
        return start, end

    def _break(self) -> None:
        self._paragraph += 1
        self._item_indent = None


def _offsets(text: str) -> list[tuple[int, int]]:
    lines, start = [], 0
    while (end := text.find("\n", start)) >= 0:
        lines.append((start, end))
        start = end + 1
    lines.append((start, len(text)))
    return lines


def _joined(text: str, lines: list[Block]) -> list[Block]:
    """Join lines that were broken by hand to fit a width; other line ends end a paragraph.

    A text counts as broken by hand when many of its lines go on in lower case. In such a text a
    line end joins where the next word would not have fitted; in any text it joins where the next
    line goes on in lower case.
    """
    widths = _widths(lines)
    breaks = [(a, b) for a, b in pairwise(lines) if _may_join(a, b)]
    lower = sum(text[b.start].islower() for _, b in breaks)
    uncased = sum(text[b.start].isalpha() and _uncased(text[b.start]) for _, b in breaks)
    by_hand = lower + uncased > 0 and lower >= 0.25 * (len(breaks) - uncased)
    result: list[Block] = []
    for block in lines:
        if result and _may_join(result[-1], block):
            width = widths[block.paragraph]
            last_line = text.rfind("\n", 0, result[-1].end) + 1
            used = result[-1].end - max(last_line, result[-1].start)
            word = len(text[block.start : block.start + 60].split(None, 1)[0])
            full = _MIN_WRAP <= width <= _MAX_WRAP and used + 1 + word > width
            if text[block.start].islower() or (by_hand and full) or block.kind is Kind.ITEM:
                kind = Kind.TEXT if block.kind is Kind.LINE else result[-1].kind
                result[-1] = replace(result[-1], kind=kind, end=block.end)
                continue
        result.append(block)
    return result


def _may_join(before: Block, after: Block) -> bool:
    """Tell whether two neighbours are lines of one paragraph, item or quotation."""
    if before.paragraph != after.paragraph:
        return False
    if after.kind is Kind.LINE:
        return before.kind in {Kind.LINE, Kind.TEXT, Kind.ITEM}
    return after.kind in {Kind.ITEM, Kind.QUOTE} and before.kind is after.kind


def _widths(lines: list[Block]) -> dict[int, int]:
    widths: dict[int, int] = {}
    for block in lines:
        width = block.end - block.start
        widths[block.paragraph] = max(width, widths.get(block.paragraph, 0))
    return widths


def _uncased(character: str) -> bool:
    return not character.islower() and not character.isupper()
