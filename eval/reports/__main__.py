"""``python -m eval.reports``: write the tables of figures in the documents anew."""

from eval.evaluation import known_metrics
from eval.gate import Thresholds, baseline, thresholds
from eval.reports.figures import DOCUMENTS, with_figures

if __name__ == "__main__":
    reached = baseline.load_baseline(baseline.SHIPPED)
    bounds = Thresholds.load(thresholds.SHIPPED, known_metrics())
    for path in DOCUMENTS:
        text = path.read_text("utf-8")
        path.write_text(with_figures(text, reached, bounds), "utf-8")
