"""Values gathered into claims: spans that say the same, with how likely the claim is an answer."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from app.answer.conflicts.asked import Asked, Form
from app.answer.conflicts.candidates import Candidate, range_around
from app.answer.conflicts.subject import stage_of
from app.answer.question.model import AnswerKind
from app.answer.question.words import tokens
from app.answer.values import Value, ValueKind, compatible, same_name

_DISCOUNT: Final = 0.9
"""A second source adds a little less than an independent one would: sources copy."""


_AHEAD: Final = re.compile(r"\b(?:coming|next|within)\b.*\b(?:weeks|months|years|year)\b", re.I)

_NEGLIGIBLE: Final = 0.03
"""A span with a smaller chance makes no claim and supports none."""


@dataclass(slots=True, eq=False)
class Claim:
    """Spans that say the same, likeliest first; ``chances`` holds each document's best."""

    spans: list[Candidate]
    chances: dict[str, float] = field(default_factory=dict)

    @property
    def clearest(self) -> Candidate:
        """The span that says most: a date with its year, and of those the closest one."""
        return min(self.spans, key=lambda span: (_is_open(span), _length(span)))

    def answers(self) -> float:
        """Return the best score of its sentences."""
        return max(span.evidence.score for span in self.spans)

    def takes(self, asked: Asked, candidate: Candidate) -> bool:
        """Tell whether a span may say the same as every span of the claim.

        Every one, because "September" may be that of either of two years, and they are not one.
        """
        keys = {candidate.key}
        for span in self.spans:
            if span.key not in keys and not says_same(asked, span, candidate):
                return False
            keys.add(span.key)
        return True

    @property
    def chance(self) -> float:
        """The chance that this is a value of what is asked, by all its documents together."""
        missed = 1.0
        for chance in self.chances.values():
            missed *= 1.0 - _DISCOUNT * chance
        return 1.0 - missed


def _is_open(span: Candidate) -> bool:
    return span.value is not None and span.value.month is not None


def _length(span: Candidate) -> int:
    """Return the days that a date may mean, 0 for what is no date."""
    value = span.value
    if value is None or value.first is None or value.last is None:
        return 0
    return (value.last - value.first).days


def gather(
    asked: Asked, candidates: Sequence[Candidate], chances: Iterable[float], *, per_document: int
) -> list[Claim]:
    """Group candidates that say the same into claims, likeliest first.

    A date without a year goes to the likeliest reading of those that it may mean, and to one of its
    own stage before all others. Of each
    document only its ``per_document`` likeliest different values count: what stands lower
    in its own source is rarely an answer.
    """
    claims: list[Claim] = []
    used: dict[str, list[Claim]] = {}
    likely = (p for p in zip(chances, candidates, strict=True) if p[0] >= _NEGLIGIBLE)
    ranked = sorted(likely, key=lambda pair: (_is_open(pair[1]), -pair[0]))
    for chance, candidate in ranked:
        document = candidate.evidence.passage.document_id
        own = used.setdefault(document, [])
        homes = _of_its_stage(candidate, [c for c in claims if c.takes(asked, candidate)])
        claim = max(homes, key=lambda c: (c.chance, c.answers()), default=None)
        if claim is None or claim not in own:
            if len(own) == per_document:
                continue
            if claim is None:
                claim = Claim([])
                claims.append(claim)
            own.append(claim)
        claim.spans.append(candidate)
        claim.chances[document] = max(chance, claim.chances.get(document, 0.0))
    return sorted(claims, key=lambda claim: -claim.chance)


def _of_its_stage(candidate: Candidate, homes: list[Claim]) -> list[Claim]:
    """Return the claims that an open date may belong to: of its own stage, where there are any."""
    if not _is_open(candidate):
        return homes
    stage = stage_of(candidate)
    return [c for c in homes if any(stage_of(span) == stage for span in c.spans)] or homes


def says_same(asked: Asked, a: Candidate, b: Candidate) -> bool:
    """Tell whether two spans may be one answer: equal, or one within the other."""
    if a.key == b.key:
        return True
    if a.value is not None and b.value is not None and a.value.kind is not ValueKind.NAME:
        return _same_value(a.value, b.value) or _overlap(a, b)
    if a.key[0] == b.key[0] == "member":
        return set(a.key) <= set(b.key) or set(b.key) <= set(a.key)
    if same_name(a.text, b.text):
        return True
    first, second = _content(a.text), _content(b.text)
    if asked.form is Form.NAME and asked.kind is not AnswerKind.PLACE:
        return False
    return bool(first and second) and (first <= second or second <= first)


def _same_value(a: Value, b: Value) -> bool:
    if a.kind is ValueKind.DATE:
        return compatible(a, b) or _within_span(a, b)
    return a.amount == b.amount or compatible(a, b)


def _within_span(a: Value, b: Value) -> bool:
    """Tell whether two dates meet, one of them a span ahead: "in the coming 12 months"."""
    if a.first is None or a.last is None or b.first is None or b.last is None:
        return False
    ahead = _AHEAD.search(a.text) or _AHEAD.search(b.text)
    return bool(ahead) and a.first <= b.last and b.first <= a.last


def _overlap(a: Candidate, b: Candidate) -> bool:
    """Tell whether two figures, one of them a bound of a range, may be one."""
    first, second = range_around(a), range_around(b)
    if first is None and second is None:
        return False
    low, high = first[2:] if first else _exactly(a)
    other_low, other_high = second[2:] if second else _exactly(b)
    return low <= other_high and other_low <= high


def _exactly(span: Candidate) -> tuple[float, float]:
    amount = span.value.amount if span.value else None
    return (float("nan"), float("nan")) if amount is None else (amount, amount)


@lru_cache(maxsize=4096)
def _content(text: str) -> frozenset[str]:
    return frozenset(token.stem for token in tokens(text) if not token.stop)
