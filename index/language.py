"""Which language a text is in. The only module that imports py3langid.

The script says most: a script that one language is written in names it, and elsewhere only the
languages of the script are candidates. Between those decides py3langid's model, which is in its
package and is loaded at the first text that needs it.
"""

import logging
import re
import threading
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_LOG = logging.getLogger(__name__)

DETECTED: Final = "detected"
"""The provenance of a language that no document states, but that its text is in."""

SURE: Final = 0.8
"""The confidence from which a language may be acted on. Of 2,828 questions of SQuAD 2.0, half of
them of eight words at most, none is called another language than English so surely."""

_LEAST_LETTERS = 4
_PIECES, _PIECE_CHARACTERS = 3, 1500
_FEW_LETTERS = 200
_RARE: Final = frozenset(
    ("an", "ba", "br", "fo", "fy", "gd", "la", "lb", "oc", "se", "tg", "tt", "vo", "wa")
)
"""Few ask in these, and a few words of a neighbour look like them: Spanish ones like Aragonese."""
_NO_PROSE = re.compile(r"https?://\S+|\S+@\S+|\d+")

# A letter of these says about as much as three of an alphabet.
_DENSE: Final = frozenset(("HAN", "KANA", "HANGUL"))

_LANGUAGES: Final[dict[str, tuple[str, ...]]] = {
    "ARABIC": ("ar", "fa", "ur", "ps", "ug", "ku"),
    "ARMENIAN": ("hy",),
    "BENGALI": ("bn", "as"),
    "CYRILLIC": ("ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg", "tt", "ba"),
    "DEVANAGARI": ("hi", "mr", "ne", "sa"),
    "ETHIOPIC": ("am",),
    "GEORGIAN": ("ka",),
    "GREEK": ("el",),
    "GUJARATI": ("gu",),
    "GURMUKHI": ("pa",),
    "HAN": ("zh",),
    "HANGUL": ("ko",),
    "HEBREW": ("he",),
    "KANA": ("ja",),
    "KANNADA": ("kn",),
    "KHMER": ("km",),
    "LAO": ("lo",),
    "MALAYALAM": ("ml",),
    "MYANMAR": ("my",),
    "ORIYA": ("or",),
    "SINHALA": ("si",),
    "TAMIL": ("ta",),
    "TELUGU": ("te",),
    "THAI": ("th",),
}
"""The languages of each script but the Latin one, which has all the others."""

_SCRIPT_OF_NAME: Final = {
    "CJK": "HAN",
    "HIRAGANA": "KANA",
    "KATAKANA": "KANA",
    "KATAKANA-HIRAGANA": "KANA",  # the sign of a long vowel
}


class Language(NamedTuple):
    """A language and how sure it is.

    Attributes:
        code: ISO 639-1, such as ``en``.
        confidence: 0 to 1; from ``SURE`` on, act on it.
    """

    code: str
    confidence: float


def detect(text: str) -> Language | None:
    """Return the language most of a text is in, None where it says too little to tell.

    Of a long text, parts of its beginning, middle and end are read. Safe to call from any thread.
    """
    text = _NO_PROSE.sub(" ", _sample(text))
    letters = _letters(text)
    total = sum(letters.values())
    if total < _LEAST_LETTERS:
        return None
    # Japanese is written with Han letters too, and more of them than kana.
    if (kana := letters.get("KANA", 0)) and kana * 8 >= letters.get("HAN", 0):
        letters["KANA"] = kana + letters.pop("HAN", 0)
    script = max(letters, key=letters.__getitem__)
    share = letters[script] / total
    candidates = _LANGUAGES.get(script, ())
    if len(candidates) == 1:
        return Language(candidates[0], share)
    if not candidates and script != "LATIN":
        return None
    try:
        best, confidence = _best(text, candidates, rare=total > _FEW_LETTERS)
    except OSError as error:  # the model is unpacked into a temporary file of 50 MB
        _LOG.warning("What detects languages cannot be loaded, so none is detected: %s", error)
        return None
    return Language(best, share * confidence)


def detect_surely(text: str) -> str | None:
    """Return the code of the language that a text is surely in, None where that is not sure."""
    found = detect(text)
    return found.code if found is not None and found.confidence >= SURE else None


def stated_language(language: str | None, provenance: Mapping[str, str] | None) -> str | None:
    """Return a document's language where the document states it, None where it was detected."""
    return None if (provenance or {}).get("language") == DETECTED else language


def _sample(text: str) -> str:
    """Return a text, or where it is long, pieces from all over it."""
    if len(text) <= _PIECES * _PIECE_CHARACTERS:
        return text
    step = (len(text) - _PIECE_CHARACTERS) // (_PIECES - 1)
    return "\n".join(text[i * step : i * step + _PIECE_CHARACTERS] for i in range(_PIECES))


def _letters(text: str) -> dict[str, int]:
    """Return how much of the text is in each script, in letters of an alphabet."""
    found: dict[str, int] = {}
    for character in text:
        script = _script(character)
        if script is not None:
            found[script] = found.get(script, 0) + (3 if script in _DENSE else 1)
    return found


@lru_cache(maxsize=8192)
def _script(character: str) -> str | None:
    """Return the script of a letter: the first word of its name, as Unicode has it."""
    if character.isascii():
        return "LATIN" if character.isalpha() else None
    if not character.isalpha():
        return None
    first = unicodedata.name(character, "").partition(" ")[0]
    return _SCRIPT_OF_NAME.get(first, first)


def _best(text: str, candidates: tuple[str, ...], *, rare: bool) -> tuple[str, float]:
    """Return the likeliest of some languages, all of the Latin script where none are given.

    Args:
        text: what it is the language of.
        candidates: the languages.
        rare: whether those in which few write are meant too.
    """
    identifier, of_latin = _loaded()
    wanted = frozenset(candidates) or of_latin
    if not rare:
        wanted -= _RARE
    likely = {code: chance for code, chance in identifier.rank(text) if code in wanted}
    best = max(likely, key=likely.__getitem__)
    return best, likely[best] / (sum(likely.values()) or 1.0)


_LOADING = threading.Lock()


def _loaded() -> "tuple[LanguageIdentifier, frozenset[str]]":
    with _LOADING:
        return _load()


@cache
def _load() -> "tuple[LanguageIdentifier, frozenset[str]]":
    """Load the model; return it with the languages of the Latin script that have a short code."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    others = {code for codes in _LANGUAGES.values() for code in codes}
    known = {code for code in identifier.labels if len(code) == 2}
    return identifier, frozenset(known - others)
