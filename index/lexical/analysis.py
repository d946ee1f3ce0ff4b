"""How texts and questions become terms: lower case, no accents, the stems of their language.

A language that Tantivy has a stemmer for is analysed with it. One that is written without spaces
becomes overlapping pieces of its words; any other, whole words. A text of no known language is
analysed as English. Knows no index.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import tantivy

ENGLISH, WORDS, PIECES = "en", "words", "pieces"

_STEMMERS: Final = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    ENGLISH: "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
_SAME: Final = {"nb": "no", "nn": "no"}
_WITHOUT_SPACES: Final = frozenset(("ja", "km", "ko", "lo", "my", "th", "yue", "zh"))
_UNKNOWN: Final = frozenset(("mul", "mis", "und", "zxx"))  # ISO 639-2: several, none, no language

ANALYSES: Final = (*_STEMMERS, WORDS, PIECES)
"""All names that ``analysis_of`` returns."""

_LONGEST = 60  # bytes; what is longer is no word
_WITH_MARKS = r"[\p{L}\p{M}\p{N}]+"  # vowels of Indic scripts are marks, and no end of a word

_ARABIC_SIGNS = re.compile("[\u0640\u064b-\u065f\u0670]")  # vowels, and what lengthens a line
_ARABIC_PREFIX = re.compile(r"(?<!\w)(?:(?:[وف]?(?:[بك]?ال|لل))(?=\w\w)|و(?=\w{3}))")

# Ranges of Unicode: kana, Han and Hangul; Thai, Lao, Myanmar, Khmer.
_TWOS = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff"
_THREES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_RUNS = re.compile(f"([{_TWOS}]+)|([{_THREES}]+)|[^{_TWOS}{_THREES}]+")


@lru_cache(maxsize=1024)
def analysis_of(language: str | None) -> str:
    """Return the name of the analysis for a language tag, English's where there is none."""
    code = (language or ENGLISH).lower().replace("_", "-").partition("-")[0]
    code = _SAME.get(code, code)
    if code in _STEMMERS:
        return code
    if code in _UNKNOWN:
        return ENGLISH
    return PIECES if code in _WITHOUT_SPACES else WORDS


def terms(text: str, analysis: str) -> list[str]:
    """Return the terms of a text in their order; a term has no blank in it."""
    prepare = _PREPARED.get(analysis)
    found: list[str] = _analyzer(analysis).analyze(prepare(text) if prepare else text)
    if analysis == PIECES:
        return [piece for term in found for piece in _pieces(term)]
    return found


@cache
def _analyzer(analysis: str) -> "tantivy.TextAnalyzer":
    import tantivy

    steps = [tantivy.Filter.remove_long(_LONGEST), tantivy.Filter.lowercase()]
    if analysis == ENGLISH:
        tokenizer = tantivy.Tokenizer.simple()
        steps += [tantivy.Filter.ascii_fold(), tantivy.Filter.stemmer("english")]
    else:
        tokenizer = tantivy.Tokenizer.regex(_WITH_MARKS)
        if analysis == PIECES:
            steps = steps[1:]  # a sentence is one long word until it is cut
        if analysis in _STEMMERS:  # before accents go: endings are known by them
            steps.append(tantivy.Filter.stemmer(_STEMMERS[analysis]))
        steps.append(tantivy.Filter.ascii_fold())
    builder = tantivy.TextAnalyzerBuilder(tokenizer)
    for step in steps:
        builder = builder.filter(step)
    return builder.build()


def _arabic(text: str) -> str:
    """Take off vowels, the article, and what is written together with it: and, in, as, for.

    Tantivy's stemmer takes off the article alone. The prefixes are those of Larkey, Ballesteros and
    Connell, Light Stemming for Arabic Information Retrieval (2007).
    """
    return _ARABIC_PREFIX.sub("", _ARABIC_SIGNS.sub("", text))


def _turkish(text: str) -> str:
    """Make the two letters i small as Turkish does; elsewhere a capital I is an i."""
    return text.replace("I", "\N{LATIN SMALL LETTER DOTLESS I}").replace("İ", "i")


def _compatible(text: str) -> str:
    """Give letters and digits one width."""
    return unicodedata.normalize("NFKC", text)


_PREPARED: Final[dict[str, Callable[[str], str]]] = {
    "ar": _arabic,
    "tr": _turkish,
    PIECES: _compatible,
}


def _pieces(term: str) -> list[str]:
    """Cut what is written without spaces into overlapping pieces, of two letters or three."""
    pieces: list[str] = []
    for run in _RUNS.finditer(term):
        size = 2 if run[1] else 3 if run[2] else len(run[0])
        last = max(len(run[0]) - size, 0)
        pieces += [run[0][i : i + size] for i in range(last + 1)]
    return [piece for piece in pieces if len(piece.encode()) <= _LONGEST]
