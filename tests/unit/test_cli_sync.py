"""``footnote sync`` and ``footnote jobs``, into the data folder and through a server."""

import datetime as dt
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.api.application import create_app
from app.api.job_models import JobLine
from app.cli import main
from app.cli.following import follow
from app.cli.serve import announcing_server, bind, url_of
from app.services import Services, make_chain
from app.settings import Settings
from app.sync import watching
from index.embedding.minilm import MiniLMEmbedder
from index.library import Library

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def served_folder(tmp_path: Path, embedder: MiniLMEmbedder) -> Iterator[Path]:
    """An empty data folder, held by a server."""
    settings = Settings(data_dir=tmp_path / "served", _env_file=None)
    with bind("127.0.0.1", 0) as listener:
        url = url_of("127.0.0.1", listener.getsockname()[1])
        with Library.open(settings.data_dir, embedder=embedder, server_url=url) as library:
            app = create_app(Services(settings, library, make_chain(settings, library)))
            server = announcing_server(app, url)
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            while not server.started:
                threading.Event().wait(0.01)
            yield settings.data_dir
            server.should_exit = True
            thread.join()


@pytest.fixture(params=["local", "served"])
def data(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Either: what is printed must be the same."""
    if request.param == "local":
        return tmp_path / "data"
    served: Path = request.getfixturevalue("served_folder")
    return served


@pytest.fixture
def footnote(capsys: pytest.CaptureFixture[str], data: Path) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main.run([*arguments, "--data-dir", str(data)])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "mill.txt").write_text("The mill closed in 1987.\n")
    (folder / "ferry.txt").write_text("The ferry carries 140 passengers.\n")
    return folder


def test_a_folder_is_kept_in_step(footnote: Run, texts: Path) -> None:
    status, out, _ = footnote("sync", str(texts), "--json")
    assert status == 0
    first = json.loads(out)
    assert first["root"] == str(texts)
    assert sorted(first["added"]) == ["ferry", "mill"]
    (texts / "mill.txt").unlink()
    status, out, _ = footnote("sync", str(texts), "--dry-run", "--json")
    plan = json.loads(out)
    assert plan["gone"] == ["mill.txt"]
    assert "mill" in footnote("documents", "--json")[1]
    assert json.loads(footnote("sync", str(texts), "--json")[1])["removed"] == ["mill"]
    status, out, _ = footnote("sync", str(texts))
    assert out.split()[:6] == ["added", "0", "replaced", "0", "unchanged", "1"]
    (texts / "ferry.txt").unlink()
    status, _, err = footnote("sync", str(texts))
    assert (status, "--allow-empty" in err) == (1, True)
    assert footnote("sync", str(texts), "--allow-empty")[0] == 0


def test_a_name_that_is_no_text_keeps_no_other_file_out(footnote: Run, texts: Path) -> None:
    odd = os.fsdecode(b"caf\xe9.txt")
    try:
        (texts / odd).write_text("The cafe opens at eight.\n")
    except OSError:
        pytest.skip("this file system takes only names that are text")
    for command in ("index", "sync"):
        status, out, err = footnote(command, str(texts))
        assert status == 1
        assert "added 2" in " ".join(out.split()) or "unchanged 2" in " ".join(out.split())
        assert r"caf\xe9.txt has a name that is not text" in " ".join(err.split())
    status, _, err = footnote("index", str(texts / odd))
    assert status == 1
    assert "Rename it" in err
    assert "fault" not in err


def test_what_failed_is_told_and_the_rest_is_done(footnote: Run, texts: Path) -> None:
    (texts / "empty.txt").touch()
    status, out, err = footnote("sync", str(texts))
    assert status == 1
    assert "failed     1" in out
    assert "failed empty.txt: " in err
    footnote("sync", str(texts / ".." / "texts"), "--allow-empty")


@pytest.mark.parametrize(
    "arguments",
    [
        ("sync", "x", "--every", "often"),
        ("sync", "x", "--watch", "--dry-run"),
        ("index", "--url", "https://a.example/", "--link", "https://b.example/"),
    ],
)
def test_wrong_usage_is_told(footnote: Run, arguments: tuple[str, ...]) -> None:
    assert footnote(*arguments)[0] == 2


def test_a_root_that_is_not_there_is_an_error(footnote: Run, tmp_path: Path) -> None:
    status, _, err = footnote("sync", str(tmp_path / "nowhere"))
    assert status == 1
    assert "There is no file or folder" in err


def test_addresses_inside_the_network_are_not_fetched(footnote: Run) -> None:
    for command in (("sync",), ("index", "--url")):
        status, _, err = footnote(*command, "http://127.0.0.1:1/feed")
        assert status == 1
        assert "127.0.0.1" in err


def test_jobs_are_listed_shown_and_cancelled(footnote: Run, texts: Path) -> None:
    (texts / "empty.txt").touch()
    footnote("index", str(texts), "--json")
    newest = json.loads(footnote("jobs", "--json")[1])[0]
    assert newest["state"] == "done"
    assert newest["total"] == 3
    assert newest["counts"]["failed"] == 1
    assert newest["id"] in footnote("jobs")[1]
    shown = json.loads(footnote("jobs", "show", newest["id"], "--json")[1])
    assert {result["state"] for result in shown["results"]} == {"done", "failed"}
    assert "empty.txt" in footnote("jobs", "show", newest["id"])[2]
    assert "is over already: done" in footnote("jobs", "cancel", newest["id"])[1]
    assert footnote("jobs", "show", "none")[0] == 1


def test_a_watched_folder_is_followed_until_ctrl_c(served_folder: Path, texts: Path) -> None:
    command = [sys.executable, "-m", "app.cli", "sync", str(texts), "--watch", "--json"]
    process = subprocess.Popen(
        [*command, "--data-dir", str(served_folder)],
        stdout=subprocess.PIPE,
        text=True,
        # Where the tests run in the background, programs ignore Ctrl-C unless told otherwise.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    lines: queue.Queue[str] = queue.Queue()
    assert process.stdout is not None
    reader = threading.Thread(target=lambda: [lines.put(line) for line in process.stdout or ()])
    reader.start()

    def until(name: str, document_id: str) -> None:
        while document_id not in json.loads(lines.get(timeout=60))[name]:
            pass

    try:
        until("added", "mill")
        (texts / "pier.txt").write_text("The pier was built in 1901.\n")
        until("added", "pier")
        (texts / "pier.txt").unlink()
        until("removed", "pier")
        away = texts.rename(texts.parent / "away")
        threading.Event().wait(0.1)
        away.rename(texts)
        (texts / "mill.txt").write_text("The mill closed in 1988.\n")
        until("replaced", "mill")
    finally:
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(30) == 0
        finally:
            process.kill()
        reader.join(10)
        process.stdout.close()


def test_a_folder_that_comes_back_is_looked_at_again(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    stop = threading.Event()
    looks: queue.Queue[bool] = queue.Queue()

    def watch() -> None:
        for _ in watching.changes_in(folder, is_relevant=lambda _: True, stop=stop):
            looks.put(folder.exists())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        assert looks.get(timeout=10) is False
        folder.mkdir()
        assert looks.get(timeout=10) is True
        (folder / "a.txt").touch()
        assert looks.get(timeout=10) is True
        (folder / "a.txt").unlink()
        folder.rmdir()
        while looks.get(timeout=10):
            pass
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()


def test_an_interval_begins_at_once_and_ends_with_the_event() -> None:
    stop = threading.Event()
    rounds: list[Any] = []
    for _ in watching.every(0.001, stop=stop):
        rounds.append(None)
        if len(rounds) == 3:
            stop.set()
    assert len(rounds) == 3


def test_ctrl_c_cancels_the_job_and_waits_for_the_documents_in_hand() -> None:
    job = JobLine(
        id="job_1",
        kind="documents",
        name=None,
        state="running",
        cancelling=False,
        total=2,
        done=0,
        counts={},
        error=None,
        created_at=dt.datetime(2026, 5, 1, tzinfo=dt.UTC),
        started_at=None,
        finished_at=None,
    )
    answers: list[Any] = [KeyboardInterrupt, job, job.model_copy(update={"state": "cancelled"})]
    cancelled: list[str] = []

    class Interrupted:
        def job(self, job_id: str) -> JobLine:
            answer = answers.pop(0)
            if answer is KeyboardInterrupt:
                raise KeyboardInterrupt
            return answer  # type: ignore[no-any-return]  # a job

        def cancel(self, job_id: str) -> JobLine:
            cancelled.append(job_id)
            return job

    with pytest.raises(KeyboardInterrupt):
        follow(Interrupted(), job, "Indexing")  # type: ignore[arg-type]  # two methods of a session
    assert cancelled == ["job_1"]
    assert answers == []
