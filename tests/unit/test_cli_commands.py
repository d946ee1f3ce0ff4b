import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import sample_corpus
from app.api.application import create_app
from app.cli import main
from app.cli.serve import announcing_server, bind, url_of
from app.services import Services, make_chain
from app.settings import Settings
from index.embedding.minilm import MiniLMEmbedder
from index.library import Library

MILL = "The mill in Oldtown closes on 3 March 2031. It was built by Anna Berg in 1888.\n"


@pytest.fixture(scope="module")
def served_folder(
    tmp_path_factory: pytest.TempPathFactory, embedder: MiniLMEmbedder
) -> Iterator[Path]:
    """A data folder with the sample briefs, held by a server that writes as the program does."""
    before = os.umask(0o077)
    settings = Settings(data_dir=tmp_path_factory.mktemp("served"), _env_file=None)
    with bind("127.0.0.1", 0) as listener:
        url = url_of("127.0.0.1", listener.getsockname()[1])
        with Library.open(settings.data_dir, embedder=embedder, server_url=url) as library:
            list(sample_corpus.index_once(library))
            app = create_app(Services(settings, library, make_chain(settings, library)))
            server = announcing_server(app, url)
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            yield settings.data_dir
            server.should_exit = True
            thread.join()
    os.umask(before)


