"""Reads SQuAD-form data: paragraphs, each with questions that it answers or does not.

Two forms are known: the published JSON
(``{"data": [{"title", "paragraphs": [{"context", "qas"}]}]}``,
https://rajpurkar.github.io/SQuAD-explorer/) and JSON Lines with a paragraph a line
(``{"title", "paragraph", "questions": [{"question", "answers", "answerable"}]}``).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.library import Library
from index.loaders import load_text


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question and the answers annotators gave; none where the paragraph does not say."""

    text: str
    answers: tuple[str, ...]

    @property
    def answerable(self) -> bool:
        """Whether the paragraph answers it."""
        return bool(self.answers)


@dataclass(frozen=True, slots=True)
class SquadParagraph:
    """A paragraph with its questions; ``id`` is the id of the document made of it."""

    id: str
    title: str
    text: str
    questions: tuple[SquadQuestion, ...]


def read(path: Path) -> list[SquadParagraph]:
    """Read the paragraphs of a file in either form.

    Raises:
        ValueError: the file has neither form.
    """
    text = path.read_text("utf-8")
    try:
        rows = list(_published(json.loads(text)) if text.startswith('{"data"') else _lines(text))
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path} is not SQuAD-form data: {error!r}") from error
    return [
        SquadParagraph(f"paragraph-{number:05}", title, paragraph, tuple(questions))
        for number, (title, paragraph, questions) in enumerate(rows)
    ]


def index(library: Library, paragraphs: list[SquadParagraph]) -> None:
    """Index each paragraph as a document of its own."""
    documents = (load_text(p.text, id=p.id, title=p.title.replace("_", " ")) for p in paragraphs)
    for outcome in library.add_many(documents):
        if outcome.error is not None:
            raise ValueError(f"{outcome.id}: {outcome.error}")


_Row = tuple[str, str, list[SquadQuestion]]


def _published(data: dict[str, Any]) -> Iterator[_Row]:
    for article in data["data"]:
        for paragraph in article["paragraphs"]:
            questions = [
                SquadQuestion(q["question"], tuple(a["text"] for a in q["answers"]))
                for q in paragraph["qas"]
            ]
            yield article["title"], paragraph["context"], questions


def _lines(text: str) -> Iterator[_Row]:
    for line in text.splitlines():
        row = json.loads(line)
        questions = [SquadQuestion(q["question"], tuple(q["answers"])) for q in row["questions"]]
        yield row["title"], row["paragraph"], questions
