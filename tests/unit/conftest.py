"""Evidence for tests that need no index behind it."""

import datetime as dt
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import pytest

from app.answer.evidence.model import Evidence
from index.model import RetrievedPassage, Sentence

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
