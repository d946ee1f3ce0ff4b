"""What the search for disagreement returns."""

from dataclasses import dataclass

from app.answer.evidence.model import Evidence


@dataclass(frozen=True, slots=True, eq=False)
class ConflictGroup:
    """Values that cannot all hold, as their sources write them, with the evidence for each."""

    claims: tuple[tuple[str, tuple[Evidence, ...]], ...]
