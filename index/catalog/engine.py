"""Opens the catalog's database and puts what SQLAlchemy raises into our own errors.

Knows the dialects' differences, so that no other module has to; knows nothing of what is stored.
"""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from index.errors import IndexDamagedError, StorageError

_PRAGMAS = (
    "journal_mode = WAL",  # readers go on while the one writer commits
    "synchronous = FULL",  # the catalog is the truth: a commit that was reported is on disk
    "busy_timeout = 10000",
    "foreign_keys = ON",
    "secure_delete = ON",  # a deleted document's text is overwritten, not only unlinked
    "cache_size = -16000",
    "temp_store = MEMORY",
)


def sqlite_url(path: Path) -> str:
    """Return the URL of a catalog in a SQLite file."""
    return URL.create("sqlite", database=str(path)).render_as_string(hide_password=False)


def file_of(url: str) -> Path | None:
    """Return the file of a SQLite catalog, None for one on a database server."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database)


def open_engine(url: str) -> Engine:
    """Return an engine for ``url``. Connects only when it is first used.

    Raises:
        StorageError: the URL cannot be read, or no driver for it is installed.
    """
    try:
        parsed = make_url(url)
        # Reads are short, so a reader gets a connection of its own rather than waiting for one.
        pool = {"max_overflow": -1} if parsed.get_backend_name() == "sqlite" else {}
        engine = create_engine(parsed, **pool)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise StorageError(
            f"The catalog's URL cannot be used ({error}). Give a SQLAlchemy URL such as "
            "postgresql+psycopg://user@host/database, and install its driver."
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: sqlite3.Connection, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin_writing(connection: Connection) -> None:
    """Begin a transaction that no other writer comes between, and that holds DDL too.

    Python's SQLite driver begins one by itself only before rows are changed.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def translated(engine: Engine) -> Iterator[None]:
    """Turn the database's exceptions into ``StorageError`` and ``IndexDamagedError``."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise _translation(str(cause), _place(engine)) from error


def _place(engine: Engine) -> str:
    if engine.dialect.name == "sqlite":
        return str(engine.url.database)
    return engine.url.render_as_string(hide_password=True)


def _translation(cause: str, place: str) -> StorageError:
    lowered = cause.lower()
    if "malformed" in lowered or "not a database" in lowered or "no such table" in lowered:
        return IndexDamagedError(
            f"The catalog {place} is damaged ({cause}). Put a backup in its place with `footnote "
            "restore FILE --force`, or move the data folder away and index the documents again."
        )
    if "disk is full" in lowered or "disk i/o error" in lowered:
        return StorageError(
            f"The catalog {place} could not be written ({cause}). Free some space on the disk and "
            "try again; nothing that was stored is lost."
        )
    if "readonly" in lowered or "unable to open" in lowered:
        return StorageError(
            f"The catalog {place} cannot be written ({cause}). Check who owns the data folder and "
            "its permissions."
        )
    return StorageError(f"The catalog {place} failed: {cause}")


def now() -> dt.datetime:
    """Return the present moment, in UTC."""
    return dt.datetime.now(dt.UTC)


def aware(moment: dt.datetime) -> dt.datetime:
    """Return a stored moment with its time zone, which SQLite does not keep."""
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
