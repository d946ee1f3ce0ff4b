"""Keeping the index in step with a folder: a real folder, a real index."""

import io
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.sync.doing import Sync
from app.sync.folders import Folder
from index.errors import ConflictError, InvalidInputError, NotFoundError
from index.library import Library
from index.loaders import Parser
from index.model import SourceDocument

Rounds = Callable[..., list[tuple[str | None, str | None]]]


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser() as opened:
        yield opened


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    write(folder / "mill.txt", "The mill closed in 1987.")
    write(folder / "2024" / "ferry.md", "# Ferry\n\nThe ferry carries 140 passengers.")
    return folder


def write(path: Path, text: str, *, age_s: int = 60) -> None:
    """Write a file that looks as if it had been there for a while."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n")
    then = path.stat().st_mtime - age_s
    os.utime(path, (then, then))


@pytest.fixture
def source(library: Library, parser: Parser, tmp_path: Path) -> Callable[..., Folder]:
    def make(path: Path, *, allow_empty: bool = False) -> Folder:
        return Folder(
            path,
            parser=parser,
            data_dir=tmp_path / "data",
            max_bytes=1_000_000,
            allow_empty=allow_empty,
        )

    return make


@pytest.fixture
def sync(library: Library, source: Callable[..., Folder]) -> Rounds:
    def once(path: Path, **options: bool) -> list[tuple[str | None, str | None]]:
        work = Sync(library, source(path, **options))
        steps = list(work.run(work.plan()))
        return sorted((s.document_id or s.name, s.change or s.error.code) for s in steps)  # type: ignore[union-attr]  # one of the two is there

    return once


def ids(library: Library) -> set[str]:
    return {document.id for document in library.documents().items}


def test_a_folder_is_brought_in_then_left_then_followed(
    library: Library, sync: Rounds, texts: Path
) -> None:
    assert sync(texts) == [("2024-ferry", "added"), ("mill", "added")]
    assert sync(texts) == []
    write(texts / "mill.txt", "The mill closed in 1988.", age_s=30)
    (texts / "2024" / "ferry.md").unlink()
    write(texts / "pier.txt", "The pier was built in 1901.")
    assert sync(texts) == [("2024-ferry", "removed"), ("mill", "replaced"), ("pier", "added")]
    assert ids(library) == {"mill", "pier"}
    assert "1988" in library.revision("mill").text


def test_unchanged_files_are_not_even_opened(
    library: Library, sync: Rounds, texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(texts)
    monkeypatch.setattr(Folder, "read", lambda *_: pytest.fail("it was opened"))
    assert sync(texts) == []


def test_a_file_that_was_only_touched_is_not_indexed_again(
    library: Library, sync: Rounds, texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(texts)
    os.utime(texts / "mill.txt", (1, 1))
    with monkeypatch.context() as patched:
        patched.setattr("app.sync.folders.pieces_of_path", lambda *_, **__: pytest.fail("read"))
        assert sync(texts) == []
    assert library.synced.of(str(texts))["mill.txt"].fingerprint["mtime_ns"] == 10**9


def test_only_what_came_from_the_folder_is_removed(
    library: Library, sync: Rounds, texts: Path
) -> None:
    library.add(SourceDocument(id="uploaded", text="The vault opens at nine.\n", title="Vault"))
    sync(texts)
    (texts / "mill.txt").unlink()
    assert sync(texts) == [("mill", "removed")]
    assert ids(library) == {"2024-ferry", "uploaded"}


def test_a_folder_that_is_gone_or_empty_removes_nothing_unless_that_is_meant(
    library: Library, sync: Rounds, texts: Path
) -> None:
    with pytest.raises(NotFoundError):
        sync(texts.parent / "never-there")
    sync(texts)
    away = texts.rename(texts.parent / "away")
    with pytest.raises(ConflictError, match="--allow-empty"):
        sync(texts)
    texts.mkdir()
    with pytest.raises(ConflictError, match="not mounted"):
        sync(texts)
    assert len(ids(library)) == 2
    texts.rmdir()
    away.rename(texts)
    assert sync(texts) == []
    for file in texts.rglob("*.*"):
        file.unlink()
    assert sync(texts, allow_empty=True) == [("2024-ferry", "removed"), ("mill", "removed")]


def test_a_document_that_was_deleted_by_hand_comes_back_while_its_file_is_there(
    library: Library, sync: Rounds, texts: Path
) -> None:
    sync(texts)
    library.delete("mill")
    assert sync(texts) == [("mill", "added")]


def test_a_file_that_cannot_be_read_keeps_its_document_and_is_told(
    library: Library, sync: Rounds, texts: Path
) -> None:
    sync(texts)
    write(texts / "mill.txt", "", age_s=20)
    for _ in range(2):
        assert sync(texts) == [("mill.txt", "invalid_document")]
    assert "1987" in library.revision("mill").text
    write(texts / "mill.txt", "The mill opened again.", age_s=10)
    assert sync(texts) == [("mill", "replaced")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_listed_keeps_its_documents(
    library: Library, sync: Rounds, texts: Path
) -> None:
    sync(texts)
    (texts / "2024").chmod(0)
    try:
        assert sync(texts) == [("2024", "invalid_document")]
    finally:
        (texts / "2024").chmod(stat.S_IRWXU)
    assert len(ids(library)) == 2


def test_a_folder_that_cannot_be_listed_keeps_its_documents(
    library: Library, sync: Rounds, texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(texts)
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "2024":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", refuse)
        assert sync(texts) == [("2024", "invalid_document")]
    assert len(ids(library)) == 2


def test_a_file_that_vanishes_while_the_folder_is_read_is_told_and_goes_next_time(
    library: Library, source: Callable[..., Folder], sync: Rounds, texts: Path
) -> None:
    sync(texts)
    write(texts / "mill.txt", "The mill is open.", age_s=5)
    work = Sync(library, source(texts))
    plan = work.plan()
    (texts / "mill.txt").unlink()
    (step,) = work.run(plan)
    assert step.error is not None
    assert "1987" in library.revision("mill").text
    assert sync(texts) == [("mill", "removed")]


def test_two_files_of_one_id_do_not_take_turns(library: Library, sync: Rounds, texts: Path) -> None:
    sync(texts)
    write(texts / "mill.md", "Another mill burnt down.")
    for _ in range(2):
        assert sync(texts) == [("mill.md", "conflict")]
    assert "1987" in library.revision("mill").text
    (texts / "mill.txt").unlink()
    assert sync(texts) == [("mill", "replaced")]
    assert "burnt" in library.revision("mill").text
    assert sync(texts) == []


def test_a_moved_file_with_an_id_of_its_own_stays_one_document(
    library: Library, sync: Rounds, texts: Path
) -> None:
    write(texts / "a.md", "---\nid: pier\n---\nThe pier was built in 1901.")
    sync(texts)
    (texts / "a.md").rename(texts / "2024" / "b.md")
    assert sync(texts) == [("pier", "unchanged")]
    assert len(library.revisions("pier")) == 1
    assert sync(texts) == []


def test_what_an_archive_holds_no_more_is_removed(
    library: Library, sync: Rounds, texts: Path
) -> None:
    def pack(**files: str) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, text in files.items():
                archive.writestr(f"{name}.txt", text)
        (texts / "all.zip").write_bytes(packed.getvalue())

    pack(one="Boat one sank.", two="Boat two came home.")
    assert ("all-one", "added") in sync(texts)
    pack(two="Boat two came home.", three="Boat three is missing.")
    assert sync(texts) == [
        ("all-one", "removed"),
        ("all-three", "added"),
        ("all-two", "unchanged"),
    ]
    assert sync(texts) == []
    (texts / "all.zip").unlink()
    assert sync(texts) == [("all-three", "removed"), ("all-two", "removed")]


def test_a_document_that_two_folders_bring_goes_with_the_last_of_them(
    library: Library, sync: Rounds, texts: Path
) -> None:
    write(texts / "a.md", "---\nid: pier\n---\nThe pier was built in 1901.")
    write(texts.parent / "more" / "a.md", "---\nid: pier\n---\nThe pier was built in 1901.")
    write(texts.parent / "more" / "b.txt", "The lighthouse is older.")
    sync(texts)
    (texts / "a.md").unlink()
    assert ("pier", "unchanged") in sync(texts.parent / "more")
    assert sync(texts) == []
    assert "pier" in ids(library)
    (texts.parent / "more" / "a.md").unlink()
    assert sync(texts.parent / "more") == [("pier", "removed")]


def test_links_that_go_round_or_out_are_not_followed(
    library: Library, sync: Rounds, texts: Path, tmp_path: Path
) -> None:
    write(tmp_path / "outside.txt", "The vault opens at nine.")
    (texts / "round").symlink_to(texts)
    (texts / "out.txt").symlink_to(tmp_path / "outside.txt")
    (texts / "itself.txt").symlink_to(texts / "itself.txt")
    (texts / "inside.txt").symlink_to(texts / "mill.txt")
    os.mkfifo(texts / "pipe.txt")
    assert [name for name, _ in sync(texts)] == ["2024-ferry", "inside", "mill"]


def test_the_data_folder_is_never_a_source(
    library: Library, sync: Rounds, texts: Path, tmp_path: Path
) -> None:
    write(tmp_path / "data" / "stray.txt", "This is not a document.")
    for inside in (tmp_path / "data", tmp_path / "data" / "stray.txt"):
        with pytest.raises(InvalidInputError, match="data folder"):
            sync(inside)
    assert [name for name, _ in sync(tmp_path)] == ["texts-2024-ferry", "texts-mill"]


def test_a_single_file_is_a_root_too(library: Library, sync: Rounds, texts: Path) -> None:
    assert sync(texts / "mill.txt") == [("mill", "added")]
    (texts / "mill.txt").unlink()
    with pytest.raises(ConflictError):
        sync(texts / "mill.txt")
    assert sync(texts / "mill.txt", allow_empty=True) == [("mill", "removed")]


def test_a_name_that_is_not_text_is_told(library: Library, sync: Rounds, texts: Path) -> None:
    try:
        (texts / os.fsdecode(b"caf\xe9.txt")).write_text("The café is open.\n")
    except OSError:
        pytest.skip("this file system takes text only")
    assert [change for _, change in sync(texts)].count("invalid_document") == 1


def test_what_was_being_added_when_the_process_died_is_known_to_the_next_one(
    library: Library, source: Callable[..., Folder], sync: Rounds, texts: Path
) -> None:
    work = Sync(library, source(texts))
    steps = work.run(work.plan())
    next(steps)
    del work
    steps.close()  # the process dies here: the document is in, its item is not settled
    added = ids(library)
    assert added
    (texts / "2024" / "ferry.md").unlink()
    (texts / "mill.txt").unlink()
    write(texts / "pier.txt", "The pier was built in 1901.")
    sync(texts)
    assert ids(library) == {"pier"}


def test_a_cancelled_round_removes_nothing_and_the_next_one_finishes(
    library: Library, source: Callable[..., Folder], sync: Rounds, texts: Path
) -> None:
    sync(texts)
    (texts / "mill.txt").unlink()
    write(texts / "pier.txt", "The pier was built in 1901.")
    work = Sync(library, source(texts), is_cancelled=lambda: True)
    assert list(work.run(work.plan())) == []
    assert ids(library) == {"mill", "2024-ferry"}
    assert sync(texts) == [("mill", "removed"), ("pier", "added")]


def test_many_files_are_brought_in_chunks(library: Library, sync: Rounds, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    for number in range(150):
        write(folder / f"boat-{number:03}.txt", f"Boat {number} left the harbour.")
    assert len(sync(folder)) == 150
    assert sync(folder) == []
    assert len(library.synced.of(str(folder))) == 150
