"""Which quotes were given to readers, and the few sentences around one that they may see with it.

Remembers in this process only, and no more than ``most`` quotes: what it has forgotten is asked for
again. Knows neither HTTP nor the index.
"""

from collections import OrderedDict
from collections.abc import Iterable
from typing import TypeAlias

from app.answer.model import Citation, Quote
from app.marking import Span
from index.segment import sentences

Place: TypeAlias = tuple[str, str, int, int]
"""Document, revision, and the two offsets."""

AROUND = 2
"""Sentences shown on each side of a quote."""
_WINDOW = 1200  # characters on each side in which they are looked for


class GivenQuotes:
    """Remembers the citations of answers, so that their pages can be opened and no others."""

    def __init__(self, most: int = 50_000) -> None:
        self._most = most
        self._places: OrderedDict[Place, None] = OrderedDict()

    def give(self, citations: Iterable[Citation]) -> None:
        """Remember the quotes of citations, their copies in other documents included."""
        for citation in citations:
            for quote in (citation, *citation.copies):
                place = _place(quote)
                self._places[place] = None
                self._places.move_to_end(place)
        while len(self._places) > self._most:
            self._places.popitem(last=False)

    def has(self, document_id: str, revision: str, span: Span) -> bool:
        """Tell whether this very quote was given."""
        return (document_id, revision, *span) in self._places


def around(text: str, quote: Span) -> Span:
    """Return the span of a quote with some sentences on each side of it."""
    start, end = quote
    before = sentences.split(text, max(0, start - _WINDOW), start)
    after = sentences.split(text, end, min(len(text), end + _WINDOW))
    first = before[-AROUND:][0][0] if before else start
    last = after[:AROUND][-1][1] if after else end
    return first, last


def _place(quote: Quote) -> Place:
    return quote.document_id, quote.revision, quote.start, quote.end
