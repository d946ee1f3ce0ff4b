"""What a case is. Plain immutable data; ``eval.cases.loading`` reads and checks it."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from app.answer.model import Turn
from index.model import Filters

Kind: TypeAlias = Literal[
    "fact",
    "list",
    "date",
    "number",
    "comparison",
    "conflict",
    "near-miss",
    "off-subject",
    "follow-up",
    "attack",
]
"""``near-miss`` and ``off-subject`` questions have no answer in the corpus; ``attack`` questions
try to make the service say what the sources do not (``expect`` tells whether one has an answer)."""

Expect: TypeAlias = Literal["answer", "refusal"]


@dataclass(frozen=True, slots=True)
class Gold:
    """A quote that answers, resolved in the corpus: ``text[start:end] == quote``."""

    document_id: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a complete answer says, and the quotes any of which backs it.

    ``values`` are other ways to write it; an answer that has one of them says it.
    """

    values: tuple[str, ...]
    evidence: tuple[Gold, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A question, and what a right answer to it is.

    Attributes:
        id: unique over all datasets, such as ``withdrawal-0007``.
        dataset: the name of the file it stands in, without suffix.
        reference: a right answer in one or two sentences; None where refusing is right.
        facts: what a complete answer says, each with its evidence; empty where refusing is right.
        conflicts: values that the sources give for the same thing and that cannot all hold: a right
            answer shows at least two of them as a conflict. Empty where sources agree.
    """

    id: str
    dataset: str
    kind: Kind
    question: str
    expect: Expect
    history: tuple[Turn, ...] = ()
    filters: Filters = field(default_factory=Filters)
    reference: str | None = None
    facts: tuple[Fact, ...] = ()
    conflicts: tuple[str, ...] = ()

    @property
    def gold(self) -> tuple[Gold, ...]:
        """All quotes that back some fact."""
        return tuple(gold for fact in self.facts for gold in fact.evidence)
