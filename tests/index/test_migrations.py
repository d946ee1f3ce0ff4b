"""A catalog of version 1, as the first Footnote made it, opens; one of a newer version does not."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from index.catalog import Catalog, migrations, schema
from index.catalog.engine import sqlite_url
from index.errors import IndexMismatchError
from index.model import SourceDocument

VERSION_1 = """
CREATE TABLE facts (name VARCHAR(200) NOT NULL, value JSON NOT NULL, PRIMARY KEY (name));
CREATE TABLE documents (id TEXT NOT NULL, revision INTEGER NOT NULL, created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL, PRIMARY KEY (id), UNIQUE (revision));
CREATE TABLE revisions ("key" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, document_id TEXT NOT NULL,
  sha VARCHAR(64) NOT NULL, state VARCHAR(12) NOT NULL, stamp TEXT NOT NULL,
  characters INTEGER NOT NULL, passages INTEGER NOT NULL, sentences INTEGER NOT NULL, language TEXT,
  published_at DATE, created_at DATETIME NOT NULL, source TEXT, url TEXT, origin TEXT,
  title TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX revisions_by_document ON revisions (document_id, "key");
CREATE INDEX revisions_by_state ON revisions (state);
CREATE TABLE passages ("key" INTEGER NOT NULL, revision INTEGER NOT NULL, start INTEGER NOT NULL,
  "end" INTEGER NOT NULL, heading TEXT, spans BLOB NOT NULL, text TEXT NOT NULL,
  vectors BLOB NOT NULL, PRIMARY KEY ("key"));
CREATE INDEX ix_passages_revision ON passages (revision);
CREATE TABLE feedback (answer_id VARCHAR(64) NOT NULL, rating VARCHAR(8) NOT NULL,
  created_at DATETIME NOT NULL, origin TEXT, question TEXT, comment TEXT, PRIMARY KEY (answer_id));
CREATE INDEX ix_feedback_created_at ON feedback (created_at);
CREATE TABLE jobs (id VARCHAR(40) NOT NULL, kind VARCHAR(40) NOT NULL, state VARCHAR(12) NOT NULL,
  total INTEGER, done INTEGER NOT NULL, error TEXT, created_at DATETIME NOT NULL,
  started_at DATETIME, finished_at DATETIME, results JSON NOT NULL, PRIMARY KEY (id));
CREATE INDEX ix_jobs_created_at ON jobs (created_at);
INSERT INTO facts VALUES ('schema', '1');
"""


def make_version_1(data: Path, of_version_2: Path) -> None:
    """Make a catalog with the tables of version 1 and what an index of today holds."""
    data.mkdir()
    with closing(sqlite3.connect(data / "catalog.sqlite")) as catalog:
        catalog.executescript(VERSION_1)
        catalog.execute("ATTACH ? AS new", (str(of_version_2),))
        for table in ("documents", "revisions", "passages"):
            rows = catalog.execute(f"PRAGMA main.table_info({table})")
            names = ", ".join(f'"{row[1]}"' for row in rows)
            catalog.execute(
                f"INSERT INTO main.{table} ({names}) SELECT {names} FROM new.{table}"  # noqa: S608  # of our own tables
            )
        catalog.execute("UPDATE revisions SET language = NULL")  # only what was stated was known
        catalog.execute("INSERT INTO facts SELECT * FROM new.facts WHERE name = 'stamp'")
        catalog.execute(
            "INSERT INTO jobs VALUES ('job', 'index', 'done', 1, 1, NULL, '2024-01-01 00:00:00',"
            " NULL, NULL, '[]')"
        )
        catalog.commit()


def columns(data: Path) -> dict[str, set[str]]:
    with closing(sqlite3.connect(data / "catalog.sqlite")) as catalog:
        return {
            table: {row[1] for row in catalog.execute(f"PRAGMA table_info({table})")}
            for table in schema.metadata.tables
        }


@pytest.fixture
def version_1(data: Path, tmp_path: Path, open_library: Any, make: Any) -> dict[str, str]:
    with open_library() as library:
        list(library.add_many([make("one", 6), make("two", 3)]))
    data.rename(tmp_path / "new")
    make_version_1(data, tmp_path / "new" / "catalog.sqlite")
    return {"one": make("one", 6).text, "two": make("two", 3).text}


def test_catalog_of_version_1_is_brought_up_to_date_and_keeps_everything(
    version_1: dict[str, str], data: Path, open_library: Any, make: Any, stored_texts: Any
) -> None:
    with open_library() as library:
        assert library.retriever().search("one report")[0].document_id == "one"
        assert library.summary("one").media_type is None
        assert library.revision("two").pages == ()
        assert library.add(make("three", pages=(0, 20), media_type="application/pdf")) == "added"
    assert stored_texts() == {**version_1, "three": make("three").text}
    expected = {name: set(table.c.keys()) for name, table in schema.metadata.tables.items()}
    assert columns(data) == expected


def test_migration_that_is_interrupted_changes_nothing(
    version_1: dict[str, str], data: Path, open_library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = columns(data)

    def stop(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(migrations, "_record", stop)
        with pytest.raises(KeyboardInterrupt):
            open_library()
    assert columns(data) == before
    with open_library() as library:
        assert library.counts().documents == len(version_1)


def test_catalog_of_a_newer_version_is_refused_untouched(
    data: Path, open_library: Any, make: Any
) -> None:
    with open_library() as library:
        library.add(make("one"))
    catalog = Catalog.open(sqlite_url(data / "catalog.sqlite"))
    catalog.set_fact("schema", schema.SCHEMA_VERSION + 1)
    catalog.close()
    with closing(sqlite3.connect(data / "catalog.sqlite")) as connection:
        connection.execute("DROP TABLE feedback")
    with pytest.raises(IndexMismatchError, match="a newer Footnote made it"):
        open_library()
    with closing(sqlite3.connect(data / "catalog.sqlite")) as connection:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert "feedback" not in tables


def test_what_a_loader_learns_of_the_same_text_is_noted_without_a_new_revision(
    version_1: dict[str, str], open_library: Any, words: Any
) -> None:
    document = SourceDocument(
        id="one",
        text=version_1["one"],
        title="One",
        media_type="application/pdf",
        pages=(0, 40),
        provenance={"title": "PDF info"},
    )
    with open_library() as library:
        calls = words.calls
        assert library.add(document) == "unchanged"
        assert words.calls == calls
        assert len(library.revisions("one")) == 1
        noted = library.revision("one")
        assert (noted.pages, noted.media_type) == ((0, 40), "application/pdf")
        assert library.summary("one").provenance == {"title": "PDF info", "language": "detected"}
        # The same text sent over the API states no format, and takes none away.
        plain = SourceDocument(id="one", text=version_1["one"], title="One")
        assert library.add(plain) == "unchanged"
        assert library.revision("one").pages == (0, 40)