@pytest.fixture(scope="module")
def local_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that no process holds; the first question fills it with the sample briefs."""
    return tmp_path_factory.mktemp("local") / "data"


@pytest.fixture(params=["local", "served"])
def folder(request: pytest.FixtureRequest) -> str:
    """Either: what is printed must be the same."""
    return str(request.getfixturevalue(f"{request.param}_folder"))


@pytest.fixture
def mill(tmp_path: Path) -> Path:
    path = tmp_path / "mill.txt"
    path.write_text(MILL, "utf-8")
    return path


class Ran:
    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def json(self) -> object:
        return json.loads(self.out)


@pytest.fixture
def footnote(capsys: pytest.CaptureFixture[str]) -> "Run":
    return Run(capsys)


class Run:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> Ran:
        self._capsys.readouterr()
        status = main.run(arguments)
        captured = self._capsys.readouterr()
        return Ran(status, captured.out, captured.err)


def test_a_question_is_answered_with_its_sources(footnote: Run, folder: str) -> None:
    ran = footnote("ask", "When does the Syria phase end?", "--data-dir", folder)
    assert ran.status == 0
    assert "September 2026" in ran.out
    assert "Sources\n  1  " in ran.out


def test_the_words_of_a_question_need_no_quotes(footnote: Run, folder: str) -> None:
    words = ("When", "does", "the", "Syria", "phase", "end?")
    ran = footnote("ask", *words, "--json", "--data-dir", folder)
    assert ran.json["question"] == "When does the Syria phase end?"


def test_json_is_the_answer_object_with_quotes_that_stand(footnote: Run, folder: str) -> None:
    answer = footnote("ask", "--json", "Who is Hussein Allawi?", "--data-dir", folder).json
    citation = answer["citations"][0]
    shown = footnote("documents", "show", citation["document_id"], "--json", "--data-dir", folder)
    assert shown.json["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_a_question_off_the_subject_is_refused_with_status_zero(footnote: Run, folder: str) -> None:
    ran = footnote("ask", "Who painted the ceiling of the chapel?", "--data-dir", folder)
    assert ran.status == 0
    assert "The sources do not answer this question." in ran.out


def test_filters_narrow_the_search(footnote: Run, folder: str) -> None:
    question = ("ask", "--json", "When does the mission end?", "--data-dir", folder)
    dated = footnote(*question, "--from", "2024-09-27", "--to", "2024-09-27").json
    assert {source["published_at"] for source in dated["sources"]} == {"2024-09-27"}
    named = footnote(*question, "--document", "two-stage-withdrawal").json
    assert {source["document_id"] for source in named["sources"]} == {"two-stage-withdrawal"}
    none = footnote(*question, "--source", "No Such Paper").json
    assert none["status"] == "refused"


@pytest.mark.parametrize("question", ["  ", "why " * 1000], ids=["blank", "too long"])
def test_a_question_that_cannot_be_asked_is_an_error(
    footnote: Run, folder: str, question: str
) -> None:
    ran = footnote("ask", question, "--data-dir", folder)
    assert ran.status == 1
    assert ran.err.count("\n") == 1
    assert ran.err.startswith("error: ")


def test_a_file_goes_in_stays_changes_and_goes_out(footnote: Run, folder: str, mill: Path) -> None:
    index = ("index", str(mill), "--json", "--data-dir", folder)
    assert footnote(*index).json["added"] == ["mill"]
    assert footnote(*index).json["unchanged"] == ["mill"]
    mill.write_text(MILL.replace("1888", "1889"), "utf-8")
    assert footnote(*index).json["replaced"] == ["mill"]
    listed = footnote("documents", "--json", "--data-dir", folder).json
    assert "mill" in {line["id"] for line in listed}
    assert "1889" in footnote("documents", "show", "mill", "--data-dir", folder).out
    assert footnote("documents", "delete", "mill", "--data-dir", folder).out == "Deleted mill.\n"
    gone = footnote("documents", "show", "mill", "--data-dir", folder)
    assert gone.status == 1
    assert "mill" in gone.err


def test_details_of_one_file_can_be_given(footnote: Run, folder: str, mill: Path) -> None:
    details = ("--id", "oldtown", "--title", "Oldtown's mill", "--published", "2030-01-02")
    ran = footnote("index", str(mill), *details, "--source", "The Crane", "--data-dir", folder)
    assert ran.status == 0
    shown = footnote("documents", "show", "oldtown", "--json", "--data-dir", folder).json
    assert (shown["title"], shown["source"]) == ("Oldtown's mill", "The Crane")
    assert shown["published_at"] == "2030-01-02"
    footnote("documents", "delete", "oldtown", "--data-dir", folder)


def test_failures_are_listed_with_their_reason_and_the_rest_is_stored(
    footnote: Run, folder: str, mill: Path
) -> None:
    (mill.parent / "empty.txt").touch()
    (mill.parent / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\x0d")
    ran = footnote("index", str(mill.parent), "--data-dir", folder)
    assert ran.status == 1
    assert ran.out.split() == ["added", "1", "replaced", "0", "unchanged", "0", "failed", "2"]
    assert f"failed {mill.parent / 'empty.txt'}: " in ran.err
    assert f"failed {mill.parent / 'picture.txt'}: " in ran.err
    footnote("documents", "delete", "mill", "--data-dir", folder)


def test_files_of_other_formats_are_passed_over_and_named_with_what_to_do(
    footnote: Run, folder: str, mill: Path
) -> None:
    (mill.parent / "sail.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (mill.parent / "map.jpg").write_bytes(b"\xff\xd8\xff")
    (mill.parent / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    ran = footnote("index", str(mill.parent), "--data-dir", folder)
    assert (ran.status, ran.err if ran.status else "") == (0, "")
    assert ran.out.split() == ["added", "1", "replaced", "0", "unchanged", "0", "failed", "0"]
    said = " ".join(ran.err.split())
    assert "3 passed over: 2 pictures (" in said
    assert "1 old Word document (" in said
    assert "Save it as .docx or .pdf." in said
    told = footnote("sync", str(mill.parent), "--json", "--data-dir", folder).json["passed_over"]
    assert [each["path"] for each in told] == ["map.jpg", "old.doc", "sail.png"]
    assert told[0]["code"] == "passed_over"
    alone = footnote("index", str(mill.parent / "old.doc"), "--data-dir", folder)
    assert alone.status == 1
    assert "Save it as .docx or .pdf." in " ".join(alone.err.split())
    footnote("documents", "delete", "mill", "--data-dir", folder)


def test_two_files_with_one_id_are_not_stored_over_each_other(
    footnote: Run, folder: str, mill: Path
) -> None:
    (mill.parent / "mill.md").write_text("Another text stands in this file.", "utf-8")
    ran = footnote("index", str(mill.parent), "--json", "--data-dir", folder)
    assert ran.status == 1
    assert ran.json["added"] == ["mill"]
    assert "mill" in ran.json["failed"][0]["reason"]
    footnote("documents", "delete", "mill", "--data-dir", folder)


def test_a_folder_without_readable_files_is_an_error(
    footnote: Run, folder: str, tmp_path: Path
) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8")
    ran = footnote("index", str(tmp_path), "--data-dir", folder)
    assert ran.status == 1
    assert "no files that can be indexed" in ran.err


def test_a_path_that_is_not_there_is_wrong_usage(footnote: Run, tmp_path: Path) -> None:
    assert footnote("index", str(tmp_path / "gone")).status == 2


def test_details_of_one_file_for_several_are_wrong_usage(footnote: Run, mill: Path) -> None:
    (mill.parent / "second.txt").write_text(MILL, "utf-8")
    assert footnote("index", str(mill.parent), "--title", "Both").status == 2


def test_doctor_finds_a_working_index_in_order(footnote: Run, folder: str) -> None:
    ran = footnote("doctor", "--json", "--data-dir", folder)
    assert ran.status == 0
    assert {check["state"] for check in ran.json} == {"ok"}


def test_doctor_names_a_variable_that_no_setting_reads(
    footnote: Run, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_PROT", "9000")
    assert "FOOTNOTE_PROT" in footnote("doctor", "--data-dir", folder).out


def test_doctor_says_how_to_mend_damaged_vectors_and_mends_them(
    footnote: Run, tmp_path: Path, mill: Path
) -> None:
    folder = tmp_path / "data"
    footnote("index", str(mill), "--data-dir", str(folder))
    for path in (folder / "vectors").rglob("*"):
        if path.is_file():
            os.truncate(path, path.stat().st_size // 2)
    # In a process of its own: in this one, Chroma would keep the client that it failed to start.
    doctor = [sys.executable, "-m", "app.cli", "doctor", "--data-dir", str(folder)]
    ran = subprocess.run(doctor, capture_output=True, text=True)
    assert ran.returncode == 1
    assert "mend: footnote doctor --repair" in ran.stdout
    assert footnote("doctor", "--repair", "--data-dir", str(folder)).status == 0
    assert footnote("index", str(mill), "--json", "--data-dir", str(folder)).json["unchanged"]


def test_what_needs_the_folder_alone_is_refused_while_a_server_has_it(
    footnote: Run, served_folder: Path
) -> None:
    for command in (("index", "--rebuild"), ("doctor", "--repair")):
        ran = footnote(*command, "--data-dir", str(served_folder))
        assert ran.status == 1
        assert "Stop the server on http://127.0.0.1:" in ran.err


def test_an_index_of_other_parts_is_made_beside_the_one_a_server_answers_from(
    footnote: Run, served_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild = ("index", "--rebuild", "--data-dir", str(served_folder))
    with monkeypatch.context() as patched:
        patched.setattr("index.drafting.PASSAGE_MAKER", "next")
        ran = footnote(*rebuild)
    assert ran.status == 0
    assert "Start that server again with the new settings" in ran.out
    question = ("ask", "When does the Syria phase end?", "--data-dir", str(served_folder))
    assert "September 2026" in footnote(*question).out
    assert (served_folder / "vectors-1").exists()
    footnote(*rebuild)  # with the parts of old it is thrown away
    assert not (served_folder / "vectors-1").exists()


def test_a_rebuild_keeps_every_document(footnote: Run, tmp_path: Path, mill: Path) -> None:
    folder = str(tmp_path / "data")
    footnote("index", str(mill), "--data-dir", folder)
    assert footnote("index", "--rebuild", "--data-dir", folder).out.startswith("Rebuilt: 1 doc")
    assert "1888" in footnote("ask", "When was the mill built?", "--data-dir", folder).out


def test_an_empty_index_says_how_to_fill_it(
    footnote: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_SAMPLE_CORPUS", "false")
    folder = str(tmp_path / "data")
    assert "footnote index PATH" in footnote("documents", "--data-dir", folder).err
    assert "footnote index PATH" in footnote("ask", "Why?", "--data-dir", folder).out
