"""The sentences of the gate: what is wrong, the figures, what to do. Decides nothing."""

from collections.abc import Sequence

from eval.gate.model import CaseChange, Figure, Interval

ANEW = "If that is meant, make the baseline anew: footnote eval baseline RUN.json"
_NAMED = 5


def number(value: float | None) -> str:
    """Write a figure: three decimals for shares, none for large values."""
    if value is None:
        return "not measured"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:,.0f}"


def threshold(figure: Figure) -> str:
    """Say that a mean misses its bound."""
    bound = (
        f"at least {figure.minimum:g}"
        if figure.minimum is not None
        else f"at most {figure.maximum:g}"
    )
    return (
        f"{figure.metric} is {number(figure.mean)}{_interval(figure.interval)} on {figure.scored} "
        f"cases; {bound} is wanted."
    )


def fall(figure: Figure) -> str:
    """Say by how much a metric is worse than in the baseline, and in which cases most."""
    allowed = "" if figure.tolerance is None else f"; {figure.tolerance:g} is allowed"
    cases = [
        f"{item.case_id} {'none' if item.before is None else number(item.before)} → "
        f"{number(item.now)}"
        for item in worst(figure)
    ]
    examples = f" Worst: {some(cases)}." if cases else ""
    return f"{_moved(figure)}{allowed}.{examples}"


def worst(figure: Figure) -> list[CaseChange]:
    """Return the cases that fell, the farthest first, then those that are scored only now."""
    fallen = [item for item in figure.changed if item.better is False]
    fallen.sort(key=lambda item: -abs((item.now or 0) - (item.before or 0)))
    value = 0.0 if figure.direction == "up" else 1.0
    return fallen + [item for item in figure.changed if item.before is None and item.now == value]


def risen(figure: Figure) -> str:
    """Say by how much a metric is better than in the baseline."""
    return f"{_moved(figure)}, which is better."


def gone(cases: Sequence[str]) -> str:
    """Say that cases of the baseline are not in the run."""
    what = "case of the baseline is" if len(cases) == 1 else "cases of the baseline are"
    return f"{len(cases)} {what} not in this run: {some(cases)}. {ANEW}"


def new(cases: Sequence[str]) -> str:
    """Say that the run has cases that the baseline lacks."""
    what = "case is" if len(cases) == 1 else "cases are"
    return (
        f"{len(cases)} {what} not in the baseline and not compared: {some(cases)}. Update it with: "
        "footnote eval baseline RUN.json"
    )


def some(names: Sequence[str]) -> str:
    """Join the first few names, and say how many more there are."""
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _moved(figure: Figure) -> str:
    change = figure.change or 0.0
    now = None if figure.before is None else figure.before + change
    verb = "rose" if change > 0 else "fell"
    return (
        f"{figure.metric} {verb} from {number(figure.before)} to {number(now)}, by "
        f"{number(abs(change))}{_change_interval(figure)} over {figure.shared} cases of both runs"
    )


def _change_interval(figure: Figure) -> str:
    interval = figure.change_interval
    if interval is None:
        return ""
    return f" (change, 95 % interval: {_signed(interval.low)} to {_signed(interval.high)})"


def _interval(interval: Interval | None) -> str:
    if interval is None:
        return ""
    return f" (95 % interval: {number(interval.low)} to {number(interval.high)})"


def _signed(value: float) -> str:
    return f"{value:+.3f}" if abs(value) < 10 else f"{value:+,.0f}"
