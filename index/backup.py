"""Copies the catalog, from which all else can be made, into one file, and puts it back.

A copy is one moment of the catalog, also while a server writes to it. Neither needs a model: what
is restored has its vectors with it.
"""

import datetime as dt
import errno
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from index import archive, mend
from index.archive import FORMAT, Manifest
from index.catalog import Catalog
from index.catalog.engine import file_of, sqlite_url
from index.catalog.migrations import refuse_newer
from index.errors import (
    ConflictError,
    FootnoteError,
    IndexDamagedError,
    InvalidInputError,
    NotFoundError,
    StorageError,
)
from index.folder import DataFolder, discard
from index.lexical import LexicalStore
from index.lock import FolderLock, is_lock, only_remake
from index.vectors import VectorStore

Progress = Callable[[str, int, int | None], None]
"""Called with what is being done, how much of it is, and how much there is, if that is known."""

_PAGES = 2000
_NEW = "catalog.restoring.discarded"  # one that is left behind is deleted at the next start


def back_up(
    data_dir: Path,
    target: Path,
    *,
    footnote: str,
    catalog_url: str | None = None,
    overwrite: bool = False,
    progress: Progress,
) -> Manifest:
    """Write a backup of the index in a data folder, check it, and only then give it its name.

    A server may hold the folder and go on.

    Args:
        data_dir: the data folder.
        target: the file to make.
        footnote: the version that makes it, for whoever restores it.
        catalog_url: a SQLAlchemy URL, where the catalog is not in the folder.
        overwrite: put it in the place of a file that is there.
        progress: told how far it is.

    Raises:
        NotFoundError: there is no index.
        ConflictError: the file is there already, or lies in the data folder.
        InvalidInputError: the catalog is not in SQLite.
        IndexDamagedError: the catalog is damaged; no backup was made.
        StorageError: the file cannot be written.
    """
    catalog = _file(data_dir, catalog_url, "pg_dump")
    if not catalog.exists():
        raise NotFoundError(f"There is no index in {data_dir}, so there is nothing to back up.")
    if target.resolve().is_relative_to(data_dir.resolve()):
        raise ConflictError(
            f"{target} lies in the data folder, and would be lost with it. Name another place."
        )
    if target.exists() and not overwrite:
        raise ConflictError(f"{target} is there already. Name another file, or say --force.")
    with _explained(f"The backup {target} could not be written"):
        made = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            copy = made / "catalog.sqlite"
            _copy(catalog, copy, progress)
            manifest = _described(copy, footnote)
            packed = made / "backup"
            with _told(progress, "Packing", manifest.bytes) as advance:
                archive.write(packed, manifest, copy, advance)
            _verify(packed, progress)
            packed.replace(target)
            _sync_folder(target.parent)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return manifest


def restore(
    source: Path,
    data_dir: Path,
    *,
    catalog_url: str | None = None,
    chroma_url: str | None = None,
    force: bool = False,
    progress: Progress,
) -> Manifest:
    """Put a backup into a data folder and make vectors and words from it.

    Nothing is changed before the whole backup is read and found to be sound. Killed before the end,
    it leaves the old index or the new one; what the new one lacks the next start makes.

    Args:
        source: the backup.
        data_dir: the data folder; it is made when it is missing.
        catalog_url: a SQLAlchemy URL, where the catalog is not in the folder.
        chroma_url: a Chroma server, where the vectors are not in the folder.
        force: replace what is in the folder.
        progress: told how far it is.

    Raises:
        InvalidInputError: it is no backup or a damaged one, or the catalog is not in SQLite.
        IndexMismatchError: a newer Footnote made it.
        ConflictError: the folder is not empty, and ``force`` is not set.
        DataFolderBusyError: a process holds the folder.
        StorageError: the folder cannot be written.
    """
    catalog = _file(data_dir, catalog_url, "pg_restore")
    if not source.is_file():
        raise NotFoundError(f"There is no file {source}.")
    folder = DataFolder(data_dir)
    with _explained(f"{source} could not be restored to {data_dir}"):
        with archive.opened(source) as (manifest, _parts):
            refuse_newer(manifest.schema)
        lock = FolderLock(data_dir)
        try:
            if not force and (catalog.exists() or not _is_empty(data_dir)):
                raise ConflictError(
                    f"{data_dir} is not empty. Name another folder with --data-dir, or say --force "
                    "to replace the index in it."
                )
            with only_remake(data_dir):
                _unpack(source, data_dir / _NEW, progress)
                _replace(catalog, data_dir / _NEW, folder)
            progress("Writing vectors and words", 0, None)
            _fill(folder, catalog, chroma_url)
            lock.trust()
        finally:
            lock.release()
    return manifest


