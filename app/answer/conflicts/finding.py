"""Decides which claims of the evidence disagree, and which of them a reader is shown."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import numpy as np

from app.answer.conflicts.asides import is_aside, is_due, is_of_other_end
from app.answer.conflicts.asked import Asked, Form, asked
from app.answer.conflicts.candidates import Candidate, find_candidates
from app.answer.conflicts.chances import chances
from app.answer.conflicts.claims import Claim, gather
from app.answer.conflicts.features import Array, matrix
from app.answer.conflicts.holders import attends, holds
from app.answer.conflicts.leaning import carried, original
from app.answer.conflicts.model import ConflictGroup
from app.answer.conflicts.subject import at_stage, labelled, same_subject, there
from app.answer.conflicts.wording import shown
from app.answer.evidence.model import Evidence, Selection
from app.answer.question.model import Question
from app.answer.values import ValueKind

RIVAL: Final = 0.72
"""The least chance of a second value at which sources are said to disagree, whatever else is known.
Chosen so that where all sources agree, at most one question in twenty shows a conflict."""

RIVAL_OF_SEVERAL: Final = 0.82
"""The same for classes of things of which one may well have two: professions, genres, sports."""

RIVAL_IN_ANSWER: Final = 0.38
ANSWERS: Final = 0.5
"""A less likely second value counts where its sentence by itself likely answers the question…"""

RIVAL_IN_BEST: Final = 0.5
NEAR_BEST: Final = 0.9
ANSWERS_AT_BEST: Final = 0.35
"""…or where no other sentence answers it better."""

HOLDS: Final = 0.82
"""The chance of a value that a sentence gives outright: who holds an office, when a stay ends."""

LEAD: Final = 0.30
"""The least chance of the likeliest value."""

FURTHER: Final = 0.42
"""The least chance of a value that is shown beside two that disagree."""

MOST_CLAIMS: Final = 6
MOST_SOURCES: Final = 4
_PER_DOCUMENT: Final = 2
_NEARER: Final = 0.6
"""How near to the question a sentence must be beside its document's own for the lead value."""

_WORTH_READING: Final = 0.02
_LEAST_SCORE_SHARE: Final = 0.12
"""A rival's sentence must answer the question about as well as the best one does."""


def find(question: Question, selection: Selection) -> list[ConflictGroup]:
    """Return the disagreements of the evidence about what the question asks.

    Values count as one where they may both hold: "by September" and "September 2025", Irbil and
    Erbil. What is said of another event (the first phase, the second one) is no disagreement.

    Args:
        question: The standalone question.
        selection: Its evidence; ``ranked`` is what is compared.
    """
    wanted = asked(question)
    if wanted is None:
        return []
    claims = rivals(wanted, claims_of(wanted, selection.ranked))
    if not claims or claims[0].chance < LEAD:
        return []
    best = max(claim.answers() for claim in claims)
    if not any(_is_rival(wanted, claim, best) for claim in claims[1:]):
        return []
    kept = [claim for claim in claims[:MOST_CLAIMS] if claim.chance >= FURTHER]
    told = ((shown(claim.clearest), _sources(claim, selection.ranked)) for claim in kept)
    return [ConflictGroup(tuple(told))]


def _is_rival(wanted: Asked, claim: Claim, best: float) -> bool:
    if wanted.form is Form.MEMBER:
        return claim.chance >= RIVAL_OF_SEVERAL
    if claim.chance >= RIVAL:
        return True
    answers = claim.answers()
    if answers >= ANSWERS:
        return claim.chance >= RIVAL_IN_ANSWER
    return answers >= max(ANSWERS_AT_BEST, NEAR_BEST * best) and claim.chance >= RIVAL_IN_BEST


@lru_cache(maxsize=512)
def likeliest(wanted: Asked | None, evidence: Evidence) -> Candidate | None:
    """Return the likeliest value that one sentence gives for what is asked, if it gives any."""
    candidates = find_candidates(wanted, evidence) if wanted is not None else ()
    if wanted is None or not candidates:
        return None
    found = weighed(wanted, candidates)
    return candidates[int(found.argmax())]


