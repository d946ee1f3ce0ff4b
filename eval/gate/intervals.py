"""Bootstrap intervals over cases: of a metric's mean, and of its difference to the baseline.

Percentile bootstrap (Efron and Tibshirani 1993, chapter 13), 95 %, with a fixed seed, so that the
same scores give the same interval. Knows arrays, no metrics.
"""

import numpy as np
from numpy.typing import NDArray

from eval.gate.model import Interval

RESAMPLES = 2000
_SEED = 20_250_930
_TAILS = (2.5, 97.5)

Values = NDArray[np.float64]
"""One value a case; nan where the case has none."""


class Bootstrap:
    """Draws cases with replacement; all metrics of a run see the same draws.

    Args:
        cases: how many cases there are.
        resamples: how often they are drawn.
    """

    def __init__(self, cases: int, resamples: int = RESAMPLES) -> None:
        generator = np.random.default_rng(_SEED)
        self._drawn = generator.integers(0, max(cases, 1), (resamples, max(cases, 1)))

    def of_mean(self, values: Values, *, median: bool = False) -> Interval | None:
        """Return the interval of the mean (or median) over the cases that have a value."""
        return _interval(self._means(values, median=median))

    def of_change(self, before: Values, now: Values, *, median: bool = False) -> Interval | None:
        """Return the interval of mean now less mean before.

        Both means are taken over the same drawn cases, so what makes a case easy or hard cancels
        out; a case counts in one mean only where it has a score in that run only.
        """
        return _interval(self._means(now, median=median) - self._means(before, median=median))

    def _means(self, values: Values, *, median: bool) -> Values:
        if not values.size:
            return np.full(1, np.nan)
        drawn = values[self._drawn]
        scored = ~np.isnan(drawn)
        empty = ~scored.any(axis=1)
        drawn[empty] = 0.0  # nothing scored was drawn: no mean, and no warning of numpy's
        means = np.nanmedian(drawn, axis=1) if median else np.nanmean(drawn, axis=1)
        means[empty] = np.nan
        return np.asarray(means, np.float64)


def _interval(means: Values) -> Interval | None:
    means = means[~np.isnan(means)]
    if means.size == 0:
        return None
    low, high = np.percentile(means, _TAILS)
    return Interval(low=float(low), high=float(high))
