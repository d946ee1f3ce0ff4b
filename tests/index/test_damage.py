"""Whatever becomes of the derived stores, a start or a command brings them back, and all texts."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

import index
from index import mend
from index.catalog import Catalog
from index.catalog.engine import sqlite_url
from index.errors import IndexDamagedError
from index.lexical import LexicalStore
from index.library import Library
from index.lock import FolderLock
from index.model import SourceDocument
from index.vectors import VectorStore
from tests.index.conftest import WordEmbedder

Damage = Callable[[Path], None]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """An index of so many sentences that Chroma has written its files."""
    folder = tmp_path_factory.mktemp("prepared") / "data"
    texts = {
        f"d{i}": " ".join(f"The d{i} report counted {n} boats at noon." for n in range(180))
        for i in range(6)
    }
    with Library.open(folder, embedder=WordEmbedder()) as library:
        list(library.add_many(SourceDocument(*each, title="Report") for each in texts.items()))
    assert list((folder / "vectors").rglob("data_level0.bin"))
    return folder, texts


@pytest.fixture
def filled(prepared: tuple[Path, dict[str, str]], data: Path) -> dict[str, str]:
    """A copy of it in the data folder."""
    folder, texts = prepared
    shutil.copytree(folder, data)
    return texts


@pytest.fixture
def comes_back(open_library: Any, words: Any, stored_texts: Any) -> Callable[..., None]:
    """Check that the index opens, has these texts, finds them, and embedded nothing for that."""

    def comes_back_(texts: dict[str, str], **options: Any) -> None:
        calls = words.calls
        with open_library(**options) as library:
            assert words.calls == calls
            assert library.differences() == []
            for name in texts:
                found = library.retriever(top_k=3).search(f"the {name} report counted boats")
                assert found[0].document_id == name
        assert stored_texts() == texts

    return comes_back_


def each_file(pattern: str, change: Callable[[Path], None]) -> Damage:
    def damage(folder: Path) -> None:
        files = [path for path in folder.rglob(pattern) if path.is_file()]
        assert files
        for file in files:
            change(file)

    return damage


def empty(file: Path) -> None:
    os.truncate(file, 0)


def half(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def garbage(file: Path) -> None:
    file.write_bytes(b"not a store " * (1 + file.stat().st_size // 12))


def into_a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("no folder")


def without_index_files(folder: Path) -> None:
    for inner in folder.iterdir():
        if inner.is_dir():
            shutil.rmtree(inner)


def with_a_foreign_log(folder: Path) -> None:
    (folder / "chroma.sqlite3-wal").write_bytes(b"x" * 5000)
    (folder / "chroma.sqlite3-journal").write_bytes(b"x" * 5000)


VECTOR_DAMAGE: dict[str, Damage] = {
    "gone": shutil.rmtree,
    "a file in its place": into_a_file,
    "database gone": each_file("chroma.sqlite3", Path.unlink),
    "database empty": each_file("chroma.sqlite3", empty),
    "database cut": each_file("chroma.sqlite3", half),
    "database garbage": each_file("chroma.sqlite3", garbage),
    "a log left": with_a_foreign_log,
    "index files gone": without_index_files,
    "index metadata empty": each_file("*.pickle", empty),
    "index metadata garbage": each_file("*.pickle", garbage),
    "vectors empty": each_file("*.bin", empty),
    "all cut": each_file("*", half),
    "all garbage": each_file("*", garbage),
}


@pytest.mark.parametrize("died", [False, True])
@pytest.mark.parametrize("kind", VECTOR_DAMAGE)
def test_damaged_vectors_come_back_at_the_start(
    kind: str, died: bool, filled: dict[str, str], data: Path, comes_back: Any
) -> None:
    if died:  # after a process that did not let the folder go, a start looks closer
        (data / "lock.json").write_text('{"pid": 1}')
    VECTOR_DAMAGE[kind](data / "vectors")
    comes_back(filled)


WORD_DAMAGE: dict[str, Damage] = {
    "gone": shutil.rmtree,
    "a file in its place": into_a_file,
    "meta gone": each_file("meta.json", Path.unlink),
    "meta garbage": each_file("meta.json", garbage),
    "terms gone": each_file("*.term", Path.unlink),
    "postings empty": each_file("*.idx", empty),
    "all cut": each_file("*.*", half),
    "all garbage": each_file("*", garbage),
}


@pytest.mark.parametrize("died", [False, True])
@pytest.mark.parametrize("kind", WORD_DAMAGE)
def test_damaged_word_index_comes_back_at_the_start(
    kind: str, died: bool, open_library: Any, make: Any, data: Path, comes_back: Any
) -> None:
    texts = few(open_library, make)
    if died:
        (data / "lock.json").write_text('{"pid": 1}')
    WORD_DAMAGE[kind](data / "lexical")
    comes_back(texts)


def few(open_library: Any, make: Any) -> dict[str, str]:
    documents = [make(f"d{i}", 4) for i in range(6)]
    with open_library() as library:
        list(library.add_many(documents))
    return {document.id: document.text for document in documents}


@pytest.mark.parametrize("store", ["vectors", "lexical"])
def test_store_put_back_from_yesterday_is_noticed_though_its_numbers_fit(
    store: str, open_library: Any, make: Any, data: Path, tmp_path: Path, comes_back: Any
) -> None:
    texts = few(open_library, make)
    shutil.copytree(data / store, tmp_path / "yesterday")
    new = make("d1", texts["d1"].replace("noon", "dawn"))
    with open_library() as library:
        library.add(new)
    shutil.rmtree(data / store)
    shutil.copytree(tmp_path / "yesterday", data / store)
    comes_back({**texts, "d1": new.text})


def swap_a_vector(data: Path) -> None:
    """Take one sentence out of Chroma and put in one that belongs to nothing."""
    catalog = Catalog.open(sqlite_url(data / "catalog.sqlite"))
    vectors = VectorStore(data / "vectors")
    vectors.open()
    (passages,) = catalog.passages.of_revisions(catalog.documents.current_keys()[-1:])
    vectors.delete_ids(iter([max(vectors.ids())]))
    stray = passages[0]
    object.__setattr__(stray, "key", stray.key + (1000 << 20))
    object.__setattr__(stray, "sentences", stray.sentences[:1])
    object.__setattr__(stray, "vectors", stray.vectors[:1])
    vectors.add([stray])
    vectors.close()
    catalog.close()


def test_what_a_start_does_not_see_doctor_tells_and_repair_mends(
    open_library: Any, make: Any, data: Path, comes_back: Any, monkeypatch: Any
) -> None:
    texts = few(open_library, make)
    swap_a_vector(data)
    with monkeypatch.context() as patched:
        patched.setattr(mend, "_sample", lambda _catalog: [])
        with open_library() as library:
            told = {difference.what: difference.mend for difference in library.differences()}
    assert told == {
        "Chroma lacks 1 of 24 sentences": "footnote doctor --repair",
        "Chroma has 1 sentences that the catalog has not": "footnote doctor --repair",
    }
    comes_back(texts, repair=True)


def test_inspecting_changes_nothing(
    open_library: Any, make: Any, data: Path, comes_back: Any
) -> None:
    texts = few(open_library, make)
    vectors, lexical = VectorStore(data / "vectors"), LexicalStore(data / "lexical")
    vectors.open()
    vectors.delete_ids(iter(sorted(vectors.ids())[:3]))
    vectors.close()
    lexical.open()
    lexical.delete([2])
    lexical.commit()
    lexical.close()
    for _time in range(2):
        with open_library(inspect=True) as library:
            assert [difference.what for difference in library.differences()] == [
                "Chroma lacks 3 of 24 sentences",
                "Tantivy lacks 1 of 6 passages",
            ]
    comes_back(texts)


def change_a_byte(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 0xFF
    file.write_bytes(content)


def test_changed_word_file_is_found_by_its_sum(
    open_library: Any, make: Any, data: Path, comes_back: Any
) -> None:
    texts = few(open_library, make)
    each_file("*.fast", change_a_byte)(data / "lexical")
    with open_library(inspect=True) as library:
        (difference,) = library.differences()
    assert "was changed" in difference.what
    assert difference.mend == "footnote doctor --repair"
    # After a process that died, a start looks as closely.
    (data / "lock.json").write_text('{"pid": 1}')
    comes_back(texts)


def test_start_after_two_that_died_opening_the_vectors_makes_them_again(
    filled: dict[str, str], open_library: Any, data: Path, comes_back: Any
) -> None:
    """Chroma ends the process, without an exception, where these files are full of nonsense."""
    (data / "lock.json").write_text(json.dumps({"pid": 1, "opening": 2}))
    each_file("data_level0.bin", garbage)(data / "vectors")
    for _time in range(2):
        with pytest.raises(IndexDamagedError, match="footnote doctor --repair"):
            open_library(inspect=True)
    comes_back(filled)
    assert not (data / "lock.json").exists()


def test_deaths_while_opening_are_counted_until_the_index_is_open(data: Path) -> None:
    lock = FolderLock(data)
    for deaths in range(3):
        assert lock.died_opening == deaths
        died = ExitStack()
        died.enter_context(lock.opening())
        record = (data / "lock.json").read_text()
        died.close()
        lock.release()
        (data / "lock.json").write_text(record)  # as if it had ended inside
        lock = FolderLock(data)
    with lock.opening():
        pass
    lock.trust()
    lock.release()
    lock = FolderLock(data)
    assert (lock.died_opening, lock.is_inherited) == (0, False)
    lock.release()


@pytest.mark.parametrize("how", [Path.unlink, empty])
def test_lost_catalog_is_not_taken_for_a_new_index(
    how: Any, open_library: Any, make: Any, data: Path
) -> None:
    few(open_library, make)
    how(data / "catalog.sqlite")
    before = sorted(path for path in data.rglob("*") if "lock" not in path.name)
    with pytest.raises(IndexDamagedError, match="footnote restore FILE --force"):
        open_library()
    assert sorted(path for path in data.rglob("*") if "lock" not in path.name) == before


def test_what_was_being_thrown_away_is_gone_after_the_start(
    open_library: Any, make: Any, data: Path
) -> None:
    few(open_library, make)
    shutil.copytree(data / "vectors", data / "vectors.discarded")
    with open_library():
        pass
    assert not (data / "vectors.discarded").exists()


FILL_UP = """
import resource, sys
from pathlib import Path
from index.errors import StorageError
from index.library import Library
from index.model import SourceDocument
from tests.index.conftest import WordEmbedder

