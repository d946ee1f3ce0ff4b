"""Documents as requests bring them: texts, addresses and paths as JSON, or files of a form.

Checks what a sender states and how big it is, and takes nothing from a file's name but its last
part. What is inside a file is the loaders' business.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, TypeVar

import anyio
import anyio.to_thread
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from pydantic_core import from_json
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.api import uploads, validation
from app.api.dependencies import is_json, run
from app.api.examples import DOCUMENT
from app.api.models import AddressBody, DocumentBody, DocumentDetails, PathsBody
from app.jobs.opening import too_large
from app.jobs.work import Details, FetchWork, PathWork, TextWork, UploadWork, Work
from app.local_access import HEADER, LocalAccess
from app.settings import Limits
from app.spool import Spool
from index.errors import ConflictError, InvalidInputError, StorageError
from index.loaders import load_text
from index.loaders.identity import checked_id

_NAME_CHARACTERS = 150
FORM = "multipart/form-data"
Stated = TypeVar("Stated", bound=DocumentDetails)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that waits to be indexed."""

    name: str | None
    work: Work
    spooled: str | None = None


async def receive(
    request: Request,
    *,
    spool: Spool,
    limits: Limits,
    local_access: LocalAccess,
    one_at_a_time: anyio.CapacityLimiter,
    document_id: str | None = None,
) -> Sequence[Arrival]:
    """Read the documents in a request and keep them in the spool.

    Args:
        request: its body is JSON or a multipart form.
        spool: where they wait.
        limits: of the settings.
        local_access: tells who may name paths.
        one_at_a_time: large JSON takes its turn here, for it is in memory while it is read.
        document_id: the one id that the document must have, where the path names it.

    Raises:
        RequestValidationError: a field cannot be used.
        HTTPException: 400, 413 or 415.
        FootnoteError: the document cannot be used or kept.
    """
    content_type = request.headers.get("content-type", "")
    if is_json(content_type):
        is_local = local_access.admits(request.headers.get(HEADER))
        with _temporary_folder():
            body = await uploads.read_body(request)
        take = partial(_from_json, body.file, spool, limits, document_id, is_local=is_local)
        try:
            return await anyio.to_thread.run_sync(
                take, limiter=one_at_a_time if uploads.is_large(body) else None
            )
        finally:
            await body.close()
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise HTTPException(415, f"Send JSON (application/json) or files ({FORM}).")
    with _temporary_folder():
        form = await uploads.read_form(request, limits.document_bytes)
    try:
        return await run(partial(_from_form, form, spool, limits, document_id))
    finally:
        await form.close()


@contextmanager
def _temporary_folder() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"The upload could not be written to the temporary folder: {error.strerror}. Free some "
            "space there, then send it again."
        ) from error


def _from_json(
    file: BinaryIO, spool: Spool, limits: Limits, document_id: str | None, *, is_local: bool
) -> list[Arrival]:
    body = file.read()
    fields = _fields_of(body)
    try:
        if "paths" in fields and document_id is None:
            return _from_paths(PathsBody.model_validate_json(body), is_local=is_local)
        if "text" not in fields and fields.get("url") is not None:
            address = _with_id(AddressBody.model_validate_json(body), document_id)
            details = Details(**address.model_dump(exclude={"url"}))
            return [Arrival(address.url, FetchWork(url=address.url, details=details))]
        given = DocumentBody.model_validate_json(body)
    except ValidationError as error:
        raise _bad_fields(error) from None
    stated = _with_id(given, document_id).model_dump(exclude={"text"})
    document = load_text(given.text, max_bytes=limits.document_bytes, **stated)
    names = ("source", "url", "language", "published_at")
    details = Details(**{name: getattr(document, name) for name in names})
    work = TextWork(id=document.id, title=document.title, details=details)
    return [Arrival(None, work, spool.keep(document.text.encode()))]


def _fields_of(body: bytes) -> dict[str, Any]:
    """Return what a body names, so that its form can be told; what is wrong with it comes later."""
    try:
        fields = from_json(body)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}


