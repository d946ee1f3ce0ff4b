"""The data folder is its user's alone: it holds texts, and the secret that signs sessions."""

import os
from pathlib import Path
from typing import Any

import pytest

from index import privacy

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")


@pytest.fixture(autouse=True)
def _everyone_reads_by_default() -> Any:
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> set[int]:
    return {path.stat().st_mode & 0o777 for path in folder.rglob("*")}


def test_a_new_folder_lets_nobody_else_in(open_library: Any, data: Path, make: Any) -> None:
    with open_library() as library:
        library.add(make("harbour"))
        assert data.stat().st_mode & 0o777 == 0o700


def test_an_old_folder_is_closed_at_the_next_start(
    open_library: Any, data: Path, make: Any
) -> None:
    with open_library() as library:
        library.add(make("harbour"))
    (data / "incoming").mkdir()
    (data / "incoming" / "upload-1").write_text("waits")
    (data / "eval").mkdir()
    (data / "eval" / "report.html").write_text("not ours")
    for path in (data, *data.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert privacy.open_to_others(data)
    with open_library():
        pass
    assert privacy.open_to_others(data) == []
    assert (data / "catalog.sqlite").stat().st_mode & 0o777 == 0o600
    assert modes(data / "vectors") <= {0o600, 0o700}
    assert modes(data / "incoming") == {0o600}
    assert (data / "eval" / "report.html").stat().st_mode & 0o777 == 0o644


def test_looking_changes_nothing(open_library: Any, data: Path) -> None:
    with open_library():
        pass
    data.chmod(0o755)
    with open_library(inspect=True):
        pass
    assert privacy.open_to_others(data)[0] == data
    assert privacy.open_to_others(data / "none") == []


def test_a_new_secret_takes_the_place_of_the_old(open_library: Any) -> None:
    with open_library() as library:
        before = library.secret("widget")
        assert library.secret("widget") == before
        after = library.new_secret("widget")
        assert after != before
    with open_library() as library:
        assert library.secret("widget") == after
