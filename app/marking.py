"""Cuts a stored text into blocks and runs, so that a page can mark passages in it.

Nothing is added or lost: the runs put together again are the text. Offsets count code points, as
everywhere. Knows Markdown's blocks only as far as they look different; it renders no Markdown.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, TypeAlias

Span: TypeAlias = tuple[int, int]
Kind: TypeAlias = Literal["heading", "prose", "lines"]
Mark: TypeAlias = Literal["quote", "other", "sign", None]

_HEADING = re.compile(r"(#{1,6}) [^\n]*")
_LISTED = re.compile(r"(?:^|\n)(?:[ \t]*(?:[-*+>|]|\d+[.)]) |[ \t]{4,}|```|\|)")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that is marked in one way; ``sign`` is a heading's own sign.

    ``first`` stands where the quote begins, ``page`` has the number of the page that begins here,
    ``short`` is where in the run the short answer stands, or its part that lies in it.
    """

    text: str
    mark: Mark = None
    first: bool = False
    page: int = 0
    short: Span | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, or lines whose breaks matter; ``gap`` is the white space after it."""

    kind: Kind
    level: int
    runs: tuple[Run, ...]
    gap: str


def blocks(
    text: str,
    quote: Span | None,
    others: Sequence[Span] = (),
    pages: Sequence[int] = (),
    short: Span | None = None,
) -> Iterator[Block]:
    """Yield the blocks of a text with their runs.

    Args:
        text: a revision's text.
        quote: the passage that is marked strongly.
        others: passages marked lightly, where they are not part of the quote.
        pages: where each page begins.
        short: the short answer, which lies in the quote (``within``).
    """
    numbers = {start: number for number, start in enumerate(pages, start=1)}
    spans = list(_spans(text))
    # White space before the first block stands in it, other white space in the gap before.
    starts = [0, *(start for start, _ in spans[1:]), len(text)]
    for (_, end), start, following in zip(spans, starts, starts[1:], strict=False):
        heading = _HEADING.fullmatch(text, start, end)
        kind: Kind = "prose"
        if heading or _LISTED.search(text[start:end]):
            kind = "heading" if heading else "lines"
        level = len(heading[1]) if heading else 0
        sign: tuple[Run, ...] = ()
        if heading:
            sign = (Run(text[start : start + level + 1], "sign", page=numbers.pop(start, 0)),)
        runs = (
            *sign,
            *_runs(text, start + len(sign and sign[0].text), end, quote, others, numbers),
        )
        if short:
            runs = tuple(_with_short(runs, start, short))
        yield Block(kind, level, runs, text[end:following])


def valid(spans: Iterable[Span], length: int) -> list[Span]:
    """Return the spans that lie in a text of ``length`` characters and are not empty."""
    return [(start, end) for start, end in spans if 0 <= start < end <= length]


def within(span: Span | None, quote: Span | None) -> Span | None:
    """Return a span that is not empty and lies in a quote; None for any other."""
    if span and quote and quote[0] <= span[0] < span[1] <= quote[1]:
        return span
    return None


def _spans(text: str) -> Iterator[Span]:
    """Yield where blocks begin and end: at blank lines, and a heading is its own."""
    begin: int | None = None
    end = place = 0
    for line in text.splitlines(keepends=True):
        content = len(line.rstrip("\n"))
        is_heading = _HEADING.match(line) is not None
        if begin is not None and (is_heading or line.isspace()):
            yield begin, end
            begin = None
        if is_heading:
            yield place, place + content
        elif not line.isspace():
            begin = place if begin is None else begin
            end = place + content
        place += len(line)
    if begin is not None:
        yield begin, end


def _runs(
    text: str,
    start: int,
    end: int,
    quote: Span | None,
    others: Sequence[Span],
    pages: Mapping[int, int],
) -> Iterator[Run]:
    marks = [quote, *others] if quote else list(others)
    edges = {start, end, *(edge for mark in marks for edge in mark if start < edge < end)}
    edges.update(page for page in pages if start < page < end)
    ordered = sorted(edges)
    for left, right in pairwise(ordered):
        mark = _mark_at(left, quote, others)
        is_first = quote is not None and left == quote[0]
        yield Run(text[left:right], mark, is_first, pages.get(left, 0))


def _with_short(runs: Iterable[Run], start: int, short: Span) -> Iterator[Run]:
    """Yield the runs of a block that begins at ``start``, with the short answer's part of each."""
    for run in runs:
        left, right = max(short[0] - start, 0), min(short[1] - start, len(run.text))
        has_part = run.mark == "quote" and left < right
        yield replace(run, short=(left, right)) if has_part else run
        start += len(run.text)


def _mark_at(place: int, quote: Span | None, others: Sequence[Span]) -> Mark:
    if quote and quote[0] <= place < quote[1]:
        return "quote"
    return "other" if any(start <= place < end for start, end in others) else None
