"""The file that a backup is: a compressed tar of a manifest and a copy of the catalog.

``footnote.json`` stands first and has the sum of what follows, so a file that was cut short or
changed, or never was a backup, is found out before anything is done with it. Opens no database.
"""

import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import IO, Any

from index.errors import IndexMismatchError, InvalidInputError

FORMAT = 1
Advance = Callable[[int], None]
"""Called with how many bytes more are done."""

_MANIFEST, _CATALOG = "footnote.json", "catalog.sqlite"
_MOST_MANIFEST = 100_000
_BLOCK = 1 << 20
_LEVEL = 1  # vectors hardly get smaller; a higher level takes several times as long


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. ``bytes`` and ``sha256`` are those of the catalog in it."""

    format: int
    footnote: str
    schema: int
    stamp: str | None
    documents: int
    created_at: str
    bytes: int
    sha256: str


def write(archive: Path, manifest: Manifest, catalog: Path, advance: Advance) -> None:
    """Write a backup that only its owner may read, down to the disk. Raises OSError."""
    descriptor = os.open(archive, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=_LEVEL) as tar:
            told = json.dumps(asdict(manifest), indent=2).encode()
            tar.addfile(_entry(_MANIFEST, len(told)), io.BytesIO(told))
            with catalog.open("rb") as source:
                tar.addfile(_entry(_CATALOG, manifest.bytes), _Counted(source, advance))
        file.flush()
        os.fsync(file.fileno())


def sum_of(path: Path) -> str:
    """Return the sha-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def opened(archive: Path) -> Iterator[tuple[Manifest, Iterator[bytes]]]:
    """Give a backup's manifest, and the catalog in parts; after the last one its sum is checked.

    Raises:
        InvalidInputError: it is no backup, or a damaged one.
        IndexMismatchError: a newer Footnote made it.
        OSError: it cannot be read.
    """
    try:
        with tarfile.open(archive, "r:gz") as tar:
            manifest = _manifest(_member(tar, _MANIFEST, _MOST_MANIFEST))
            if manifest.format > FORMAT:
                raise IndexMismatchError(
                    f"{archive} was made by Footnote {manifest.footnote}, which is newer than this "
                    "one. Restore it with that version. Nothing was changed."
                )
            yield manifest, _checked(archive, manifest, _member(tar, _CATALOG, None))
    except (tarfile.TarError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise _no_backup(archive, str(error)) from error
    except OSError as error:
        if error.errno is None:  # what gzip raises of a file that is none
            raise _no_backup(archive, str(error)) from error
        raise


def _checked(archive: Path, manifest: Manifest, parts: Iterator[bytes]) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
        yield part
    if digest.hexdigest() != manifest.sha256:
        raise _no_backup(archive, "its checksum does not fit what is in it")


def _member(tar: tarfile.TarFile, name: str, most: int | None) -> Iterator[bytes]:
    member = tar.next()
    if member is None or member.name != name or not member.isreg():
        raise ValueError(f"it has no {name} where it should be")
    if most is not None and member.size > most:
        raise ValueError(f"its {name} is too long")
    file = tar.extractfile(member)
    while file is not None and (part := file.read(_BLOCK)):
        yield part


def _manifest(parts: Iterator[bytes]) -> Manifest:
    told: dict[str, Any] = json.loads(b"".join(parts))
    return Manifest(**{field.name: told[field.name] for field in fields(Manifest)})


def _no_backup(archive: Path, why: str) -> InvalidInputError:
    return InvalidInputError(
        f"{archive} is no backup of Footnote, or a damaged one ({why}). Nothing was changed."
    )


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


class _Counted(io.RawIOBase):
    """Reads from a file and tells how much."""

    def __init__(self, file: IO[bytes], advance: Advance) -> None:
        self._file = file
        self._advance = advance

    def read(self, size: int = -1) -> bytes:
        part = self._file.read(size)
        self._advance(len(part))
        return part
