"""Office files as what they are, ZIP packages of XML, checked before a library unpacks them."""

import io
import zipfile
import zlib

from index.errors import InvalidDocumentError, TooLargeError
from index.loaders.base import Limits

_CHUNK = 1 << 16
_FREE = 1 << 20


def check_package(data: bytes, name: str, limits: Limits, what: str) -> None:
    """Refuse what would unpack to too much, and markup that could make parsing costly.

    Args:
        data: the file.
        name: how errors call it.
        limits: what it may become.
        what: what it should be, as in errors: "a Word document".

    Raises:
        InvalidDocumentError: it is damaged, or defines entities.
        TooLargeError: it becomes too large.
    """
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            infos = package.infolist()
            if len(infos) > limits.entries:
                raise TooLargeError(
                    f"{name} has more than {limits.entries:,} parts. Save it again."
                )
            for info in infos:
                most, size = max(_FREE, info.compress_size * limits.ratio), 0
                with package.open(info) as part:
                    while chunk := part.read(_CHUNK):
                        if size == 0 and _defines(chunk):
                            raise InvalidDocumentError(
                                f"{name} defines entities in its XML, as {what} never does. It was "
                                "not read."
                            )
                        size += len(chunk)
                        total += len(chunk)
                        if size > most or total > limits.unpacked_bytes:
                            raise TooLargeError(
                                f"{name} becomes far larger than {what} when it is "
                                "unpacked. Save it again, without pictures."
                            )
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise InvalidDocumentError(
            f"{name} is damaged as {what}, or was not sent whole. Open it in its program and save "
            "it again."
        ) from error


def _defines(chunk: bytes) -> bool:
    plain = chunk.replace(b"\x00", b"")  # UTF-16 too
    return b"<!DOCTYPE" in plain or b"<!ENTITY" in plain
