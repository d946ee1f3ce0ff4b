"""A write that stops at any step leaves each document as it was or as it was to be."""

import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from index.catalog import Catalog
from index.catalog.engine import sqlite_url
from index.errors import IndexDamagedError, StorageError
from index.ingest import Ingest
from index.lexical import LexicalStore
from index.library import Library
from index.vectors import VectorStore

STEPS = [
    "stage:before",
    "stage:after",
    "vectors.add:before",
    "vectors.add:after",
    "lexical.add:after",
    "lexical.commit:before",
    "lexical.commit:after",
    "publish:before",
    "publish:after",
    "vectors.delete:before",
    "vectors.delete:after",
    "archive:before",
    "archive:after",
]


class Stopped(BaseException):
    """Stands for the end of the process: nothing after it may run."""


class Stopping:
    """Passes everything on to a store, and ends the process before or after one of its calls."""

    def __init__(self, store: Any, name: str, step: str) -> None:
        self._store, self._name, self._step = store, name, step

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._store, name)
        step, when = self._step.split(":")
        if f"{self._name}{name}" != step:
            return value

        def call(*arguments: Any, **options: Any) -> Any:
            if when == "before":
                raise Stopped
            value(*arguments, **options)
            raise Stopped

        return call


def stop_at(step: str, data: Path, embedder: Any, action: Any) -> None:
    """Do an action on the stores of a closed folder, and stop at a step of it."""
    with ExitStack() as resources:
        catalog: Any = Catalog.open(sqlite_url(data / "catalog.sqlite"))
        resources.callback(catalog.close)
        vectors, lexical = VectorStore(data / "vectors"), LexicalStore(data / "lexical")
        for store in (vectors, lexical):
            store.open()
            resources.callback(store.close)
        catalog.revisions = Stopping(catalog.revisions, "", step)
        stopping: list[Any] = [
            Stopping(vectors, "vectors.", step),
            Stopping(lexical, "lexical.", step),
        ]
        with pytest.raises(Stopped):
            action(Ingest(catalog, *stopping, embedder))


@pytest.mark.parametrize("step", STEPS)
def test_interrupted_replacement_is_wholly_old_or_wholly_new(
    step: str, data: Path, words: Any, make: Any, open_library: Any, stored_texts: Any
) -> None:
    old = [make("one", 6), make("two", 3)]
    new = [make("one", "The one pier has nine lamps. It is long."), make("three", 4)]
    with open_library() as library:
        list(library.add_many(old))
    stop_at(step, data, words, lambda ingest: list(ingest.add_many(new)))
    published = STEPS.index(step) > STEPS.index("publish:before")
    expected = {d.id: d.text for d in (old + new if published else old)}
    with open_library() as library:
        found = {p.document_id for p in library.retriever(top_k=20).search("one two three")}
        assert found == set(expected)
    assert stored_texts() == expected
    with open_library() as library:
        assert library.add(new[0]) == ("unchanged" if published else "replaced")
    stored_texts()


@pytest.mark.parametrize(
    "step",
    ["remove:after", "vectors.delete:before", "vectors.delete:after", "lexical.delete:after",
     "lexical.commit:after", "purge:before", "purge:after"],
)  # fmt: skip
def test_interrupted_deletion_is_finished(
    step: str, data: Path, words: Any, make: Any, open_library: Any, stored_texts: Any
) -> None:
    with open_library() as library:
        list(library.add_many([make("one", 6), make("two", 3)]))
        library.add(make("one", 5))
    stop_at(step, data, words, lambda ingest: ingest.delete("one"))
    with open_library() as library:
        assert {p.document_id for p in library.retriever().search("one")} == {"two"}
    assert stored_texts().keys() == {"two"}


