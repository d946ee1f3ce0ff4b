"""Scores to one figure for each metric, over every case that it applies to."""

import math
from collections.abc import Iterable, Sequence
from statistics import fmean, median

from eval.cases.model import Case
from eval.metrics.offline import OFFLINE, applies
from eval.results import MetricSummary, Score


def summarise(cases: Sequence[Case], scores: Iterable[Score]) -> tuple[MetricSummary, ...]:
    """Return a summary of each metric that has scores, offline ones first, in their order.

    A case counts as applicable when the metric applies to it, scored or not: a score that is
    missing shows. With offline scores among ``scores`` all offline metrics are summarised.

    Raises:
        ValueError: a score is of no case, or a metric has two for one case.
    """
    known = {case.id for case in cases}
    by_metric: dict[str, dict[str, float | None]] = {}
    for score in scores:
        of_case = by_metric.setdefault(score.metric, {})
        if score.case_id not in known or score.case_id in of_case:
            fault = "has two scores of" if score.case_id in of_case else "scores the unknown case"
            raise ValueError(f"{score.metric} {fault} {score.case_id}")
        of_case[score.case_id] = score.value
    names = [name for name in by_metric if name not in OFFLINE]
    if len(names) < len(by_metric):
        names = [*OFFLINE, *names]
    return tuple(_summary(name, cases, by_metric.get(name, {})) for name in names)


def _summary(name: str, cases: Sequence[Case], values: dict[str, float | None]) -> MetricSummary:
    over = [case for case in cases if case.id in values or _must(name, case)]
    kinds = dict.fromkeys(case.kind for case in over)
    return MetricSummary(
        metric=name,
        mean=_middle(name, [values.get(case.id) for case in over]),
        applicable=len(over),
        scored=sum(_is_figure(values.get(case.id)) for case in over),
        by_kind={
            kind: _middle(name, [values.get(case.id) for case in over if case.kind == kind])
            for kind in kinds
        },
    )


def _must(name: str, case: Case) -> bool:
    return name in OFFLINE and applies(name, case)


def _middle(name: str, values: Sequence[float | None]) -> float | None:
    figures = [value for value in values if value is not None and math.isfinite(value)]
    if not figures:
        return None
    return median(figures) if name == "latency_ms" else fmean(figures)


def _is_figure(value: float | None) -> bool:
    return value is not None and math.isfinite(value)
