"""Where a gold quote stands in a document's text, as offsets, or why it cannot be told."""

import re

from eval.cases.line import EvidenceLine
from eval.cases.model import Gold

_MOST_COMPARED = 200_000  # characters; looking for what was meant must not take seconds
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD = re.compile(r"\w+")
_ALIKE = 0.6


class QuoteError(ValueError):
    """The quote does not name one place in the text."""


def resolve(line: EvidenceLine, text: str) -> Gold:
    """Return the quote with its offsets. White space may differ; nothing else may.

    Raises:
        QuoteError: it stands nowhere, or more than once without ``occurrence``.
    """
    words = line.quote.split()
    spans = [
        found.span() for found in re.finditer(r"\s+".join(re.escape(word) for word in words), text)
    ]
    if not spans:
        hint = _nearest(line, text)
        raise QuoteError(f"the quote {_short(line.quote)} does not stand in {line.document}{hint}")
    if line.occurrence is None and len(spans) > 1:
        raise QuoteError(
            f"the quote {_short(line.quote)} stands {len(spans)} times in {line.document}; "
            'make it longer, or say which with "occurrence"'
        )
    if line.occurrence is not None and line.occurrence > len(spans):
        raise QuoteError(
            f"the quote {_short(line.quote)} stands {_times(len(spans))} in {line.document}, "
            f"so it has no occurrence {line.occurrence}"
        )
    start, end = spans[(line.occurrence or 1) - 1]
    return Gold(line.document, text[start:end], start, end)


def _nearest(line: EvidenceLine, text: str) -> str:
    """Say which sentence the quote may have been taken from: the one with most of its words."""
    wanted = _words(line.quote)
    best, closest = 0.0, ""
    for sentence in _SENTENCE_END.split(text[:_MOST_COMPARED]):
        there = _words(sentence)
        share = len(wanted & there) / max(1, len(wanted)) - len(there) / 1e6  # the shorter of two
        if share > best:
            best, closest = share, sentence
    return f"; the nearest there is {_short(closest)}" if best >= _ALIKE else ""


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line}”" if len(line) <= 160 else f"“{line[:157]}…”"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
