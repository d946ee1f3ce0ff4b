"""Dates that tell when something was said, agreed or published, not when what is asked happens.

"Agreed in a September 2024 statement" dates the statement. Reads the words around a date only.
"""

from functools import cache
from typing import Final

from app.answer.conflicts.asked import Asked, Form
from app.answer.conflicts.candidates import Candidate
from app.answer.conflicts.subject import places_in
from app.answer.question.lexicon import words as word_list
from app.answer.question.words import tokens
from app.answer.values.words import word_set

_SAYING: Final = word_set(
    """
    agreed agree agreement announced announcement confirmed declared declaration issued meeting
    published reported report said says signed statement stated summit talks told wrote adviser
    advisor interview spoke revealed
    """
)
_ARRANGING: Final = word_set("set fixed arranged")
"""Verbs of saying only where the date does not say what was set: "set for May" does."""

_AIMS: Final = word_set("until till through by for before no than end later within")
"""A date behind one of these is when something is due."""

_LIMITS: Final = frozenset(("by", "until", "till", "through", "than"))
_ENDS: Final = frozenset(("until", "till", "through"))
_PLANNED: Final = frozenset(("set", "due", "scheduled", "planned", "slated"))
_BEFORE: Final = 9
_AFTER: Final = 4


def is_due(asked: Asked, candidate: Candidate, earlier: str) -> bool:
    """Tell whether what is asked about a place is said to be over by a date, or set for one.

    ``earlier`` is the sentence that this one goes on with, if it does.
    """
    if asked.form is not Form.DATE or not asked.places:
        return False
    both = f"{earlier} {candidate.evidence.text}"
    if not asked.places <= places_in(asked, both):
        return False
    around = {word.stem for word in tokens(both)}
    if not (asked.relation | asked.kin) & around or is_aside(asked, candidate):
        return False
    words = tokens(candidate.evidence.text)
    before = [word.lower for word in words[max(candidate.first - 3, 0) : candidate.first]]
    return bool(_LIMITS & set(before[-2:]) or _PLANNED & set(before))


def is_of_other_end(asked: Asked, candidate: Candidate) -> bool:
    """Tell whether a date ends what the question asks the start of: "keeps a post until May"."""
    if asked.form is not Form.DATE or asked.stems & word_list("end_question", "cues"):
        return False
    if not (asked.relation | asked.kin) & _starts():
        return False
    words = tokens(candidate.evidence.text)
    before = words[max(candidate.first - 2, 0) : candidate.first]
    return any(word.lower in _ENDS for word in before)


@cache
def _starts() -> frozenset[str]:
    return frozenset(
        token.stem for word in word_list("start_question", "cues") for token in tokens(word)
    )


def is_aside(asked: Asked, candidate: Candidate) -> bool:
    """Tell whether a date belongs to an act of saying that the question does not ask about."""
    if asked.form is not Form.DATE:
        return False
    words = tokens(candidate.evidence.text)
    meant = asked.relation | asked.kin | asked.subject
    before = words[max(candidate.first - _BEFORE, 0) : candidate.first]
    if any(word.lower in _AIMS for word in before[-2:]):
        return False
    text = candidate.evidence.text
    for word in reversed(before):
        if ";" in text[word.end : candidate.start] or ". " in text[word.end : candidate.start]:
            break
        if word.stem in asked.relation or word.stem in asked.kin:
            break
        if word.lower in _SAYING | _ARRANGING and word.stem not in meant:
            return True
    following = words[candidate.last + 1 : candidate.last + 1 + _AFTER]
    opening = candidate.first <= 1
    for word in following:
        if "," in text[candidate.end : word.start] and not opening:
            break
        if word.stem in asked.relation or word.stem in asked.kin:
            break
        if word.lower in _SAYING and word.stem not in meant:
            return opening or text[candidate.end : word.start].count(" ") <= _AFTER
    return False
