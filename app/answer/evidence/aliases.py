"""Where the sources write a name of the question another way: ISIL or Daesh for ISIS.

Knows names and words, not what a match is worth. Which names are one is for ``values`` to say.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

from app.answer.question.model import Question
from app.answer.question.words import Token, rarity, tokens
from app.answer.values import same_name
from app.answer.values.spelling import has_alias

_RARE = 0.8  # a word so rare may be a name written without its capital

Named = tuple[str, tuple[int, ...]]
"""A name as written and the columns of the terms that it is made of."""


class _Term(Protocol):
    @property
    def asked(self) -> str: ...
    @property
    def token(self) -> Token: ...
    @property
    def proper(self) -> bool: ...


def named(question: Question, terms: Sequence[_Term]) -> list[Named]:
    """Return the names of a question: its proper words one by one, and longer names whole."""
    columns = {term.asked: column for column, term in enumerate(terms)}
    found: list[Named] = [
        (_capitalised(term.token), (column,))
        for column, term in enumerate(terms)
        if term.proper or rarity(term.token.lower) > _RARE
    ]
    for name in question.names:
        parts = tuple(columns[t.lower] for t in tokens(name) if t.lower in columns)
        if len(parts) > 1:
            found.append((name, parts))
    return found


def other_names(
    names: Sequence[Named], lines: Sequence[tuple[Token, ...]]
) -> list[list[tuple[int, int]]]:
    """Return for each line the (token, term) pairs where another form of a name stands."""
    written = [_written(line) for line in lines]
    vocabulary = frozenset[str]().union(*written)
    found: list[list[tuple[int, int]]] = [[] for _ in lines]
    for name, columns in names:
        forms = {form for form in vocabulary if _one(name, form)}
        for row, line in enumerate(written):
            for form in forms & line.keys():
                found[row].extend((place, column) for place in line[form] for column in columns)
    return found


def _capitalised(token: Token) -> str:
    return token.text if token.capital else token.text.title()


@lru_cache(maxsize=4096)
def _written(line: tuple[Token, ...]) -> Mapping[str, Sequence[int]]:
    """Map the capitalised words of a line, and each two side by side, to their places."""
    found: dict[str, list[int]] = {}
    for place, token in enumerate(line):
        if token.capital and not token.stop:
            found.setdefault(token.text, []).append(place)
    for place, (one, two) in enumerate(pairwise(line)):
        if one.capital and two.capital and two.start - one.end == 1 and not one.stop:
            found.setdefault(f"{one.text} {two.text}", []).append(place)
    return found


def _one(name: str, form: str) -> bool:
    """Tell whether a form is another name; one that shares a word is matched word by word.

    Comparing is dear, so only pairs that can be one are compared: spellings keep the first letter.
    """
    like = name[0].lower() == form[0].lower() or (_apart(name) and _apart(form))
    return like and _compared(name, form)


@lru_cache(maxsize=8192)
def _apart(name: str) -> bool:
    return name.isupper() or has_alias(name)


@lru_cache(maxsize=8192)
def _compared(name: str, form: str) -> bool:
    shared = {t.root for t in tokens(name)} & {t.root for t in tokens(form)}
    return not shared and same_name(name, form)
