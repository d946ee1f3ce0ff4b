"""The words that checking knows: synonyms, opposites, negators, aliases of names.

Reads ``lexicon.toml`` once, when first asked; decides nothing.
"""

import tomllib
from functools import cache
from importlib.resources import files

from app.answer.question.words import tokens


@cache
def _tables() -> dict[str, str]:
    text = (files("app.answer.support") / "lexicon.toml").read_text("utf-8")
    tables: dict[str, str] = tomllib.loads(text)
    return tables


@cache
def words(name: str) -> frozenset[str]:
    """Return one list as lower-case words."""
    return frozenset(_tables()[name].split())


@cache
def stems(name: str) -> frozenset[str]:
    """Return one list as stems."""
    return frozenset(_stem(word) for word in words(name))


@cache
def synonyms() -> dict[str, frozenset[int]]:
    """Return each stem (two, joined by a bar, for ``carry-out``) with the groups it is in."""
    found: dict[str, set[int]] = {}
    lines = [side for line in _opposites() for side in line]
    lines += [line.split() for line in _lines("synonyms")]
    for number, line in enumerate(lines):
        for word in line:
            found.setdefault(_stem(word), set()).add(number)
    return {stem: frozenset(groups) for stem, groups in found.items()}


@cache
def opposites() -> dict[str, frozenset[str]]:
    """Return each stem with the stems of what says the opposite."""
    found: dict[str, set[str]] = {}
    for left, right in _opposites():
        for side, other in ((left, right), (right, left)):
            for word in side:
                found.setdefault(_stem(word), set()).update(map(_stem, other))
    return {stem: frozenset(others - {stem}) for stem, others in found.items()}


@cache
def contraries() -> dict[str, frozenset[str]]:
    """Return each stem with the stems of what cannot hold beside it: north, southern."""
    found: dict[str, set[str]] = {}
    for line in _lines("contraries"):
        places = [frozenset(map(_stem, place.split(","))) for place in line.split()]
        for place in places:
            for stem in place:
                found.setdefault(stem, set()).update(*(p for p in places if p is not place))
    return {stem: frozenset(others) for stem, others in found.items()}


@cache
def aliases() -> dict[tuple[str, ...], str]:
    """Return each spelling of a name, as lower-case words, with the one that stands for all."""
    found = {}
    for line in _lines("aliases"):
        first, *_ = forms = line.split("|")
        for form in forms:
            found[tuple(form.split())] = first
    return found


@cache
def seats() -> dict[str, str]:
    """Return each capital with the country whose government it may stand for."""
    return {line.split()[0]: line.split()[1] for line in _lines("seats")}


def _lines(name: str) -> list[str]:
    return _tables()[name].strip().splitlines()


@cache
def _opposites() -> list[tuple[list[str], list[str]]]:
    pairs = (line.partition(" / ") for line in _lines("opposites"))
    return [(left.split(), right.split()) for left, _, right in pairs]


@cache
def _stem(word: str) -> str:
    return "|".join(token.stem for token in tokens(word))
