"""An index with another embedding model is made beside the one that answers."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index import remake
from index.catalog import Catalog
from index.catalog.engine import sqlite_url
from index.catalog.remakes import Remakes
from index.errors import ConflictError, IndexMismatchError
from index.folder import DataFolder
from index.lexical import LexicalStore
from index.lock import only_remake
from index.vectors import VectorStore

Prepare = Callable[..., bool]


@pytest.fixture
def other(words: Any) -> Any:
    return type(words)("other", 32)


@pytest.fixture
def prepare(data: Path, other: Any) -> Prepare:
    def prepare_(**options: Any) -> bool:
        return remake.prepare(data, **{"embedder": other, **options})

    return prepare_


def fill(open_library: Any, make: Any) -> None:
    with open_library() as library:
        list(library.add_many(make(f"d{i}", 3) for i in range(4)))
        library.add(make("d1", 5))


def test_new_index_answers_after_the_switch_and_nothing_of_the_old_stays(
    open_library: Any, make: Any, prepare: Prepare, other: Any, data: Path, stored_in: Any
) -> None:
    fill(open_library, make)
    with pytest.raises(IndexMismatchError, match="footnote index --rebuild"):
        open_library(embedder=other)
    told: list[tuple[int, int]] = []
    assert prepare(progress=lambda done, total: told.append((done, total)))
    assert (told[0], told[-1]) == ((0, 4), (4, 4))
    calls = other.calls
    with open_library(embedder=other) as library:
        assert other.calls == calls
        assert library.stamp.startswith("other/32/")
        (first, *_rest) = library.retriever().search("d2 report")
        assert first.document_id == "d2"
        assert first.vectors.shape[1] == 32
        assert len(library.revisions("d1")) == 2
        assert library.add(make("d1", 5)) == "unchanged"
    assert stored_in(1).keys() == {"d0", "d1", "d2", "d3"}
    assert DataFolder(data).stores() == [data / "vectors-1", data / "lexical-1"]
    with pytest.raises(IndexMismatchError):
        open_library()
    assert not prepare()


def test_old_index_answers_and_takes_documents_while_the_new_one_is_made(
    open_library: Any, make: Any, prepare: Prepare, other: Any, stored_in: Any
) -> None:
    fill(open_library, make)
    with open_library() as library:
        inside, go_on = threading.Event(), threading.Event()

        def wait(done: int, _total: int) -> None:
            if done:
                inside.set()
                assert go_on.wait(30)

        thread = threading.Thread(target=prepare, kwargs={"progress": wait})
        thread.start()
        assert inside.wait(30)
        assert library.retriever().search("d2 report")[0].document_id == "d2"
        library.add(make("d2", "The d2 pier has nine lamps."))
        library.delete("d3")
        library.add(make("d9", 2))
        library.add(make("d0", 3, source="Elsewhere"))
        go_on.set()
        thread.join()
        assert {p.document_id for p in library.retriever().search("d2 pier lamps")} >= {"d2"}
    with open_library(embedder=other) as library:
        assert library.revision("d2").text == "The d2 pier has nine lamps."
        assert library.summary("d0").source == "Elsewhere"
        assert library.retriever().search("nine lamps")[0].document_id == "d2"
    assert stored_in(1).keys() == {"d0", "d1", "d2", "d9"}


class Stopped(BaseException):
    pass


@pytest.mark.parametrize("step", range(5))
def test_interrupted_making_leaves_the_old_index_and_goes_on(
    step: int,
    open_library: Any,
    make: Any,
    prepare: Prepare,
    other: Any,
    stored_texts: Any,
    stored_in: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(remake, "_BATCH_DOCUMENTS", 1)
    fill(open_library, make)
    places = [
        (VectorStore, "open"),
        (VectorStore, "add"),
        (LexicalStore, "add"),
        (LexicalStore, "commit"),
        (remake, "replace"),
    ]
    owner, name = places[step]

    def stop(*_arguments: object, **_options: object) -> None:
        raise Stopped

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, stop)
        with pytest.raises(Stopped):
            prepare()
    with pytest.raises(IndexMismatchError):
        open_library(embedder=other)
    with open_library() as library:
        assert library.retriever().search("d3 report")[0].document_id == "d3"
    assert len(stored_texts()) == 4
    assert prepare()
    with open_library(embedder=other) as library:
        assert library.retriever().search("d3 report")[0].document_id == "d3"
    assert len(stored_in(1)) == 4


def test_making_goes_on_where_it_stopped(
    open_library: Any, make: Any, prepare: Prepare, other: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remake, "_BATCH_DOCUMENTS", 1)
    fill(open_library, make)

    def stop(done: int, _total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(progress=stop)
    assert other.calls == 3
    prepare()
    assert other.calls == 4


def test_switch_that_is_interrupted_before_its_transaction_changes_nothing(
    open_library: Any, make: Any, prepare: Prepare, other: Any, stored_in: Any, monkeypatch: Any
) -> None:
    fill(open_library, make)
    prepare()

    def stop(*_arguments: object) -> None:
        raise Stopped

    with monkeypatch.context() as patched:
        patched.setattr(Remakes, "switch", stop)
        with pytest.raises(Stopped):
            open_library(embedder=other)
    with open_library() as library:
        assert library.retriever().search("d3 report")[0].document_id == "d3"
    with open_library(embedder=other) as library:
        assert library.counts().documents == 4
    assert len(stored_in(1)) == 4


def test_switch_that_is_interrupted_after_its_transaction_is_finished(
    open_library: Any,
    make: Any,
    prepare: Prepare,
    other: Any,
    stored_in: Any,
    data: Path,
    monkeypatch: Any,
) -> None:
    fill(open_library, make)
    prepare()

    def stop(*_arguments: object) -> None:
        raise Stopped

    with monkeypatch.context() as patched:
        patched.setattr(remake, "throw_away", stop)
        with pytest.raises(Stopped):
            open_library(embedder=other)
    assert (data / "vectors").exists()
    with pytest.raises(IndexMismatchError):
        open_library()
    with open_library(embedder=other) as library:
        assert library.retriever().search("d3 report")[0].document_id == "d3"
    assert not (data / "vectors").exists()
    assert len(stored_in(1)) == 4


def test_index_of_a_third_model_takes_the_place_of_the_one_in_the_making(
    open_library: Any, make: Any, prepare: Prepare, words: Any, data: Path, stored_in: Any
) -> None:
    fill(open_library, make)
    prepare()
    third = type(words)("third", 16)
    assert prepare(embedder=third)
    assert not (data / "vectors-1").exists()
    with open_library(embedder=third) as library:
        assert library.retriever().search("d3 report")[0].document_id == "d3"
    assert len(stored_in(2)) == 4


def test_going_back_to_the_old_model_throws_the_new_index_away(
    open_library: Any, make: Any, prepare: Prepare, words: Any, data: Path, stored_texts: Any
) -> None:
    fill(open_library, make)
    prepare()
    assert not prepare(embedder=words)
    assert DataFolder(data).stores() == [data / "vectors", data / "lexical"]
    with open_library():
        pass
    assert len(stored_texts()) == 4
    catalog = Catalog.open(sqlite_url(data / "catalog.sqlite"))
    assert catalog.remakes.made() == []
    catalog.close()


def test_second_making_at_the_same_time_is_refused(
    open_library: Any, make: Any, prepare: Prepare, data: Path
) -> None:
    fill(open_library, make)
    with only_remake(data), pytest.raises(ConflictError, match="already"):
        prepare()


def test_folder_without_an_index_needs_none(prepare: Prepare, data: Path) -> None:
    assert not prepare()
    assert not data.exists()


def test_index_that_an_earlier_footnote_left_half_made_is_finished(
    open_library: Any, make: Any, prepare: Prepare, words: Any, data: Path, stored_in: Any
) -> None:
    fill(open_library, make)
    catalog = Catalog.open(sqlite_url(data / "catalog.sqlite"))
    catalog.set_fact("stamp", "unfinished")
    catalog.close()
    with pytest.raises(IndexMismatchError, match="interrupted"):
        open_library()
    assert prepare(embedder=words)
    with open_library() as library:
        assert library.retriever().search("d3 report")[0].document_id == "d3"
    assert len(stored_in(1)) == 4
