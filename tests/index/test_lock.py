import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from index.errors import DataFolderBusyError, StorageError
from index.lock import FolderLock, holder

HOLD = """
import sys
from pathlib import Path
from index.lock import FolderLock
lock = FolderLock(Path(sys.argv[1]), url="http://127.0.0.1:8000")
print("held", flush=True)
sys.stdin.read()
"""


def test_second_process_is_refused_and_told_who_holds_the_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(DataFolderBusyError, match=f"process {other.pid}.*:8000"):
            FolderLock(tmp_path)
        found = holder(tmp_path)
        assert found is not None
        assert (found.pid, found.url) == (other.pid, "http://127.0.0.1:8000")
        other.kill()
    # The record is still there, but the lock went with the process.
    assert (tmp_path / "lock.json").exists()
    assert holder(tmp_path) is None
    FolderLock(tmp_path).release()


def test_second_library_of_one_process_is_refused(open_library: Any) -> None:
    with open_library(), pytest.raises(DataFolderBusyError, match=str(os.getpid())):
        open_library()


def test_failed_start_lets_the_folder_go(open_library: Any, data: Path) -> None:
    data.mkdir()
    (data / "catalog.sqlite").write_bytes(b"x" * 5000)
    for _time in range(2):
        with pytest.raises(StorageError, match="damaged"):
            open_library()
    assert holder(data) is None


def test_garbled_record_is_no_record(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path)
    for garbled in ("", "[]", "{}", json.dumps({"pid": "x"})):
        (tmp_path / "lock.json").write_text(garbled)
        assert holder(tmp_path) is None
        with pytest.raises(DataFolderBusyError, match="another process"):
            FolderLock(tmp_path)
    lock.release()
    lock.release()


def test_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    with pytest.raises(StorageError, match="a file stands in its place"):
        FolderLock(tmp_path / "data")
    with pytest.raises(StorageError, match="a file stands in its place"):
        FolderLock(tmp_path / "data" / "deeper")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError, match="cannot be written"):
        FolderLock(tmp_path / "data")


def test_free_folder_has_no_holder(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
    assert list(tmp_path.iterdir()) == []
