"""The catalog's tables, in SQLAlchemy Core, for SQLite and PostgreSQL alike.

Columns only: what the states mean is told where they change (``revisions``). Wide columns stand
last, because SQLite walks over a long value to reach what follows it.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

SCHEMA_VERSION = 2

_Key = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER can be SQLite's own row id

metadata = MetaData()

facts = Table(
    "facts",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("value", JSON, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("revision", _Key, nullable=False, unique=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)

revisions = Table(
    "revisions",
    metadata,
    Column("key", _Key, primary_key=True, autoincrement=True),
    Column("document_id", Text, nullable=False),
    Column("sha", String(64), nullable=False),
    Column("state", String(12), nullable=False),
    Column("stamp", Text, nullable=False),
    Column("characters", Integer, nullable=False),
    Column("passages", Integer, nullable=False),
    Column("sentences", Integer, nullable=False),
    Column("language", Text),
    Column("published_at", Date),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("source", Text),
    Column("url", Text),
    Column("origin", Text),
    Column("title", Text, nullable=False),
    Column("media_type", Text),
    Column("provenance", JSON),
    Column("pages", JSON),
    Column("remade_from", _Key),  # of a revision made anew beside the one with this key
    Column("text", Text, nullable=False),
    Index("revisions_by_document", "document_id", "key"),
    Index("revisions_by_state", "state"),
    sqlite_autoincrement=True,  # a key is never used again, not even after a deletion
)

passages = Table(
    "passages",
    metadata,
    Column("key", _Key, primary_key=True, autoincrement=False),
    Column("revision", _Key, nullable=False, index=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("heading", Text),
    Column("spans", LargeBinary, nullable=False),
    Column("text", Text, nullable=False),
    Column("vectors", LargeBinary, nullable=False),
)

sampled = Table(
    "sampled",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("document_id", Text, nullable=False),
    Column("size", Integer, nullable=False),
)

shingles = Table(
    "shingles",
    metadata,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False, index=True),
    sqlite_with_rowid=False,
)

copies = Table(
    "copies",
    metadata,
    Column("document_id", Text, primary_key=True),
    Column("other_id", Text, primary_key=True, index=True),
    sqlite_with_rowid=False,
)

feedback = Table(
    "feedback",
    metadata,
    Column("answer_id", String(64), primary_key=True),
    Column("rating", String(8), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, index=True),
    Column("origin", Text),
    Column("question", Text),
    Column("comment", Text),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("state", String(12), nullable=False),
    Column("total", Integer),
    Column("done", Integer, nullable=False),
    Column("error", Text),
    Column("created_at", DateTime(timezone=True), nullable=False, index=True),
    Column("started_at", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
    Column("name", Text),
    Column("cancelling", Boolean),
    Column("skipped", Integer),
    Column("results", JSON, nullable=False, default=list),  # only of version 1; now job_items
)

job_items = Table(
    "job_items",
    metadata,
    Column("job_id", String(40), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("piece", Integer, primary_key=True, autoincrement=False),
    Column("state", String(12), nullable=False),
    Column("change", String(12)),
    Column("code", String(40)),
    Column("spooled", String(80), index=True),
    Column("document_id", Text),
    Column("name", Text),
    Column("message", Text),
    Column("work", JSON),
)

synced = Table(
    "synced",
    metadata,
    Column("root", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("document_id", Text, primary_key=True, index=True),
    Column("fingerprint", JSON, nullable=False),
)
