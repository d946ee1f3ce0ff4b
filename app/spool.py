"""Where documents wait on disk between a request and the job that indexes them.

Owns file names there: they are numbers of its own, never a name that a sender chose. What is left
over from a process that ended is deleted at the next start, as are the jobs that wanted it.
"""

import itertools
import secrets
import shutil
from pathlib import Path
from typing import BinaryIO

from index.errors import StorageError


class Spool:
    """A folder of documents that wait."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._prefix = secrets.token_hex(4)
        self._numbers = itertools.count()

    def clear(self) -> None:
        """Delete what a former process left."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def keep(self, content: BinaryIO | bytes) -> Path:
        """Write content to a new file and return its path. Blocking.

        Raises:
            StorageError: the disk is full or the folder cannot be written.
        """
        path = self._folder / f"{self._prefix}-{next(self._numbers)}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
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
        return path
