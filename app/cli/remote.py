"""A session over HTTP, through the server that holds the data folder.

Speaks the documented HTTP interface and turns its problem details back into the errors they were.
"""

import itertools
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any
from urllib.parse import quote

import httpx
from pydantic_core import to_json

from app.answer.model import Answer
from app.api.job_models import DocumentResult, JobLine, JobView, SyncPlan
from app.api.models import DocumentLine, DocumentText
from app.api.widget_models import FeedbackLine
from app.jobs.work import FetchWork, PathWork, SyncWork
from app.local_access import HEADER
from index.errors import FootnoteError, InvalidInputError, UnavailableError
from index.model import Filters

_PAGE = 100
_TIMEOUT_S = 60.0


class RemoteSession:
    """Talks to the server at ``url``; use as a context manager.

    Args:
        url: where the server is, as ``http://127.0.0.1:8000``.
        key: its FOOTNOTE_API_KEY, if it has one.
        local_access: what shows that this is the user whose files the server reads.
        transport: what carries the requests; a network by default.
    """

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        local_access: str | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._url = url
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        if local_access:
            headers[HEADER] = local_access
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
        return list(map(DocumentLine.model_validate, self._items("/v1/documents")))

    def feedback(self) -> list[FeedbackLine]:
        """Return all ratings of answers, the newest first."""
        return list(map(FeedbackLine.model_validate, self._items("/v1/feedback")))

    def document(self, document_id: str) -> DocumentText:
        """Return a document with its current text."""
        return DocumentText.model_validate_json(self._send("GET", _path(document_id)).content)

    def delete(self, document_id: str) -> None:
        """Delete a document."""
        self._send("DELETE", _path(document_id))

    def add(self, given: Sequence[PathWork | FetchWork]) -> JobLine:
        """Begin to add files, folders and pages; the server reads the paths itself."""
        details = given[0].details.given()
        if isinstance(given[0], FetchWork):
            body = {"url": given[0].url, **details}
        else:
            paths = [str(work.path) for work in given if isinstance(work, PathWork)]
            body = {"paths": paths, **details}
        return _job(self._send("POST", "/v1/documents", body))

    def synchronise(self, work: SyncWork) -> JobLine:
        """Begin to bring the index in step with a folder or an address."""
        return _job(self._send("POST", "/v1/syncs", _sync_body(work)))

    def plan(self, work: SyncWork) -> SyncPlan:
        """Return what a synchronisation would do."""
        body = {**_sync_body(work), "dry_run": True}
        return SyncPlan.model_validate_json(self._send("POST", "/v1/syncs", body).content)

    def jobs(self, limit: int) -> list[JobLine]:
        """Return the newest jobs, the newest first."""
        jobs = itertools.islice(self._items("/v1/jobs", page=min(limit, _PAGE)), limit)
        return list(map(JobLine.model_validate, jobs))

    def job(self, job_id: str) -> JobLine:
        """Return how far a job is."""
        return _job(self._send("GET", _job_path(job_id), parameters={"limit": 1}))

    def results(self, job_id: str) -> Iterator[DocumentResult]:
        """Yield what became of each document of a job."""
        done, total = 0, 1
        while done < total:
            parameters = {"offset": done, "limit": _PAGE}
            answer = self._send("GET", _job_path(job_id), parameters=parameters)
            view = JobView.model_validate_json(answer.content)
            yield from view.results
            done, total = done + _PAGE, view.results_total

    def cancel(self, job_id: str) -> JobLine:
        """Stop a job between two documents."""
        return _job(self._send("POST", f"{_job_path(job_id)}/cancel", {}))

    def rotate_sessions(self) -> None:
        """End all sessions of the widget."""
        self._send("POST", "/v1/keys/rotate-sessions")

    def _items(self, path: str, *, page: int = _PAGE) -> Iterator[Any]:
        """Yield the items of all pages of a list."""
        offset, total = 0, 1
        while offset < total:
            parameters = {"offset": offset, "limit": page}
            found = self._send("GET", path, parameters=parameters).json()
            yield from found["items"]
            offset, total = offset + page, found["total"]

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


def _job(response: httpx.Response) -> JobLine:
    return JobLine.model_validate_json(response.content)


def _job_path(job_id: str) -> str:
    return f"/v1/jobs/{quote(job_id, safe='')}"


def _sync_body(work: SyncWork) -> dict[str, Any]:
    return work.model_dump(mode="json", exclude={"kind"}, exclude_none=True)


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
