"""A backup is one moment of the index, in one checked file; restoring changes all or nothing."""

import gzip
import json
import os
import shutil
import sqlite3
import stat
import tarfile
import threading
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from index import backup, remake
from index.archive import Manifest
from index.catalog.engine import sqlite_url
from index.errors import (
    ConflictError,
    DataFolderBusyError,
    IndexDamagedError,
    IndexMismatchError,
    InvalidInputError,
    NotFoundError,
    StorageError,
)


def silent(_what: str, _done: int, _total: int | None) -> None:
    pass


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "index.backup"


@pytest.fixture
def back_up(data: Path, file: Path) -> Callable[..., Manifest]:
    file.parent.mkdir()

    def back_up_(**options: Any) -> Manifest:
        return backup.back_up(data, file, footnote="1.2.3", **{"progress": silent, **options})

    return back_up_


@pytest.fixture
def restore(data: Path, file: Path) -> Callable[..., Manifest]:
    def restore_(**options: Any) -> Manifest:
        return backup.restore(file, data, **{"progress": silent, **options})

    return restore_


def fill(open_library: Any, make: Any) -> dict[str, str]:
    with open_library() as library:
        list(library.add_many(make(f"d{i}", 3) for i in range(4)))
        library.add(make("d1", 5))
        library.set_flag("kept")
        library.secret("session")
    return {f"d{i}": make(f"d{i}", 5 if i == 1 else 3).text for i in range(4)}


def test_restored_index_has_everything_and_embeds_nothing(
    open_library: Any, make: Any, back_up: Any, restore: Any, data: Path, words: Any,
    stored_texts: Any, file: Path,
) -> None:  # fmt: skip
    texts = fill(open_library, make)
    with open_library() as library:
        secret = library.secret("session")
    told: list[str] = []
    manifest = back_up(progress=lambda what, _done, _total: told.append(what))
    assert list(dict.fromkeys(told)) == ["Copying", "Checking", "Packing", "Verifying"]
    assert (manifest.documents, manifest.footnote) == (4, "1.2.3")
    assert str(manifest.stamp).startswith("words/256/")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    shutil.rmtree(data)
    calls = words.calls
    assert restore() == manifest
    assert stored_texts() == texts
    with open_library() as library:
        assert words.calls == calls
        assert library.has_flag("kept")
        assert library.secret("session") == secret
        assert len(library.revisions("d1")) == 2
        assert library.add(make("d1", 5)) == "unchanged"
        assert library.retriever().search("d2")[0].document_id == "d2"


def test_backup_is_one_moment_while_documents_come_and_go(
    open_library: Any, make: Any, back_up: Any, restore: Any, stored_texts: Any
) -> None:
    stop, made = threading.Event(), threading.Event()
    with open_library() as library:
        library.add(make("d0", 40))

        def write() -> None:
            number = 0
            while not stop.is_set():
                number += 1
                pair = [make("left", f"It is {number} now."), make("right", f"It is {number} now.")]
                list(library.add_many(pair))
                made.set()

        thread = threading.Thread(target=write)
        thread.start()
        assert made.wait(30)
        back_up()
        stop.set()
        thread.join()
    restore(force=True)
    with open_library():
        pass
    texts = stored_texts()
    assert texts["left"] == texts["right"]


def test_backup_of_nothing_and_over_something_is_refused(
    open_library: Any, make: Any, back_up: Any, file: Path, data: Path
) -> None:
    with pytest.raises(NotFoundError, match="no index"):
        back_up()
    fill(open_library, make)
    file.write_text("mine")
    with pytest.raises(ConflictError, match="--force"):
        back_up()
    assert file.read_text() == "mine"
    back_up(overwrite=True)
    with pytest.raises(ConflictError, match="lies in the data folder"):
        backup.back_up(data, data / "catalog.sqlite", footnote="", overwrite=True, progress=silent)


