"""What a report is made from, and when a case counts as failing in a metric."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from eval.cases.model import Case
from eval.gate import Baseline, Figure, Verdict
from eval.results import Observation, Run, Score

_HALF = 0.5
_GRADED = frozenset({"semantic_similarity", "string_similarity", "mrr", "latency_ms"})
"""Of these a low score of one case is no failure: they are read as means."""


@dataclass(frozen=True)
class Report:
    """A run, its cases, the gate's verdict and the baseline that it was compared with.

    ``gated`` is False where the run was made without asking the gate.
    """

    run: Run
    cases: tuple[Case, ...]
    verdict: Verdict
    baseline: Baseline | None = None
    gated: bool = True

    @cached_property
    def figures(self) -> Mapping[str, Figure]:
        """Each metric's figure by name."""
        return {figure.metric: figure for figure in self.verdict.figures}

    @cached_property
    def scores(self) -> Mapping[str, tuple[Score, ...]]:
        """Each case's scores, in the order of the metrics."""
        order = {metric: number for number, metric in enumerate(self.figures)}
        by_case: dict[str, list[Score]] = {}
        for score in self.run.scores:
            by_case.setdefault(score.case_id, []).append(score)
        return {
            case: tuple(sorted(scores, key=lambda item: order.get(item.metric, len(order))))
            for case, scores in by_case.items()
        }

    @cached_property
    def observations(self) -> Mapping[str, Observation]:
        """Each case's observation."""
        return {item.case_id: item for item in self.run.observations}

    def failing(self, case_id: str) -> tuple[str, ...]:
        """Return the metrics in which a case fails, ``completed`` for one that raised."""
        observation = self.observations.get(case_id)
        raised = observation is None or observation.error is not None
        metrics = [
            score.metric
            for score in self.scores.get(case_id, ())
            if fails(score.value, self.figures.get(score.metric))
        ]
        if raised and "completed" not in metrics:
            metrics.append("completed")
        return tuple(metrics)

    def worse(self, case_id: str) -> tuple[str, ...]:
        """Return the metrics in which a case is worse than in the baseline."""
        return tuple(
            figure.metric
            for figure in self.verdict.figures
            for change in figure.changed
            if change.case_id == case_id and change.better is False
        )


def fails(value: float | None, figure: Figure | None) -> bool:
    """Tell whether one score is a failure to look at.

    It is when it could not be measured; when the metric must be perfect and this is not; otherwise
    when it is on the wrong side of one half.
    """
    if value is None:
        return True
    if figure is None or figure.metric in _GRADED:
        return False
    if figure.direction == "down":
        return value > _HALF or (figure.maximum == 0 and value > 0)
    return value < _HALF or (figure.minimum == 1 and value < 1)
