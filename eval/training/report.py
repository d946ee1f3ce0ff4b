"""The cross-validation in figures: what is quoted first, what is refused."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rich.table import Table
from sklearn.metrics import roc_auc_score

from eval.training.examples import Example
from eval.training.fit import Trained, weights

_WRONGLY = (0.02, 0.04, 0.06, 0.08, 0.10, 0.15, 0.20, 0.30)


def report(examples: Sequence[Example], trained: Trained) -> Table:
    """Tabulate the held-out figures: evidence, then the curve of refusals."""
    table = Table("held-out, one title at a time", "", "")
    learn = np.array([example.answerable and not example.absent for example in examples])
    for count in (1, 2, 3):
        held = [
            examples[n].holds[np.argsort(-trained.scores[n], kind="stable")[:count]].any()
            for n in np.flatnonzero(learn).tolist()
        ]
        table.add_row(f"gold span in the first {count}", f"{np.mean(held):.3f}", "")
    absent = np.array([example.absent for example in examples])
    counted = weights(examples, trained.scores) > 0
    adversarial = ~learn & ~absent
    withheld = absent & counted
    table.add_section()
    table.add_row("", "adversarial", "not in the index")
    table.add_row(
        "AUROC",
        f"{_auroc(trained, learn, adversarial):.3f}",
        f"{_auroc(trained, learn, withheld):.3f}",
    )
    points = np.sort(trained.estimates[learn])
    for share in _WRONGLY:
        threshold = points[int(share * len(points))]
        table.add_row(
            f"refused, below {threshold:.3f}: {share:.0%} of answerable",
            f"{(trained.estimates[adversarial] < threshold).mean():.3f}",
            f"{(trained.estimates[withheld] < threshold).mean():.3f}",
        )
    return table


def _auroc(trained: Trained, right: NDArray[np.bool_], wrong: NDArray[np.bool_]) -> float:
    chosen = right | wrong
    return float(roc_auc_score(right[chosen], trained.estimates[chosen]))