@pytest.mark.parametrize("step", ["vectors.add:before", "lexical.commit:before", "publish:before"])
def test_failed_write_is_cleaned_up_before_the_next_one(
    step: str, data: Path, words: Any, make: Any, open_library: Any, stored_texts: Any
) -> None:
    with open_library() as library:
        library.add(make("one", 6))

    class Full(Stopping):
        def __getattr__(self, name: str) -> Any:
            try:
                return super().__getattr__(name)
            finally:
                if f"{self._name}{name}" == self._step.split(":")[0]:
                    self._step = "never:"

    catalog: Any = Catalog.open(sqlite_url(data / "catalog.sqlite"))
    vectors, lexical = VectorStore(data / "vectors"), LexicalStore(data / "lexical")
    vectors.open()
    lexical.open()
    catalog.revisions = Full(catalog.revisions, "", step)
    stores: list[Any] = [Full(vectors, "vectors.", step), Full(lexical, "lexical.", step)]
    ingest = Ingest(catalog, *stores, words)
    with pytest.raises(Stopped):
        ingest.add(make("one", 9))
    assert ingest.add(make("two", 2)) == "added"
    assert ingest.add(make("one", 4)) == "replaced"
    for store in (vectors, lexical, catalog):
        store.close()
    assert stored_texts() == {"one": make("one", 4).text, "two": make("two", 2).text}


def test_missing_vectors_are_written_again_without_embedding(
    data: Path, make: Any, open_library: Any, stored_texts: Any, words: Any
) -> None:
    with open_library() as library:
        list(library.add_many(make(f"d{i}", 5) for i in range(4)))
    shutil.rmtree(data / "vectors")
    shutil.rmtree(data / "lexical")
    calls = words.calls
    with open_library() as library:
        assert words.calls == calls
        assert library.retriever().search("d3")[0].document_id == "d3"
    stored_texts()


def test_stray_and_lost_records_are_mended(
    data: Path, make: Any, open_library: Any, stored_texts: Any
) -> None:
    with open_library() as library:
        list(library.add_many(make(f"d{i}", 5) for i in range(4)))
    vectors = VectorStore(data / "vectors")
    vectors.open()
    lost = sorted(vectors.ids())[:3]
    vectors.delete_ids(iter(lost))
    vectors.close()
    with open_library():
        pass
    stored_texts()
    catalog = Catalog.open(sqlite_url(data / "catalog.sqlite"))
    (passages,) = catalog.passages.of_revisions(catalog.documents.current_keys()[:1])
    catalog.close()
    lexical = LexicalStore(data / "lexical")
    lexical.open()
    lexical.add(passages)  # twice now
    lexical.commit()
    lexical.close()
    with open_library():
        pass
    stored_texts()


def _truncate(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            with file.open("r+b") as opened:
                opened.truncate(file.stat().st_size // 3)


def _overwrite(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            file.write_bytes(b"not a store" * 1000)


def test_damaged_lexical_index_is_made_again(
    data: Path, make: Any, open_library: Any, stored_texts: Any
) -> None:
    with open_library() as library:
        list(library.add_many(make(f"d{i}", 5) for i in range(4)))
    _truncate(data / "lexical")
    with open_library() as library:
        assert library.retriever().search("d2")[0].document_id == "d2"
    stored_texts()


def test_damaged_catalog_says_so(data: Path, make: Any, open_library: Any) -> None:
    with open_library() as library:
        library.add(make("one"))
    _overwrite_file(data / "catalog.sqlite")
    with pytest.raises(IndexDamagedError, match="backup"):
        open_library()


def _overwrite_file(file: Path) -> None:
    for each in file.parent.glob(file.name + "*"):
        each.write_bytes(b"x" * 5000)


def test_rebuild_makes_both_stores_again(
    make: Any, open_library: Any, stored_texts: Any, words: Any
) -> None:
    with open_library() as library:
        list(library.add_many(make(f"d{i}", 5) for i in range(4)))
        calls = words.calls
        library.rebuild()
        assert words.calls == calls
        assert library.retriever().search("d1")[0].document_id == "d1"
    stored_texts()


def test_closed_library_says_so(open_library: Any, make: Any) -> None:
    library: Library = open_library()
    library.add(make("one"))
    retriever = library.retriever()
    library.close()
    library.close()
    with pytest.raises(StorageError, match="closed"):
        retriever.search("one")
