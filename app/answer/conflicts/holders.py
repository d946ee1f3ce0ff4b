"""Who holds an office that a question names, where a sentence says it in so many words.

"Prime Minister Anna Velt" holds it, "an adviser to Prime Minister Anna Velt, Tom Arden" and "Tom
Arden, who advises the prime minister" do not. Reads words; knows no chances.
"""

from functools import lru_cache
from typing import Final

from app.answer.conflicts.asked import Asked
from app.answer.conflicts.candidates import Candidate
from app.answer.question.model import AnswerKind
from app.answer.question.words import Token, tokens
from app.answer.values.words import word_set

_ATTENDANTS: Final = word_set(
    """
    adviser advisor advisers advisors aide aides advises advised spokesman spokeswoman spokesperson
    assistant deputy secretary envoy wife husband son daughter brother sister lawyer successor
    predecessor ally rival represents representing serves serving
    """
)
_NO_LONGER: Final = word_set("former ex then late acting would-be previous vice deputy")
_BETWEEN: Final = frozenset(("name", "as", "is", "was", "named", "called", "be", "to", "s"))
_REACH: Final = 9


def attends(asked: Asked, candidate: Candidate) -> bool:
    """Tell whether a person is said to serve the one asked for, and so is another."""
    office = _office(asked)
    if not office or _ATTENDANTS & asked.stems:
        return False
    words = tokens(candidate.evidence.text)
    after = words[candidate.last + 1 : candidate.last + 1 + _REACH]
    if _serves(after, office) and _set_off(candidate, after):
        return True
    before = words[max(candidate.first - _REACH, 0) : candidate.first]
    if _directly(before, office):
        return False
    helper = next((n for n, w in enumerate(before) if w.lower in _ATTENDANTS), None)
    if helper is None:
        return False
    if helper == len(before) - 1:  # the prime minister's adviser Tom Arden
        return True
    aside = candidate.evidence.text[before[-1].end : candidate.start].strip()
    rest = before[helper + 1 :]
    named = any(w.capital and w.stem not in office for w in rest)
    return aside == "," and office <= {w.stem for w in rest} and named


def holds(asked: Asked, candidate: Candidate) -> bool:
    """Tell whether the office stands right before a person's name, or the sentence names who it is.

    Not where the office is another country's ("the French president"), or a former one.
    """
    office = _office(asked)
    if not office or attends(asked, candidate):
        return False
    words = tokens(candidate.evidence.text)
    before = words[max(candidate.first - _REACH, 0) : candidate.first]
    while before and before[-1].lower in _BETWEEN:
        before = before[:-1]
    if not _directly(before, office):
        return False
    text = candidate.evidence.text
    gap = text[before[-1].end : candidate.start]
    if "," in gap and text[candidate.end : candidate.end + 1] not in (",", ".", ";", ")"):
        return False  # an apposition ends somewhere; an enumeration goes on
    front = before[: -len(office)][-2:]
    return not any(word.lower in _NO_LONGER for word in front)


@lru_cache(maxsize=256)
def _office(asked: Asked) -> frozenset[str]:
    """Return the stems of the office, of two words or more: what one word titles is not sure."""
    office = asked.focus or asked.relation
    return office if asked.kind is AnswerKind.PERSON and len(office) > 1 else frozenset()


def _directly(before: tuple[Token, ...], office: frozenset[str]) -> bool:
    return {word.stem for word in before[-len(office) :]} == office


def _serves(after: tuple[Token, ...], office: frozenset[str]) -> bool:
    place = next((n for n, word in enumerate(after) if word.lower in _ATTENDANTS), None)
    return place is not None and bool(office & {word.stem for word in after[place + 1 :]})


def _set_off(candidate: Candidate, after: tuple[Token, ...]) -> bool:
    """Tell whether what follows is said of the candidate: ", who advises", ", an adviser to"."""
    text = candidate.evidence.text
    gap = text[candidate.end : candidate.end + 2].strip()
    return gap in (",", "(") or after[0].lower in ("is", "was", "who", "advises", "serves")
