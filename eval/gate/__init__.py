"""Says whether a run may pass: thresholds, a baseline, and a verdict with its reasons."""

from eval.gate.baseline import Baseline
from eval.gate.deciding import decide
from eval.gate.model import Figure, Finding, Interval, Verdict
from eval.gate.thresholds import Threshold, Thresholds

__all__ = [
    "Baseline",
    "Figure",
    "Finding",
    "Interval",
    "Threshold",
    "Thresholds",
    "Verdict",
    "decide",
]
