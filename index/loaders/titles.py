"""A document's title, source and date from its text, where its form states them.

Reads only the top of a text. Never guesses: what is not stated in a known form stays unknown, but
for the title, which falls back to the first sentence.
"""

import datetime as dt
from dataclasses import dataclass

from index.segment.blocks import Kind, blocks
from index.segment.datelines import dateline
from index.segment.furniture import byline, caption, place_line, title_like
from index.segment.sentences import split

_TOP_CHARACTERS = 4000
_TOP_BLOCKS = 8
_MAX_TITLE = 90  # characters of a first sentence


@dataclass(frozen=True, slots=True)
class Stated:
    """What the top of a text states."""

    title: str | None = None
    source: str | None = None
    published_at: dt.date | None = None
    title_from: str = ""


def stated(text: str) -> Stated:
    """Return what the top of a normalised text states about the document."""
    top = text[:_TOP_CHARACTERS]
    title = sentence = source = None
    published_at: dt.date | None = None
    found = blocks(top)
    for number, block in enumerate(found[:_TOP_BLOCKS]):
        words = top[block.start : block.end]
        line = dateline(words) if block.kind in {Kind.LINE, Kind.TEXT} else None
        if line is not None:
            source, published_at = source or line.source, published_at or line.published_at
            words = words[line.end :]
        if not words or byline(words) or caption(words):
            continue
        heading = block.kind is Kind.HEADING or (
            block.kind is Kind.LINE
            and line is None
            and title_like(words)
            and not place_line(words)
            and number + 1 < len(found)
        )
        if heading:
            title = title or _plain(words)
        elif any(c.isalnum() for c in words) and not place_line(words):
            sentence = _shortened(words)
            break
    title_from = "heading" if title else "first sentence" if sentence else ""
    return Stated(title or sentence, source, published_at, title_from)


def _plain(heading: str) -> str:
    return " ".join(heading.strip("*_` \t").split())


def _shortened(words: str) -> str | None:
    sentences = split(words, 0, len(words))
    first = " ".join(words[slice(*sentences[0])].split()) if sentences else ""
    if len(first) <= _MAX_TITLE:
        return first or None
    return first[:_MAX_TITLE].rsplit(None, 1)[0].rstrip(",;:-\u2013\u2014 ") + "\u2026"
