"""The answer object: the one shape that JSON, SSE, the CLI, the widget and the evaluation share."""

import datetime as dt
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Status: TypeAlias = Literal["answered", "partial", "refused"]
Reason: TypeAlias = Literal[
    "no_documents",
    "no_evidence",
    "weak_evidence",
    "language",
    "draft_unsupported",
    "model_unavailable",
]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Quote(_Frozen):
    """An exact quote. ``start`` and ``end`` are checked against the stored revision."""

    document_id: str
    revision: str = Field(description="sha-256 of the normalised text the offsets count in.")
    title: str
    source: str | None
    url: str | None
    published_at: dt.date | None
    start: int = Field(ge=0, description="Offset of the quote, in Unicode code points.")
    end: int = Field(ge=0, description="Offset after the last character of the quote.")
    quote: str = Field(description="Exactly the revision's text from start to end.")
    page: int | None = Field(
        None, ge=1, description="The page it begins on, counted from 1, in formats with pages."
    )


class Citation(Quote):
    """A quote that the answer cites.

    ``copies`` stand in other documents that carry the same text: they are shown as such and do not
    count as further sources.
    """

    marker: int = Field(ge=1, description="The number that stands in brackets in the answer.")
    copies: tuple[Quote, ...] = Field((), description="The same text in other documents.")


class AnswerSentence(_Frozen):
    """One checked sentence of the answer and the markers of its citations."""

    text: str
    citations: tuple[int, ...]
    support: Literal["quoted", "supported"]


class ShortAnswer(_Frozen):
    """The few words that answer, as they stand in a cited quote; or yes or no.

    ``start`` and ``end`` are offsets into the revision that the citation quotes, and lie within the
    quote: ``text`` is exactly what stands there. Both are None for yes and no, which stand nowhere:
    the citation is then the quote that decides.
    """

    text: str
    citation: int = Field(ge=1, description="The marker of the citation that it is taken from.")
    start: int | None = Field(None, ge=0, description="Offset in the revision, in code points.")
    end: int | None = Field(None, ge=0, description="Offset after its last character.")


class Claim(_Frozen):
    """One of the values that sources give, with the citations that give it."""

    value: str
    citations: tuple[int, ...]


class Conflict(_Frozen):
    """Values that sources give for the same thing and that cannot all hold."""

    claims: tuple[Claim, ...]


class DroppedSentence(_Frozen):
    """A drafted sentence that failed its check, and why."""

    text: str
    why: str


class NearestSource(_Frozen):
    """A source that the search found, whether or not the answer cites it."""

    document_id: str
    title: str
    source: str | None
    published_at: dt.date | None
    score: float


class Generator(_Frozen):
    """Who wrote the answer: quotes, or a model with the sha of its prompt.

    ``judge`` is the model that judged each sentence besides, where one is set.
    """

    kind: Literal["extractive", "model"]
    model: str | None = None
    prompt: str | None = None
    judge: str | None = None
    judge_prompt: str | None = None


class Timings(_Frozen):
    """Milliseconds spent in each step."""

    retrieve: float
    write: float
    verify: float
    total: float


class Answer(_Frozen):
    """A checked answer. Each marker in ``answer`` is in ``citations`` and the other way round."""

    id: str
    status: Status
    reason: Reason | None
    question: str = Field(description="The standalone form that was used for the search.")
    answer: str
    short: ShortAnswer | None = Field(
        None, description="The answer in a few words; null where the reader is unsure."
    )
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    conflicts: tuple[Conflict, ...]
    dropped: tuple[DroppedSentence, ...]
    sources: tuple[NearestSource, ...]
    generator: Generator
    timings_ms: Timings


class Turn(_Frozen):
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: str
