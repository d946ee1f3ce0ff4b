"""Parts of one undertaking ("the first phase", "stage two"), as numbers.

Reads words only, of questions and of sentences alike.
"""

from collections.abc import Sequence
from typing import Final

from app.answer.question.words import Token

_STAGES: Final = {
    word: number
    for number, words in enumerate(
        (
            "first initial one earlier former original",
            "second two latter",
            "third three",
            "final last full complete",
        ),
        start=1,
    )
    for word in words.split()
}
"""Words that tell the parts of one undertaking apart."""

_STAGED: Final = frozenset(("phas", "phase", "stag", "stage", "part", "step", "round", "half"))
LAST: Final = 4
"""The number of the last stage, however many there are."""

_COMPLETION: Final = frozenset(("complet", "completion"))
_REACH: Final = 4
_NEAR: Final = 14


def stage_asked(words: Sequence[Token]) -> int | None:
    """Return the number of the stage that a question names: "the second phase"."""
    places = (place for place, word in enumerate(words) if word.stem in _STAGED)
    return next((n for place in places if (n := _numbered(words, place)) is not None), None)


def stage_near(words: Sequence[Token], position: int) -> int | None:
    """Return the number of the stage that is named nearest to a token, if one is near."""
    if any(word.stem in _COMPLETION for word in words[max(position - 3, 0) : position]):
        staged = any(word.stem in _STAGED for word in words)
        return LAST if staged else None
    best: tuple[int, int] | None = None
    for place, word in enumerate(words):
        if word.stem in _STAGED:
            number = _numbered(words, place)
            apart = abs(place - position)
            if number is not None and apart <= _NEAR and (best is None or apart < best[0]):
                best = apart, number
    return best[1] if best else None


def _numbered(words: Sequence[Token], place: int) -> int | None:
    around = [*words[max(place - _REACH, 0) : place][::-1], *words[place + 1 : place + 2]]
    return next((_STAGES[word.lower] for word in around if word.lower in _STAGES), None)
