"""Puts the catalog's parts over one database connection pool, and keeps its facts."""

from typing import Any, Self

from index.catalog import facts, migrations
from index.catalog.copies import Copies
from index.catalog.documents import Documents
from index.catalog.engine import open_engine, translated
from index.catalog.feedback import FeedbackStore
from index.catalog.jobs import Jobs
from index.catalog.live import LiveRevisions
from index.catalog.passages import Passages
from index.catalog.remakes import Remakes
from index.catalog.revisions import Revisions
from index.catalog.synced import SyncedItems


class Catalog:
    """The open catalog.

    Attributes:
        documents: reads documents and revisions.
        passages: reads passages.
        revisions: writes.
        remakes: what is being made with another embedding model.
        jobs: the record of long work.
        synced: what synchronisation has brought in.
        copies: which documents carry the same text.
        feedback: readers' ratings of answers.
        live: which revisions are current.
    """

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        self.documents = Documents(self._engine)
        self.passages = Passages(self._engine)
        self.jobs = Jobs(self._engine)
        self.synced = SyncedItems(self._engine)
        self.copies = Copies(self._engine)
        self.feedback = FeedbackStore(self._engine)
        self.live = LiveRevisions(())
        self.revisions = Revisions(self._engine, self.live)
        self.remakes = Remakes(self._engine, self.live)

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the catalog at a SQLAlchemy URL, making its tables, or bringing old ones up to date.

        Raises:
            StorageError: the database cannot be reached or written.
            IndexDamagedError: it cannot be read.
            IndexMismatchError: a newer Footnote made its tables.
        """
        catalog = cls(url)
        try:
            migrations.bring_up_to_date(catalog._engine)
            catalog.live.change(added=catalog.documents.current_keys())
        except BaseException:
            catalog.close()
            raise
        return catalog

    @classmethod
    def read(cls, url: str) -> Self:
        """Open a catalog as it is, of whatever version, to look at its facts."""
        return cls(url)

    def fact(self, name: str) -> Any:
        """Return the JSON value recorded under ``name``, or None."""
        with translated(self._engine), self._engine.connect() as connection:
            return facts.read(connection, name)

    def set_fact(self, name: str, value: Any) -> None:
        """Record a JSON value under ``name``; None takes the record away."""
        with translated(self._engine), self._engine.begin() as connection:
            facts.write(connection, name, value)

    def check(self) -> str | None:
        """Read all of a SQLite catalog; return what is wrong with it, None where nothing is."""
        if self._engine.dialect.name != "sqlite":
            return None
        with translated(self._engine), self._engine.connect() as connection:
            told = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        return None if told == "ok" else str(told)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()