def _file(data_dir: Path, catalog_url: str | None, tool: str) -> Path:
    """Return where the catalog lies, if it is a file."""
    if catalog_url is None:
        return DataFolder(data_dir).catalog
    path = file_of(catalog_url)
    if path is None:
        after = ", then run `footnote doctor --repair`" if tool == "pg_restore" else ""
        raise InvalidInputError(
            f"The catalog is not in SQLite but on a database server: use {tool}{after}. Everything "
            "else is made again from the catalog."
        )
    return path


def _copy(catalog: Path, copy: Path, progress: Progress) -> None:
    """Copy a catalog as it is at one moment, and read the copy through."""
    with (
        closing(sqlite3.connect(f"file:{quote(str(catalog))}?mode=rw", uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        copy.chmod(0o600)
        # While this transaction is open, what others write meanwhile is not copied.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM facts").fetchone()
        source.backup(
            target,
            pages=_PAGES,
            progress=lambda _status, left, total: progress("Copying", total - left, total),
        )
        target.execute("PRAGMA journal_mode = DELETE")  # one file is to hold it all
        progress("Checking", 0, None)
        (found,) = target.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(f"malformed: {found}")


def _described(copy: Path, footnote: str) -> Manifest:
    catalog = Catalog.read(sqlite_url(copy))
    try:
        return Manifest(
            format=FORMAT,
            footnote=footnote,
            schema=int(catalog.fact("schema")),
            stamp=catalog.fact("stamp"),
            documents=catalog.documents.counts().documents,
            created_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            bytes=copy.stat().st_size,
            sha256=archive.sum_of(copy),
        )
    finally:
        catalog.close()


def _verify(packed: Path, progress: Progress) -> None:
    """Read a backup as whoever restores it will."""
    with (
        archive.opened(packed) as (manifest, parts),
        _told(progress, "Verifying", manifest.bytes) as advance,
    ):
        for part in parts:
            advance(len(part))


def _unpack(source: Path, new: Path, progress: Progress) -> None:
    with (
        archive.opened(source) as (manifest, parts),
        _told(progress, "Unpacking", manifest.bytes) as advance,
        new.open("wb") as file,
    ):
        for part in parts:
            file.write(part)
            advance(len(part))
        file.flush()
        os.fsync(file.fileno())


def _replace(catalog: Path, new: Path, folder: DataFolder) -> None:
    """Let a new catalog take the place of the old one, and the old one's stores go before."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(catalog)) as old:
        # Else a process that dies below would leave the old catalog without its last changes.
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for store in folder.stores():
        discard(store)
    for suffix in ("-wal", "-shm"):
        catalog.with_name(catalog.name + suffix).unlink(missing_ok=True)
    if catalog.parent == new.parent:
        new.replace(catalog)
    else:
        shutil.move(new, catalog)
    _sync_folder(catalog.parent)


def _fill(folder: DataFolder, path: Path, chroma_url: str | None) -> None:
    catalog = Catalog.open(sqlite_url(path))
    try:
        generation = catalog.remakes.generation()
        vectors = VectorStore(folder.vectors(generation), url=chroma_url, generation=generation)
        lexical = LexicalStore(folder.lexical(generation))
        try:
            mend.fill(catalog, vectors, lexical)
        finally:
            vectors.close()
            lexical.close()
    finally:
        catalog.close()


def _is_empty(folder: Path) -> bool:
    return all(is_lock(path) or path.name == _NEW for path in folder.iterdir())


def _sync_folder(folder: Path) -> None:
    """Put a change of names on the disk, where folders can be opened."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _told(progress: Progress, what: str, total: int) -> Iterator[archive.Advance]:
    done = 0

    def advance(more: int) -> None:
        nonlocal done
        done += more
        progress(what, done, total)

    yield advance


@contextmanager
def _explained(what: str) -> Iterator[None]:
    """Say why a backup could not be made or restored."""
    try:
        yield
    except FootnoteError:
        raise
    except sqlite3.DatabaseError as error:
        cause = str(error)
        if "full" in cause or isinstance(error, sqlite3.OperationalError):
            raise StorageError(f"{what} ({cause}). {_NOTHING}") from error
        raise IndexDamagedError(
            f"{what}: the catalog is damaged ({cause}). {_NOTHING} Put an earlier backup in its "
            "place with `footnote restore FILE --force`."
        ) from error
    except OSError as error:
        cause = error.strerror or str(error)
        hint = " Free some space." if error.errno == errno.ENOSPC else ""
        raise StorageError(f"{what} ({cause}).{hint} {_NOTHING}") from error


_NOTHING = "What was there before is as it was."
