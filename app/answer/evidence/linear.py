"""Logistic models whose weights are data: the ranker and the judge, from ``weights.json``.

Knows how to score columns of numbers, not what the columns mean. ``eval/training`` writes the file.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from app.answer.evidence.reading import Array


@dataclass(frozen=True, slots=True, eq=False)
class LogisticModel:
    """Weights for named columns. Columns are given unscaled; the scale is in the weights."""

    columns: tuple[str, ...]
    weights: Array
    bias: float

    def score(self, rows: Array) -> Array:
        """Return the probability of each row of ``rows`` (n, columns), shape (n,)."""
        return np.asarray(1.0 / (1.0 + np.exp(-(rows @ self.weights + self.bias))))


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(
        (files("app.answer.evidence") / "weights.json").read_text("utf-8")
    )
    return data


@cache
def load(name: str, columns: Sequence[str]) -> LogisticModel:
    """Load a model by name and check that it was trained on exactly these ``columns``."""
    stored = _data()[name]
    if list(stored["weights"]) != list(columns):
        raise ValueError(f"weights.json: {name} was trained on other columns; run eval/training")
    weights = np.array(list(stored["weights"].values()), dtype=np.float64)
    return LogisticModel(tuple(columns), weights, float(stored["bias"]))
