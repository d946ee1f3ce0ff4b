"""Brings a catalog that an older Footnote made to the present tables, in one transaction.

Tables and columns are added, nothing is taken away, so it is done at once whatever a catalog holds.
What the tables are is ``schema``'s: a column that is new there must allow NULL.
"""

from typing import Any

from sqlalchemy import Connection, Engine, insert, inspect, select, update
from sqlalchemy.sql.ddl import CreateColumn

from index.catalog import schema
from index.catalog.engine import begin_writing, translated
from index.errors import IndexMismatchError

_VERSION = "schema"


def bring_up_to_date(engine: Engine) -> None:
    """Make the tables that are missing and the columns that older versions had not.

    Raises:
        IndexMismatchError: a newer Footnote made the catalog; nothing was changed.
        StorageError: the database cannot be reached or written.
    """
    with translated(engine), engine.connect() as connection:
        if _is_up_to_date(connection):
            return
        connection.rollback()
        begin_writing(connection)
        version = recorded_version(connection)  # another process may have been quicker
        refuse_newer(version)
        schema.metadata.create_all(connection)
        _add_columns(connection)
        _record(connection, new=version is None)
        connection.commit()


def _is_up_to_date(connection: Connection) -> bool:
    """Tell whether nothing is to be done, so that most starts need no write."""
    there = set(inspect(connection).get_table_names())
    if schema.facts.name not in there:
        return False
    version = recorded_version(connection)
    refuse_newer(version)
    return version == schema.SCHEMA_VERSION and there >= schema.metadata.tables.keys()


def refuse_newer(version: int | None) -> None:
    """Raise IndexMismatchError for tables of a version that this Footnote does not know."""
    if version is not None and version > schema.SCHEMA_VERSION:
        raise IndexMismatchError(
            f"The catalog has tables of version {version}, and this Footnote knows version "
            f"{schema.SCHEMA_VERSION} and older ones: a newer Footnote made it. Run that one, or "
            "point FOOTNOTE_DATA_DIR at another folder. Nothing was changed."
        )


def recorded_version(connection: Connection) -> int | None:
    """Return the version of a catalog's tables, None where there are none yet."""
    if not inspect(connection).has_table(schema.facts.name):
        return None
    statement = select(schema.facts.c.value).where(schema.facts.c.name == _VERSION)
    value: Any = connection.execute(statement).scalar()
    return None if value is None else int(value)


def _add_columns(connection: Connection) -> None:
    """Add the columns that the tables of an older version lack."""
    quoted = connection.dialect.identifier_preparer.quote
    for table in schema.metadata.sorted_tables:
        there = {column["name"] for column in inspect(connection).get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                definition = CreateColumn(column).compile(dialect=connection.dialect)
                connection.exec_driver_sql(
                    f"ALTER TABLE {quoted(table.name)} ADD COLUMN {definition}"
                )


def _record(connection: Connection, *, new: bool) -> None:
    values = {"value": schema.SCHEMA_VERSION}
    if new:
        connection.execute(insert(schema.facts).values(name=_VERSION, **values))
    else:
        of_version = schema.facts.c.name == _VERSION
        connection.execute(update(schema.facts).where(of_version).values(values))
