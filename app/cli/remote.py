"""A session over HTTP, through the server that holds the data folder.

Speaks the documented HTTP interface and turns its problem details back into the errors they were.
"""

import time
from collections import deque
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any
from urllib.parse import quote

import httpx
from pydantic_core import to_json

from app.answer.model import Answer
from app.api.models import DocumentLine, DocumentText, JobView
from app.api.widget_models import FeedbackLine
from app.cli.session import Added
from index.errors import FootnoteError, InvalidInputError, TooLargeError, UnavailableError
from index.model import Filters, SourceDocument

_PAGE = 100
_IN_FLIGHT = 16  # documents sent ahead of the one waited for
_TIMEOUT_S = 60.0
_POLL_S = 0.05


class RemoteSession:
    """Talks to the server at ``url``; use as a context manager.

    Args:
        url: where the server is, as ``http://127.0.0.1:8000``.
        key: its FOOTNOTE_API_KEY, if it has one.
        most_bytes: the largest document that it takes.
        transport: what carries the requests; a network by default.
    """

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        most_bytes: int = 20_000_000,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._url = url
        self._most_bytes = most_bytes
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(
            base_url=url,
            headers=headers,
            timeout=_TIMEOUT_S,
            trust_env=False,  # a server on this machine is not behind a proxy
            transport=transport,
        )

    def __enter__(self) -> "RemoteSession":
        """Return the session."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self._client.close()

    def ask(self, question: str, filters: Filters, top_k: int | None) -> Answer:
        """Return the answer to a question."""
        body = {"question": question, "filters": filters, "top_k": top_k}
        return Answer.model_validate_json(self._send("POST", "/v1/ask", body).content)

    def documents(self) -> list[DocumentLine]:
        """Return all documents."""
        return list(map(DocumentLine.model_validate, self._all("/v1/documents")))

    def feedback(self) -> list[FeedbackLine]:
        """Return all ratings of answers, the newest first."""
        return list(map(FeedbackLine.model_validate, self._all("/v1/feedback")))

    def document(self, document_id: str) -> DocumentText:
        """Return a document with its current text."""
        return DocumentText.model_validate_json(self._send("GET", _path(document_id)).content)

    def delete(self, document_id: str) -> None:
        """Delete a document."""
        self._send("DELETE", _path(document_id))

    def add(self, documents: Iterable[SourceDocument]) -> Iterator[Added]:
        """Send documents and yield what became of each, in their order."""
        waiting: deque[tuple[str, JobView | FootnoteError]] = deque()
        for document in documents:
            waiting.append((document.id, self._submit(document)))
            if len(waiting) > _IN_FLIGHT:
                yield self._outcome(*waiting.popleft())
        while waiting:
            yield self._outcome(*waiting.popleft())

    def _all(self, path: str) -> list[Any]:
        """Return the items of all pages of a list."""
        items: list[Any] = []
        while True:
            parameters = {"offset": len(items), "limit": _PAGE}
            page = self._send("GET", path, parameters=parameters).json()
            items += page["items"]
            if not page["items"] or len(items) >= page["total"]:
                return items

    def _submit(self, document: SourceDocument) -> JobView | FootnoteError:
        names = ("id", "text", "title", "source", "url", "language", "published_at")
        body = {name: getattr(document, name) for name in names}
        if len(document.text.encode()) > self._most_bytes:
            return TooLargeError(
                f"The text has more than {self._most_bytes:,} bytes, the most the server takes "
                "(FOOTNOTE_LIMITS__DOCUMENT_BYTES)."
            )
        try:
            return JobView.model_validate_json(self._send("POST", "/v1/documents", body).content)
        except InvalidInputError as error:  # this document's own fault; the next may be good
            return error

    def _outcome(self, document_id: str, job: JobView | FootnoteError) -> Added:
        if isinstance(job, FootnoteError):
            return Added(document_id, None, job)
        pause = 0.0  # most are done by the time they are asked about
        while job.state in ("queued", "running"):
            time.sleep(pause)
            job = JobView.model_validate_json(self._send("GET", f"/v1/jobs/{job.id}").content)
            pause = _POLL_S
        for result in job.results:
            if result.error:
                return Added(document_id, None, _error(result.error.code, result.error.message))
            return Added(document_id, result.change, None)
        return Added(document_id, None, UnavailableError(job.error or f"Job {job.id} ended."))

    def _send(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        parameters: dict[str, int] | None = None,
    ) -> httpx.Response:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        content = to_json(body) if body is not None else None
        try:
            response = self._client.request(
                method, path, content=content, params=parameters, headers=headers
            )
        except httpx.HTTPError as error:
            raise UnavailableError(
                f"The server on {self._url} holds the data folder but does not answer "
                f"({error or type(error).__name__}). Stop it or try again."
            ) from error
        if response.is_error:
            raise self._problem(response)
        return response

    def _problem(self, response: httpx.Response) -> FootnoteError:
        if response.status_code == httpx.codes.UNAUTHORIZED:
            return InvalidInputError(
                f"The server on {self._url} wants its key: set FOOTNOTE_API_KEY to it."
            )
        try:
            problem = response.json()
            detail = str(problem["detail"])
            if response.status_code == httpx.codes.INTERNAL_SERVER_ERROR:
                detail += f" Request {problem.get('request_id')} to {self._url}."
            return _error(str(problem["code"]), detail)
        except (ValueError, KeyError, TypeError):
            return UnavailableError(
                f"The server on {self._url} answered {response.status_code} to "
                f"{response.request.method} {response.request.url.path}."
            )


def _path(document_id: str) -> str:
    return f"/v1/documents/{quote(document_id, safe='')}"


def _error(code: str, message: str) -> FootnoteError:
    """Return the error that a problem was made from; a code of HTTP alone is invalid input."""
    classes = {kind.code: kind for kind in _descendants(FootnoteError)}
    return classes.get(code, InvalidInputError)(message)


def _descendants(kind: type[FootnoteError]) -> Iterator[type[FootnoteError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _descendants(child)
