"""Fit the ranker and the judge, and say how well they do on titles they have not seen.

Both are logistic regressions on standardised columns; the scale is folded into the weights, so that
answering needs no scikit-learn. Cross-validation leaves one title out at a time; the judge learns
from the scores that a ranker gave to titles it had not seen, as it will have to judge.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import (
    LogisticRegression,
)
from sklearn.preprocessing import (
    StandardScaler,
)

from app.answer.evidence import doubts, features
from app.answer.evidence.doubts import Ranking
from app.answer.evidence.linear import LogisticModel
from app.answer.evidence.reading import Array
from app.answer.evidence.selection import VETOED
from app.answer.evidence.selection import scores as score_lines
from app.answer.evidence.vetoes import vetoed
from eval.training.examples import Example

RANKER_STRENGTH = 0.02
JUDGE_STRENGTH = 0.02
ABSENT_WEIGHT = 0.6
"""Inverse regularisation of the two models, and what an absent example counts beside an adversarial
one: readers ask the former, benchmarks the latter."""


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """The two models on all data, with what each example got from models that had not seen it."""

    ranker: LogisticModel
    judge: LogisticModel
    scores: list[Array]
    estimates: Array


def train(examples: Sequence[Example]) -> Trained:
    """Fit on all examples, and on all titles but one in turn."""
    titles = np.array([example.title for example in examples])
    learn = np.array([example.answerable and not example.absent for example in examples])
    scores: list[Array] = [np.zeros(0)] * len(examples)
    for title in np.unique(titles):
        model = _ranker([examples[n] for n in np.flatnonzero(learn & (titles != title)).tolist()])
        for n in np.flatnonzero(titles == title).tolist():
            scores[n] = score_lines(examples[n].reading, examples[n].features, model)
    rankings = [
        Ranking(example.reading, example.features, score)
        for example, score in zip(examples, scores, strict=True)
    ]
    columns = np.array([doubts.vector(ranking) for ranking in rankings])
    counts = weights(examples, scores)
    left = np.array([VETOED if vetoed(ranking) else 1.0 for ranking in rankings])
    estimates = np.zeros(len(examples))
    for title in np.unique(titles):
        seen = titles != title
        model = _judge(columns[seen], learn[seen], counts[seen])
        estimates[~seen] = model.score(columns[~seen])
    return Trained(
        ranker=_ranker([examples[n] for n in np.flatnonzero(learn).tolist()]),
        judge=_judge(columns, learn, counts),
        scores=scores,
        estimates=estimates * left,
    )


def weights(examples: Sequence[Example], scores: Sequence[Array]) -> Array:
    """Return what each example counts for the judge: nothing where the label may be wrong.

    The answer of a withheld paragraph may stand in another one; where the best sentence holds a
    gold span, that is taken to be so.
    """
    return np.array(
        [
            (0.0 if example.holds[np.argmax(score)] else ABSENT_WEIGHT) if example.absent else 1.0
            for example, score in zip(examples, scores, strict=True)
        ]
    )


def _ranker(examples: Sequence[Example]) -> LogisticModel:
    rows = np.vstack([example.features for example in examples])
    labels = np.concatenate([example.holds for example in examples])
    names = tuple(feature.__name__ for feature in features.FEATURES)
    return _logistic(names, rows, labels, np.ones(len(labels)), RANKER_STRENGTH)


def _judge(rows: Array, labels: NDArray[np.bool_], counts: Array) -> LogisticModel:
    names = tuple(doubt.__name__ for doubt in doubts.DOUBTS)
    return _logistic(names, rows, labels, counts, JUDGE_STRENGTH)


def _logistic(
    names: tuple[str, ...], rows: Array, labels: NDArray[np.bool_], counts: Array, strength: float
) -> LogisticModel:
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression(C=strength, max_iter=1000)
    model.fit(scaler.transform(rows), labels, sample_weight=counts)
    folded = model.coef_[0] / scaler.scale_
    return LogisticModel(names, folded, float(model.intercept_[0] - folded @ scaler.mean_))
