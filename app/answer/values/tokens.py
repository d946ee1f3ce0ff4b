"""Words with their places, read once and shared by all recognisers."""

import re
from typing import Final, NamedTuple

_WORD: Final = re.compile(r"[^\W_]+")


class Token(NamedTuple):
    """A run of letters and digits; punctuation stands between tokens."""

    start: int
    end: int
    text: str
    lower: str


def tokenise(text: str) -> list[Token]:
    """Return the words of ``text`` in order."""
    return [
        Token(match.start(), match.end(), word := match.group(), word.lower())
        for match in _WORD.finditer(text)
    ]


def singular(word: str) -> str:
    """Return the singular of an English noun, well enough that two sources agree on it."""
    irregular = _IRREGULAR.get(word)
    if irregular is not None:
        return irregular
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes", "zes")):
        return word[:-2]
    return word[:-1]


_IRREGULAR: Final = {
    "people": "person",
    "peoples": "people",
    "men": "man",
    "women": "woman",
    "children": "child",
    "feet": "foot",
    "series": "series",
    "species": "species",
    "lives": "life",
    "wives": "wife",
    "centuries": "century",
    "movies": "movie",
    "personnel": "personnel",
    "km": "kilometre",
    "kilometers": "kilometre",
    "kilometer": "kilometre",
    "meters": "metre",
    "meter": "metre",
    "mi": "mile",
    "percent": "%",
    "percentage": "%",
}
