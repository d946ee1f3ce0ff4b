"""Evidence for tests that need no index behind it."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import pytest

from app.answer.evidence import select
from app.answer.evidence.model import Evidence, Selection
from app.answer.question import analyse
from app.answer.question.model import Question
from app.reading.bundled import BundledReader
from index.embedding.minilm import MiniLMEmbedder
from index.model import RetrievedPassage, Sentence

Read: TypeAlias = Callable[..., tuple[Question, Selection]]
MakeEvidence: TypeAlias = Callable[..., Evidence]


@pytest.fixture
def evidence() -> MakeEvidence:
    """Return a maker of evidence: text, document id, start."""
    return _evidence


def _evidence(text: str, document_id: str = "a", start: int = 0) -> Evidence:
    end = start + len(text)
    passage = RetrievedPassage(
        document_id=document_id,
        revision="0" * 64,
        number=0,
        title="A title",
        source="A paper",
        url=None,
        published_at=dt.date(2024, 9, 27),
        language="en",
        start=start,
        end=end,
        text=text,
        heading=None,
        sentences=(Sentence(start, end),),
        vectors=np.ones((1, 1), np.float32),
        score=1.0,
        similarity=1.0,
        lexical=1.0,
    )
    return Evidence(passage, 0, text, start, end, 0.9, ())


@pytest.fixture
def read(embedder: MiniLMEmbedder, reader: BundledReader) -> Read:
    """Return a reader of documents, each a list of sentences, with a question in mind."""

    def answered(
        text: str, *documents: list[str], dates: Sequence[dt.date] = ()
    ) -> tuple[Question, Selection]:
        question = analyse(text)
        vector = embedder.embed_query(text)
        published = [*dates, *[None] * (len(documents) - len(dates))]
        passages = [
            _passage(f"d{n}", lines, embedder, date)
            for n, (lines, date) in enumerate(zip(documents, published, strict=True))
        ]
        return question, select(question, vector, passages, reader)

    return answered


def _passage(
    name: str, lines: list[str], embedder: MiniLMEmbedder, published_at: dt.date | None
) -> RetrievedPassage:
    starts = np.cumsum([0, *(len(line) + 1 for line in lines)]).tolist()
    return RetrievedPassage(
        document_id=name,
        revision="0" * 64,
        number=0,
        title="",
        source=None,
        url=None,
        published_at=published_at,
        language=None,
        start=0,
        end=starts[-1] - 1,
        text=" ".join(lines),
        heading=None,
        sentences=tuple(Sentence(s, s + len(line)) for s, line in zip(starts, lines, strict=False)),
        vectors=embedder.embed(lines),
        score=1.0,
        similarity=0.7,
        lexical=0.8,
    )
