"""Where sources give different values for what is asked: the values, each with its evidence."""

from dataclasses import dataclass

from app.answer.evidence.model import Evidence, Selection
from app.answer.question.model import Question


@dataclass(frozen=True, slots=True, eq=False)
class ConflictGroup:
    """Values that cannot all hold, as their sources write them, with the evidence for each."""

    claims: tuple[tuple[str, tuple[Evidence, ...]], ...]


def find(question: Question, selection: Selection) -> list[ConflictGroup]:
    """Return the disagreements of the evidence about what the question asks."""
    del question, selection
    return []
