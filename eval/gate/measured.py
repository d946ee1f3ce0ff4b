"""Finds what of a run is not measured: cases that raised, scores that are missing or do not add up.

A run is taken for what its cases and scores say, not for what its summaries claim.
"""

import math
from collections import Counter
from collections.abc import Iterator

from eval.gate import wording
from eval.gate.comparing import SAME, average, scores_of
from eval.gate.model import Finding
from eval.results import MetricSummary, Run


def incomplete(run: Run) -> Iterator[Finding]:
    """Yield a finding for each way in which the run is not whole."""
    if not run.cases:
        yield Finding(
            metric="completed",
            rule="measured",
            message="The run has no cases; nothing was measured.",
        )
    yield from _repeated(run)
    yield from _observed(run)
    yield from _scored(run)


def _repeated(run: Run) -> Iterator[Finding]:
    if twice := tuple(case for case, times in Counter(run.cases).items() if times > 1):
        message = f"Cases stand in the run more than once: {wording.some(twice)}."
        yield Finding(metric=None, rule="cases", message=message, cases=twice)
    pairs = Counter((item.metric, item.case_id) for item in run.scores)
    for (metric, case), times in pairs.items():
        if times > 1:
            message = f"{metric} has {times} scores for {case}; one is wanted."
            yield Finding(metric=metric, rule="measured", message=message, cases=(case,))


def _observed(run: Run) -> Iterator[Finding]:
    observed = Counter(item.case_id for item in run.observations)
    if unseen := tuple(case for case in run.cases if observed[case] != 1):
        message = f"Not asked exactly once, though in the run: {wording.some(unseen)}."
        yield Finding(metric="completed", rule="measured", message=message, cases=unseen)
    broken = [item for item in run.observations if item.error is not None or item.answer is None]
    if broken:
        ids = tuple(item.case_id for item in broken)
        first = broken[0].error or "no answer came"
        yield Finding(
            metric="completed",
            rule="measured",
            message=f"{len(broken)} of {len(run.cases)} cases raised: {wording.some(ids)}. "
            f"The first: {first}",
            cases=ids,
        )


def _scored(run: Run) -> Iterator[Finding]:
    table = scores_of(run)
    known = set(run.cases)
    summaries = {item.metric: item for item in run.summaries}
    for metric in table:
        if metric not in summaries:
            message = f"{metric} has scores and no summary."
            yield Finding(metric=metric, rule="measured", message=message)
    for metric, summary in summaries.items():
        scores = table.get(metric, {})
        if strangers := tuple(case for case in scores if case not in known):
            message = f"{metric} has scores for cases not in the run: {wording.some(strangers)}."
            yield Finding(metric=metric, rule="cases", message=message, cases=strangers)
        missing = tuple(case for case, value in scores.items() if value is None)
        measured = [value for value in scores.values() if value is not None]
        if len(measured) != summary.applicable:
            yield Finding(
                metric=metric,
                rule="measured",
                message=f"{metric} was measured on {len(measured)} of {summary.applicable} cases"
                f"{': not on ' + wording.some(missing) if missing else ''}."
                f"{_reason(run, metric)}",
                cases=missing,
            )
        yield from _summed_up(summary, measured)


def _summed_up(summary: MetricSummary, measured: list[float]) -> Iterator[Finding]:
    """Yield what a summary claims and the scores do not say."""
    mean = average(summary.metric, measured)
    same = summary.scored == len(measured)
    if summary.mean is None or mean is None:
        same = same and summary.mean is None and mean is None
    else:
        same = same and math.isclose(summary.mean, mean, abs_tol=SAME, rel_tol=1e-6)
    if not same:
        message = (
            f"{summary.metric}: the summary says {wording.number(summary.mean)} over "
            f"{summary.scored} cases, the scores {wording.number(mean)} over {len(measured)}."
        )
        yield Finding(metric=summary.metric, rule="measured", message=message)


def _reason(run: Run, metric: str) -> str:
    reasons = (item.reason for item in run.scores if item.metric == metric and item.value is None)
    first = next(filter(None, reasons), None)
    return f" The first reason: {first}" if first else ""
