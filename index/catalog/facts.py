"""Small things that a catalog remembers about itself, as JSON values by name."""

from typing import Any

from sqlalchemy import Connection, delete, insert, select

from index.catalog import schema

_FACTS = schema.facts


def read(connection: Connection, name: str) -> Any:
    """Return the value recorded under ``name``, or None."""
    return connection.execute(select(_FACTS.c.value).where(_FACTS.c.name == name)).scalar()


def write(connection: Connection, name: str, value: Any) -> None:
    """Record a value under ``name``; None takes the record away."""
    connection.execute(delete(_FACTS).where(_FACTS.c.name == name))
    if value is not None:
        connection.execute(insert(_FACTS).values(name=name, value=value))
