"""Decides whether a run passes, and says why not: each finding names its metric and the figures.

The point estimate decides. The offline tier is deterministic, so a fall by more than the tolerance
is a change of the service and not of the dice; intervals are shown to judge its size by, and never
excuse one. What was not measured on every case is not a pass.
"""

from collections.abc import Iterator, Mapping

from eval.gate import definitions, wording
from eval.gate.baseline import Baseline
from eval.gate.comparing import SAME, UNSTEADY, figures
from eval.gate.measured import incomplete
from eval.gate.model import Direction, Figure, Finding, Verdict
from eval.gate.thresholds import Threshold, Thresholds
from eval.results import Run, Tier

_EXACT = 1e-9
_DEFINING = (definitions.KEY, "ragas", "rapidfuzz")


def decide(
    run: Run,
    thresholds: Thresholds,
    baseline: Baseline | None = None,
    *,
    known: Mapping[Tier, Mapping[str, Direction]],
) -> Verdict:
    """Hold a run against thresholds and a baseline.

    Args:
        run: what was measured.
        thresholds: what each metric must reach, and by how much it may fall.
        baseline: an earlier run; without one nothing is compared.
        known: the metrics of each tier, and which direction is better.
    """
    bounds = thresholds.of(run.info.tier)
    directions = {name: way for tier in known.values() for name, way in tier.items()}
    shown = figures(run, bounds, baseline, directions)
    findings = [*incomplete(run), *_missing(bounds, run)]
    notes: list[str] = []
    judged = set(known["judge"])
    if baseline is not None:
        findings += [*_other_definitions(run, baseline, judged), *_lost(run, baseline, known)]
    for figure in shown:
        findings += _below(figure)
        if baseline is not None:
            findings += _fallen(figure, baseline, judged)
    if baseline is not None:
        notes = [*_changed_facts(run, baseline), *filter(None, map(_moved, shown))]
    return Verdict(passed=not findings, findings=tuple(findings), notes=tuple(notes), figures=shown)


def _missing(bounds: Mapping[str, Threshold], run: Run) -> Iterator[Finding]:
    """Yield what should be gated and was measured nowhere."""
    applicable = {item.metric: item.applicable for item in run.summaries}
    for metric in bounds:
        if metric not in applicable:
            what = "has a threshold, and the run did not measure it"
        elif not applicable[metric]:
            what = "has a threshold, and applied to no case of the run"
        else:
            continue
        yield Finding(metric=metric, rule="measured", message=f"{metric} {what}.")


def _below(figure: Figure) -> Iterator[Finding]:
    if figure.mean is None:
        return
    too_low = figure.minimum is not None and figure.mean < figure.minimum - _EXACT
    too_high = figure.maximum is not None and figure.mean > figure.maximum + _EXACT
    if too_low or too_high:
        yield Finding(metric=figure.metric, rule="threshold", message=wording.threshold(figure))


def _fallen(figure: Figure, baseline: Baseline, judged: set[str]) -> Iterator[Finding]:
    if figure.tolerance is None:
        return
    if figure.metric not in baseline.metrics:
        if figure.metric in judged and baseline.tier != "judge":
            return  # an offline baseline; a note tells
        yield Finding(
            metric=figure.metric,
            rule="definitions",
            message=f"{figure.metric} may fall by {figure.tolerance:g} since the baseline, "
            f"which does not have it. {wording.ANEW}",
        )
        return
    if figure.change is None:
        yield Finding(
            metric=figure.metric,
            rule="fall",
            message=f"{figure.metric} was {wording.number(figure.before)} in the baseline; now it "
            "has no score on any case that both have.",
        )
        return
    if _beyond(figure):
        yield Finding(
            metric=figure.metric,
            rule="fall",
            message=wording.fall(figure),
            cases=tuple(item.case_id for item in wording.worst(figure)),
        )


def _beyond(figure: Figure) -> bool:
    """Tell whether a metric is worse than in the baseline by more than it may be."""
    if figure.change is None or figure.tolerance is None:
        return False
    worse = -figure.change if figure.direction == "up" else figure.change
    return worse > figure.tolerance + _EXACT


def _other_definitions(run: Run, baseline: Baseline, judged: set[str]) -> Iterator[Finding]:
    for name in _DEFINING:
        now, then = run.info.versions.get(name), baseline.versions.get(name)
        if now != then:
            yield Finding(
                metric=None,
                rule="definitions",
                message=f"The baseline was made with other definitions of the metrics ({name} "
                f"{then or 'unknown'} then, {now or 'unknown'} now), so its figures do not "
                f"compare. {wording.ANEW}",
            )
    compared = judged & set(baseline.metrics) & {item.metric for item in run.summaries}
    now, then = run.info.models.get("judge"), baseline.models.get("judge")
    if compared and now != then:
        yield Finding(
            metric=None,
            rule="definitions",
            message=f"{then} judged the baseline and {now} judged this run, so judged figures do "
            f"not compare. {wording.ANEW}",
        )


def _lost(
    run: Run, baseline: Baseline, known: Mapping[Tier, Mapping[str, Direction]]
) -> Iterator[Finding]:
    """Yield the cases, datasets and metrics of the baseline that the run no longer has."""
    present = set(run.cases)
    if gone := tuple(case for case in baseline.cases if case not in present):
        yield Finding(metric=None, rule="cases", message=wording.gone(gone), cases=gone)
    for name in baseline.datasets:
        if name not in run.info.datasets:
            message = f"The dataset {name} of the baseline is not in this run. {wording.ANEW}"
            yield Finding(metric=None, rule="cases", message=message)
    measured = {item.metric for item in run.summaries}
    for metric in baseline.metrics:
        if metric not in measured and (run.info.tier == "judge" or metric not in known["judge"]):
            message = f"{metric} is in the baseline, and the run did not measure it."
            yield Finding(metric=metric, rule="measured", message=message)


def _changed_facts(run: Run, baseline: Baseline) -> Iterator[str]:
    """Yield what else is not as it was for the baseline."""
    earlier = set(baseline.cases)
    if new := [case for case in run.cases if case not in earlier]:
        yield wording.new(new)
    for name, sha in run.info.datasets.items():
        if name in baseline.datasets and baseline.datasets[name] != sha:
            yield f"The dataset {name} has changed since the baseline. {wording.ANEW}"
    for role, model in run.info.models.items():
        if role != "judge" and baseline.models.get(role) != model:
            then = baseline.models.get(role) or "none"
            yield f"The {role} model is {model or 'none'}; in the baseline it was {then}."
    changed = [name for name, sha in run.info.prompts.items() if baseline.prompts.get(name) != sha]
    if changed:
        yield f"Prompts changed since the baseline: {', '.join(sorted(changed))}."


def _moved(figure: Figure) -> str | None:
    """Say how a metric moved that the gate has nothing against."""
    if figure.change is None or abs(figure.change) <= SAME or figure.metric in UNSTEADY:
        return None
    if (figure.change > 0) == (figure.direction == "up"):
        return wording.risen(figure)
    if figure.tolerance is None:
        return f"{wording.fall(figure)} It is not gated."
    return None if _beyond(figure) else f"{wording.fall(figure)} That is within the tolerance."
