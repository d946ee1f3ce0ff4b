"""A session over the index in the data folder, which it holds until it is closed."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import cached_property
from types import TracebackType

from app.answer.chain import AskRequest
from app.answer.model import Answer
from app.api.job_models import DocumentResult, JobLine, SyncPlan
from app.api.models import DocumentLine, DocumentText
from app.api.routes.keys import WIDGET
from app.api.widget_models import FeedbackLine
from app.cli.samples import index_samples
from app.jobs.opening import Opener
from app.jobs.runner import JobRunner
from app.jobs.work import FetchWork, PathWork, SyncWork
from app.services import build
from app.settings import Settings
from app.spool import FOLDER, Spool
from index.errors import InvalidQuestionError
from index.model import Filters

_PAGE = 500


class LocalSession:
    """Opens the index; use as a context manager.

    Raises:
        StorageError: the index cannot be opened; the message says what to do.
    """

    def __init__(self, settings: Settings) -> None:
        self._closing = ExitStack()
        self.services = self._closing.enter_context(build(settings))

    def __enter__(self) -> "LocalSession":
        """Return the session."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish what is being indexed and let the data folder go."""
        self._closing.close()

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
        return DocumentText.read(self.services.library, document_id)

    def delete(self, document_id: str) -> None:
        """Delete a document."""
        self.services.library.delete(document_id)

    def add(self, given: Sequence[PathWork | FetchWork]) -> JobLine:
        """Begin to add files, folders and pages, all as one job."""
        named = [
            (work.path.name if isinstance(work, PathWork) else work.url, work, None)
            for work in given
        ]
        return JobLine.model_validate(self._runner.submit(named))

    def synchronise(self, work: SyncWork) -> JobLine:
        """Begin to bring the index in step with a folder or an address."""
        return JobLine.model_validate(self._runner.synchronise(work))

    def plan(self, work: SyncWork) -> SyncPlan:
        """Return what a synchronisation would do."""
        return SyncPlan.of(*self._runner.plan(work))

    def jobs(self, limit: int) -> list[JobLine]:
        """Return the newest jobs, the newest first."""
        jobs, _ = self.services.library.jobs.list(limit=limit)
        return list(map(JobLine.model_validate, jobs))

    def job(self, job_id: str) -> JobLine:
        """Return how far a job is."""
        runner: JobRunner | None = vars(self).get("_runner")  # looking at a job starts none
        jobs = runner or self.services.library.jobs
        return JobLine.model_validate(jobs.get(job_id))

    def results(self, job_id: str) -> Iterator[DocumentResult]:
        """Yield what became of each document of a job."""
        done, total = 0, 1
        while done < total:
            items, total = self.services.library.jobs.items(job_id, offset=done, limit=_PAGE)
            yield from map(DocumentResult.of, items)
            done += _PAGE

    def cancel(self, job_id: str) -> JobLine:
        """Stop a job between two documents."""
        return JobLine.model_validate(self._runner.cancel(job_id))

    def rotate_sessions(self) -> None:
        """End all sessions of the widget."""
        self.services.library.new_secret(WIDGET)

    @cached_property
    def _runner(self) -> JobRunner:
        """What works on this session's jobs; what a server left unfinished is the server's."""
        spool = Spool(self.services.settings.data_dir / FOLDER)
        runner = JobRunner(
            self.services.library,
            Opener.of(self.services, spool),
            spool,
            most_waiting=self.services.settings.limits.queued_documents,
        )
        runner.start(resume=False)
        self._closing.callback(runner.stop)
        return runner
