"""Every error of the HTTP surface as RFC 9457 problem details, or as OpenAI's clients want it.

The only module that knows which HTTP status an error has. It knows no route and no store; what a
reader gets is an error's own message, or a general one where the message could tell internals.
"""

import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, Field
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path
from starlette.types import Scope

from app.api import openai_errors
from app.api.access import NotAllowedError
from app.api.turns import BusyError
from app.api.validation import FieldError, field_errors, is_unreadable_json, where_json_breaks
from app.models.errors import ModelError, ModelSettingsError
from app.settings import SettingsError
from index.errors import (
    ConflictError,
    DataFolderBusyError,
    FetchError,
    FetchRefusedError,
    FootnoteError,
    ForbiddenAddressError,
    IndexDamagedError,
    IndexMismatchError,
    InvalidDocumentError,
    InvalidInputError,
    InvalidQuestionError,
    InvalidURLError,
    NotFoundError,
    PassedOverError,
    StorageError,
    TooLargeError,
    UnavailableError,
)

LOG = logging.getLogger("footnote.api")

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
RETRYABLE = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})

STATUSES: dict[type[FootnoteError], tuple[int, str]] = {
    FootnoteError: (500, "Something went wrong"),
    InvalidInputError: (422, "The input cannot be used"),
    InvalidDocumentError: (422, "The document cannot be used"),
    PassedOverError: (422, "The file is of a format that is not read"),
    InvalidQuestionError: (422, "The question cannot be asked"),
    InvalidURLError: (422, "The address cannot be used"),
    ForbiddenAddressError: (422, "The address is not fetched from"),
    SettingsError: (500, "The service is set up wrongly"),
    BusyError: (429, "Too many at once"),
    NotAllowedError: (403, "Not for this caller"),
    NotFoundError: (404, "There is no such thing"),
    ConflictError: (409, "The request contradicts what is stored"),
    TooLargeError: (413, "Over a limit"),
    StorageError: (503, "The data folder cannot be used"),
    DataFolderBusyError: (503, "The data folder is held by another process"),
    IndexMismatchError: (503, "The index was made by another model or version"),
    IndexDamagedError: (503, "The index is damaged"),
    UnavailableError: (503, "Not available right now"),
    FetchError: (502, "The page could not be fetched"),
    FetchRefusedError: (502, "The page is not to be had"),
    ModelError: (503, "The language model gave no usable answer"),
    ModelSettingsError: (500, "The service is set up wrongly"),
}
"""HTTP status and title of each error class; a test fails when a class is missing.

An entry for a class that is not from ``index.errors`` stands for its subclasses too.
"""

PROTOCOL_CODES: dict[int, tuple[str, str]] = {
    400: ("bad_request", "The request cannot be read"),
    401: ("unauthorized", "A key is needed"),
    403: ("cross_origin", "Not for pages of other origins"),
    404: ("unknown_path", "There is nothing at this path"),
    405: ("method_not_allowed", "This path does not take this method"),
    408: ("too_slow", "The request came too slowly"),
    413: ("too_large", "Over a limit"),
    415: ("unsupported_media_type", "The body has a type that this path does not read"),
    421: ("host_not_allowed", "The request names a host that is not served here"),
    422: ("invalid_request", "The request has fields that cannot be used"),
    429: ("rate_limited", "Too many requests"),
    500: ("internal_error", "Something went wrong"),
    503: ("unavailable", "Not available right now"),
}
"""Code and title of errors that have no class of ours, by status."""

INVALID_JSON = "invalid_json"
UNPARSED = "There was an error parsing the body"
"""What the framework says of a JSON body that breaks its parser: bad UTF-8, endless nesting."""

INTERNAL_DETAIL = (
    "This is a fault of the service, not of the request. Its log has the details under the "
    "request id given here."
)


class Problem(BaseModel):
    """RFC 9457 problem details, the form of every error."""

    type: str = Field(description="Where this kind of error is described.")
    title: str = Field(description="The kind of error, in a few words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong here and what to do.")
    code: str = Field(description="A stable name of the kind, for programs.")
    instance: str = Field(description="The path of the request.")
    retryable: bool = Field(description="Whether the same request may succeed later.")
    request_id: str | None = Field(description="What the service's log calls this request.")
    errors: tuple[FieldError, ...] | None = Field(
        None, description="Which fields are wrong, where fields are."
    )


