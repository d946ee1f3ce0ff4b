"""The few fitted weights: which sentence answers, whether any does, whether its words are exact.

Owns ``calibration.json`` and knows how to score columns, not what they mean. ``training/calibrate``
fits the weights on half of several fields and writes the file.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Logistic:
    """Weights for named columns. Columns are given unscaled; the scale is in the weights."""

    columns: tuple[str, ...]
    weights: Array
    bias: float

    def chances(self, rows: Array) -> Array:
        """Return the chance of each row of ``rows`` (n, columns), shape (n,)."""
        return np.asarray(1.0 / (1.0 + np.exp(-(rows @ self.weights + self.bias))))


@cache
def _stored() -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(
        (files("app.answer.evidence") / "calibration.json").read_text("utf-8")
    )
    return stored


@cache
def load(name: str, columns: Sequence[str]) -> Logistic:
    """Load a model by name and check that it was fitted on exactly these ``columns``."""
    stored = _stored()[name]
    if list(stored["weights"]) != list(columns):
        raise ValueError(f"calibration.json: {name} has other columns; run training/calibrate")
    weights = np.array(list(stored["weights"].values()), dtype=np.float64)
    return Logistic(tuple(columns), weights, float(stored["bias"]))


def threshold(name: str) -> float:
    """Return a fitted threshold by name."""
    return float(_stored()["thresholds"][name])
