"""Keeps a data folder to one process, and lets others find out which one.

The operating system's lock decides; a small record beside it says who holds it. A record whose lock
is free says that its process died, or did not mend what an earlier one left. Knows nothing of what
the folder holds.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import ConflictError, DataFolderBusyError, StorageError

_LOCK = "lock"
_RECORD = "lock.json"
_REMAKE = "remake"


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds a data folder. ``url`` is where it serves, if it does.

    ``opening`` is 0, or 1 while it opens a store whose damage could end it without a word, and more
    when processes before it ended there.
    """

    pid: int
    url: str | None = None
    opening: int = 0


class FolderLock:
    """An exclusive hold on a data folder, from ``__init__`` to ``release``.

    Args:
        folder: the data folder; it is made when it is missing.
        url: where this process serves, for other processes to find.

    Attributes:
        is_inherited: whether the process that held the folder last died without letting it go.
        died_opening: how many processes in a row died inside ``opening``.

    Raises:
        DataFolderBusyError: another process, or another library of this one, holds the folder.
        StorageError: the folder cannot be made or written.
    """

    def __init__(self, folder: Path, *, url: str | None = None) -> None:
        self._record = folder / _RECORD
        self._lock = FileLock(folder / _LOCK, timeout=0, thread_local=False)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout:
            raise _busy(folder, _read(self._record)) from None
        except (OSError, NotImplementedError) as error:
            raise _unusable(folder, error) from error
        self.is_inherited = self._record.exists()
        last = _read(self._record)
        self.died_opening = last.opening if last else 0
        self._trusted = not self.is_inherited
        self._holder = Holder(os.getpid(), url)
        try:
            # Kept until the stores are open: a process that dies before has not mended them.
            self._write(replace(self._holder, opening=self.died_opening))
        except StorageError:
            self._lock.release()
            raise

    def release(self) -> None:
        """Let the folder go. Harmless when it was done before."""
        if self._lock.is_locked:
            # A record that stays behind tells the next process what this one was told.
            with suppress(OSError):
                if self._trusted:
                    self._record.unlink(missing_ok=True)
            self._lock.release()

    @contextmanager
    def opening(self) -> Iterator[None]:
        """Record that a store is being opened, for the case that this ends the process."""
        self._write(replace(self._holder, opening=self.died_opening + 1))
        try:
            yield
        finally:
            self.opened()

    def opened(self) -> None:
        """Record that no store is being opened, or that it is made anew instead."""
        self._write(self._holder)

    def trust(self) -> None:
        """Record that nothing is left to mend of what the last process left."""
        self._trusted = True
        self._write(self._holder)

    def _write(self, holder: Holder) -> None:
        part = self._record.with_suffix(".part")
        try:
            part.write_text(json.dumps(asdict(holder)), "utf-8")
            part.replace(self._record)
        except OSError as error:
            raise _unusable(self._record.parent, error) from error


def holder(folder: Path) -> Holder | None:
    """Return the process that holds a data folder now, or None when it is free."""
    if not (folder / _LOCK).exists():
        return None
    lock = FileLock(folder / _LOCK, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        return _read(folder / _RECORD)
    except OSError:
        return None
    lock.release()
    return None


def is_lock(path: Path) -> bool:
    """Tell whether a file in a data folder is one of those that keep processes apart."""
    return path.name in (_LOCK, _RECORD, _REMAKE)


@contextmanager
def only_remake(folder: Path) -> Iterator[None]:
    """Hold what lets one process at a time make an index anew beside the one that answers.

    Raises:
        ConflictError: another process does so.
        StorageError: the folder cannot be written.
    """
    lock = FileLock(folder / _REMAKE, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise ConflictError(
            f"Another process makes the index in {folder} anew already. Wait for it, or stop it "
            "and run the command again: what it has made is kept."
        ) from None
    except (OSError, NotImplementedError) as error:
        raise _unusable(folder, error) from error
    try:
        yield
    finally:
        lock.release()


def _read(record: Path) -> Holder | None:
    try:
        values = json.loads(record.read_text("utf-8"))
        return Holder(int(values["pid"]), values.get("url"), int(values.get("opening") or 0))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _busy(folder: Path, by: Holder | None) -> DataFolderBusyError:
    if by is None:
        return DataFolderBusyError(
            f"The data folder {folder} is in use by another process. Stop it, or set "
            "FOOTNOTE_DATA_DIR to another folder."
        )
    if by.url is None:
        return DataFolderBusyError(
            f"The data folder {folder} is in use by process {by.pid}. Wait for it or stop it, or "
            "set FOOTNOTE_DATA_DIR to another folder."
        )
    return DataFolderBusyError(
        f"The data folder {folder} is in use by process {by.pid}, which serves on {by.url}. Use "
        "that server, or stop it, or set FOOTNOTE_DATA_DIR to another folder."
    )


def _unusable(folder: Path, error: OSError | NotImplementedError) -> StorageError:
    if isinstance(error, FileExistsError | NotADirectoryError):
        return StorageError(
            f"The data folder {folder} cannot be used: a file stands in its place. Set "
            "FOOTNOTE_DATA_DIR to a folder."
        )
    why = getattr(error, "strerror", None) or str(error)
    return StorageError(
        f"The data folder {folder} cannot be written ({why}). Check its owner and permissions and "
        "the space on its disk, or set FOOTNOTE_DATA_DIR to another folder."
    )
