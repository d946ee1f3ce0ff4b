"""Puts each metric of a run beside its thresholds and the baseline: means, intervals, changes.

Means are taken anew from the scores, never from the run's own summaries. Judges nothing.
"""

import math
from collections.abc import Mapping, Sequence
from statistics import fmean, median

import numpy as np

from eval.gate.baseline import Baseline
from eval.gate.intervals import Bootstrap, Values
from eval.gate.model import CaseChange, Direction, Figure
from eval.gate.thresholds import Threshold
from eval.results import MetricSummary, Run

MEDIANS = frozenset({"latency_ms"})
"""Metrics whose summary is the median, because one slow case says little."""

UNSTEADY = frozenset({"latency_ms"})
"""Metrics that differ between two runs of the same code, so that a case's change says nothing."""

SAME = 5e-4
"""Scores that differ by less count as unchanged: a baseline keeps four digits."""

Scores = Mapping[str, float | None]


def scores_of(run: Run) -> dict[str, dict[str, float | None]]:
    """Return each metric's score by case; None where it could not be measured."""
    table: dict[str, dict[str, float | None]] = {}
    for score in run.scores:
        value = score.value if score.value is not None and math.isfinite(score.value) else None
        table.setdefault(score.metric, {})[score.case_id] = value
    return table


def average(metric: str, values: Sequence[float]) -> float | None:
    """Return the mean, the median of a metric that is told so, None of nothing."""
    if not values:
        return None
    return float(median(values) if metric in MEDIANS else fmean(values))


def figures(
    run: Run,
    thresholds: Mapping[str, Threshold],
    baseline: Baseline | None,
    directions: Mapping[str, Direction],
) -> tuple[Figure, ...]:
    """Return a figure for each metric of the run, in the run's order."""
    table = scores_of(run)
    draws = Bootstrap(len(run.cases))
    in_baseline = set(baseline.cases) if baseline else set()
    shared = [case for case in run.cases if case in in_baseline]
    shared_draws = Bootstrap(len(shared))
    return tuple(
        _Comparison(
            run, summary, table.get(summary.metric, {}), directions.get(summary.metric, "up")
        ).figure(thresholds.get(summary.metric), baseline, shared, draws, shared_draws)
        for summary in run.summaries
    )


class _Comparison:
    """One metric of one run."""

    def __init__(
        self, run: Run, summary: MetricSummary, scores: Scores, direction: Direction
    ) -> None:
        self._cases = run.cases
        self._summary = summary
        self._metric = summary.metric
        self._scores = scores
        self._direction = direction

    def figure(
        self,
        threshold: Threshold | None,
        baseline: Baseline | None,
        shared: Sequence[str],
        draws: Bootstrap,
        shared_draws: Bootstrap,
    ) -> Figure:
        is_median = self._metric in MEDIANS
        values = [value for value in self._scores.values() if value is not None]
        bounds = threshold or Threshold()
        figure = Figure(
            metric=self._metric,
            direction=self._direction,
            mean=average(self._metric, values),
            interval=draws.of_mean(_array(self._scores, self._cases), median=is_median),
            scored=len(values),
            applicable=self._summary.applicable,
            minimum=bounds.minimum,
            maximum=bounds.maximum,
            tolerance=bounds.tolerance,
            gated=threshold is not None,
        )
        if baseline is None or self._metric not in baseline.metrics:
            return figure
        old = baseline.metrics[self._metric].scores
        before = average(self._metric, [old[case] for case in shared if case in old])
        both = [self._scores.get(case) for case in shared]
        now = average(self._metric, [value for value in both if value is not None])
        if before is None or now is None:
            return figure.model_copy(update={"before": before})
        interval = shared_draws.of_change(
            _array(old, shared), _array(self._scores, shared), median=is_median
        )
        return figure.model_copy(
            update={
                "before": before,
                "change": now - before,
                "change_interval": interval,
                "shared": sum(case in old or self._scores.get(case) is not None for case in shared),
                "changed": self._changes(old, shared),
            }
        )

    def _changes(self, old: Mapping[str, float], shared: Sequence[str]) -> tuple[CaseChange, ...]:
        if self._metric in UNSTEADY:
            return ()
        changes = []
        for case in shared:
            before, now = old.get(case), self._scores.get(case)
            if before is None and now is None:
                continue
            if before is None or now is None:
                changes.append(CaseChange(case_id=case, before=before, now=now, better=None))
            elif abs(now - before) > SAME:
                better = (now > before) == (self._direction == "up")
                changes.append(CaseChange(case_id=case, before=before, now=now, better=better))
        return tuple(changes)


def _array(scores: Scores, cases: Sequence[str]) -> Values:
    values = [scores.get(case) for case in cases]
    return np.array([math.nan if value is None else value for value in values], np.float64)
