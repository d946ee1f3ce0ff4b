"""``python -m training.conflicts RAMDOCS SQUAD``: train what finds disagreeing values.

Writes ``app/answer/conflicts/weights.json``: for each form of answer a logistic regression that
tells how likely a span is a value of what is asked. RAMDocs-form data shows what sources that
disagree look like; SQuAD-form data, where one paragraph answers, keeps it sober. Every question is
searched and read by the product itself. Needs scikit-learn, which answering does not.
"""

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from sklearn.linear_model import (
    LogisticRegression,
)
from sklearn.preprocessing import (
    StandardScaler,
)

from app.answer.conflicts.asked import Form, asked
from app.answer.conflicts.features import COLUMNS, Array, matrix
from app.answer.conflicts.finding import candidates_of
from app.answer.evidence import select
from app.answer.question import analyse
from app.reading.bundled import BundledReader
from eval.benchmarks import disagreement, squad
from index.embedding.minilm import MiniLMEmbedder
from index.library import Library
from index.model import Filters

WEIGHTS: Final = Path(__file__).parents[1] / "app" / "answer" / "conflicts" / "weights.json"
STRENGTH: Final = 0.02
SQUAD_WEIGHT: Final = 0.5
"""What an example of SQuAD counts beside one of RAMDocs: it is there for what is no answer."""

_SQUAD_STEP: Final = 2
_LEAST_SHARE: Final = 0.4
_NO_WORD: Final = re.compile(r"[^\w%$]+")


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Features (n, columns), whether each span is an answer, and what each counts."""

    rows: Array
    right: Array
    weight: Array


def main() -> None:
    """Train on a file of either form and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m training.conflicts", description=__doc__)
    parser.add_argument("ramdocs", type=Path, help="RAMDocs-form data")
    parser.add_argument("squad", type=Path, help="SQuAD-form data")
    parser.add_argument("--output", type=Path, default=WEIGHTS, help="where the weights go")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        parts = [
            *_of_ramdocs(options.ramdocs, Path(folder) / "ramdocs"),
            *_of_squad(options.squad, Path(folder) / "squad"),
        ]
    spans = Spans(
        np.vstack([part.rows for part in parts]),
        np.concatenate([part.right for part in parts]),
        np.concatenate([part.weight for part in parts]),
    )
    forms = {form.value: fit(spans, form) for form in Form}
    options.output.write_text(json.dumps({"columns": COLUMNS, "forms": forms}) + "\n", "utf-8")


def fit(spans: Spans, form: Form) -> list[float]:
    """Return bias and weights for unscaled columns of one form.

    Phrases are too few to learn from alone; their model learns from all forms.
    """
    chosen = spans.rows[:, COLUMNS.index(f"form_{form.value}")] > 0
    if form is Form.PHRASE:
        chosen = np.ones(len(spans.rows), dtype=bool)
    scaler = StandardScaler().fit(spans.rows[chosen])
    model = LogisticRegression(C=STRENGTH, max_iter=1000).fit(
        scaler.transform(spans.rows[chosen]),
        spans.right[chosen],
        sample_weight=spans.weight[chosen],
    )
    weights = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - weights @ scaler.mean_)
    return [round(value, 4) for value in (bias, *weights.tolist())]


def _of_ramdocs(path: Path, folder: Path) -> Iterator[Spans]:
    cases = disagreement.read(path)
    with Library.open(folder, embedder=MiniLMEmbedder()) as library:
        disagreement.index(library, cases)
        for case in cases:
            filters = Filters(document_ids=tuple(case.documents))
            yield from _spans(library, case.question, case.answers, filters, 1.0)


def _of_squad(path: Path, folder: Path) -> Iterator[Spans]:
    paragraphs = squad.read(path)
    with Library.open(folder, embedder=MiniLMEmbedder()) as library:
        squad.index(library, paragraphs)
        for paragraph in paragraphs:
            answerable = [q for q in paragraph.questions if q.answerable]
            for question in answerable[::_SQUAD_STEP]:
                yield from _spans(library, question.text, question.answers, Filters(), SQUAD_WEIGHT)


def _spans(
    library: Library, text: str, answers: Sequence[str], filters: Filters, weight: float
) -> Iterator[Spans]:
    question = analyse(text)
    wanted = asked(question)
    vector = library.embedder.embed_query(question.text)
    passages = library.retriever(top_k=8, filters=filters).search(question.text, vector)
    selection = select(question, vector, passages, _reader())
    candidates = candidates_of(wanted, selection.ranked) if wanted is not None else []
    if wanted is None or not candidates:
        return
    right = [any(_matches(answer, c.text) for answer in answers) for c in candidates]
    yield Spans(
        matrix(wanted, candidates),
        np.array(right, dtype=np.float64),
        np.full(len(candidates), weight),
    )


@cache
def _reader() -> BundledReader:
    return BundledReader()


def _matches(answer: str, span: str) -> bool:
    """Tell whether a span gives an answer: it holds it, or is most of it."""
    wanted, given = _fold(answer), _fold(span)
    if not given.strip():
        return False
    return wanted in given or (given in wanted and len(given) >= _LEAST_SHARE * len(wanted))


def _fold(text: str) -> str:
    return f" {_NO_WORD.sub(' ', text.lower()).strip()} "


if __name__ == "__main__":
    main()