def fill(data, pattern):
    with Library.open(data, embedder=WordEmbedder()) as library:
        largest = max(path.stat().st_size for path in data.rglob(pattern) if path.is_file())
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest + 50_000, resource.RLIM_INFINITY))
        for number in range(100):
            text = " ".join(f"Boat {number} passed light {i}." for i in range(100))
            try:
                library.add(SourceDocument(f"n{number}", text, title="N"))
            except StorageError as error:
                print("refused", data, error.message)
                break
            print("stored", data, f"n{number}")
        assert library.retriever().search("d3 report")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

fill(Path(sys.argv[1]), "catalog.sqlite*")
fill(Path(sys.argv[2]), "chroma.sqlite3")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no limit on the size of files")
def test_full_disk_refuses_documents_and_loses_none(
    open_library: Any, make: Any, data: Path, tmp_path: Path, stored_texts: Any
) -> None:
    """A limit on the size of files stands for the disk's."""
    texts = few(open_library, make)
    other = tmp_path / "other"
    shutil.copytree(data, other)
    environment = {**os.environ, "PYTHONPATH": str(Path(index.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", FILL_UP, str(data), str(other)],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    lines = [line.split(maxsplit=2) for line in done.stdout.splitlines()]
    for folder in (str(data), str(other)):
        if folder == str(other):
            shutil.rmtree(data)
            other.rename(data)
        assert any(what == "refused" and where == folder for what, where, _rest in lines)
        stored = {name for what, where, name in lines if what == "stored" and where == folder}
        with open_library() as library:
            library.add(make("after", 3))
        assert stored_texts().keys() == {*texts, *stored, "after"}
