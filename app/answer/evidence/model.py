"""What evidence selection hands to the writers."""

from dataclasses import dataclass

from app.answer.values.model import Value
from index.model import RetrievedPassage


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """A sentence that may answer the question.

    ``position`` is its place in ``passage.sentences``; ``start`` and ``end`` are offsets into the
    revision. ``score`` is the ranker's estimate, 0 to 1, that the sentence holds the answer.
    ``values`` are the values of the kind asked for that stand in the sentence (offsets into
    ``text``), the likeliest answer first; empty for kinds that have no value form.
    """

    passage: RetrievedPassage
    position: int
    text: str
    start: int
    end: int
    score: float
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """The ranked evidence, best first, and the estimate (0 to 1) that the question is answerable.

    ``ranked`` holds every candidate worth comparing (for conflicts); ``chosen`` the ones the answer
    should quote: at most three, unless the question asks for a list.
    """

    ranked: tuple[Evidence, ...]
    chosen: tuple[Evidence, ...]
    answerable: float