RESPONSE: dict[str, Any] = {
    "description": "Problem details",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
"""What the API description says of every error."""


@dataclass(frozen=True, slots=True)
class _Kind:
    status: int
    title: str
    code: str
    retryable: bool = False


def of(error: Exception, scope: Scope) -> Problem:
    """Return the problem details of any error. Nothing of an unknown error's text is in them."""
    if isinstance(error, RequestValidationError):
        return _of_validation(error.errors(), scope)
    if isinstance(error, HTTPException):
        if error.detail == UNPARSED:
            return _unreadable(
                "The body is not valid JSON: it is not UTF-8, or nested too deep.", scope
            )
        return of_status(error.status_code, scope, detail=_detail_of(error))
    if isinstance(error, FootnoteError):
        status, title = status_of(type(error))
        detail = INTERNAL_DETAIL if status == HTTPStatus.INTERNAL_SERVER_ERROR else error.message
        return _problem(_Kind(status, title, error.code, error.retryable), detail, scope)
    return of_status(500, scope, detail=INTERNAL_DETAIL)


def status_of(kind: type[FootnoteError]) -> tuple[int, str]:
    """Return HTTP status and title of an error class, its nearest ancestor's if it has none."""
    for ancestor in kind.__mro__:
        if ancestor in STATUSES:
            return STATUSES[ancestor]
    raise AssertionError("FootnoteError itself is in STATUSES")


def of_status(status: int, scope: Scope, *, detail: str | None = None) -> Problem:
    """Return the problem details of an error that has only an HTTP status."""
    code, title = PROTOCOL_CODES.get(status) or (
        f"http_{status}",
        HTTPStatus(status).phrase,
    )
    kind = _Kind(status, title, code, retryable=status in RETRYABLE)
    return _problem(kind, detail or f"{title}.", scope)


def response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return problem details as an HTTP response; in OpenAI's form where its clients ask."""
    extra = dict(headers or {})
    if problem.retryable:
        extra.setdefault("Retry-After", str(RETRY_AFTER_S))
    if openai_errors.speaks(problem.instance):
        status = openai_errors.status_of(problem)
        body = to_json(openai_errors.of(problem))
        return Response(body, status, extra, media_type="application/json")
    return Response(
        to_json(problem, exclude_none=True), problem.status, extra, media_type=MEDIA_TYPE
    )


def log_if_ours(error: Exception, problem: Problem) -> None:
    """Log what the service, and not the request, is to blame for."""
    if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        LOG.error("unhandled error, request %s", problem.request_id, exc_info=error)
    elif problem.status > HTTPStatus.INTERNAL_SERVER_ERROR:
        LOG.warning("%s, request %s: %s", problem.code, problem.request_id, problem.detail)


async def handle(request: Request, error: Exception) -> Response:
    """Answer a request with the problem details of the error it met (an exception handler)."""
    headers = dict(getattr(error, "headers", None) or {})
    if isinstance(error, HTTPException) and error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(sorted(_methods_at(request)))
    if isinstance(error, ModelError | BusyError) and error.retry_after:
        headers["Retry-After"] = str(math.ceil(error.retry_after))
    problem = of(error, request.scope)
    log_if_ours(error, problem)
    return response(problem, headers)


def _of_validation(errors: Sequence[Mapping[str, Any]], scope: Scope) -> Problem:
    if is_unreadable_json(errors):
        return _unreadable(where_json_breaks(errors[0]), scope)
    fields = field_errors(errors)
    code, title = PROTOCOL_CODES[422]
    detail = "; ".join(f"{item.field}: {item.message}" for item in fields[:5])
    if len(fields) > 5:
        detail += f"; and {len(fields) - 5} more"
    return _problem(_Kind(422, title, code), detail, scope, fields)


def _unreadable(detail: str, scope: Scope) -> Problem:
    return _problem(_Kind(400, "The body is not JSON", INVALID_JSON), detail, scope)


def _problem(
    kind: _Kind, detail: str, scope: Scope, errors: Iterable[FieldError] | None = None
) -> Problem:
    return Problem(
        type=f"/docs#error-{kind.code}",
        title=kind.title,
        status=kind.status,
        detail=detail,
        code=kind.code,
        instance=scope.get("path", ""),
        retryable=kind.retryable,
        request_id=scope.get("state", {}).get("request_id"),
        errors=None if errors is None else tuple(errors),
    )


def _detail_of(error: HTTPException) -> str | None:
    """Return what an HTTPException says, unless it only repeats the status' own phrase."""
    detail = str(error.detail)
    return None if detail == HTTPStatus(error.status_code).phrase else detail


def _methods_at(request: Request) -> set[str]:
    """Return the methods that some route takes at the request's path.

    The framework's own Allow names those of the first route that has the path only.
    """
    methods: set[str] = set()
    for context in iter_route_contexts(request.app.routes):
        if context.path and compile_path(context.path)[0].match(request.scope["path"]):
            methods |= set(context.methods or ())
    return methods


def _members(kind: type[FootnoteError]) -> Iterable[type[FootnoteError]]:
    """Yield the subclasses that the module of an error class defines and no entry names."""
    for member in kind.__subclasses__():
        if member.__module__ == kind.__module__ and member not in STATUSES:
            yield member
            yield from _members(member)


def catalogue() -> list[dict[str, Any]]:
    """Return every code with its status and title, for the documentation."""
    rows = {
        kind.code: (*status_of(kind), kind.retryable)
        for mapped in reversed(STATUSES)
        for kind in (*_members(mapped), mapped)
    }
    for status, (code, title) in PROTOCOL_CODES.items():
        rows.setdefault(code, (status, title, False))
    rows[INVALID_JSON] = (400, "The body is not JSON", False)
    return [
        {"code": code, "status": status, "title": title, "retryable": retryable}
        for code, (status, title, retryable) in sorted(
            rows.items(), key=lambda row: (row[1][0], row[0])
        )
    ]
