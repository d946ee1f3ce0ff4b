"""The plots' numbers: where on its axis each mark stands, in percent. Templates draw them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.gate import Figure

_BINS = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """A share from 0 to 1: its mean, interval, bound and baseline, in percent of the width."""

    mean: float | None
    low: float | None
    high: float | None
    bound: float | None
    before: float | None
    label: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a histogram; place, width and height in percent."""

    left: float
    width: float
    height: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """How often values fall between bounds; ``late`` is the 95th percentile, places in percent."""

    columns: tuple[Column, ...]
    lowest: float
    highest: float
    median: float
    median_value: float
    late: float
    late_value: float


def bar(figure: Figure) -> Bar:
    """Return where the marks of a metric stand."""
    bound = figure.minimum if figure.minimum is not None else figure.maximum
    parts = [f"{figure.metric}: {figure.mean:.3f}" if figure.mean is not None else "not measured"]
    if figure.interval:
        parts.append(f"interval {figure.interval.low:.3f} to {figure.interval.high:.3f}")
    if bound is not None:
        parts.append(f"bound {bound:g}")
    if figure.before is not None:
        parts.append(f"baseline {figure.before:.3f}")
    return Bar(
        mean=_percent(figure.mean),
        low=_percent(figure.interval.low if figure.interval else None),
        high=_percent(figure.interval.high if figure.interval else None),
        bound=_percent(bound),
        before=_percent(figure.before),
        label=", ".join(parts),
    )


def histogram(values: Sequence[float]) -> Histogram | None:
    """Return a histogram of values, None of nothing; what is beyond the 99th percentile is last."""
    if not values:
        return None
    array = np.asarray(values, np.float64)
    top = max(float(np.percentile(array, 99)), float(array.min()) + 1e-6)
    counts, edges = np.histogram(np.minimum(array, top), _BINS, (0.0, top))
    median, late = float(np.median(array)), float(np.percentile(array, 95))
    return Histogram(
        columns=tuple(
            Column(
                left=100 * number / _BINS,
                width=100 / _BINS,
                height=100 * int(count) / int(counts.max()),
                low=float(edges[number]),
                high=float(edges[number + 1]),
                count=int(count),
            )
            for number, count in enumerate(counts)
        ),
        lowest=0.0,
        highest=top,
        median=100 * min(median / top, 1.0),
        median_value=median,
        late=100 * min(late / top, 1.0),
        late_value=late,
    )


def _percent(value: float | None) -> float | None:
    return None if value is None else round(100 * max(0.0, min(1.0, value)), 2)
