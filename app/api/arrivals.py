"""Documents as requests bring them: JSON, or files of a multipart form, kept until indexed.

Checks what a sender states and how big it is, and takes nothing from a file's name but its last
part. What is inside a file is the loaders' business.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.api import validation
from app.api.dependencies import is_json, run
from app.api.examples import DOCUMENT
from app.api.models import DocumentBody, DocumentDetails
from app.settings import Limits
from app.spool import Spool
from index.errors import ConflictError, StorageError, TooLargeError
from index.loaders import load_bytes, load_text
from index.loaders.identity import checked_id
from index.model import SourceDocument

MOST_FILES = 1000
_FIELD_BYTES = 64_000
_NAME_CHARACTERS = 150
FORM = "multipart/form-data"
Details = TypeVar("Details", bound=DocumentDetails)


@dataclass(frozen=True, slots=True)
class FileArrival:
    """An uploaded file; it is read when its turn comes."""

    file: str
    path: Path | None
    media_type: str | None
    details: DocumentDetails
    most_bytes: int

    def load(self) -> SourceDocument:
        """Read the file. Raises FootnoteError."""
        if self.path is None:
            raise TooLargeError(
                f"The file is larger than {self.most_bytes:,} bytes, the most that one document "
                "may have (FOOTNOTE_LIMITS__DOCUMENT_BYTES). Split it."
            )
        return load_bytes(
            self.path.read_bytes(),
            filename=self.file,
            media_type=self.media_type,
            max_bytes=self.most_bytes,
            **self.details.model_dump(),
        )


@dataclass(frozen=True, slots=True)
class TextArrival:
    """A document whose text came as JSON and was found good; the text waits on disk."""

    document: SourceDocument
    path: Path
    file: str | None = None

    def load(self) -> SourceDocument:
        """Put the document together again."""
        return replace(self.document, text=self.path.read_bytes().decode())


async def receive(
    request: Request, *, spool: Spool, limits: Limits, document_id: str | None = None
) -> Sequence[FileArrival | TextArrival]:
    """Read the documents in a request and keep them in the spool.

    Args:
        request: its body is JSON or a multipart form.
        spool: where they wait.
        limits: of the settings.
        document_id: the one id that the document must have, where the path names it.

    Raises:
        RequestValidationError: a field cannot be used.
        HTTPException: 400, 413 or 415.
        FootnoteError: the document cannot be used or kept.
    """
    content_type = request.headers.get("content-type", "")
    if is_json(content_type):
        body = await request.body()
        return [await run(partial(_from_json, body, spool, limits, document_id))]
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise HTTPException(415, f"Send JSON (application/json) or files ({FORM}).")
    try:
        form = await request.form(max_files=MOST_FILES, max_fields=20, max_part_size=_FIELD_BYTES)
    except OSError as error:
        raise StorageError(
            f"The upload could not be written to the temporary folder: {error.strerror}. Free some "
            "space there, then send it again."
        ) from error
    try:
        return await run(partial(_from_form, form, spool, limits, document_id))
    finally:
        await form.close()


def _from_json(body: bytes, spool: Spool, limits: Limits, document_id: str | None) -> TextArrival:
    try:
        given = DocumentBody.model_validate_json(body)
    except ValidationError as error:
        raise _bad_fields(error) from None
    details = _with_id(given, document_id).model_dump(exclude={"text"})
    document = load_text(given.text, max_bytes=limits.document_bytes, **details)
    return TextArrival(replace(document, text=""), spool.keep(document.text.encode()))


def _from_form(
    form: FormData, spool: Spool, limits: Limits, document_id: str | None
) -> list[FileArrival]:
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
    arrivals: list[FileArrival] = []
    try:
        for file in files:
            fits = (file.size or 0) <= limits.document_bytes
            path = spool.keep(file.file) if fits else None
            name = file_name(file.filename)
            arrivals.append(
                FileArrival(name, path, file.content_type, details, limits.document_bytes)
            )
    except BaseException:
        for arrival in arrivals:
            if arrival.path is not None:
                arrival.path.unlink(missing_ok=True)
        raise
    if len(arrivals) == 1 and arrivals[0].path is None:
        arrivals[0].load()  # says that it is too large; a job is not needed for that
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


def _with_id(details: Details, document_id: str | None) -> Details:
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
                    "schema": DocumentBody.model_json_schema(),
                    "example": DOCUMENT,
                },
                FORM: {"schema": form},
            },
        }
    }
