"""The sentences of the retrieved passages, read with one question in mind.

Finds which words of the question stand where: by stem, by root, by meaning (end, conclude), or
through a slip of the keyboard. Measures and decides nothing: ``features`` and ``doubts`` do.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from app.answer.evidence.aliases import named, other_names
from app.answer.evidence.meaning import likeness, synonymous
from app.answer.evidence.spelling import closest, written_out
from app.answer.question.deeds import scene
from app.answer.question.lexicon import words as word_list
from app.answer.question.model import AnswerKind, Question
from app.answer.question.words import Token, rarity, tokens
from app.answer.values import Value, ValueKind, extract
from index.model import RetrievedPassage, Vector

Array = NDArray[np.float64]

SAME_STEM, SAME_ROOT, SYNONYM = 1.0, 0.9, 0.8
_SCENE = 0.5  # what a word of the circumstances counts: they may stand in another sentence

VALUE_KINDS: dict[AnswerKind, ValueKind] = {
    AnswerKind.DATE: ValueKind.DATE,
    AnswerKind.DURATION: ValueKind.DURATION,
    AnswerKind.NUMBER: ValueKind.NUMBER,
    AnswerKind.PERSON: ValueKind.NAME,
    AnswerKind.PLACE: ValueKind.NAME,
    AnswerKind.ORGANISATION: ValueKind.NAME,
    AnswerKind.NAME: ValueKind.NAME,
}
"""The kinds of answer that have a form of their own, and the values that take it."""


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of the question: as ``asked``, and as the passages write it.

    ``rarity`` is 0 to 1; ``proper`` marks part of a name, ``scene`` a word of the circumstances.
    """

    asked: str
    token: Token
    rarity: float
    proper: bool
    focus: bool
    scene: bool = False

    @property
    def figure(self) -> bool:
        """Whether the term is a number."""
        return self.token.text[0].isdigit()


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A sentence as a candidate: ``rank`` is its passage's place in the search result."""

    passage: RetrievedPassage
    rank: int
    position: int
    text: str
    tokens: tuple[Token, ...]


@dataclass(frozen=True, eq=False)
class Reading:
    """All candidates of a question.

    Arrays have a row a line and, where two-dimensional, a column a term; a match counts from 0
    (absent) to 1 (the same word).
    """

    question: Question
    terms: tuple[Term, ...]
    lines: tuple[Line, ...]
    cosines: Array
    hits: Array
    places: tuple[tuple[tuple[int, int], ...], ...]  # of each line: (token, term) matched
    context: Array  # matches in title and heading

    @cached_property
    def owners(self) -> NDArray[np.int64]:
        """The rank of each line's passage."""
        return np.array([line.rank for line in self.lines])

    @cached_property
    def around(self) -> Array:
        """The best match of each term in the line's whole passage, its title or its heading."""
        best = self.context.copy()
        for rank in set(self.owners.tolist()):
            rows = self.owners == rank
            best[rows] = np.maximum(best[rows], self.hits[rows].max(axis=0))
        return best

    @cached_property
    def alike(self) -> Array:
        """The match of each term, or its likeness in meaning; names and figures have no like."""
        asked = [term.token for term in self.terms]
        roots = frozenset(token.root for token in asked)
        texts = [_own(line, roots) for line in self.lines]
        near = np.maximum(likeness(asked, texts), SYNONYM * synonymous(asked, texts))
        near[:, [term.proper or term.figure for term in self.terms]] = 0.0
        return np.maximum(self.hits, near)

    @cached_property
    def alike_around(self) -> Array:
        """The same over the line's whole passage."""
        best = self.around.copy()
        for rank in set(self.owners.tolist()):
            rows = self.owners == rank
            best[rows] = np.maximum(best[rows], self.alike[rows].max(axis=0))
        return best

    @cached_property
    def rarities(self) -> Array:
        """What each term tells in English at large."""
        return np.array([term.rarity * (_SCENE if term.scene else 1.0) for term in self.terms])

    @cached_property
    def weights(self) -> Array:
        """What each term tells among these lines: rare in English and rare here counts most."""
        frequency = (self.hits > 0).sum(axis=0)
        here = np.log1p(len(self.lines) / (0.5 + frequency)) / math.log1p(2 * len(self.lines))
        return np.asarray(self.rarities * (0.25 + 0.75 * here))

    @cached_property
    def values(self) -> tuple[tuple[Value, ...], ...]:
        """Of each line, the values of the kind asked for that the question does not state."""
        kind = VALUE_KINDS.get(self.question.kind)
        if kind is None:
            return ((),) * len(self.lines)
        stated = {token.root for token in tokens(self.question.text)}
        counts = self.question.kind is AnswerKind.NUMBER
        return tuple(
            tuple(
                value
                for value in _values(line.text, kind)
                if _tells(value, stated) and not (counts and value.unit in word_list("time_unit"))
            )
            for line in self.lines
        )


