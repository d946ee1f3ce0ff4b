"""Where documents wait on disk between a request and the job that indexes them.

Owns file names there: they are numbers of its own, never a name that a sender chose. Files outlive
the process, as the jobs do that want them; what no job wants is swept out at the next start.
"""

import itertools
import secrets
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO

from index.errors import NotFoundError, StorageError

FOLDER = "incoming"
"""Its name in the data folder."""


class Spool:
    """A folder of documents that wait.

    Args:
        folder: where they wait; made when it is needed.
        least_free: bytes that its disk must have free, for the indexing that follows.
    """

    def __init__(self, folder: Path, *, least_free: int = 0) -> None:
        self._folder = folder
        self._least_free = least_free
        self._prefix = secrets.token_hex(4)
        self._numbers = itertools.count()

    def require_space(self) -> None:
        """Refuse work that would fill the disk. Blocking.

        Raises:
            StorageError: its disk has less space than it must have.
        """
        there = next(path for path in (self._folder, *self._folder.parents) if path.exists())
        free = shutil.disk_usage(there).free
        if free < self._least_free:
            raise StorageError(
                f"The disk of the data folder has {free:,} bytes of space left, and "
                f"{self._least_free:,} are needed to take documents "
                "(FOOTNOTE_LIMITS__FREE_BYTES). Free some space."
            )

    def keep(self, content: BinaryIO | bytes) -> str:
        """Write content to a new file and return its name. Blocking.

        Raises:
            StorageError: the disk is full or the folder cannot be written.
        """
        path = self._folder / f"{self._prefix}-{next(self._numbers)}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with path.open("xb") as file:
                if isinstance(content, bytes):
                    file.write(content)
                else:
                    shutil.copyfileobj(content, file, 1 << 20)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise StorageError(
                f"The upload could not be kept in {self._folder.name} of the data folder: "
                f"{error.strerror}. Free some space or make it writable, then send it again."
            ) from error
        return path.name

    def read(self, name: str | None) -> bytes:
        """Return a file's content. Blocking.

        Raises:
            NotFoundError: it is there no more.
            StorageError: it cannot be read.
        """
        try:
            return (self._folder / (name or "none")).read_bytes()
        except FileNotFoundError as error:
            raise NotFoundError(
                "The file that was sent is not in the data folder any more. Send it again."
            ) from error
        except OSError as error:
            raise StorageError(
                f"The file that was sent cannot be read from the data folder: {error.strerror}."
            ) from error

    def discard(self, names: Collection[str]) -> None:
        """Delete files; those that are gone already do no harm."""
        for name in names:
            (self._folder / name).unlink(missing_ok=True)

    def sweep(self, wanted: Collection[str]) -> None:
        """Delete every file that is not among those ``wanted``."""
        if self._folder.is_dir():
            self.discard([path.name for path in self._folder.iterdir() if path.name not in wanted])
