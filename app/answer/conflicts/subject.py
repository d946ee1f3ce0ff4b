"""Whether two sentences speak of the same event, so that their values can contradict each other."""

from typing import Final

from app.answer.conflicts.candidates import Candidate
from app.answer.question.words import Token, tokens

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
_REACH: Final = 4
_NEAR: Final = 10


def same_subject(a: Candidate, b: Candidate) -> bool:
    """Tell whether nothing sets the events of two candidates apart.

    They are apart where each belongs to another stage ("the first phase", "the second one").
    """
    first, second = _stage(a), _stage(b)
    return first is None or second is None or first == second


def _stage(candidate: Candidate) -> int | None:
    """Return the number of the stage that the candidate's clause speaks of, if it does."""
    words = tokens(candidate.evidence.text)
    best: tuple[int, int] | None = None
    for place, word in enumerate(words):
        if word.stem in _STAGED:
            number = _numbered(words, place)
            apart = abs(place - candidate.first)
            if number is not None and apart <= _NEAR and (best is None or apart < best[0]):
                best = apart, number
    return best[1] if best else None


def _numbered(words: tuple[Token, ...], place: int) -> int | None:
    around = [*words[max(place - _REACH, 0) : place][::-1], *words[place + 1 : place + 2]]
    return next((_STAGES[word.lower] for word in around if word.lower in _STAGES), None)
