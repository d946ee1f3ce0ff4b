"""Puts the catalog's parts over one database connection pool, and keeps its facts."""

from typing import Any, Self

from sqlalchemy import delete, insert, select

from index.catalog import schema
from index.catalog.documents import Documents
from index.catalog.engine import open_engine, translated
from index.catalog.feedback import FeedbackStore
from index.catalog.jobs import Jobs
from index.catalog.live import LiveRevisions
from index.catalog.passages import Passages
from index.catalog.revisions import Revisions
from index.errors import IndexMismatchError

_SCHEMA = "schema"


class Catalog:
    """The open catalog.

    Attributes:
        documents: reads documents and revisions.
        passages: reads passages.
        revisions: writes.
        jobs: the record of long work.
        feedback: readers' ratings of answers.
        live: which revisions are current.
    """

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        self.documents = Documents(self._engine)
        self.passages = Passages(self._engine)
        self.jobs = Jobs(self._engine)
        self.feedback = FeedbackStore(self._engine)
        self.live = LiveRevisions(())
        self.revisions = Revisions(self._engine, self.live)

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the catalog at a SQLAlchemy URL, making its tables where they are missing.

        Raises:
            StorageError: the database cannot be reached or written.
            IndexDamagedError: it cannot be read.
            IndexMismatchError: another version of Footnote made its tables.
        """
        catalog = cls(url)
        try:
            with translated(catalog._engine):
                schema.metadata.create_all(catalog._engine)
            version = catalog.fact(_SCHEMA)
            if version is None:
                catalog.set_fact(_SCHEMA, schema.SCHEMA_VERSION)
            elif version != schema.SCHEMA_VERSION:
                raise IndexMismatchError(
                    f"The catalog has tables of version {version}, and this Footnote works with "
                    f"version {schema.SCHEMA_VERSION}. Run the Footnote that made it, or point "
                    "FOOTNOTE_DATA_DIR at a new folder and index the documents again."
                )
            catalog.live.change(added=catalog.documents.current_keys())
        except BaseException:
            catalog.close()
            raise
        return catalog

    def fact(self, name: str) -> Any:
        """Return the JSON value recorded under ``name``, or None."""
        statement = select(schema.facts.c.value).where(schema.facts.c.name == name)
        with translated(self._engine), self._engine.connect() as connection:
            return connection.execute(statement).scalar()

    def set_fact(self, name: str, value: Any) -> None:
        """Record a JSON value under ``name``; None takes the record away."""
        facts = schema.facts
        with translated(self._engine), self._engine.begin() as connection:
            connection.execute(delete(facts).where(facts.c.name == name))
            if value is not None:
                connection.execute(insert(facts).values(name=name, value=value))

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()
