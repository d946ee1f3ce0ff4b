"""Questions that come with more: a sentence before them, or an order to make something up.

Reads words only. Which sentence asks is decided here; what it leans on is for ``followup``.
"""

import re
from typing import Final

from app.answer.question.kinds import opening
from app.answer.question.lexicon import words as word_list
from app.answer.question.words import Token, tokens

_SENTENCE_END: Final = re.compile(
    r"(?<!\b[A-Z])(?<!\b(?:Dr|Mr|Ms|St|No|vs))[.!?:]+[\"”’)]*\s+(?=\S)"
)
_ASKS_WITHIN: Final = 4
_INVENTED: Final = re.compile(
    r"\b(?:made[ -]up|make (?:\w+ )?up|making up|fictional|fictitious|fabricated|invented)\b"
    r"(?=.*\b(?:citations?|sources?|quot(?:es?|ations?)|references?|statements?|if|for me)\b)",
    re.IGNORECASE,
)


def split(text: str) -> tuple[str, str]:
    """Return what stands before the question, and the question: the last sentence that asks.

    ``The report is long. When does it end?`` has both; where no later sentence asks, or the first
    one asks as well, all is the question.
    """
    for end in reversed(list(_SENTENCE_END.finditer(text))):
        before, after = text[: end.start()].strip(), text[end.end() :].strip()
        if _asks(after) and not _asks(before):
            return before, after
    return "", text


def orders_invention(text: str) -> bool:
    """Tell whether a text orders that something be made up: ``Pretend that``, ``invent a quote``.

    ``Who invented the lamp`` and ``What did he pretend to be`` ask for what someone did.
    """
    if _INVENTED.search(text):
        return True
    words = tokens(text)
    asks = opening(words)
    return any(
        word.lower in word_list("invention")
        and (asks is None or place < asks)
        and _opens_clause(text, words, place)
        for place, word in enumerate(words)
    )


def _asks(text: str) -> bool:
    words = tokens(text)
    place = opening(words)
    inverted = bool(words) and words[0].lower in word_list("auxiliary") and text.endswith("?")
    return inverted or (place is not None and (place < _ASKS_WITHIN or text.endswith("?")))


def _opens_clause(text: str, words: tuple[Token, ...], place: int) -> bool:
    """Tell whether a word can be an order: first in its clause, or behind ``please`` or ``and``."""
    if place == 0:
        return True
    before = words[place - 1]
    gap = text[before.end : words[place].start]
    return any(mark in gap for mark in ",.:;!?") or before.lower in ("please", "and", "then", "now")
