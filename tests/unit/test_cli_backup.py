import json
import stat
from pathlib import Path

import pytest

from app.cli import main

MILL = "The mill in Oldtown closes on 3 March 2031. It was built by Anna Berg in 1888.\n"


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """A data folder with one document."""
    mill = tmp_path / "mill.txt"
    mill.write_text(MILL, "utf-8")
    folder = str(tmp_path / "data")
    assert main.run(["index", str(mill), "--data-dir", folder]) == 0
    capsys.readouterr()
    return folder


def test_backup_is_restored_elsewhere_and_answers(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, other = tmp_path / "kept.backup", str(tmp_path / "other")
    assert main.run(["backup", str(file), "--data-dir", folder]) == 0
    assert "Backed up 1 document" in capsys.readouterr().out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert main.run(["restore", str(file), "--json", "--data-dir", other]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["documents"], told["note"]) == (1, None)
    assert main.run(["ask", "When was the mill built?", "--data-dir", other]) == 0
    assert "1888" in capsys.readouterr().out
    assert main.run(["doctor", "--data-dir", other]) == 0
    assert "record by record" in capsys.readouterr().out


def test_backup_and_restore_say_what_stands_in_the_way(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kept.backup"
    assert main.run(["backup", str(file), "--json", "--data-dir", folder]) == 0
    assert json.loads(capsys.readouterr().out)["documents"] == 1
    none = str(tmp_path / "none")
    for command, data_dir, said in (
        (["backup", str(file)], folder, "--force"),
        (["restore", str(file)], folder, "--force"),
        (["restore", str(tmp_path / "mill.txt")], folder, "no backup of Footnote"),
        (["backup", str(file)], none, "no index"),
    ):
        assert main.run([*command, "--data-dir", data_dir]) == 1
        assert said in capsys.readouterr().err


def test_restore_says_what_to_do_about_another_model(
    folder: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file, other = str(tmp_path / "kept.backup"), str(tmp_path / "other")
    assert main.run(["backup", file, "--data-dir", folder]) == 0
    monkeypatch.setattr("index.segment.PASSAGE_MAKER", "next")
    assert main.run(["restore", file, "--data-dir", other]) == 0
    assert "footnote index --rebuild" in capsys.readouterr().err