@lru_cache(maxsize=4096)
def _values(text: str, kind: ValueKind) -> tuple[Value, ...]:
    if kind is not ValueKind.DURATION:
        return tuple(extract(text, (kind,)))
    found = extract(text, (ValueKind.DURATION, ValueKind.DATE))
    return tuple(value for value in found if kind is value.kind or _spans(value))


def _spans(value: Value) -> bool:
    """Tell ``the past nine months`` from other dates: it answers how long as well."""
    return any(token.lower in word_list("time_unit") for token in tokens(value.text))


def _tells(value: Value, stated: set[str]) -> bool:
    """Tell whether a value says something that the question does not."""
    return any(token.root not in stated for token in tokens(value.text) if not token.stop)


def read(question: Question, vector: Vector, passages: Sequence[RetrievedPassage]) -> Reading:
    """Lay the question's words over every sentence of the passages."""
    lines = tuple(
        Line(passage, rank, position, text, tokens(text))
        for rank, passage in enumerate(passages)
        for position in range(len(passage.sentences))
        for text in (passage.sentence_text(position),)
    )
    cosines = np.concatenate(
        [np.asarray(passage.vectors @ vector, dtype=np.float64) for passage in passages]
    )
    headings = [tokens(f"{passage.title} {passage.heading or ''}") for passage in passages]
    within = [_roots(line.tokens) for line in lines]
    above = [_roots(heading) for heading in headings]
    terms = _terms(question, lines, headings)

    asked = frozenset(term.token.root for term in terms)
    names = other_names(named(question, terms), [line.tokens for line in lines])

    hits = np.zeros((len(lines), len(terms)))
    context = np.zeros((len(lines), len(terms)))
    places: list[tuple[tuple[int, int], ...]] = []
    for row, (line, roots) in enumerate(zip(lines, within, strict=True)):
        found = []
        for column, term in enumerate(terms):
            for place in roots.get(term.token.root, ()):
                if _of_another(line, place, asked):
                    continue
                found.append((place, column))
                same = line.tokens[place].stem == term.token.stem
                hits[row, column] = max(hits[row, column], SAME_STEM if same else SAME_ROOT)
            if term.token.root in above[line.rank]:
                context[row, column] = SAME_ROOT
        for place, column in names[row]:
            if hits[row, column] == 0 or (place, column) not in found:
                found.append((place, column))
                hits[row, column] = max(hits[row, column], SAME_ROOT)
        places.append(tuple(sorted(found)))
    return Reading(question, terms, lines, cosines, hits, tuple(places), context)


@lru_cache(maxsize=4096)
def _roots(text: tuple[Token, ...]) -> Mapping[str, Sequence[int]]:
    """Map the root of each content word of a text to its places."""
    found: dict[str, list[int]] = {}
    for place, token in enumerate(text):
        if not token.stop:
            found.setdefault(token.root, []).append(place)
    return found


def _own(line: Line, asked: frozenset[str]) -> tuple[Token, ...]:
    """Return the tokens of a line without the doings that are done to something else."""
    if "-" not in line.text:
        return line.tokens
    return tuple(
        token for place, token in enumerate(line.tokens) if not _of_another(line, place, asked)
    )


def _of_another(line: Line, place: int, asked: frozenset[str]) -> bool:
    """Tell whether a doing has its own object before it: capacity-building builds no bridge."""
    token, before = line.tokens[place], line.tokens[max(place - 1, 0)]
    return (
        token.lower.endswith("ing")
        and line.text[token.start - 1 : token.start] == "-"
        and before.end == token.start - 1
        and before.root not in asked
    )


def _terms(
    question: Question, lines: Sequence[Line], headings: Sequence[tuple[Token, ...]]
) -> tuple[Term, ...]:
    """Return the question's terms, a misspelt one replaced by what the passages write."""
    proper = {token.lower for name in question.names for token in tokens(name)}
    focus = set(question.focus)
    circumstances = scene(question.text)
    texts = [*(line.tokens for line in lines), *headings]
    known_roots = frozenset[str]().union(*map(_roots, texts))
    vocabulary: dict[str, Token] = {}
    originals = {token.lower: token for token in reversed(tokens(question.text))}
    found = []
    for word in question.terms:
        asked = originals.get(word) or tokens(word)[0]
        written = asked
        if asked.root not in known_roots:
            vocabulary = vocabulary or {t.lower: t for text in texts for t in text}
            written = written_out(asked, texts) or closest(asked, vocabulary, proper=word in proper)
        found.append(
            Term(
                asked=word,
                token=written,
                rarity=rarity(written.lower),
                proper=word in proper,
                focus=word in focus,
                scene=word in circumstances,
            )
        )
    return tuple(found)
