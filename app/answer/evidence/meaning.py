"""How near two words are in meaning, from a table of small vectors.

The table holds, for each of the twenty thousand commonest words, what the bundled sentence encoder
makes of the word alone, reduced to 64 dimensions (``eval/training/meanings.py``). It costs a small
matrix product where embedding the words again would cost seconds.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from app.answer.question.lexicon import frequency_ranks
from app.answer.question.words import Token
from app.answer.synonyms import groups

_UNRELATED = 0.35  # words taken at random are this near
_SCALE = 127.0


def likeness(asked: Sequence[Token], texts: Sequence[Sequence[Token]]) -> NDArray[np.float64]:
    """Return how near each text comes to each asked word, shape (texts, asked), 0 to 1.

    A text comes as near as its nearest word. Words that the table lacks are near to nothing.
    """
    result = np.zeros((len(texts), len(asked)))
    columns = [(n, row) for n, token in enumerate(asked) if (row := _row(token)) is not None]
    rows: list[int] = []
    starts: list[int] = []
    owners: list[int] = []
    for place, text in enumerate(texts):
        found = _rows(text)
        if found:
            starts.append(len(rows))
            owners.append(place)
            rows.extend(found)
    if not columns or not rows:
        return result
    table = _table()
    distinct, inverse = np.unique(np.array(rows), return_inverse=True)
    near = table[distinct].astype(np.float32) @ table[[row for _, row in columns]].T.astype(
        np.float32
    )
    nearest = np.maximum.reduceat(near[inverse], starts, axis=0) / _SCALE**2
    scaled = np.clip((nearest - _UNRELATED) / (1.0 - _UNRELATED), 0.0, 1.0)
    result[np.ix_(owners, [n for n, _ in columns])] = scaled
    return result


def synonymous(asked: Sequence[Token], texts: Sequence[Sequence[Token]]) -> NDArray[np.float64]:
    """Tell which texts hold a listed synonym of which asked word, shape (texts, asked), 0 or 1."""
    listed = groups()
    wanted = [listed.get(token.stem, frozenset()) for token in asked]
    result = np.zeros((len(texts), len(asked)))
    for row, text in enumerate(texts):
        there = _groups_of(tuple(text))
        for column, numbers in enumerate(wanted):
            if not numbers.isdisjoint(there):
                result[row, column] = 1.0
    return result


@lru_cache(maxsize=4096)
def _groups_of(text: tuple[Token, ...]) -> frozenset[int]:
    listed = groups()
    return frozenset().union(*(listed.get(t.stem, frozenset()) for t in text if not t.stop))


@cache
def _table() -> NDArray[np.int8]:
    with (files("app.answer.evidence") / "meanings.npy").open("rb") as stream:
        return np.asarray(np.load(stream), dtype=np.int8)


@lru_cache(maxsize=4096)
def _rows(text: tuple[Token, ...]) -> tuple[int, ...]:
    found = (_row(token) for token in text if not token.stop)
    return tuple({row for row in found if row is not None})


def _row(token: Token) -> int | None:
    ranks = frequency_ranks()
    forms = (token.lower, token.stem, token.stem + "e", token.stem + "s", token.root)
    return next((ranks[form] for form in forms if form in ranks), None)
