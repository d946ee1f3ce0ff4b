"""What of a case and its observation is judged, by which metrics, and what needs no judge.

- The case has a reference and was answered: all six.
- It has a reference but was refused: context_precision and context_recall, which ask only what was
  found; answer_relevancy and factual_correctness are 0, for nothing relevant was said. Nothing was
  claimed that could be unfaithful or noise, so those two do not apply.
- Refusing is right but it was answered: faithfulness and answer_relevancy, which need no reference.
- Refusing is right and it was refused: nothing. Refusals are the offline metrics' business.
- It has a reference and the service failed: all six, not measured.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.answer.model import Answer
from eval.cases.model import Case
from eval.results import Observation, Score

FAITHFULNESS = "faithfulness"
ANSWER_RELEVANCY = "answer_relevancy"
CONTEXT_PRECISION = "context_precision"
CONTEXT_RECALL = "context_recall"
FACTUAL_CORRECTNESS = "factual_correctness"
NOISE_SENSITIVITY = "noise_sensitivity"

JUDGED = (
    FAITHFULNESS,
    ANSWER_RELEVANCY,
    CONTEXT_PRECISION,
    CONTEXT_RECALL,
    FACTUAL_CORRECTNESS,
    NOISE_SENSITIVITY,
)
"""The metrics, in the order in which they are asked for and reported."""

LOWER_IS_BETTER = frozenset({NOISE_SENSITIVITY})
"""Which of ``JUDGED`` are better when lower; the others are better when higher."""

_MARKER = re.compile(r"\s*\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Sample:
    """What a metric sees.

    Attributes:
        question: the standalone form that the service answered.
        response: the answer without markers; empty where it was refused.
        contexts: the passages found, best first.
    """

    question: str
    response: str
    reference: str | None
    contexts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """One metric on one case: a sample to judge, or a score that is known without a judge."""

    metric: str
    case_id: str
    sample: Sample | None = None
    known: Score | None = None


def tasks(case: Case, observation: Observation | None) -> Iterator[Task]:
    """Yield what there is to score, in the order of ``JUDGED``."""
    answer = observation.answer if observation else None
    if observation is None or answer is None:
        why = observation.error if observation else None
        for metric in JUDGED if case.reference is not None else ():
            yield _known(metric, case, None, f"not measured: {why or 'nothing was observed'}")
        return
    sample = _sample(case, observation, answer)
    for metric in JUDGED:
        if _applies(metric, sample):
            yield _task(metric, case, sample)


def _applies(metric: str, sample: Sample) -> bool:
    if sample.reference is None:
        return bool(sample.response) and metric in (FAITHFULNESS, ANSWER_RELEVANCY)
    return bool(sample.response) or metric not in (FAITHFULNESS, NOISE_SENSITIVITY)


def _task(metric: str, case: Case, sample: Sample) -> Task:
    if not sample.response and metric in (ANSWER_RELEVANCY, FACTUAL_CORRECTNESS):
        return _known(metric, case, 0.0, "refused although the sources answer")
    if not sample.contexts and metric in (CONTEXT_PRECISION, CONTEXT_RECALL, FAITHFULNESS):
        return _known(metric, case, 0.0, "no passage was found")
    if not sample.contexts and metric == NOISE_SENSITIVITY:
        return _known(metric, case, None, "not measured: no passage was found")
    return Task(metric, case.id, sample=sample)


def _known(metric: str, case: Case, value: float | None, reason: str) -> Task:
    score = Score(metric=metric, case_id=case.id, value=value, reason=reason)
    return Task(metric, case.id, known=score)


def _sample(case: Case, observation: Observation, answer: Answer) -> Sample:
    markers = {citation.marker for citation in answer.citations}

    def without(match: re.Match[str]) -> str:
        return "" if int(match[1]) in markers else match[0]

    response = "" if answer.status == "refused" else _MARKER.sub(without, answer.answer).strip()
    return Sample(
        question=answer.question or case.question,
        response=response,
        reference=case.reference,
        contexts=tuple(passage.text for passage in observation.passages),
    )
