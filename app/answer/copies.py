"""Which quotes are one text that several documents carry, and so no independent confirmation.

Two quotes are, where their documents carry the same text as a whole, or where the quotes are long
and the same, or nearly, word for word. Reads nothing itself.
"""

import re
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, TypeAlias

from app.answer.evidence.model import Evidence

Pairs: TypeAlias = frozenset[tuple[str, str]]
"""Ids of documents that carry the same text, each pair in both orders."""

SameText: TypeAlias = Callable[[Collection[str]], Pairs]
"""Ids of documents to those pairs of them that carry the same text."""

_LEAST_PAIRS: Final = 12
"""Of neighbouring words; shorter sentences may come out alike though two people wrote them."""

_SAME_SHARE: Final = 0.9
_WORD: Final = re.compile(r"\w+")


def same_texts(items: Sequence[Evidence], same_text: SameText | None) -> Pairs:
    """Return which of the quoted documents carry the same text; asks only where there are two."""
    ids = {item.passage.document_id for item in items}
    if same_text is None or len(ids) < 2:
        return frozenset()
    return same_text(ids)


def repeats(item: Evidence, other: Evidence, same: Pairs) -> bool:
    """Tell whether a quote is the same text as another one, of another document."""
    ours, theirs = item.passage.document_id, other.passage.document_id
    if ours == theirs:
        return False
    return (ours, theirs) in same or _is_same_wording(item.text, other.text)


def _is_same_wording(a: str, b: str) -> bool:
    first, second = _neighbours(a), _neighbours(b)
    if min(len(first), len(second)) < _LEAST_PAIRS:
        return False
    return len(first & second) >= _SAME_SHARE * max(len(first), len(second))


@lru_cache(maxsize=1024)
def _neighbours(text: str) -> frozenset[tuple[str, str]]:
    words = _WORD.findall(text.casefold())
    return frozenset(pairwise(words))
