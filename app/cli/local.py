"""A session over the index in the data folder, which it holds until it is closed."""

from collections.abc import Iterable, Iterator
from types import TracebackType

from app.answer.chain import AskRequest
from app.answer.model import Answer
from app.api.models import DocumentLine, DocumentText, RevisionLine
from app.api.widget_models import FeedbackLine
from app.cli.samples import index_samples
from app.cli.session import Added
from app.services import build
from app.settings import Settings
from index.errors import InvalidQuestionError
from index.model import Filters, SourceDocument

_PAGE = 500


class LocalSession:
    """Opens the index; use as a context manager.

    Raises:
        StorageError: the index cannot be opened; the message says what to do.
    """

    def __init__(self, settings: Settings) -> None:
        self.services = build(settings)

    def __enter__(self) -> "LocalSession":
        """Return the session."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the data folder go."""
        self.services.close()

    def index_samples(self) -> None:
        """Index the sample briefs if this is the first start."""
        index_samples(self.services)

    def ask(self, question: str, filters: Filters, top_k: int | None) -> Answer:
        """Return the answer to a question."""
        longest = self.services.settings.limits.question_characters
        if len(question) > longest:
            raise InvalidQuestionError(
                f"The question has {len(question)} characters; at most {longest} are taken "
                "(FOOTNOTE_LIMITS__QUESTION_CHARACTERS)."
            )
        return self.services.chain.ask(AskRequest(question, filters=filters, top_k=top_k))

    def documents(self) -> list[DocumentLine]:
        """Return all documents."""
        lines: list[DocumentLine] = []
        while True:
            page = self.services.library.documents(offset=len(lines), limit=_PAGE)
            lines += map(DocumentLine.of, page.items)
            if not page.items or len(lines) >= page.total:
                return lines

    def feedback(self) -> list[FeedbackLine]:
        """Return all ratings of answers, the newest first."""
        _, total = self.services.library.feedback.list(limit=0)
        items, _ = self.services.library.feedback.list(limit=total)
        return list(map(FeedbackLine.model_validate, items))

    def document(self, document_id: str) -> DocumentText:
        """Return a document with its current text."""
        library = self.services.library
        kept = tuple(map(RevisionLine.of, library.revisions(document_id)))
        return DocumentText.of(library.revision(document_id), kept)

    def delete(self, document_id: str) -> None:
        """Delete a document."""
        self.services.library.delete(document_id)

    def add(self, documents: Iterable[SourceDocument]) -> Iterator[Added]:
        """Add documents and yield what became of each, in their order."""
        for outcome in self.services.library.add_many(documents):
            yield Added(outcome.id, outcome.change, outcome.error)
