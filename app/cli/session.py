"""What the commands work with, whichever way they reach it."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from app.answer.model import Answer
from app.api.job_models import DocumentResult, JobLine, SyncPlan
from app.api.models import DocumentLine, DocumentText
from app.api.widget_models import FeedbackLine
from app.jobs.work import FetchWork, PathWork, SyncWork
from index.model import Filters


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

    def add(self, given: Sequence[PathWork | FetchWork]) -> JobLine:
        """Begin to add files, folders and pages, all as one job."""

    def synchronise(self, work: SyncWork) -> JobLine:
        """Begin to bring the index in step with a folder or an address."""

    def plan(self, work: SyncWork) -> SyncPlan:
        """Return what a synchronisation would do."""

    def jobs(self, limit: int) -> list[JobLine]:
        """Return the newest jobs, the newest first."""

    def job(self, job_id: str) -> JobLine:
        """Return how far a job is."""

    def results(self, job_id: str) -> Iterator[DocumentResult]:
        """Yield what became of each document of a job."""

    def rotate_sessions(self) -> None:
        """End all sessions of the widget."""

    def cancel(self, job_id: str) -> JobLine:
        """Stop a job between two documents."""
