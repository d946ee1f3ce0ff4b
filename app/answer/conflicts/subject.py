"""Whether two sentences speak of the same event, so that their values can contradict each other."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from app.answer.conflicts.asked import Asked, Form
from app.answer.conflicts.candidates import Candidate
from app.answer.conflicts.classes import country_stems, is_country
from app.answer.conflicts.stages import LAST, stage_near
from app.answer.evidence.model import Evidence
from app.answer.question.lexicon import words as word_list
from app.answer.question.words import tokens
from app.answer.values import ValueKind, extract

_SITES: Final = frozenset(("province", "governorate", "county", "district", "oblast"))
"""Sorts of place that stand beside the names of their own."""

_BACKWARD: Final = frozenset(("this", "these", "it", "they", "there", "here", "that", "its"))
_OPENING: Final = 3
_LOCATING: Final = frozenset(("in", "from", "of", "out", "within", "at", "leave", "leaves"))


def same_subject(wanted: Asked, a: Candidate, b: Candidate) -> bool:
    """Tell whether nothing sets the events of two candidates apart.

    They are apart where they belong to other stages ("the first phase", and all of it), where each
    is said of another country and the question is of nothing else that has a name, and where each
    figure has a year of its own. A whole that is to end before a later stage of it is not apart.
    """
    if stage_of(a) != stage_of(b) and not (_outlasts(wanted, a, b) or _outlasts(wanted, b, a)):
        return False
    if wanted.form is Form.DATE and (not wanted.named or wanted.subject <= wanted.places):
        ours, theirs = countries(a.evidence.text), countries(b.evidence.text)
        return not ours or not theirs or bool(ours & theirs)
    return wanted.form is not Form.NUMBER or _same_time(a, b)


def _outlasts(wanted: Asked, whole: Candidate, part: Candidate) -> bool:
    """Tell whether a later stage of what is asked the end of ends after all of it does."""
    if wanted.form is not Form.DATE or wanted.stage not in (None, LAST):
        return False
    stage = stage_of(part)
    if stage_of(whole) is not None or stage is None or stage == 1:
        return False
    if not (wanted.relation | wanted.kin) & _ends():
        return False
    until, after = whole.value, part.value
    if until is None or after is None or until.last is None or after.first is None:
        return False
    return after.first > until.last


@lru_cache(maxsize=1)
def _ends() -> frozenset[str]:
    return frozenset(
        token.stem for word in word_list("end_question", "cues") for token in tokens(word)
    )


def there(
    wanted: Asked, candidates: Sequence[Candidate], behind: Mapping[Evidence, Evidence]
) -> list[bool]:
    """Mark the candidates that are said of the place asked about; all where none is.

    A sentence that goes on with the one before it is where that one is, and one that tells the very
    end asked about, and no country, is where its title says.
    """
    if not wanted.places or wanted.form not in (Form.DATE, Form.NUMBER):
        return [True] * len(candidates)
    marks = [_is_there(wanted, c.evidence, behind) for c in candidates]
    return marks if any(marks) else [True] * len(marks)


def said_of(wanted: Asked, text: str) -> bool:
    """Tell whether a sentence names the place asked about, or takes up what was said."""
    if places_in(wanted, text):
        return True
    words = tokens(text)
    return any(w.lower in _BACKWARD for w in words[:_OPENING]) and not countries(text)


def places_in(wanted: Asked, text: str) -> frozenset[str]:
    """Return the places asked about that a sentence names, not as "Iraqi" or in "US-Iraq"."""
    return frozenset(
        word.stem
        for word in tokens(text)
        if word.stem in wanted.places
        and "-" not in (text[word.start - 1 : word.start], text[word.end : word.end + 1])
        and (word.stem not in country_stems() or is_country(word.lower))
    )


def _is_there(wanted: Asked, evidence: Evidence, behind: Mapping[Evidence, Evidence]) -> bool:
    if _set_elsewhere(wanted, evidence.text):
        return False
    if evidence in behind or said_of(wanted, evidence.text):
        return True
    above = f"{evidence.passage.title} {evidence.passage.heading or ''}"
    if countries(evidence.text) or not wanted.places <= places_in(wanted, above):
        return False
    ends = _ends() & (wanted.relation | wanted.kin)
    return any(word.stem in ends or word.root in ends for word in tokens(evidence.text))


@lru_cache(maxsize=1024)
def _set_elsewhere(wanted: Asked, text: str) -> bool:
    """Tell whether a sentence is set "in" another country, and not in the place asked about."""
    within = {
        word.stem if is_country(word.lower) else ""
        for before, word in pairwise(tokens(text))
        if before.lower == "in"
    }
    around = {
        word.stem
        for before, word in pairwise(tokens(text))
        if before.lower in _LOCATING and word.stem in wanted.places
    }
    return bool(within - wanted.places - {""}) and not around


def labelled(wanted: Asked, candidates: Sequence[Candidate]) -> list[bool]:
    """Mark the names that stand beside the sort of place asked for: "Anbar province"; else all."""
    sorts = wanted.stems & _sites()
    if wanted.form is not Form.NAME or not sorts:
        return [True] * len(candidates)
    marks = [_beside(candidate, sorts) for candidate in candidates]
    return marks if any(marks) else [True] * len(candidates)


def _beside(candidate: Candidate, sorts: frozenset[str]) -> bool:
    words = tokens(candidate.evidence.text)
    before = words[max(candidate.first - 2, 0) : candidate.first]
    if len(before) == 2 and before[0].stem in sorts and before[1].lower == "of":
        return True
    text = candidate.evidence.text
    if before and before[-1].stem in sorts and text[before[-1].end : candidate.start] == " ":
        return True
    after = words[candidate.last + 1 : candidate.last + 3]
    if after and after[0].stem in sorts:
        return True
    return len(after) == 2 and after[0].lower in ("a", "the") and after[1].stem in sorts


@lru_cache(maxsize=1)
def _sites() -> frozenset[str]:
    return frozenset(tokens(word)[0].stem for word in _SITES)


@lru_cache(maxsize=1024)
def countries(text: str) -> frozenset[str]:
    """Return the countries that a sentence names, not those of "US-led" or "Iraqi"."""
    return frozenset(
        word.lower
        for word in tokens(text)
        if is_country(word.lower)
        and "-" not in (text[word.start - 1 : word.start], text[word.end : word.end + 1])
    )


def _same_time(a: Candidate, b: Candidate) -> bool:
    """Tell whether two figures may be of one time: "in 2019" and "in 2023" are not."""
    ours, theirs = _years(a.evidence.text), _years(b.evidence.text)
    if len(ours) != 1 or len(theirs) != 1:
        return True
    return ours == theirs


@lru_cache(maxsize=1024)
def _years(text: str) -> frozenset[int]:
    dates = extract(text, (ValueKind.DATE,))
    return frozenset(
        d.first.year for d in dates if d.first and d.last and d.first.year == d.last.year
    )


def at_stage(stage: int | None, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates that speak of the stage asked about, where one is asked about.

    Where none says its stage, those that speak of no stage at all remain. The last stage ends when
    all does.
    """
    if stage is None:
        return list(candidates)
    stages = [stage_of(candidate) for candidate in candidates]
    if stage == LAST:
        return [c for c, other in zip(candidates, stages, strict=True) if other != 1]
    wanted = stage if stage in stages else None
    return [c for c, other in zip(candidates, stages, strict=True) if other == wanted]


def stage_of(candidate: Candidate) -> int | None:
    """Return the number of the stage that a candidate is said of, if its sentence names one."""
    return stage_near(tokens(candidate.evidence.text), candidate.first)
