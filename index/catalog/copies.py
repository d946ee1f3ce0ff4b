"""Which documents carry the same text: found when a document becomes current, in that transaction.

Owns the tables ``sampled``, ``shingles`` and ``copies``. How texts are sampled and compared is told
in ``index.shingles``.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, Engine, delete, func, insert, select

from index import shingles
from index.catalog import schema
from index.catalog.engine import translated

_SAMPLED, _SHINGLES, _COPIES = schema.sampled, schema.shingles, schema.copies
_PART = 400


class Copies:
    """Reads which documents are copies of one another. Safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, document_id: str) -> tuple[str, ...]:
        """Return the ids of the documents that carry a document's text, sorted."""
        statement = select(_COPIES.c.other_id).where(_COPIES.c.document_id == document_id)
        with translated(self._engine), self._engine.connect() as connection:
            return tuple(sorted(connection.execute(statement).scalars()))

    def among(self, document_ids: Collection[str]) -> frozenset[tuple[str, str]]:
        """Return the pairs of these documents that are copies, each in both orders."""
        if len(document_ids) < 2:
            return frozenset()
        statement = select(_COPIES.c.document_id, _COPIES.c.other_id).where(
            _COPIES.c.document_id.in_(document_ids), _COPIES.c.other_id.in_(document_ids)
        )
        with translated(self._engine), self._engine.connect() as connection:
            return frozenset((a, b) for a, b in connection.execute(statement))


def record(connection: Connection, samples: Mapping[str, Sequence[int]]) -> None:
    """Put documents' samples, by id, in the place of former ones, and find their copies."""
    for document_id, sample in samples.items():
        forget(connection, document_id)
        number = _number(document_id)
        found = _copies(connection, sample) if len(sample) >= shingles.LEAST_SHARED else []
        values = {"number": number, "document_id": document_id, "size": len(sample)}
        connection.execute(insert(_SAMPLED).values(values))
        if sample:
            rows = [{"hash": value, "number": number} for value in sample]
            connection.execute(insert(_SHINGLES), rows)
        if found:
            pairs = [(document_id, other) for other in found]
            pairs += [(other, document_id) for other in found]
            rows_of_pairs = [{"document_id": a, "other_id": b} for a, b in pairs]
            connection.execute(insert(_COPIES), rows_of_pairs)


def forget(connection: Connection, document_id: str) -> None:
    """Remove what is known of a document's text."""
    number = _number(document_id)
    connection.execute(delete(_SHINGLES).where(_SHINGLES.c.number == number))
    connection.execute(delete(_SAMPLED).where(_SAMPLED.c.number == number))
    connection.execute(delete(_COPIES).where(_COPIES.c.document_id == document_id))
    connection.execute(delete(_COPIES).where(_COPIES.c.other_id == document_id))


def _copies(connection: Connection, sample: Sequence[int]) -> list[str]:
    """Return the ids of the documents whose samples make them copies of this one."""
    shared: dict[int, int] = {}
    for first in range(0, len(sample), _PART):
        in_part = _SHINGLES.c.hash.in_(sample[first : first + _PART])
        statement = select(_SHINGLES.c.number, func.count()).where(in_part)
        for number, count in connection.execute(statement.group_by(_SHINGLES.c.number)):
            shared[number] = shared.get(number, 0) + count
    likely = [number for number, count in shared.items() if count >= shingles.LEAST_SHARED]
    found: list[str] = []
    for first in range(0, len(likely), _PART):
        of_part = _SAMPLED.c.number.in_(likely[first : first + _PART])
        for number, document_id, size in connection.execute(select(_SAMPLED).where(of_part)):
            if shingles.is_copy(shared[number], size, len(sample)):
                found.append(document_id)
    return found


def _number(document_id: str) -> int:
    """Return a short key for a document: its shingles are many, and its id may be long."""
    digest = hashlib.blake2b(document_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
