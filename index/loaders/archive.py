"""The files in a ZIP archive, unpacked in memory and counted while they are.

What the archive's directory claims about sizes is checked but not trusted. Names are only cleaned
for ids and titles; nothing is ever written to disk under them.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator

from index.errors import FootnoteError, InvalidDocumentError, TooLargeError
from index.loaders.base import Limits
from index.loaders.containers import Budget, cleaned
from index.loaders.registry import by_name, passed_over
from index.loaders.unread import told

_CHUNK = 1 << 16
_FREE = 1 << 20  # bytes that any file may become, however small it was
_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def entries(
    data: bytes, name: str, limits: Limits, budget: Budget
) -> Iterator[tuple[str, bytes | FootnoteError]]:
    """Yield the name and the content, or why there is none, of each file that may be a document.

    Files of formats that are not read come last, with what to do about them.

    Raises:
        InvalidDocumentError: it is no archive, or nothing in it is read.
        TooLargeError: it is over a limit.
    """
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError) as error:
        raise InvalidDocumentError(
            f"{name} is a damaged ZIP archive, or was not sent whole. Pack it again."
        ) from error
    with opened:
        found = 0
        others: list[str] = []
        for info in opened.infolist():
            budget.count_entry()
            entry = cleaned(info.filename)
            if info.is_dir() or _is_litter(entry):
                continue
            if by_name(entry) is None:
                others.append(entry)
                continue
            found += 1
            try:
                yield entry, _content(opened, info, entry, limits, budget)
            except _OverTheLimitError as error:
                yield entry, error.told
            except InvalidDocumentError as error:
                yield entry, error
    if not found:
        held = f" It holds {told(others)}" if others else ""
        raise InvalidDocumentError(f"{name} holds no file of a format that is read.{held}")
    for entry in others:
        yield entry, passed_over(entry)


class _OverTheLimitError(Exception):
    """One file is over a limit that holds for each file; the archive's other files are read."""

    def __init__(self, told: TooLargeError) -> None:
        self.told = told


def _content(
    opened: zipfile.ZipFile, info: zipfile.ZipInfo, entry: str, limits: Limits, budget: Budget
) -> bytes:
    if info.flag_bits & 0x1:
        raise InvalidDocumentError(f"{entry} is encrypted. Pack it again without a password.")
    most = max(_FREE, info.compress_size * limits.ratio)
    content = bytearray()
    try:
        with opened.open(info) as file:
            while chunk := file.read(_CHUNK):
                budget.count_bytes(len(chunk))
                content += chunk
                if len(content) > limits.document_bytes:
                    raise _OverTheLimitError(
                        TooLargeError(
                            f"{entry} is larger than {limits.document_bytes / 1024**2:,.1f} MB "
                            "when unpacked. Split it."
                        )
                    )
                if len(content) > most:
                    raise _OverTheLimitError(
                        TooLargeError(
                            f"{entry} becomes more than {limits.ratio} times larger when it is "
                            "unpacked, as documents do not. It was left."
                        )
                    )
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise InvalidDocumentError(
            f"{entry} is damaged in the archive, or packed in a way that is not read. Pack it "
            "again."
        ) from error
    return bytes(content)


def _is_litter(name: str) -> bool:
    """Tell hidden files and what operating systems leave in archives."""
    last = name.rstrip("/").rpartition("/")[2]
    return name.startswith(_LITTER[0]) or last in _LITTER or last.startswith(".")
