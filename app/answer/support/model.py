"""What the check of a drafted sentence says of it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from app.answer.evidence.model import Evidence

Outcome: TypeAlias = Literal["supported", "recited", "dropped"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence may be shown.

    ``evidence`` are the source sentences that support it, the best first: they become its
    citations. ``recited`` means that the draft cited something else and a given passage supports
    it. ``why`` tells a reader why a sentence was dropped.
    """

    outcome: Outcome
    evidence: tuple[Evidence, ...] = ()
    why: str | None = None
