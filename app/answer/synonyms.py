"""Words that English uses for one another: one table for reading evidence and checking drafts.

The groups live in the lexicon of the support check, which needs the most of them, and a few more
that only questions use in the lexicon of questions. Knows words, not what a match is worth.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from app.answer.question.lexicon import words as question_words
from app.answer.question.words import tokens


@cache
def groups() -> dict[str, frozenset[int]]:
    """Return each stem with the numbers of the groups it is in; words of one group are alike."""
    found: dict[str, set[int]] = {}
    for number, group in enumerate(_lines()):
        for word in group:
            stem = [token.stem for token in tokens(word)]
            if len(stem) == 1:
                found.setdefault(stem[0], set()).add(number)
    return {stem: frozenset(numbers) for stem, numbers in found.items()}


def _lines() -> Iterator[list[str]]:
    tables = tomllib.loads((files("app.answer") / "support/lexicon.toml").read_text("utf-8"))
    for line in tables["synonyms"].strip().splitlines():
        yield line.split()
    for line in tables["opposites"].strip().splitlines():
        for side in line.split(" / "):
            yield side.split()
    for word_group in sorted(question_words("groups", "synonyms")):
        yield word_group.split("/")
