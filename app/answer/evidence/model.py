"""What evidence selection hands to the writers."""

from dataclasses import dataclass

from app.answer.values.model import Value
from index.model import RetrievedPassage


@dataclass(frozen=True, slots=True)
class Span:
    """The words of a sentence that answer, by the reader: offsets into the sentence's text.

    ``chance`` is the estimate, 0 to 1, that they are the answer.
    """

    start: int
    end: int
    chance: float


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """A sentence that may answer the question.

    ``position`` is its place in ``passage.sentences``; ``start`` and ``end`` are offsets into the
    revision. ``score`` is the estimate, 0 to 1, that the sentence holds the answer. ``values`` are
    the values of the kind asked for that stand in the sentence (offsets into ``text``), those
    nearest to what the reader marked first; empty for kinds that have no value form. ``span`` is
    what the reader marked, None where no reader was at work.
    """

    passage: RetrievedPassage
    position: int
    text: str
    start: int
    end: int
    score: float
    values: tuple[Value, ...]
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """The ranked evidence, best first, and the estimate (0 to 1) that the question is answerable.

    ``ranked`` holds every candidate worth comparing (for conflicts); ``chosen`` the ones the answer
    should quote: at most two, unless the question asks for a list. ``least`` is
    the estimate under which an answer is refused unless the settings say another.
    """

    ranked: tuple[Evidence, ...]
    chosen: tuple[Evidence, ...]
    answerable: float
    least: float = 0.0
