"""``python -m eval.training FILE``: train on it, print the cross-validation, write the weights."""

import argparse
import json
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from app.answer.evidence.linear import LogisticModel
from eval.benchmarks import squad
from eval.training.examples import Example, examples
from eval.training.fit import Trained, train
from eval.training.report import report
from index.embedding.minilm import MiniLMEmbedder
from index.library import Library

WEIGHTS = Path(__file__).parents[2] / "app" / "answer" / "evidence" / "weights.json"


def main() -> None:
    """Train on a file of SQuAD-form data."""
    parser = argparse.ArgumentParser(prog="python -m eval.training", description=__doc__)
    parser.add_argument("data", type=Path, help="SQuAD-form data with unanswerable questions")
    parser.add_argument("--output", type=Path, default=WEIGHTS, help="where the weights go")
    options = parser.parse_args()
    collected = collect(options.data)
    trained = train(collected)
    Console().print(report(collected, trained))
    write(trained, options.output)


def collect(data: Path) -> list[Example]:
    """Index the paragraphs of ``data`` and search for its questions."""
    paragraphs = squad.read(data)
    with (
        TemporaryDirectory() as folder,
        Library.open(Path(folder), embedder=MiniLMEmbedder()) as library,
    ):
        squad.index(library, paragraphs)
        return list(examples(paragraphs, library))


def write(trained: Trained, path: Path) -> None:
    """Write both models, five significant digits each."""
    models = {"ranker": _plain(trained.ranker), "judge": _plain(trained.judge)}
    path.write_text(json.dumps(models, indent=1) + "\n", "utf-8")


def _plain(model: LogisticModel) -> dict[str, object]:
    weights = zip(model.columns, model.weights.tolist(), strict=True)
    return {
        "bias": float(f"{model.bias:.5g}"),
        "weights": {column: float(f"{weight:.5g}") for column, weight in weights},
    }


if __name__ == "__main__":
    main()
