"""Bodies that carry documents, read so that they cost disk and not memory.

Knows forms and files; not what a document is.
"""

from tempfile import SpooledTemporaryFile

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

MOST_FILES = 1000
_MOST_FIELDS = 20
_FIELD_BYTES = 64_000
_IN_MEMORY = 1 << 20


class _CappedParser(MultiPartParser):
    """Keeps no more of a file than shows that it is too large."""

    most_file_bytes = 0
    _room = 0

    def on_part_begin(self) -> None:
        """Begin the next part."""
        self._room = self.most_file_bytes + 1
        super().on_part_begin()

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Take what there is room for."""
        if self._current_part.file is not None:
            end = min(end, start + self._room)
            self._room -= end - start
        if start < end:
            super().on_part_data(data, start, end)


async def read_form(request: Request, most_file_bytes: int) -> FormData:
    """Return a multipart form; of a file over the limit, one byte more than the limit.

    Raises:
        HTTPException: 400, it is no form.
        OSError: the temporary folder cannot be written.
    """
    parser = _CappedParser(
        request.headers,
        request.stream(),
        max_files=MOST_FILES,
        max_fields=_MOST_FIELDS,
        max_part_size=_FIELD_BYTES,
    )
    parser.most_file_bytes = most_file_bytes
    try:
        return await parser.parse()
    except MultiPartException as error:
        raise HTTPException(400, error.message) from None


async def read_body(request: Request) -> UploadFile:
    """Return a whole body as a file, on disk where it is large. To be closed.

    Raises:
        OSError: the temporary folder cannot be written.
    """
    spooled = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    file = UploadFile(spooled, size=0)  # type: ignore[arg-type]  # as the framework does
    try:
        async for chunk in request.stream():
            await file.write(chunk)
        await file.seek(0)
    except BaseException:
        await file.close()
        raise
    return file


def is_large(file: UploadFile) -> bool:
    """Tell whether reading a file takes much memory."""
    return (file.size or 0) > _IN_MEMORY
