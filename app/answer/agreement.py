"""Which evidence says the same, so that an answer says it once and cites all who say it.

Merges only what cannot mislead: sentences of different wording are one where they give the same
value, speak of the same things and neither denies nor dates what the other does not.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from app.answer.conflicts.asides import is_aside
from app.answer.conflicts.asked import Asked, Form, asked
from app.answer.conflicts.candidates import Candidate, find_candidates
from app.answer.conflicts.claims import says_same
from app.answer.conflicts.finding import claims_of, likeliest, rivals
from app.answer.conflicts.holders import holds
from app.answer.conflicts.leaning import original
from app.answer.conflicts.subject import said_of, same_subject
from app.answer.evidence.model import Evidence
from app.answer.question.lexicon import words as word_list
from app.answer.question.model import Question
from app.answer.question.words import content, tokens
from app.answer.values import Value, ValueKind, compatible, extract
from app.answer.values.words import MONTHS

MOST_SOURCES: Final = 4
MOST_QUOTED: Final = 3
WORTH_QUOTING: Final = 0.4
"""The least chance of another value that earns its sentence a place in the answer."""

_NEAR_IDENTICAL: Final = 0.85
_SAME_WORDS: Final = 0.35
_SAME_MEANING: Final = 0.72
"""Least cosine of two sentences that may say the same in other words."""

_LEAST_SCORE_SHARE: Final = 0.03
_NUMERIC: Final = (ValueKind.NUMBER, ValueKind.DURATION)
_YEAR: Final = re.compile(r"\d{4}")
_LIKELY_SHARE: Final = 0.05
"""Two sentences on one place and date are one where neither answers much worse."""

_DENIALS: Final = re.compile(r"\b(?:\w+n['’]t)\b", re.IGNORECASE)


def group(
    question: Question, chosen: Sequence[Evidence], ranked: Sequence[Evidence]
) -> list[tuple[Evidence, ...]]:
    """Merge evidence that says the same.

    Args:
        question: What was asked; the value asked for must be the same.
        chosen: The sentences the answer should quote, best first.
        ranked: All candidates; those that say what a chosen one says become further citations.

    Returns:
        One tuple a statement: first the sentence to quote, the rest further citations, of other
        documents. A copy of a sentence within its own document is left out.
    """
    wanted = asked(question)
    groups: list[list[Evidence]] = []
    for evidence in _to_the_point(wanted, chosen):
        home = next((g for g in groups if agrees(wanted, g[0], evidence)), None)
        if home is None:
            groups.append([evidence])
        elif _new_document(home, evidence):
            home.append(evidence)
    for evidence in ranked:
        if any(evidence is member for members in groups for member in members):
            continue
        for members in groups:
            if len(members) == MOST_SOURCES or not _new_document(members, evidence):
                continue
            strong = evidence.score >= _LEAST_SCORE_SHARE * members[0].score
            if (strong or _near_identical(members[0], evidence)) and agrees(
                wanted, members[0], evidence
            ):
                members.append(evidence)
                break
    groups = [_fullest_first(wanted, members) for members in groups]
    groups += ([evidence] for evidence in _other_readings(wanted, groups, ranked))
    return [tuple(members) for members in groups]


def _fullest_first(wanted: Asked | None, members: list[Evidence]) -> list[Evidence]:
    """Quote the sentence whose date has its year, where the first of those that agree has none."""
    if wanted is None or wanted.form is not Form.DATE or len(members) == 1:
        return members

    def is_open(evidence: Evidence) -> bool:
        given = likeliest(wanted, evidence)
        return given is None or _YEAR.search(given.text) is None

    if not is_open(members[0]):
        return members
    full = (e for e in members[1:] if not is_open(e) and _both_answer(members[0], e))
    best = next(full, members[0])
    return [best, *(member for member in members if member is not best)]


def _to_the_point(wanted: Asked | None, chosen: Sequence[Evidence]) -> list[Evidence]:
    """Leave out what repeats the value of the place asked about for another place.

    And what names no holder of the office asked about, where others do.
    """
    if wanted is not None and (naming := [e for e in chosen if _names_holder(wanted, e)]):
        return naming
    if wanted is None or not wanted.places or wanted.form is not Form.DATE:
        return list(chosen)
    here = [e for e in chosen if said_of(wanted, e.text)]
    values = [value for e in here if (value := likeliest(wanted, e)) is not None]
    kept = []
    for evidence in chosen:
        given = likeliest(wanted, evidence)
        repeats = given is not None and any(says_same(wanted, v, given) for v in values)
        if evidence in here or not repeats:
            kept.append(evidence)
    return kept


def _names_holder(wanted: Asked, evidence: Evidence) -> bool:
    return any(holds(wanted, candidate) for candidate in find_candidates(wanted, evidence))


def _other_readings(
    wanted: Asked | None, groups: Sequence[Sequence[Evidence]], ranked: Sequence[Evidence]
) -> list[Evidence]:
    """Return sentences of other sources that likely give another value, while there is room.

    A second value is worth more to the reader than the same one again, even where it is not likely
    enough to speak of a disagreement.
    """
    room = MOST_QUOTED - len(groups)
    if wanted is None or room <= 0 or not groups:
        return []
    quoted = {evidence for members in groups for evidence in members}
    others = [
        original(claim.spans[0].evidence, ranked)
        for claim in rivals(wanted, claims_of(wanted, tuple(ranked)))
        if claim.chance >= WORTH_QUOTING
        and not quoted & {original(s.evidence, ranked) for s in claim.spans}
    ]
    return list(dict.fromkeys(others))[:room]


def agrees(wanted: Asked | None, a: Evidence, b: Evidence) -> bool:
    """Tell whether two pieces of evidence say the same about what is asked."""
    if _denied(a.text) != _denied(b.text) or not _figures_agree(a, b):
        return False
    if _near_identical(a, b):
        return True
    given = likeliest(wanted, a)
    if wanted is None or given is None:
        return False
    if not any(_gives_same(wanted, given, other) for other in find_candidates(wanted, b)):
        return False
    if wanted.places:
        here = said_of(wanted, a.text)
        if here != said_of(wanted, b.text):
            return False
        if here and wanted.form is Form.DATE and _both_answer(a, b):
            return True
    return _overlap(given, b) >= _SAME_WORDS or _cosine(a, b) >= _SAME_MEANING


def _gives_same(wanted: Asked, a: Candidate, b: Candidate) -> bool:
    """Tell whether two sentences give one value of one thing, and not the day it was said."""
    if not says_same(wanted, a, b):
        return False
    if wanted.form is not Form.DATE:
        return True
    placed = all(_is_placed(c.text) for c in (a, b))
    saying = any(is_aside(wanted, c) for c in (a, b))
    return placed and not saying and same_subject(wanted, a, b)


def _is_placed(date: str) -> bool:
    """Tell whether a date says its month or year itself, which "in the coming weeks" does not."""
    words = re.findall(r"[a-z]+", date.lower())
    return _YEAR.search(date) is not None or not MONTHS.keys().isdisjoint(words)


def _both_answer(a: Evidence, b: Evidence) -> bool:
    """Tell whether neither of two sentences is a much worse answer than the other."""
    return min(a.score, b.score) >= _LIKELY_SHARE * max(a.score, b.score)


def _near_identical(a: Evidence, b: Evidence) -> bool:
    return a.text == b.text or _jaccard(a.text, b.text) >= _NEAR_IDENTICAL


def _figures_agree(a: Evidence, b: Evidence) -> bool:
    """Tell whether no figure of one stands against a figure of the same things in the other."""
    ours, theirs = _figures(a.text), _figures(b.text)
    return all(
        any(compatible(x, y) for y in theirs if y.unit == x.unit)
        for x in ours
        if x.unit is not None and any(y.unit == x.unit for y in theirs)
    )


@lru_cache(maxsize=1024)
def _figures(text: str) -> tuple[Value, ...]:
    return tuple(extract(text, _NUMERIC))


@lru_cache(maxsize=1024)
def _denied(text: str) -> bool:
    words = {token.lower for token in tokens(text)}
    return bool(words & word_list("negation")) or _DENIALS.search(text) is not None


@lru_cache(maxsize=1024)
def _stems(text: str) -> frozenset[str]:
    return frozenset(token.stem for token in content(text))


def _jaccard(a: str, b: str) -> float:
    first, second = _stems(a), _stems(b)
    return len(first & second) / max(len(first | second), 1)


def _overlap(given: Candidate, other: Evidence) -> float:
    """Return the share of words two sentences have in common beside the value they give."""
    value = _stems(given.text)
    first, second = _stems(given.evidence.text) - value, _stems(other.text) - value
    return len(first & second) / max(min(len(first), len(second)), 1)


def _cosine(a: Evidence, b: Evidence) -> float:
    return float(a.passage.vectors[a.position] @ b.passage.vectors[b.position])


def _new_document(members: Sequence[Evidence], evidence: Evidence) -> bool:
    document = evidence.passage.document_id
    return all(member.passage.document_id != document for member in members)
