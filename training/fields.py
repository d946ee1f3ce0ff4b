"""Questions with known answers over several fields, retrieved as the service retrieves.

Reads SQuAD-form paragraphs (``eval.benchmarks.squad``) and fields: folders with ``documents/`` and
``questions.jsonl`` whose lines have ``question``, ``expect`` (a regular expression over the right
sentence), ``answerable`` and, where only one document is meant, ``filter``.
"""

import json
import pickle
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.answer.question import analyse
from app.answer.question.model import Question
from eval.benchmarks import squad
from eval.benchmarks.quality import holds
from index.embedding.minilm import MiniLMEmbedder
from index.library import Library
from index.loaders import Limits, Parser
from index.loaders.pieces import pieces_of_path
from index.model import Filters, RetrievedPassage, Vector


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A question with its passages. ``fold`` is what cross-validation leaves out together."""

    field: str
    fold: int
    question: Question
    vector: Vector
    passages: tuple[RetrievedPassage, ...]
    answerable: bool
    answers: tuple[str, ...]
    expect: str

    def holds(self, text: str) -> bool:
        """Tell whether a text holds the answer."""
        if self.expect:
            flat = re.sub(r"\s+", " ", text)
            return any(re.search(self.expect, each, re.IGNORECASE) for each in (text, flat))
        return holds(text, self.answers)


def squad_samples(path: Path, cache: Path | None = None) -> list[Sample]:
    """Return the questions of a SQuAD-form file, folds by title."""
    return _cached(cache, "squad", lambda: list(_squad(path)))


def field_samples(home: Path, cache: Path | None = None) -> list[Sample]:
    """Return the questions of a field, folds by turns."""
    return _cached(cache, home.name, lambda: list(_field(home)))


def _cached(cache: Path | None, name: str, make: Callable[[], list[Sample]]) -> list[Sample]:
    if cache is None:
        return make()
    file = cache / f"{name}.pickle"
    if not file.exists():
        cache.mkdir(parents=True, exist_ok=True)
        file.write_bytes(pickle.dumps(make()))
    samples: list[Sample] = pickle.loads(file.read_bytes())  # noqa: S301 - our own file
    return samples


def _squad(path: Path) -> Iterator[Sample]:
    paragraphs = squad.read(path)
    titles = sorted({paragraph.title for paragraph in paragraphs})
    embedder = MiniLMEmbedder()
    with (
        tempfile.TemporaryDirectory() as folder,
        Library.open(Path(folder) / "data", embedder=embedder) as library,
    ):
        squad.index(library, paragraphs)
        for paragraph in paragraphs:
            for asked in paragraph.questions:
                yield _sample(
                    library, "squad", titles.index(paragraph.title) % 2, asked.text,
                    answerable=asked.answerable, answers=asked.answers,
                )  # fmt: skip


def _field(home: Path) -> Iterator[Sample]:
    embedder = MiniLMEmbedder()
    rows = [json.loads(line) for line in (home / "questions.jsonl").read_text("utf-8").splitlines()]
    with (
        tempfile.TemporaryDirectory() as folder,
        Parser(Limits()) as parser,
        Library.open(Path(folder) / "data", embedder=embedder) as library,
    ):
        root = home / "documents"
        documents = [
            piece.document
            for path in sorted(root.iterdir())
            for piece in pieces_of_path(path, root, parser=parser)
            if piece.document is not None
        ]
        for outcome in library.add_many(iter(documents)):
            if outcome.error is not None:
                raise ValueError(f"{outcome.id}: {outcome.error}")
        for number, row in enumerate(rows):
            yield _sample(
                library, home.name, number % 2, row["question"], answerable=row["answerable"],
                expect=row.get("expect", ""), document=row.get("filter"),
            )  # fmt: skip


def _sample(
    library: Library,
    field: str,
    fold: int,
    text: str,
    *,
    answerable: bool,
    answers: tuple[str, ...] = (),
    expect: str = "",
    document: str | None = None,
) -> Sample:
    question = analyse(text)
    vector = library.embedder.embed_query(question.text)
    filters = Filters(document_ids=(document,)) if document else Filters()
    passages = tuple(library.retriever(top_k=8, filters=filters).search(question.text, vector))
    return Sample(field, fold, question, vector, passages, answerable, answers, expect)
