"""Values gathered into claims: spans that say the same, with how likely the claim is an answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.answer.conflicts.asked import Asked, Form
from app.answer.conflicts.candidates import Candidate
from app.answer.question.model import AnswerKind
from app.answer.question.words import tokens
from app.answer.values import Value, ValueKind, compatible, same_name

_DISCOUNT: Final = 0.9
"""A second source adds a little less than an independent one would: sources copy."""


@dataclass(slots=True, eq=False)
class Claim:
    """Spans that say the same, likeliest first; ``chances`` holds each document's best."""

    spans: list[Candidate]
    chances: dict[str, float] = field(default_factory=dict)

    @property
    def chance(self) -> float:
        """The chance that this is a value of what is asked, by all its documents together."""
        missed = 1.0
        for chance in self.chances.values():
            missed *= 1.0 - _DISCOUNT * chance
        return 1.0 - missed


def gather(
    asked: Asked, candidates: Sequence[Candidate], chances: Iterable[float], *, per_document: int
) -> list[Claim]:
    """Group candidates that say the same into claims, likeliest first.

    Of each document only its ``per_document`` likeliest different values count: what stands lower
    in its own source is rarely an answer.
    """
    claims: list[Claim] = []
    used: dict[str, list[Claim]] = {}
    ranked = sorted(zip(chances, candidates, strict=True), key=lambda pair: -pair[0])
    for chance, candidate in ranked:
        document = candidate.evidence.passage.document_id
        own = used.setdefault(document, [])
        claim = next((c for c in claims if says_same(asked, c.spans[0], candidate)), None)
        if claim is None or claim not in own:
            if len(own) == per_document:
                continue
            if claim is None:
                claim = Claim([])
                claims.append(claim)
            own.append(claim)
        claim.spans.append(candidate)
        claim.chances.setdefault(document, chance)
    return sorted(claims, key=lambda claim: -claim.chance)


def says_same(asked: Asked, a: Candidate, b: Candidate) -> bool:
    """Tell whether two spans may be one answer: equal, or one within the other."""
    if a.key == b.key:
        return True
    if a.value is not None and b.value is not None and a.value.kind is not ValueKind.NAME:
        return _same_value(a.value, b.value)
    if same_name(a.text, b.text):
        return True
    first, second = _content(a.text), _content(b.text)
    if asked.form is Form.NAME and asked.kind is not AnswerKind.PLACE:
        return False
    return bool(first and second) and (first <= second or second <= first)


def _same_value(a: Value, b: Value) -> bool:
    if a.kind is ValueKind.DATE:
        return compatible(a, b)
    return a.amount == b.amount or compatible(a, b)


def _content(text: str) -> frozenset[str]:
    return frozenset(token.stem for token in tokens(text) if not token.stop)
