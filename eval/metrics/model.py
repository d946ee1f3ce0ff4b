"""What a metric is, what it is given, and what it says. Knows no ragas and no single metric."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

from app.answer.model import Answer, Citation
from eval.cases.model import Case
from eval.metrics.statements import Statement, statements_of
from eval.results import Observation
from index.embedding.base import Embedder

Direction: TypeAlias = Literal["up", "down"]
"""``up`` where more is better, ``down`` where less is."""


class Measured(NamedTuple):
    """A value and why it is that."""

    value: float
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Subject:
    """A case and what the service did with it, which did not raise.

    Attributes:
        case: what was asked, and what is right.
        answer: what was answered.
        observation: the whole observation, with what stands at each citation's offsets.
        embedder: makes vectors, for sentences that are no quotes.
    """

    case: Case
    answer: Answer
    observation: Observation
    embedder: Embedder

    @cached_property
    def citations(self) -> dict[int, Citation]:
        """The citations by marker."""
        return {citation.marker: citation for citation in self.answer.citations}

    @cached_property
    def stored(self) -> dict[int, str]:
        """What stands at the offsets of each citation, by marker; empty where nothing does."""
        spans = zip(self.answer.citations, self.observation.spans, strict=True)
        return {citation.marker: span or "" for citation, span in spans}

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """What the answer says, each with the markers it rests on."""
        return statements_of(self.answer)

    @property
    def refused(self) -> bool:
        """Whether the service did not answer."""
        return self.answer.status == "refused"


def never(subject: Subject) -> bool:
    """Hold for nothing that a service does."""
    return False


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric of our own.

    Attributes:
        name: as reports and thresholds call it.
        about: one sentence for the report: what is measured.
        applies: whether a case is scored whatever the service does with it.
        measure: the value of one case.
        arises: whether what the service did with any other case is scored as well.
        worst: what a case that raised is scored, where the metric applies to it.
        binary: whether only 0 and 1 are values.
        most: the highest value there can be; the lowest is 0.
        direction: what is better.
    """

    name: str
    about: str
    applies: Callable[[Case], bool]
    measure: Callable[[Subject], Measured]
    arises: Callable[[Subject], bool] = never
    binary: bool = False
    worst: float = 0.0
    most: float = 1.0
    direction: Direction = "up"

    def scores(self, subject: Subject) -> bool:
        """Tell whether a case is scored, given what the service did with it."""
        return self.applies(subject.case) or self.arises(subject)


def every_case(case: Case) -> bool:
    """Hold for all cases."""
    return True


def no_case(case: Case) -> bool:
    """Hold for none: what the service does decides."""
    return False


def to_be_answered(case: Case) -> bool:
    """Hold for cases whose right answer is one."""
    return case.expect == "answer"


def to_be_refused(case: Case) -> bool:
    """Hold for cases whose right answer is a refusal."""
    return case.expect == "refusal"
