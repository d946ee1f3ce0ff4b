"""How likely a candidate is the value asked for: a logistic model for each form of answer.

The weights are data (``weights.json``, written by ``eval/training/conflicts.py``); what the columns
mean is decided in ``features``.
"""

import json
from functools import cache
from importlib.resources import files

import numpy as np

from app.answer.conflicts.asked import Form
from app.answer.conflicts.features import COLUMNS, Array


def chances(form: Form, rows: Array) -> Array:
    """Return the chance, 0 to 1, of each row of features, shape (n,)."""
    weights = _weights()[form]
    return np.asarray(1.0 / (1.0 + np.exp(-(rows @ weights[1:] + weights[0]))))


@cache
def _weights() -> dict[Form, Array]:
    """Return each form's bias and weights; columns are given unscaled."""
    stored = json.loads((files("app.answer.conflicts") / "weights.json").read_text("utf-8"))
    if stored["columns"] != list(COLUMNS):
        raise ValueError("weights.json was trained on other columns; run eval.training.conflicts")
    return {Form(form): np.array(row, dtype=np.float64) for form, row in stored["forms"].items()}