def test_backup_of_a_damaged_catalog_is_refused_and_leaves_nothing(
    open_library: Any, make: Any, back_up: Any, file: Path, data: Path
) -> None:
    fill(open_library, make)
    catalog = data / "catalog.sqlite"
    content = bytearray(catalog.read_bytes())
    content[5 * 4096 : 9 * 4096] = os.urandom(4 * 4096)
    catalog.write_bytes(content)
    with pytest.raises(IndexDamagedError, match="damaged"):
        back_up()
    assert list(file.parent.iterdir()) == []


def test_full_disk_leaves_no_half_backup(
    open_library: Any, make: Any, back_up: Any, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(open_library, make)
    file.write_text("the last one")

    def full(*_arguments: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("index.archive.write", full)
    with pytest.raises(StorageError, match="Free some space"):
        back_up(overwrite=True)
    assert file.read_text() == "the last one"
    assert len(list(file.parent.iterdir())) == 1


def test_restore_wants_an_empty_folder_that_nobody_holds(
    open_library: Any, make: Any, back_up: Any, restore: Any, data: Path, stored_texts: Any
) -> None:
    fill(open_library, make)
    back_up()
    with open_library() as library:
        library.add(make("later"))
        with pytest.raises(DataFolderBusyError):
            restore(force=True)
    with pytest.raises(ConflictError, match="--force"):
        restore()
    assert "later" in stored_texts()
    restore(force=True)
    assert "later" not in stored_texts()
    (data / "notes.txt").write_text("mine")
    (data / "catalog.sqlite").unlink()
    with pytest.raises(ConflictError, match="not empty"):
        restore()


def truncated(content: bytes) -> bytes:
    return content[: len(content) // 2]


def changed(content: bytes) -> bytes:
    """Change a byte of the catalog inside, so that only its sum tells."""
    tar = bytearray(gzip.decompress(content))
    tar[len(tar) // 2] ^= 1
    return gzip.compress(bytes(tar))


def other_tar(_content: bytes) -> bytes:
    buffer = BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        tar.addfile(tarfile.TarInfo("../catalog.sqlite"))
    return buffer.getvalue()


def wrong_manifest(_content: bytes) -> bytes:
    buffer = BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        entry = tarfile.TarInfo("footnote.json")
        entry.size = 2
        tar.addfile(entry, BytesIO(b"[]"))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "spoil",
    [truncated, changed, other_tar, wrong_manifest, lambda _: b"", lambda _: b"PK no", bytes.upper],
)
def test_what_is_no_sound_backup_changes_nothing(
    spoil: Any, open_library: Any, make: Any, back_up: Any, restore: Any, file: Path,
    stored_texts: Any,
) -> None:  # fmt: skip
    texts = fill(open_library, make)
    back_up()
    file.write_bytes(spoil(file.read_bytes()))
    with pytest.raises(InvalidInputError, match="no backup of Footnote, or a damaged one"):
        restore(force=True)
    assert stored_texts() == texts


def repacked(file: Path, **values: object) -> None:
    with tarfile.open(file) as tar:
        manifest = json.loads(tar.extractfile("footnote.json").read())  # type: ignore[union-attr]
        catalog = tar.extractfile("catalog.sqlite").read()  # type: ignore[union-attr]
    with tarfile.open(file, "w:gz") as tar:
        for name, content in (
            ("footnote.json", json.dumps({**manifest, **values}).encode()),
            ("catalog.sqlite", catalog),
        ):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, BytesIO(content))


@pytest.mark.parametrize("newer", [{"format": 2}, {"schema": 99}])
def test_backup_of_a_newer_footnote_is_refused(
    newer: Any, open_library: Any, make: Any, back_up: Any, restore: Any, file: Path,
    stored_texts: Any,
) -> None:  # fmt: skip
    texts = fill(open_library, make)
    back_up()
    repacked(file, **newer)
    with pytest.raises(IndexMismatchError, match="newer"):
        restore(force=True)
    assert stored_texts() == texts


class Stopped(BaseException):
    pass


@pytest.mark.parametrize("step", ["_unpack", "_replace", "discard", "_sync_folder", "_fill"])
def test_interrupted_restore_leaves_the_old_index_or_the_new_one(
    step: str, open_library: Any, make: Any, back_up: Any, restore: Any, data: Path,
    stored_texts: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    old = fill(open_library, make)
    back_up()
    with open_library() as library:
        library.add(make("later"))
    new = {**old, "later": make("later").text}

    def stop(*_arguments: object) -> None:
        raise Stopped

    with monkeypatch.context() as patched:
        patched.setattr(backup, step, stop)
        with pytest.raises(Stopped):
            restore(force=True)
    with open_library() as library:
        assert library.retriever().search("d2")[0].document_id == "d2"
    assert stored_texts() == (old if step in ("_sync_folder", "_fill") else new)
    assert not list(data.glob("*.discarded"))


def test_write_ahead_log_of_the_old_catalog_is_not_played_into_the_new_one(
    open_library: Any, make: Any, back_up: Any, restore: Any, data: Path, stored_texts: Any
) -> None:
    texts = fill(open_library, make)
    back_up()
    open_one = sqlite3.connect(data / "catalog.sqlite")
    open_one.execute("PRAGMA wal_autocheckpoint = 0")
    open_one.execute("DELETE FROM documents")
    open_one.commit()
    log = (data / "catalog.sqlite-wal").read_bytes()
    open_one.close()
    (data / "catalog.sqlite-wal").write_bytes(log)
    restore(force=True)
    assert stored_texts() == texts


def test_backup_of_version_1_is_brought_up_to_date(
    open_library: Any, make: Any, back_up: Any, restore: Any, data: Path, file: Path
) -> None:
    fill(open_library, make)
    with sqlite3.connect(data / "catalog.sqlite") as catalog:
        for column in ("media_type", "provenance", "pages", "remade_from"):
            catalog.execute(f"ALTER TABLE revisions DROP COLUMN {column}")
        catalog.execute("UPDATE facts SET value = '1' WHERE name = 'schema'")
    catalog.close()
    assert back_up().schema == 1
    shutil.rmtree(data)
    restore()
    with open_library() as library:
        assert library.counts().documents == 4


@pytest.mark.parametrize("what", ["back_up", "restore"])
def test_catalog_on_a_server_has_its_own_tools(
    what: str, back_up: Any, restore: Any, file: Path
) -> None:
    file.write_text("")
    url = "postgresql+psycopg://user@host/database"
    with pytest.raises(InvalidInputError, match=r"pg_dump|pg_restore"):
        (back_up if what == "back_up" else restore)(catalog_url=url)


def test_sqlite_catalog_elsewhere_is_backed_up_and_restored(
    open_library: Any, make: Any, back_up: Any, restore: Any, data: Path, tmp_path: Path
) -> None:
    url = sqlite_url(tmp_path / "other.sqlite")
    with open_library(catalog_url=url) as library:
        library.add(make("one"))
    back_up(catalog_url=url)
    with open_library(catalog_url=url) as library:
        library.delete("one")
    restore(catalog_url=url, force=True)
    with open_library(catalog_url=url) as library:
        assert library.retriever().search("one")[0].document_id == "one"
    assert not (data / "catalog.sqlite").exists()


def test_missing_backup_is_named(restore: Any, file: Path) -> None:
    with pytest.raises(NotFoundError, match=file.name):
        restore()


def test_half_made_new_index_comes_along(
    open_library: Any, make: Any, back_up: Any, restore: Any, data: Path, words: Any
) -> None:
    fill(open_library, make)
    other = type(words)("other", 32)
    remake.prepare(data, embedder=other)
    back_up()
    shutil.rmtree(data)
    restore()
    with open_library() as library:
        assert library.retriever().search("d2")[0].document_id == "d2"
    calls = other.calls
    with open_library(embedder=other) as library:
        assert library.retriever().search("d2")[0].document_id == "d2"
    assert other.calls == calls + 1  # the question
