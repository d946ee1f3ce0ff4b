"""Cuts a stored text into blocks and runs, so that a page can mark passages in it.

Nothing is added or lost: the runs put together again are the text. Offsets count code points, as
everywhere. Knows Markdown's blocks only as far as they look different; it renders no Markdown.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

Span: TypeAlias = tuple[int, int]
Kind: TypeAlias = Literal["heading", "prose", "lines"]
Mark: TypeAlias = Literal["quote", "other", "sign", None]

_BLOCK = re.compile(r"[^\n].*?(?=\n\s*\n|\n#{1,6} |\Z)", re.DOTALL)
_HEADING = re.compile(r"(#{1,6}) [^\n]*")
_LISTED = re.compile(r"(?:^|\n)(?:[ \t]*(?:[-*+>|]|\d+[.)]) |[ \t]{4,}|```|\|)")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that is marked in one way; ``sign`` is a heading's own sign.

    ``first`` stands where the quote begins.
    """

    text: str
    mark: Mark = None
    first: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, or lines whose breaks matter; ``gap`` is the white space after it."""

    kind: Kind
    level: int
    runs: tuple[Run, ...]
    gap: str


def blocks(text: str, quote: Span | None, others: Sequence[Span] = ()) -> Iterator[Block]:
    """Yield the blocks of a text with their runs.

    Args:
        text: a revision's text.
        quote: the passage that is marked strongly.
        others: passages marked lightly, where they are not part of the quote.
    """
    spans = [found.span() for found in _BLOCK.finditer(text)]
    starts = [start for start, _ in spans] + [len(text)]
    if spans and spans[0][0] > 0:
        starts[0] = 0
    for (_, end), start, following in zip(spans, starts, starts[1:], strict=False):
        content = text[start:end]
        heading = _HEADING.fullmatch(content)
        kind: Kind = "heading" if heading else "lines" if _LISTED.search(content) else "prose"
        level = len(heading[1]) if heading else 0
        sign = (Run(text[start : start + level + 1], "sign"),) if heading else ()
        runs = (*sign, *_runs(text, start + len(sign and sign[0].text), end, quote, others))
        yield Block(kind, level, runs, text[end:following])


def valid(spans: Iterable[Span], length: int) -> list[Span]:
    """Return the spans that lie in a text of ``length`` characters and are not empty."""
    return [(start, end) for start, end in spans if 0 <= start < end <= length]


def _runs(
    text: str, start: int, end: int, quote: Span | None, others: Sequence[Span]
) -> Iterator[Run]:
    marks = [quote, *others] if quote else list(others)
    edges = {start, end, *(edge for mark in marks for edge in mark if start < edge < end)}
    ordered = sorted(edges)
    for left, right in pairwise(ordered):
        mark = _mark_at(left, quote, others)
        yield Run(text[left:right], mark, quote is not None and left == quote[0])


def _mark_at(place: int, quote: Span | None, others: Sequence[Span]) -> Mark:
    if quote and quote[0] <= place < quote[1]:
        return "quote"
    return "other" if any(start <= place < end for start, end in others) else None
