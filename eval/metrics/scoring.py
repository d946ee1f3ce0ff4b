"""Scores of one case: every offline metric that applies to it, and nothing silently left out."""

import math
from collections.abc import Callable, Iterable, Sequence

from eval.cases.model import Case
from eval.metrics.model import Subject
from eval.metrics.offline import OFFLINE, applies, worst
from eval.results import Observation, Score
from index.embedding.base import Embedder


def score(case: Case, observation: Observation, *, embedder: Embedder) -> list[Score]:
    """Return the scores of one case by all offline metrics that apply to it.

    A case that raised is scored the worst by each metric that applies to it, so that failing is
    never better than answering wrongly. What cannot be measured has no value, and says why.

    Args:
        case: what was asked.
        observation: what the service did with it.
        embedder: for semantic similarity, and for sentences that are no quotes.

    Raises:
        EvaluationMissingError: ragas is not installed; the message says how to install it.
    """
    if observation.answer is None:
        reason = f"the case raised: {observation.error}"
        return [
            Score(metric=name, case_id=case.id, value=worst(name), reason=reason)
            for name in OFFLINE
            if applies(name, case)
        ]
    from eval.ragas_bridge.offline import measure  # takes seconds to import

    subject = Subject(case, observation.answer, observation, embedder)
    scores = []
    for name, (value, reason) in measure(subject).items():
        if value is not None and not math.isfinite(value):
            value, reason = None, f"not measured: {value} is no figure"
        scores.append(Score(metric=name, case_id=case.id, value=value, reason=reason))
    return scores


def score_all(
    cases: Sequence[Case],
    observations: Iterable[Observation],
    *,
    embedder: Embedder,
    progress: Callable[[int, int], None] | None = None,
) -> list[Score]:
    """Return the scores of all cases, in their order.

    Raises:
        ValueError: an observation is of no case.
        KeyError: a case has no observation.
        EvaluationMissingError: ragas is not installed.
    """
    by_case = {observation.case_id: observation for observation in observations}
    if unknown := by_case.keys() - {case.id for case in cases}:
        raise ValueError(f"observations of unknown cases: {', '.join(sorted(unknown))}")
    scores: list[Score] = []
    for done, case in enumerate(cases, start=1):
        scores += score(case, by_case[case.id], embedder=embedder)
        if progress is not None:
            progress(done, len(cases))
    return scores
