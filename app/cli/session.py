"""What the commands work with, whichever way they reach it."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from app.answer.model import Answer
from app.api.models import DocumentLine, DocumentText
from app.api.widget_models import FeedbackLine
from index.errors import FootnoteError
from index.model import Change, Filters, SourceDocument


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a document that was to be added; ``change`` is None when it failed."""

    document_id: str
    change: Change | None
    error: FootnoteError | None = None


class Session(AbstractContextManager["Session"], Protocol):
    """One way to an index. Every method raises FootnoteError."""

    def ask(self, question: str, filters: Filters, top_k: int | None) -> Answer:
        """Return the answer to a question."""

    def documents(self) -> list[DocumentLine]:
        """Return all documents."""

    def feedback(self) -> list[FeedbackLine]:
        """Return all ratings of answers, the newest first."""

    def document(self, document_id: str) -> DocumentText:
        """Return a document with its current text."""

    def delete(self, document_id: str) -> None:
        """Delete a document."""

    def add(self, documents: Iterable[SourceDocument]) -> Iterator[Added]:
        """Add documents and yield what became of each, in their order."""