def weighed(
    wanted: Asked,
    candidates: Sequence[Candidate],
    behind: Mapping[Evidence, Evidence] = MappingProxyType({}),
) -> Array:
    """Return the chance of each candidate, after what its sentence says outright."""
    found = chances(wanted.form, matrix(wanted, candidates, behind))
    out = [
        is_aside(wanted, each) or is_of_other_end(wanted, each) or attends(wanted, each)
        for each in candidates
    ]
    found = np.where(np.array(out, dtype=np.bool_), 0.0, found)
    sure = np.array([_sure(wanted, each, behind) for each in candidates], dtype=np.bool_)
    return np.where(sure, np.maximum(found, HOLDS), found)


def _sure(wanted: Asked, candidate: Candidate, behind: Mapping[Evidence, Evidence]) -> bool:
    """Tell whether a sentence, with the one that it goes on with, gives a value outright."""
    earlier = behind.get(candidate.evidence)
    return holds(wanted, candidate) or is_due(wanted, candidate, earlier.text if earlier else "")


def candidates_of(wanted: Asked, ranked: Sequence[Evidence]) -> list[Candidate]:
    """Return the candidates of all evidence that is not far behind the best."""
    best = max((evidence.score for evidence in ranked), default=0.0)
    near = (evidence for evidence in ranked if evidence.score >= _WORTH_READING * best)
    return [candidate for evidence in near for candidate in find_candidates(wanted, evidence)]


@lru_cache(maxsize=8)
def claims_of(wanted: Asked, ranked: tuple[Evidence, ...]) -> tuple[Claim, ...]:
    """Return the values that the evidence gives for what is asked, likeliest first."""
    lifted, behind = carried(wanted, ranked)
    candidates = candidates_of(wanted, lifted)
    if not candidates:
        return ()
    found = weighed(wanted, candidates, behind)
    of_stage = set(at_stage(wanted.stage, candidates))
    marks = zip(labelled(wanted, candidates), there(wanted, candidates, behind), strict=True)
    fit = [label and place for label, place in marks]
    kept = [n for n, each in enumerate(candidates) if each in of_stage and fit[n]]
    candidates, found = [candidates[n] for n in kept], found[kept]
    return tuple(gather(wanted, candidates, found.tolist(), per_document=_PER_DOCUMENT))


def rivals(wanted: Asked, claims: Sequence[Claim]) -> list[Claim]:
    """Return the likeliest claim and those that contradict it, likeliest first."""
    best = max((claim.spans[0].evidence.score for claim in claims), default=0.0)
    fit = [c for c in claims if c.spans[0].evidence.score >= _LEAST_SCORE_SHARE * best]
    if not fit:
        return []
    lead, *others = fit
    against = [without for other in others if (without := _against(wanted, lead, other))]
    return [lead, *sorted(against, key=lambda claim: -claim.chance)]


def _against(wanted: Asked, lead: Claim, other: Claim) -> Claim | None:
    """Return ``other`` with only what contradicts ``lead``, or None when nothing does.

    Values side by side in one sentence are a list, not a disagreement; and a document that gives
    the lead value in a sentence nearer to the question knows both and tells them apart.
    """
    beside = {span.evidence for span in lead.spans}
    nearer = dict[str, float]()
    for span in lead.spans:
        document = span.evidence.passage.document_id
        nearer[document] = max(nearer.get(document, 0.0), span.evidence.score)
    spans = [
        span
        for span in other.spans
        if span.evidence not in beside
        and span.evidence.score >= _NEARER * nearer.get(span.evidence.passage.document_id, 0.0)
        and (wanted.form is not Form.NUMBER or _counts_alike(lead.spans[0], span))
        and same_subject(wanted, lead.spans[0], span)
    ]
    documents = {span.evidence.passage.document_id for span in spans}
    chances = {name: chance for name, chance in other.chances.items() if name in documents}
    return Claim(spans, chances) if spans else None


def _counts_alike(a: Candidate, b: Candidate) -> bool:
    """Tell whether two figures count the same thing, as far as their units say."""
    if a.value is None or b.value is None:
        return False
    if ValueKind.DURATION in (a.value.kind, b.value.kind):
        return a.value.kind is b.value.kind
    return a.value.unit == b.value.unit or None in (a.value.unit, b.value.unit)


def _sources(claim: Claim, ranked: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return the claim's evidence, one sentence of each document, the clearest first."""
    found: dict[str, Evidence] = {}
    for span in (claim.clearest, *claim.spans):
        found.setdefault(span.evidence.passage.document_id, original(span.evidence, ranked))
    return tuple(found.values())[:MOST_SOURCES]
