"""Words as questions and sentences are compared by: tokens, stems, roots, rarity.

Pure functions of a text. Knows nothing of questions, passages or scores, so that every later step
(and a verifier) can read a text the same way.
"""

import math
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from app.answer.question.lexicon import frequency_ranks, irregular, words

_WORD = re.compile(
    r"[^\W\d_]\.(?:[^\W\d_]\.)+"
    r"|\d*(?:1st|2nd|3rd|\dth)\b|\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*",
    re.IGNORECASE,
)

# Without the final e, which stems have lost.
_DERIVED = (
    "ational", "ization", "isation", "fulness", "ousness", "iveness", "ation", "ition", "ement",
    "ment", "anc", "enc", "ency", "ancy", "ness", "abl", "ibl", "ical", "ship",
    "ious", "eous", "ian", "ist", "ism", "ity", "iv", "at", "iz", "ion", "ous", "ful", "ary", "ory",
    "ant", "ent", "ial", "er", "or", "al", "ic", "ly",
)  # fmt: skip


class Token(NamedTuple):
    """A word or figure of a text. ``stem`` undoes inflection, ``root`` derivation as well."""

    text: str
    lower: str
    stem: str
    root: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        """Whether the word opens with a capital letter."""
        return self.text[0].isupper()

    @property
    def stop(self) -> bool:
        """Whether the word is grammar rather than content."""
        return self.lower in words("stop")


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[Token, ...]:
    """Split ``text`` into words and figures; hyphens part words, a possessive ``'s`` is dropped."""
    found = []
    for match in _WORD.finditer(text):
        word = match.group()
        if word[-2:] in ("'s", "’s"):
            word = word[:-2]
        lower = fold(word)
        stem, root = _forms(lower)
        found.append(Token(word, lower, stem, root, match.start(), match.start() + len(word)))
    return tuple(found)


def content(text: str) -> tuple[Token, ...]:
    """Return the tokens of ``text`` that are not stop words."""
    return tuple(token for token in tokens(text) if not token.stop)


def fold(word: str) -> str:
    """Lower a word and take its accents and inner dots off; ``US`` stays apart from ``us``."""
    if word in ("US", "U.S", "U.S.", "USA", "U.S.A."):
        return "u.s."
    lower = word.lower()
    if lower.isascii():
        return lower.replace(".", "") if lower[:1].isalpha() else lower.replace(",", "")
    return "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))


@lru_cache(maxsize=32768)
def _forms(lower: str) -> tuple[str, str]:
    if not lower[:1].isalpha() or lower == "u.s.":
        written = irregular().get(lower, lower)
        return written, written
    stem = _stem(lower)
    return stem, stem if stem == "u.s." else _root(stem)


def _stem(word: str) -> str:
    """Undo plural, past and progressive, in the spirit of Porter's first step."""
    word = irregular().get(word, word)
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes", "zes")):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and word[-2] not in "siu":
        word = word[:-1]
    if len(word) > 4 and word.endswith("ied"):
        word = word[:-3] + "y"
    else:
        for ending in ("ing", "ed"):
            bare = word[: -len(ending)]
            if word.endswith(ending) and len(bare) > 2 and re.search(r"[aeiouy]", bare):
                doubled = bare[-1] == bare[-2] and bare[-1] not in "aeiosz"
                return irregular().get(word, bare[:-1] if doubled else bare)
    word = irregular().get(word, word)
    return word[:-1] if len(word) > 3 and word.endswith(("e", "ll")) else word


def _root(stem: str) -> str:
    """Cut up to two derivational endings where at least four letters stay."""
    for _ in range(2):
        for ending in _DERIVED:
            if stem.endswith(ending) and len(stem) - len(ending) >= 4:
                stem = stem[: -len(ending)]
                break
    return stem[:-1] if len(stem) > 4 and stem[-1] in "eiy" else stem


def rarity(word: str) -> float:
    """Return how much a lower-case word tells, 0 (the commonest) to 1 (unknown or a figure).

    The logarithm of its place among the twenty thousand commonest of English (Zipf's law makes
    that an inverse document frequency).
    """
    ranks = frequency_ranks()
    place = ranks.get(word)
    if place is None:
        return 1.0
    return math.log1p(place) / math.log1p(len(ranks))


def known(word: str) -> bool:
    """Tell whether a lower-case word is among the twenty thousand commonest of English."""
    return word in frequency_ranks()
