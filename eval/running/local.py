"""A service in this process, over an index in a temporary folder that goes with it."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app import sample_corpus
from app.answer.chain import AskRequest
from app.answer.model import Answer
from app.api.models import FoundPassage
from app.cli.version import installed
from app.services import Services, build
from app.settings import Settings
from eval.cases.model import Case
from eval.running.service import ServiceInfo, span_of
from index.errors import InvalidDocumentError, InvalidQuestionError, NotFoundError, PassedOverError
from index.library import Library
from index.loaders import Parser, discover, pieces_of_path
from index.model import SourceDocument
from prompts import Prompts

_PACKAGES = ("llama-index-core", "chromadb", "tantivy", "onnxruntime")


@contextmanager
def in_process(corpus: Sequence[Path] | None, settings: Settings) -> Iterator["LocalService"]:
    """Open a service over a corpus, indexed into a temporary folder.

    The settings decide how questions are answered; where they keep documents is never touched.

    Args:
        corpus: files and folders to index; None means the sample corpus.
        settings: models, retrieval and answering, as the service would have them.

    Raises:
        NotFoundError: a path leads nowhere.
        InvalidDocumentError: a file cannot be indexed, or there is none.
        StorageError: the temporary folder cannot be written.
    """
    paths = [sample_corpus.folder()] if corpus is None else corpus
    with tempfile.TemporaryDirectory(prefix="footnote-eval-") as folder:
        own = {"data_dir": Path(folder), "catalog_url": None, "chroma_url": None}
        with build(settings.model_copy(update=own)) as services:
            for path in paths:
                _index(services.library, path)
            yield LocalService(services)


def _index(library: Library, root: Path) -> None:
    for outcome in library.add_many(documents_of(root)):
        if outcome.error is not None:
            raise InvalidDocumentError(
                f"{outcome.id} of {root} could not be indexed: {outcome.error}"
            )


def documents_of(root: Path) -> Iterator[SourceDocument]:
    """Yield the documents of a file or folder, all of them: a part of a corpus would mislead.

    Raises:
        InvalidDocumentError: a file cannot be read, or there is none.
    """
    files = discover(root)
    if not files:
        raise InvalidDocumentError(f"{root} has no file that Footnote can read.")
    with Parser() as parser:
        for piece in (each for file in files for each in pieces_of_path(file, root, parser=parser)):
            if isinstance(piece.error, PassedOverError):
                continue
            if piece.error is not None:
                raise InvalidDocumentError(f"{piece.name} cannot be indexed: {piece.error}")
            if piece.document is not None:
                yield piece.document


class LocalService:
    """Asks services of this process. ``in_process`` makes one over a corpus."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._texts: dict[tuple[str, str | None], str] = {}

    @property
    def info(self) -> ServiceInfo:
        """What the parts of the service are."""
        settings, prompts = self._services.settings, Prompts.load()
        return ServiceInfo(
            target=None,
            versions={name: installed(name) for name in ("footnote", *_PACKAGES)},
            prompts={
                "answer": prompts.answer_sha,
                "rewrite": prompts.rewrite_sha,
                "verify": prompts.verify_sha,
            },
            stamp=self._services.library.stamp,
            models={
                "answer": settings.llm.model,
                "verify": settings.verify.model,
                "embedding": self._services.library.embedder.name,
            },
        )

    def ask(self, case: Case) -> tuple[Answer, float]:
        """Return the answer to a case's question, and the seconds that it took."""
        self._check_length(case.question)
        request = AskRequest(case.question, case.history, case.filters)
        started = time.perf_counter()
        answer = self._services.chain.ask(request)
        return answer, time.perf_counter() - started

    def search(self, case: Case, top_k: int) -> tuple[FoundPassage, ...]:
        """Return the passages nearest to a case's question, best first."""
        self._check_length(case.question)
        retriever = self._services.library.retriever(top_k=top_k, filters=case.filters)
        return tuple(map(FoundPassage.of, retriever.search(case.question)))

    def read_span(self, document_id: str, revision: str, start: int, end: int) -> str | None:
        """Return what the stored revision has there; None where it has nothing."""
        try:
            return span_of(self._text(document_id, revision), start, end)
        except NotFoundError:
            return None

    def text_of(self, document_id: str) -> str:
        """Return a document's current text. Raises NotFoundError."""
        return self._text(document_id, None)

    def _text(self, document_id: str, revision: str | None) -> str:
        key = (document_id, revision)
        if key not in self._texts:
            self._texts[key] = self._services.library.revision(document_id, revision).text
        return self._texts[key]

    def _check_length(self, question: str) -> None:
        longest = self._services.settings.limits.question_characters
        if len(question) > longest:
            raise InvalidQuestionError(
                f"The question has {len(question)} characters; at most {longest} are taken "
                "(FOOTNOTE_LIMITS__QUESTION_CHARACTERS)."
            )
