"""The table of figures in the documents, made from baseline and thresholds: it cannot lie."""

import re
from collections.abc import Iterator
from pathlib import Path

from eval.gate import Baseline, Figure, Thresholds
from eval.metrics import DIRECTION
from eval.reports import words

ROOT = Path(__file__).parents[2]
DOCUMENTS = (ROOT / "README.md", ROOT / "docs" / "evaluation.md")
_PLACE = re.compile(
    r"(<!-- figures: python -m eval\.reports -->\n).*?(<!-- end of figures -->)", re.DOTALL
)


def with_figures(text: str, baseline: Baseline, thresholds: Thresholds) -> str:
    """Return a document with the table between its two marks; without them, as it was."""
    table = "\n".join(_lines(baseline, thresholds))
    return _PLACE.sub(lambda found: f"{found[1]}{table}\n{found[2]}", text)


def _lines(baseline: Baseline, thresholds: Thresholds) -> Iterator[str]:
    yield "| metric | value | cases | gate |"
    yield "| --- | ---: | ---: | --- |"
    bounds = thresholds.of(baseline.tier)
    for name, metric in baseline.metrics.items():
        if name == "latency_ms":
            continue  # another on each machine
        bound = bounds.get(name)
        figure = Figure(
            metric=name,
            direction=DIRECTION[name],
            mean=metric.mean,
            interval=None,
            scored=metric.n,
            applicable=metric.n,
            minimum=bound.minimum if bound else None,
            maximum=bound.maximum if bound else None,
            tolerance=bound.tolerance if bound else None,
        )
        yield f"| `{name}` | {metric.mean:.3f} | {metric.n} | {words.wanted(figure)} |"
