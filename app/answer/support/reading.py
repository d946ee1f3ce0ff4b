"""A sentence read for checking: its words with what they may match, and its values.

The same reading serves drafted and source sentences. Knows no passages and judges nothing.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.answer.question.words import Token, known, rarity, tokens
from app.answer.support import lexicon
from app.answer.values import Value, ValueKind, extract

_MARKS = re.compile(r"[,;:()\u2014\u2013\"\u201c\u201d]")
_CONJUNCTIONS = frozenset(
    [
        "and",
        "but",
        "while",
        "whereas",
        "although",
        "though",
        "because",
        "which",
        "who",
        "when",
        "as",
    ]
)
_SAME, _JOINED, _ROOT, _SYNONYM, _SEAT = 1.0, 0.99, 0.95, 0.8, 0.6


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence. ``key`` is its stem, or the alias all spellings of a name share.

    ``groups`` are its synonyms, ``forms`` what it may match, with a neighbour too ("air base").
    ``segment`` counts the pieces between commas and conjunctions; ``weight`` is 0 for grammar.
    """

    text: str
    lower: str
    key: str
    root: str
    groups: frozenset[int]
    forms: tuple[tuple[float, str], ...]  # what the word is found by, the surest first
    start: int
    end: int
    segment: int
    weight: float
    name: bool
    figure: bool
    alias: bool
    negated: str | None  # what an un- turns over: the stem of "known" in "unknown"

    @property
    def matters(self) -> bool:
        """Whether it is worth knowing where the word stands in a source."""
        return self.weight > 0 or self.figure or self.key in lexicon.stems("weighty")

    @property
    def content(self) -> bool:
        """Whether the word must be covered by a source."""
        return self.weight > 0


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A sentence, its words in order, and its dates, numbers and names."""

    text: str
    words: tuple[Word, ...]
    figures: tuple[Value, ...]
    names: tuple[Value, ...]
    _index: dict[str, list[int]]

    def matches(self, word: Word) -> dict[int, float]:
        """Return the positions of the words that say the same as ``word``, and how surely."""
        found: dict[int, float] = {}
        index = self._index
        for sureness, form in word.forms:
            if form in index:
                for place in index[form]:
                    found.setdefault(place, sureness)
        return found

    def within(self, value: Value) -> list[int]:
        """Return the positions of the words that ``value`` is made of."""
        return [
            place
            for place, word in enumerate(self.words)
            if word.start < value.end and value.start < word.end
        ]


@lru_cache(maxsize=2048)
def read(text: str, reference: dt.date | None = None) -> Reading:
    """Read a sentence; ``reference`` places its relative dates."""
    values = extract(text, reference=reference)
    figures = tuple(v for v in values if v.kind is not ValueKind.NAME)
    names = tuple(v for v in values if v.kind is ValueKind.NAME)
    words = _words(text, figures, names)
    return Reading(text, words, figures, names, _indexed(words))


def _forms(
    token: Token, key: str, joined: Sequence[str], groups: frozenset[int], turned: str | None
) -> tuple[tuple[float, str], ...]:
    seats = lexicon.seats()
    if key != token.stem:
        return (_SAME, key), (_SEAT, f"@{key[1:]}")
    forms = [(_SAME, key), *((_JOINED, pair) for pair in joined)]
    if token.lower in seats:
        forms.append((_SEAT, f"@{seats[token.lower]}"))
    if turned:
        forms.append((_SYNONYM, turned))
    forms.append((_ROOT, f"~{token.root}"))
    forms += [(_SYNONYM, f"#{group}") for group in groups]
    return tuple(forms)


def _indexed(words: Sequence[Word]) -> dict[str, list[int]]:
    index: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        for _, form in word.forms:
            index.setdefault(form, []).append(place)
    return index


def _words(text: str, figures: Sequence[Value], names: Sequence[Value]) -> tuple[Word, ...]:
    merged = _merged(tokens(text))
    free, negators = lexicon.stems("free"), lexicon.words("negators")
    known = lexicon.synonyms()
    words: list[Word] = []
    segment, end = 0, 0
    for place, (token, key, last) in enumerate(merged):
        if _MARKS.search(text, end, token.start) or token.lower in _CONJUNCTIONS:
            segment += 1
        figure = any(v.start < last and token.start < v.end for v in figures)
        alias = key != token.stem
        name = alias or (
            token.text[0].isupper() and any(v.start <= token.start < v.end for v in names)
        )
        pairs = [] if name else _pairs(merged, place, text)
        groups = known.get(token.stem, frozenset()).union(*(known.get(p, ()) for p, _ in pairs))
        joined = [pair.replace("|", "") for pair, plain in pairs if plain]
        turned = _turned(token)
        grammar = token.stop or token.lower in negators or token.stem in free
        if name:
            weight = 1.0 if alias else _name_weight(token, names)
        elif figure or grammar:
            weight = 0.0
        else:
            weight = 0.25 + 0.75 * rarity(token.lower)
        words.append(
            Word(
                text=text[token.start : last],
                lower=token.lower,
                key=key,
                root=key if alias else token.root,
                groups=frozenset() if alias else groups,
                forms=_forms(token, key, joined, groups, turned),
                start=token.start,
                end=last,
                segment=segment,
                weight=weight,
                name=name,
                figure=figure,
                alias=alias,
                negated=turned,
            )
        )
        end = last
    return tuple(words)


def _turned(token: Token) -> str | None:
    rest = token.lower[2:]
    if (
        token.stop
        or not token.lower.startswith("un")
        or len(rest) < 4
        or rest[0] in "ai"
        or not known(rest)
    ):
        return None
    return tokens(rest)[0].stem


def _name_weight(token: Token, names: Sequence[Value]) -> float:
    """Return the weight of one word of a name: a long name must not outweigh what is said of it."""
    holding = (name for name in names if name.start <= token.start < name.end)
    return 1.0 if all(name.text == token.text for name in holding) else 0.6


_Merged = tuple[Token, str, int]


def _merged(found: Sequence[Token]) -> list[_Merged]:
    """Take the words of a known name together, and give each its key and its end."""
    merged: list[_Merged] = []
    aliases = lexicon.aliases()
    place = 0
    while place < len(found):
        token = found[place]
        key, length = token.stem, 1
        if token.text[0].isupper():
            for size in (5, 4, 3, 2, 1):
                lowers = tuple(t.lower for t in found[place : place + size])
                if len(lowers) == size and lowers in aliases:
                    key, length = f"={aliases[lowers]}", size
                    break
        merged.append((token, key, found[place + length - 1].end))
        place += length
    return merged


def _pairs(merged: Sequence[_Merged], place: int, text: str) -> list[tuple[str, bool]]:
    """Return the two-word terms a word makes with its neighbours, and whether both tell much."""
    pairs = []
    negators = lexicon.words("negators")
    for left, right in ((place - 1, place), (place, place + 1)):
        if left < 0 or right >= len(merged):
            continue
        one, two = merged[left], merged[right]
        if not (one[0].stop and two[0].stop) and text[one[2] : two[0].start] in (" ", "-"):
            plain = not any(word[0].stop or word[0].lower in negators for word in (one, two))
            pairs.append((f"{one[0].stem}|{two[0].stem}", plain))
    return pairs
