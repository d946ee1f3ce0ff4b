"""Sentences that go on with the one before: what that one is about, they are about as well.

"Troops prepare to leave the port. The process is to be over by May." The second gives the date,
the first says of what. Knows scores and words, no values' chances.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from app.answer.conflicts.asides import is_aside
from app.answer.conflicts.asked import Asked, Form
from app.answer.conflicts.candidates import find_candidates
from app.answer.conflicts.stages import stage_near
from app.answer.conflicts.subject import places_in
from app.answer.evidence.model import Evidence
from app.answer.question.words import tokens
from app.answer.values.words import word_set

_REACH: Final = 2
_OPENING: Final = 7
_BACKWARD: Final = word_set(
    "this that these those it its they them their he she his her such here there"
)
_SHARE: Final = 0.9
"""How much of its match a sentence lends to the one that goes on with it."""

Behind = Mapping[Evidence, Evidence]


@lru_cache(maxsize=16)
def carried(wanted: Asked, ranked: tuple[Evidence, ...]) -> tuple[tuple[Evidence, ...], Behind]:
    """Return the evidence with scores lent, and the sentence that each borrower leans on.

    A sentence lends only where it matches the question and gives no value itself, and no borrower
    gets past the best of those that give a value in their own words.
    """
    if wanted.form not in (Form.DATE, Form.NUMBER):
        return ranked, {}
    valued = {e for e in ranked if _gives(wanted, e)}
    most = max((evidence.score for evidence in valued), default=0.0)
    places = {_place(evidence): evidence for evidence in ranked}
    found: list[Evidence] = []
    behind: dict[Evidence, Evidence] = {}
    for evidence in ranked:
        lender = _lender(wanted, evidence, places, valued) if evidence in valued else None
        if lender is None:
            found.append(evidence)
            continue
        score = max(evidence.score, min(_SHARE * lender.score, most))
        lifted = replace(evidence, score=score)
        found.append(lifted)
        behind[lifted] = lender
    return tuple(found), behind


def original(evidence: Evidence, ranked: Sequence[Evidence]) -> Evidence:
    """Return the piece of ``ranked`` that a lifted one was made of."""
    place = _place(evidence)
    return next(each for each in ranked if _place(each) == place)


def _place(evidence: Evidence) -> tuple[str, int, int]:
    return evidence.passage.document_id, evidence.passage.number, evidence.position


def _gives(wanted: Asked, evidence: Evidence) -> bool:
    return any(not is_aside(wanted, each) for each in find_candidates(wanted, evidence))


def _lender(
    wanted: Asked,
    evidence: Evidence,
    places: Mapping[tuple[str, int, int], Evidence],
    valued: set[Evidence],
) -> Evidence | None:
    if not _leans(wanted, evidence.text):
        return None
    document, passage, position = _place(evidence)
    for back in range(1, _REACH + 1):
        before = places.get((document, passage, position - back))
        if before is None:
            continue
        if before in valued:
            return None
        here = places_in(wanted, before.text) if wanted.places else _stems(before.text)
        if before.score > evidence.score and wanted.subject & here:
            return before
    return None


@lru_cache(maxsize=1024)
def _leans(wanted: Asked, text: str) -> bool:
    """Tell whether a sentence takes up what was said: by pronoun, or as "the process"."""
    words = tokens(text)
    if wanted.subject & _stems(text) or not words:
        return False
    if any(stage_near(words, n) is not None for n in range(0, len(words), 5)):
        return False
    opening = words[:_OPENING]
    if any(word.lower in _BACKWARD for word in opening):
        return True
    return any(
        word.lower == "the" and following.text.islower()
        for word, following in zip(opening, words[1:], strict=False)
    )


@lru_cache(maxsize=1024)
def _stems(text: str) -> frozenset[str]:
    return frozenset(token.stem for token in tokens(text))
