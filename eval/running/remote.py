"""A running service, reached by its documented HTTP interface."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from app.answer.model import Answer, Generator
from app.api.exposure import is_loopback
from app.api.models import DocumentText, FoundPassage, SearchResult
from eval.cases.model import Case
from eval.running.service import ServiceInfo, span_of
from index.errors import FootnoteError, InvalidInputError, NotFoundError, UnavailableError

Parsed = TypeVar("Parsed", bound=BaseModel)

TIMEOUT_S = 120.0
"""A model that writes may take as long; a service that does not answer is not waited for longer."""


@contextmanager
def remote(
    url: str,
    api_key: str | None = None,
    *,
    timeout_s: float = TIMEOUT_S,
    transport: httpx.BaseTransport | None = None,
) -> Iterator["RemoteService"]:
    """Open a connection to a running service, and see that it takes questions.

    Args:
        url: where it serves, such as ``http://127.0.0.1:8000``.
        api_key: its FOOTNOTE_API_KEY, if it has one.
        timeout_s: how long to wait for one reply.
        transport: what carries the requests; a network by default.

    Raises:
        InvalidInputError: the URL is none, or the key is not the right one.
        UnavailableError: it cannot be reached, is not ready, or is no Footnote.
    """
    address = url.rstrip("/")
    if not address.startswith(("http://", "https://")):
        raise InvalidInputError(f"{url} is no URL of a service; write http://host:port.")
    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    with httpx.Client(
        base_url=address,
        headers=headers,
        timeout=timeout_s,
        trust_env=not is_loopback(httpx.URL(address).host),  # this machine is behind no proxy
        transport=transport,
    ) as client:
        service = RemoteService(client, address)
        service.check()
        yield service


class RemoteService:
    """Asks the service that ``client`` reaches. ``remote`` makes one."""

    def __init__(self, client: httpx.Client, url: str) -> None:
        self._client = client
        self._url = url
        self._texts: dict[tuple[str, str | None], str] = {}
        self._version: str | None = None
        self._generator: Generator | None = None

    def check(self) -> None:
        """See that the service answers and takes the key. Raises like ``remote``."""
        page = self._send("GET", "/v1/documents", parameters={"limit": "1"})
        if "items" not in _json(page):
            raise UnavailableError(f"What answers on {self._url} is not Footnote. Check the URL.")
        self._version = self._described()

    @property
    def info(self) -> ServiceInfo:
        """What the service has told of itself so far."""
        told = self._generator
        return ServiceInfo(
            target=self._url,
            versions={"footnote": self._version or "unknown"},
            prompts={"answer": told.prompt} if told and told.prompt else {},
            models={"answer": told.model if told else None, "verify": told.judge if told else None},
        )

    def ask(self, case: Case) -> tuple[Answer, float]:
        """Return the answer to a case's question, and the seconds that it took on this side."""
        body = {"question": case.question, "history": case.history, "filters": _filters(case)}
        started = time.perf_counter()
        response = self._send("POST", "/v1/ask", body=body)
        seconds = time.perf_counter() - started
        answer = _parsed(Answer, response)
        if self._generator is None or answer.generator.kind == "model":
            self._generator = answer.generator
        return answer, seconds

    def search(self, case: Case, top_k: int) -> tuple[FoundPassage, ...]:
        """Return the passages nearest to a case's question, best first."""
        body = {"question": case.question, "top_k": top_k, "filters": _filters(case)}
        return _parsed(SearchResult, self._send("POST", "/v1/search", body=body)).passages

    def read_span(self, document_id: str, revision: str, start: int, end: int) -> str | None:
        """Return what the stored revision has there; None where it has nothing."""
        try:
            return span_of(self._text(document_id, revision), start, end)
        except NotFoundError:
            return None

    def text_of(self, document_id: str) -> str:
        """Return a document's current text. Raises NotFoundError."""
        return self._text(document_id, None)

    def _described(self) -> str | None:
        try:
            described = _json(self._send("GET", "/openapi.json"))
        except FootnoteError:  # a proxy may keep it from us, and questions do not take it
            return None
        version = described.get("info", {}).get("version")
        return str(version) if version else None

    def _text(self, document_id: str, revision: str | None) -> str:
        key = (document_id, revision)
        if key not in self._texts:
            path = f"/v1/documents/{quote(document_id, safe='')}"
            parameters = {"revision": revision} if revision else {}
            response = self._send("GET", path, parameters=parameters)
            self._texts[key] = _parsed(DocumentText, response).text
        return self._texts[key]

    def _send(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, object] | None = None,
        parameters: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        content = to_json(body) if body is not None else None
        headers = {"Content-Type": "application/json"} if body is not None else {}
        try:
            response = self._client.request(
                method, path, content=content, headers=headers, params=parameters
            )
        except httpx.TimeoutException as error:
            raise UnavailableError(
                f"{self._url} did not answer {path} in {self._client.timeout.read:g} s. See what "
                "it is busy with, and try again."
            ) from error
        except httpx.HTTPError as error:
            raise UnavailableError(
                f"{self._url} cannot be reached ({error or type(error).__name__}). Check the URL, "
                "and that the service runs."
            ) from error
        if response.is_error:
            raise self._problem(response)
        return response

    def _problem(self, response: httpx.Response) -> FootnoteError:
        status = response.status_code
        if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            return InvalidInputError(
                f"{self._url} does not take the key: set FOOTNOTE_API_KEY to the one it has."
            )
        detail = _detail(response) or f"{response.request.url.path} answered {status}"
        if status == httpx.codes.NOT_FOUND:
            return NotFoundError(f"{self._url}: {detail}")
        if status < httpx.codes.INTERNAL_SERVER_ERROR:
            return InvalidInputError(f"{self._url}: {detail}")
        return UnavailableError(f"{self._url}: {detail}")


def _filters(case: Case) -> dict[str, object]:
    return asdict(case.filters)


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        content = response.json()
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _detail(response: httpx.Response) -> str | None:
    detail = _json(response).get("detail")
    return str(detail) if detail else None


def _parsed(model: type[Parsed], response: httpx.Response) -> Parsed:
    try:
        return model.model_validate_json(response.content)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"
            for problem in error.errors(include_url=False, include_input=False)[:3]
        )
        raise UnavailableError(
            f"{response.request.url.path} of the service returned what this version of Footnote "
            f"does not understand ({wrong})."
        ) from error