def _from_paths(body: PathsBody, *, is_local: bool) -> list[Arrival]:
    require_local(is_local=is_local)
    details = Details(**body.model_dump(exclude={"paths"}))
    return [
        Arrival(Path(path).name, PathWork(path=Path(path), details=details)) for path in body.paths
    ]


def require_local(*, is_local: bool) -> None:
    """Refuse paths to whoever has not shown that they may read the server's files.

    Raises:
        InvalidInputError: they have not.
    """
    if not is_local:
        raise InvalidInputError(
            "Paths are read only for the footnote command that runs as the server's own user on "
            "its machine, which it shows by reading local-access in the data folder. Send the "
            "files themselves: POST /v1/documents"
        )


def _from_form(
    form: FormData, spool: Spool, limits: Limits, document_id: str | None
) -> list[Arrival]:
    files: list[UploadFile] = []
    fields: dict[str, str] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            files.append(value)
        elif value:  # a browser sends fields that were left empty
            fields[name] = value
    _check_count(files, fields, one=document_id is not None)
    try:
        details = DocumentDetails.model_validate(fields)
    except ValidationError as error:
        raise _bad_fields(error) from None
    details = _with_id(details, document_id)
    arrivals: list[Arrival] = []
    try:
        for file in files:
            fits = (file.size or 0) <= limits.document_bytes
            if not fits and len(files) == 1:
                raise too_large(limits.document_bytes)
            work = UploadWork(
                media_type=file.content_type,
                details=Details(**details.model_dump()),
                is_too_large=not fits,
            )
            kept = spool.keep(file.file) if fits else None
            arrivals.append(Arrival(file_name(file.filename), work, kept))
    except BaseException:
        spool.discard([arrival.spooled for arrival in arrivals if arrival.spooled])
        raise
    return arrivals


def _check_count(files: Sequence[UploadFile], fields: dict[str, str], *, one: bool) -> None:
    errors = []
    if not files:
        errors.append(
            validation.unusable("file", "is missing; add a part with a file name, as curl -F does")
        )
    if one and len(files) > 1:
        errors.append(validation.unusable("file", "stands more than once; send one file here"))
    if len(files) > 1:
        errors += [
            validation.unusable(name, "cannot hold for several files; send them one by one")
            for name in ("id", "title", "url")
            if name in fields
        ]
    if errors:
        raise RequestValidationError(errors)


def _with_id(details: Stated, document_id: str | None) -> Stated:
    """Return the details with the id of the path. Raises InvalidDocumentError, ConflictError."""
    if document_id is None:
        return details
    document_id = checked_id(document_id)
    if details.id not in (None, document_id):
        raise ConflictError(
            f"The path names the document {document_id!r} and the body {details.id!r}. Leave the "
            "id out of the body."
        )
    return details.model_copy(update={"id": document_id})


def file_name(given: str | None) -> str:
    """Return what is safe of a file name that a sender chose: its last part, printable, short."""
    name = PurePosixPath((given or "").replace("\\", "/")).name
    name = "".join(c for c in name if not unicodedata.category(c).startswith("C")).strip()
    if name in ("", ".", ".."):
        return "unnamed"
    stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix[:20]
    return stem[: _NAME_CHARACTERS - len(suffix)] + suffix


def _bad_fields(error: ValidationError) -> RequestValidationError:
    found = error.errors(include_url=False, include_input=False)
    return RequestValidationError(
        [{**problem, "loc": ("body", *problem["loc"])} for problem in found]
    )


def _text_or_address() -> dict[str, Any]:
    """Return the schema of a document as JSON: a text, or the address of one."""
    schema = DocumentBody.model_json_schema()
    del schema["required"]
    schema["properties"]["text"]["description"] += " Without it, `url` is fetched."
    return schema


def request_body() -> dict[str, Any]:
    """Return the OpenAPI description of a request body that ``receive`` reads."""
    form = DocumentDetails.model_json_schema()
    form["properties"] = {
        "file": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "description": "One or several files.",
        },
        **form["properties"],
    }
    form["required"] = ["file"]
    return {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": _text_or_address(),
                    "example": DOCUMENT,
                },
                FORM: {"schema": form},
            },
        }
    }
