"""How much of a question's wording a sentence has, whatever endings the words take.

Two words are taken for one when their first six letters agree: settle and settlement, Norman and
Normandy, which a stemmer keeps apart. In a text of another language than English, the stems of
its language stand for its words, the same that its BM25 is made of. Pure text; knows no store.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from index.lexical.analysis import ENGLISH, PIECES, analysis_of, terms

START_LETTERS = 6
"""4 to 7 letters were measured on SQuAD 2.0: 5 and 6 do best and alike, and 6 confuses less."""

_WORD = re.compile(r"\w+")
_ACCENTS = re.compile("[\u0300-\u036f]+")  # of Latin, Greek, Cyrillic: nearly all
STOP_WORDS = frozenset(
    [
        *("a", "an", "the", "this", "that", "these", "those", "it", "its", "and", "or", "as"),
        *("of", "in", "on", "at", "to", "for", "by", "with", "from"),
        *("is", "are", "was", "were", "be", "been", "being"),
        *("do", "does", "did", "has", "have", "had"),
        *("what", "which", "who", "whom", "whose", "when", "where", "why", "how"),
    ]
)
"""Words that an English question has because it is one, looked for only where it has no others.
Those of other languages stand in ``questions.toml``."""


def question_words(question: str, language: str | None = None) -> list[str]:
    """Return the distinct words of a question that are worth looking for.

    Those of an English question, or of one whose language is not known, are folded. Those of others
    keep their accents, which stems depend on; where words have no blanks between them, the pieces
    that stand for them are returned.
    """
    analysis = analysis_of(language)
    if analysis == ENGLISH:
        words = list(dict.fromkeys(_WORD.findall(_folded(question))))
        return [word for word in words if word not in STOP_WORDS] or words
    if analysis == PIECES:
        return list(dict.fromkeys(terms(question, analysis)))
    words = list(dict.fromkeys(_WORD.findall(unicodedata.normalize("NFC", question).lower())))
    stop_words = _stop_words(analysis)
    return [word for word in words if _folded(word) not in stop_words] or words


def word_starts(text: str, language: str | None = None) -> frozenset[str]:
    """Return the starts of all words of a text in a language."""
    analysis = analysis_of(language)
    words = _WORD.findall(_folded(text)) if analysis == ENGLISH else terms(text, analysis)
    return frozenset(word[:START_LETTERS] for word in words)


class Wanted:
    """The word starts that a question asks for in a text of a language, and what each counts.

    Args:
        weights: how rare each word is, in any unit.
        language: the text's.
    """

    def __init__(self, weights: Mapping[str, float], language: str | None = None) -> None:
        starts: dict[str, float] = {}
        for word, weight in weights.items():
            its = word_starts(word, language)
            for start in its:
                starts[start] = max(weight / len(its), starts.get(start, 0.0))
        total = sum(starts.values()) or 1.0
        self._weights = {start: weight / total for start, weight in starts.items()}
        self._starts = frozenset(starts)

    def share(self, starts: frozenset[str]) -> float:
        """Return the share, by weight, that a text with these word starts has: 0 to 1."""
        weights = self._weights
        return sum([weights[start] for start in self._starts & starts])


@cache
def _stop_words(language: str) -> frozenset[str]:
    lists = tomllib.loads((files("index") / "questions.toml").read_text("utf-8"))
    return frozenset(_folded(word) for word in lists.get(language, "").split())


def _folded(text: str) -> str:
    """Return a text in lower case and without accents."""
    text = text.casefold()
    if text.isascii():
        return text
    parts = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    if not any(map(unicodedata.combining, parts)):
        return parts
    return "".join(part for part in parts if not unicodedata.combining(part))
