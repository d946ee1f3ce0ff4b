"""Classes of things that questions name ("what sport", "which language") and their members.

Read once from ``classes.toml`` when first asked for. Finds members in a text; knows no question.
"""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from app.answer.question.words import Token, tokens

_LONGEST: Final = 4


@cache
def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("app.answer.conflicts") / "classes.toml").read_text("utf-8"))


@cache
def asked_class(word: str) -> str | None:
    """Return the class that a lower-case noun of a question asks for, if it is one."""
    return next((name for name, asks in _table()["asks"].items() if word in asks.split()), None)


@cache
def relations() -> tuple[frozenset[str], ...]:
    """Return groups of words, as stems, that tell the same relation."""
    lines = _table()["relations"]["groups"].strip().splitlines()
    return tuple(frozenset(token.stem for token in tokens(line)) for line in lines)


@cache
def members(name: str) -> MappingProxyType[tuple[str, ...], int]:
    """Return the members of a class as tuples of lower-case words."""
    words = _table()["members"][name].split()
    return MappingProxyType({tuple(word.replace("_", " ").split()): 1 for word in words})


def is_country(word: str) -> bool:
    """Tell whether a lower-case word is the name of a country."""
    return (word,) in members("country")


@cache
def country_stems() -> frozenset[str]:
    """Return the stems of countries of one word; those of some peoples are the same: Iraqi."""
    names = (name for name in members("country") if len(name) == 1)
    return frozenset(token.stem for (name,) in names for token in tokens(name))


def find_members(name: str, words: Sequence[Token]) -> list[tuple[int, int]]:
    """Return the members of a class in a sentence as (first, last) token places, longest first."""
    table = members(name)
    heads = _heads(name)
    found: list[tuple[int, int]] = []
    place = 0
    while place < len(words):
        if words[place].lower in heads or _singular(words[place].lower) in heads:
            for length in range(min(_LONGEST, len(words) - place), 0, -1):
                run = tuple(token.lower for token in words[place : place + length])
                if run in table or (*run[:-1], _singular(run[-1])) in table:
                    found.append((place, place + length - 1))
                    place += length - 1
                    break
        place += 1
    return found


@cache
def _heads(name: str) -> frozenset[str]:
    return frozenset(words[0] for words in members(name))


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
