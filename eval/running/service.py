"""What the evaluation asks of a service, wherever it runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from app.answer.model import Answer
from app.api.models import FoundPassage
from eval.cases.model import Case


@dataclass(frozen=True, slots=True)
class ServiceInfo:
    """What is known about a service, for the report.

    Attributes:
        target: its URL; None in process.
        versions: of Footnote and what it stands on, as far as it tells.
        prompts: sha of each prompt, by name, as far as it tells.
        stamp: what the index was made with; None where the service hides it.
        models: the models by what they are for; None where there is none, or it is hidden.
    """

    target: str | None
    versions: Mapping[str, str] = field(default_factory=dict)
    prompts: Mapping[str, str] = field(default_factory=dict)
    stamp: str | None = None
    models: Mapping[str, str | None] = field(default_factory=dict)


class Service(Protocol):
    """A Footnote service. Each method raises a ``FootnoteError`` where it fails."""

    @property
    def info(self) -> ServiceInfo:
        """What is known about it; after the questions more than before, where it is remote."""
        ...

    def ask(self, case: Case) -> tuple[Answer, float]:
        """Return the answer to a case's question, and the seconds that it took."""
        ...

    def search(self, case: Case, top_k: int) -> tuple[FoundPassage, ...]:
        """Return the passages nearest to a case's question, best first."""
        ...

    def read_span(self, document_id: str, revision: str, start: int, end: int) -> str | None:
        """Return what the stored revision has there, read from its whole text.

        None where there is no such revision, or nothing at these offsets.
        """
        ...

    def text_of(self, document_id: str) -> str:
        """Return a document's current text. Raises NotFoundError."""
        ...


def span_of(text: str, start: int, end: int) -> str | None:
    """Return ``text[start:end]``, None where that is not wholly inside the text."""
    return text[start:end] if 0 <= start < end <= len(text) else None
