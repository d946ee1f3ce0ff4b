"""What the program writes is its user's alone, and ``doctor`` says when it is not."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

MILL = "The mill in Oldtown closes on 3 March 2031. It was built by Anna Berg in 1888.\n"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "app.cli", *arguments]
    return subprocess.run(program, capture_output=True, text=True, umask=0o022)


def test_all_that_is_written_is_private_and_doctor_looks(tmp_path: Path) -> None:
    (tmp_path / "mill.txt").write_text(MILL, "utf-8")
    folder = tmp_path / "data"
    assert run("index", str(tmp_path / "mill.txt"), "--data-dir", str(folder)).returncode == 0
    assert folder.stat().st_mode & 0o777 == 0o700
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    assert {path.stat().st_mode & 0o077 for path in files} == {0}
    assert "FAILED" not in run("doctor", "--data-dir", str(folder)).stdout
    folder.chmod(0o755)
    looked = run("doctor", "--data-dir", str(folder))
    assert looked.returncode == 1
    assert "other users of this machine can read" in looked.stdout
    assert "chmod -R go-rwx" in looked.stdout


def test_doctor_does_not_say_that_others_read_what_the_folder_keeps_from_them(
    tmp_path: Path,
) -> None:
    (tmp_path / "mill.txt").write_text(MILL, "utf-8")
    folder = tmp_path / "data"
    assert run("index", str(tmp_path / "mill.txt"), "--data-dir", str(folder)).returncode == 0
    (folder / "catalog.sqlite").chmod(0o644)
    looked = run("doctor", "--json", "--data-dir", str(folder))
    assert looked.returncode == 0
    (check,) = (each for each in json.loads(looked.stdout) if each["name"] == "privacy")
    assert check["state"] == "note"
    assert "other users of this machine can read" not in check["detail"]
    assert "catalog.sqlite" in check["detail"]
    assert "chmod -R go-rwx" in check["mend"]
