"""Jobs: recorded as they go, cancelled between documents, gone on with after a restart."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.jobs import work
from app.jobs.opening import Opener
from app.jobs.runner import JobRunner
from app.jobs.work import PathWork, TextWork, UploadWork, Work
from app.services import Services
from app.spool import Spool
from index.errors import FootnoteError, InvalidDocumentError, StorageError, UnavailableError
from index.library import Job, Library
from index.loaders import Piece
from index.model import SourceDocument

NUMBER = 40
MILL = "The mill number {} closed in 1987.\n"


class Gate:
    """An opener that stops at each document until a test lets it go on."""

    def __init__(self, opener: Opener) -> None:
        self._opener = opener
        self.reached: list[str] = []
        self.arrived = threading.Semaphore(0)
        self.leave = threading.Semaphore(0)
        self.open = False

    def pieces(self, what: Work, name: str | None, spooled: str | None) -> Iterator[Piece]:
        for piece in self._opener.pieces(what, name, spooled):
            self.reached.append(name or "")
            self.arrived.release()
            if not self.open:
                assert self.leave.acquire(timeout=10)
            yield piece

    def expected(self, given: Iterable[Work]) -> int:
        return self._opener.expected(given)

    def let_all_go(self) -> None:
        self.open = True
        self.leave.release(100)


@pytest.fixture
def spool(services: Services) -> Spool:
    return Spool(services.settings.data_dir / "incoming")


@pytest.fixture
def gate(services: Services, spool: Spool) -> Gate:
    return Gate(Opener.of(services, spool))


@pytest.fixture
def make(services: Services, spool: Spool) -> Iterator[Callable[..., JobRunner]]:
    made: list[JobRunner] = []

    def one(opener: Any = None, *, most_waiting: int = 5, started: bool = True) -> JobRunner:
        opener = opener or Opener.of(services, spool)
        runner = JobRunner(services.library, opener, spool, most_waiting=most_waiting)
        made.append(runner)
        if started:
            runner.start()
        return runner

    yield one
    for runner in made:
        runner.stop()


@pytest.fixture
def text(spool: Spool) -> Callable[..., tuple[str, Work, str]]:
    def make_one(name: str, content: str | None = None) -> tuple[str, Work, str]:
        content = MILL.format(name) if content is None else content
        return f"{name}.txt", UploadWork(media_type="text/plain"), spool.keep(content.encode())

    return make_one


def ended(library: Library, job: Job) -> Job:
    deadline = time.monotonic() + 20
    while (now := library.jobs.get(job.id)).state in ("queued", "running"):
        assert time.monotonic() < deadline, now
        threading.Event().wait(0.005)
    return now


def results(library: Library, job: Job) -> list[tuple[str | None, str | None, str | None]]:
    items, _ = library.jobs.items(job.id, limit=100)
    return [(item.name, item.change, item.code) for item in items]


def test_jobs_are_done_in_the_order_they_came(
    make: Callable[..., JobRunner], text: Any, services: Services
) -> None:
    runner = make()
    runner.submit([text("a", "The mill closed in 1987.")])
    last = runner.submit([text("a", "The mill closed in 1988.")])
    ended(services.library, last)
    assert "1988" in services.library.revision("a").text


def test_results_stand_in_the_order_of_the_documents(
    make: Callable[..., JobRunner], text: Any, services: Services
) -> None:
    job = make().submit([text("a"), text("b", " "), text("c")])
    done = ended(services.library, job)
    assert done.state == "done"
    assert done.done == done.total == 3
    assert done.counts == {"added": 2, "failed": 1}
    assert results(services.library, job) == [
        ("a.txt", "added", None),
        ("b.txt", None, "invalid_document"),
        ("c.txt", "added", None),
    ]
    assert done.started_at
    assert done.finished_at


def test_the_pieces_of_a_file_have_rows_of_their_own(
    make: Callable[..., JobRunner], spool: Spool, services: Services
) -> None:
    lines = (
        b'{"id": "one", "text": "The mill closed in 1987."}\n'
        b"not a line\n"
        b'{"id": "two", "text": "The ferry sank in 1990."}\n'
    )
    job = make().submit([("all.jsonl", UploadWork(), spool.keep(lines))])
    done = ended(services.library, job)
    assert done.total == done.done == 3
    rows = results(services.library, job)
    assert [change for _, change, _ in rows] == ["added", None, "added"]
    assert all(name is not None and name.startswith("all.jsonl#") for name, _, _ in rows)
    assert {d.id for d in services.library.documents().items} == {"one", "two"}


def test_more_than_may_wait_is_refused(
    make: Callable[..., JobRunner], gate: Gate, text: Any
) -> None:
    runner = make(gate)
    runner.submit([text("a")])
    assert gate.arrived.acquire(timeout=10)
    runner.submit([text(name) for name in "bcde"])
    with pytest.raises(UnavailableError, match="5 documents wait"):
        runner.submit([text("f")])
    gate.let_all_go()


def test_what_a_stopped_process_left_is_gone_on_with(
    make: Callable[..., JobRunner], gate: Gate, text: Any, services: Services
) -> None:
    first = make(gate)
    running = first.submit([text("a"), text("b"), text("c")])
    queued = first.submit([text("d")])
    assert gate.arrived.acquire(timeout=10)
    stopping = threading.Thread(target=first.stop)
    stopping.start()
    gate.leave.release()
    stopping.join(10)
    assert services.library.jobs.get(running.id).state == "running"
    assert services.library.jobs.get(queued.id).state == "queued"
    with pytest.raises(UnavailableError, match="stopping"):
        first.submit([text("e")])

    second = make()
    assert ended(services.library, running).counts == {"added": 3}
    assert ended(services.library, queued).counts == {"added": 1}
    assert {d.id for d in services.library.documents().items} == {"a", "b", "c", "d"}
    second.stop()


def test_what_was_recorded_is_not_done_again_after_a_restart(
    make: Callable[..., JobRunner], gate: Gate, spool: Spool, services: Services
) -> None:
    lines = b"".join(b'{"id": "d%d", "text": "Mill %d closed."}\n' % (n, n) for n in range(4))
    job = make(started=False).submit([("all.jsonl", UploadWork(), spool.keep(lines))])
    half = JobRunner(services.library, gate, spool, most_waiting=5)  # type: ignore[arg-type]  # opens as one does
    half.start()
    gate.leave.release(2)
    for _ in range(3):
        assert gate.arrived.acquire(timeout=10)
    stopping = threading.Thread(target=half.stop)
    stopping.start()
    gate.let_all_go()
    stopping.join(10)
    before = dict(results_of(services.library, job))
    assert 0 < len(before) < 4
    make()
    assert ended(services.library, job).counts == {"added": 4}
    after = dict(results_of(services.library, job))
    assert {name: after[name] for name in before} == before


def results_of(library: Library, job: Job) -> list[tuple[str | None, str | None]]:
    return [(name, change) for name, change, _ in results(library, job) if change]


def test_cancelling_stops_between_documents_and_keeps_what_is_done(
    make: Callable[..., JobRunner], gate: Gate, text: Any, services: Services, spool: Spool
) -> None:
    runner = make(gate)
    running = runner.submit([text("a"), text("b"), text("c")])
    queued = runner.submit([text("d")])
    assert gate.arrived.acquire(timeout=10)
    gate.leave.release()
    assert gate.arrived.acquire(timeout=10)
    assert runner.cancel(running.id).state == "running"
    assert runner.cancel(running.id).cancelling
    assert runner.cancel(queued.id).state == "cancelled"
    gate.let_all_go()
    done = ended(services.library, running)
    assert done.state == "cancelled"
    assert done.counts == {"added": 1, "cancelled": 2}
    assert [d.id for d in services.library.documents().items] == ["a"]
    assert list((services.settings.data_dir / "incoming").iterdir()) == []
    assert runner.cancel(running.id).state == "cancelled"


def test_a_job_that_was_being_cancelled_is_not_gone_on_with(
    make: Callable[..., JobRunner], text: Any, services: Services
) -> None:
    job = make(started=False).submit([text("a")])
    services.library.jobs.start(job.id)
    services.library.jobs.cancel(job.id)
    make()
    assert ended(services.library, job).state == "cancelled"
    assert services.library.counts().documents == 0


def test_a_document_that_cannot_even_be_opened_fails_alone(
    make: Callable[..., JobRunner],
    text: Any,
    services: Services,
    spool: Spool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    opener = Opener.of(services, spool)

    class Crashing:
        def expected(self, given: Iterable[Work]) -> int:
            return opener.expected(given)

        def pieces(self, what: Work, name: str | None, spooled: str | None) -> Iterator[Piece]:
            if name == "bad.txt":
                raise RuntimeError("hunter2")
            return opener.pieces(what, name, spooled)

    runner = make(Crashing())
    job = ended(services.library, runner.submit([text("bad"), text("good")]))
    assert job.state == "done"
    assert results(services.library, job) == [
        ("bad.txt", None, "internal_error"),
        ("good.txt", "added", None),
    ]
    (item, _), _ = services.library.jobs.items(job.id)
    assert "hunter2" not in str(item.message)
    assert "hunter2" in caplog.text
    alone = ended(services.library, runner.submit([text("bad")]))
    assert alone.state == "failed"


def test_a_store_that_fails_is_the_jobs_error_and_the_next_one_runs(
    make: Callable[..., JobRunner], text: Any, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(documents: object) -> Iterator[object]:
        raise StorageError("The disk is full.")
        yield

    runner = make(started=False)
    with monkeypatch.context() as patched:
        patched.setattr(services.library, "add_many", full)
        failing = runner.submit([text("a")])
        runner.start()
        assert ended(services.library, failing).error == "The disk is full."
    assert ended(services.library, runner.submit([text("b")])).state == "done"


def test_a_job_whose_end_cannot_be_recorded_is_shown_as_failed(
    make: Callable[..., JobRunner], text: Any, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = threading.Event()

    def full(*given: object) -> Iterator[object]:
        raise StorageError("The disk is full.")

    def finish(*given: object) -> None:
        tried.set()
        raise StorageError("The disk is full.")

    runner = make(started=False)
    job = runner.submit([text("a")])
    with monkeypatch.context() as patched:
        patched.setattr(services.library, "add_many", full)
        patched.setattr(services.library.jobs, "finish", finish)
        runner.start()
        assert tried.wait(timeout=10)
        runner.stop()
    shown = runner.get(job.id)
    assert shown.state == "failed"
    assert shown.error == "The disk is full. The job goes on when a server starts again."
    assert services.library.jobs.get(job.id).state == "running"


def test_a_file_that_is_gone_from_the_spool_fails_alone(
    make: Callable[..., JobRunner], text: Any, spool: Spool, services: Services
) -> None:
    runner = make()
    gone, good = text("gone"), text("good")
    spool.discard([gone[2]])
    job = ended(services.library, runner.submit([gone, good]))
    assert [code for _, _, code in results(services.library, job)] == ["not_found", None]


def test_files_that_no_job_waits_for_are_swept_out_at_the_start(
    make: Callable[..., JobRunner], text: Any, services: Services, spool: Spool
) -> None:
    kept = text("kept")
    spool.keep(b"left over")
    runner = make(started=False)
    job = runner.submit([kept])
    runner.start()
    ended(services.library, job)
    assert list((services.settings.data_dir / "incoming").iterdir()) == []
    assert services.library.counts().documents == 1


def test_the_same_text_twice_in_a_job_is_one_document_and_another_text_a_conflict(
    make: Callable[..., JobRunner], text: Any, services: Services
) -> None:
    runner = make()
    twice = ended(services.library, runner.submit([text("a"), text("a")]))
    assert twice.counts == {"added": 1, "unchanged": 1}
    other = ended(services.library, runner.submit([text("b"), text("b", "Another text.")]))
    assert other.counts == {"added": 1, "failed": 1}


def test_the_same_file_uploaded_many_times_at_once_is_one_document(
    client: Any, finished_job: Any
) -> None:
    def send(_number: int) -> httpx.Response:
        files = {"file": ("ferry.txt", b"The ferry carries 140 passengers.")}
        response: httpx.Response = client.post("/v1/documents", files=files)
        return response

    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(send, range(8)))
    changes = [finished_job(client, each)["results"][0]["change"] for each in sent]
    assert sorted(changes) == ["added"] + ["unchanged"] * 7
    assert client.get("/v1/documents").json()["total"] == 1


def test_a_folder_is_read_when_its_turn_comes(
    make: Callable[..., JobRunner], services: Services, tmp_path: Path
) -> None:
    folder = tmp_path / "texts"
    (folder / "2024").mkdir(parents=True)
    (folder / "mill.txt").write_text(MILL.format(1))
    (folder / "2024" / "ferry.md").write_text("# Ferry\n\nThe ferry carries 140 passengers.\n")
    (folder / "empty.txt").touch()
    job = ended(services.library, make().submit([("texts", PathWork(path=folder), None)]))
    assert sorted(results(services.library, job)) == [
        ("2024/ferry.md", "added", None),
        ("empty.txt", None, "invalid_document"),
        ("mill.txt", "added", None),
    ]


def test_how_many_files_a_folder_has_is_known_from_the_first_one_on(
    make: Callable[..., JobRunner], gate: Gate, services: Services, tmp_path: Path
) -> None:
    assert services.settings.data_dir.is_relative_to(tmp_path)  # it is no part of the folder
    for number in range(7):
        (tmp_path / f"{number}.txt").write_text(MILL.format(number))
    job = make(gate).submit([("texts", PathWork(path=tmp_path), None)])
    assert gate.arrived.acquire(timeout=10)
    assert services.library.jobs.get(job.id).total == 7
    gate.let_all_go()
    done = ended(services.library, job)
    assert done.done == done.total == 7


@pytest.fixture
def folder_with_pictures(tmp_path: Path) -> Path:
    """Four texts and three pictures, and the data folder, which is no part of it."""
    for number in range(4):
        (tmp_path / f"{number}.txt").write_text(MILL.format(number))
    for number in range(3):
        (tmp_path / f"{number}.png").write_bytes(b"\x89PNG")
    return tmp_path


def test_files_that_are_passed_over_are_in_the_number_from_the_first_one_on(
    make: Callable[..., JobRunner], gate: Gate, services: Services, folder_with_pictures: Path
) -> None:
    job = make(gate).submit([("texts", PathWork(path=folder_with_pictures), None)])
    assert gate.arrived.acquire(timeout=10)
    assert services.library.jobs.get(job.id).total == 7
    gate.let_all_go()
    done = ended(services.library, job)
    assert done.done == done.total == 7
    assert done.counts == {"added": 4, "passed_over": 3}


def test_files_that_are_passed_over_are_in_the_number_of_a_synchronisation(
    make: Callable[..., JobRunner], spool: Spool, services: Services, folder_with_pictures: Path
) -> None:
    what = work.SyncWork(path=folder_with_pictures)
    assert Opener.of(services, spool).source(what).plan({}).total == 7
    done = ended(services.library, make().synchronise(what))
    assert done.done == done.total == 7
    assert done.counts == {"added": 4, "passed_over": 3}


@pytest.mark.parametrize(
    "what",
    [
        UploadWork(media_type="text/plain", is_too_large=True),
        TextWork(id="a", title="A", details=work.Details(source="Pier News")),
        PathWork(path=Path("/texts")),
        work.FetchWork(url="https://news.example/a"),
        work.SyncWork(url="https://news.example/feed", allow_empty=True),
    ],
    ids=lambda what: what.kind,
)
def test_work_is_read_back_as_it_was_written(what: Work) -> None:
    assert work.load(work.dump(what)) == what


def test_jobs_are_listed_without_results_and_a_job_pages_them(
    client: Any, finished_job: Any
) -> None:
    files = [("file", (f"{n}.txt", MILL.format(n).encode())) for n in range(3)]
    files.insert(1, ("file", ("bad.txt", b"")))
    job = finished_job(client, client.post("/v1/documents", files=files))
    listed = client.get("/v1/jobs").json()["items"]
    assert [(each["id"], each["done"]) for each in listed] == [(job["id"], 4)]
    assert listed[0]["counts"] == {"added": 3, "failed": 1}
    assert listed[0]["name"] == "0.txt and 3 more"
    assert "results" not in listed[0]
    page = client.get(f"/v1/jobs/{job['id']}?offset=1&limit=2").json()
    assert [result["file"] for result in page["results"]] == ["bad.txt", "1.txt"]
    assert page["results_total"] == 4
    failed = client.get(f"/v1/jobs/{job['id']}?only=failed").json()
    assert [result["file"] for result in failed["results"]] == ["bad.txt"]


def test_a_job_is_cancelled_over_http(client: Any, finished_job: Any) -> None:
    sent = client.post("/v1/documents", files={"file": ("a.txt", b"The mill closed.")})
    job = finished_job(client, sent)
    assert client.post(f"/v1/jobs/{job['id']}/cancel").json()["state"] == "done"
    assert client.post("/v1/jobs/none/cancel").status_code == 404


def test_paths_are_read_only_for_who_may_read_the_servers_own_files(
    client: Any, services: Services, tmp_path: Path, finished_job: Any
) -> None:
    file = tmp_path / "secret.txt"
    file.write_text("The vault opens at nine.")
    body = {"paths": [str(file)]}
    for headers in ({}, {"Footnote-Local-Access": "guess"}):
        refused = client.post("/v1/documents", json=body, headers=headers)
        assert refused.status_code == 422
        assert refused.json()["code"] == "invalid_input"
        refused = client.post("/v1/syncs", json={"path": str(tmp_path)}, headers=headers)
        assert refused.status_code == 422
    token = services.settings.data_dir / "local-access"
    assert token.stat().st_mode & 0o077 == 0
    headers = {"Footnote-Local-Access": token.read_text()}
    job = finished_job(client, client.post("/v1/documents", json=body, headers=headers))
    assert job["results"][0]["document_id"] == "secret"
    assert str(tmp_path) not in client.get("/v1/jobs").text


def test_the_token_of_a_server_goes_with_it(
    started: Callable[..., Any], services: Services
) -> None:
    token = services.settings.data_dir / "local-access"
    with started():
        first = token.read_text()
    assert not token.exists()
    with started():
        assert token.read_text() != first


def test_a_killed_server_goes_on_with_its_jobs_where_it_was(tmp_path: Path) -> None:
    """Kills a real server in the middle of a job, and looks at what the next one makes of it."""
    data = tmp_path / "data"
    files = [("file", (f"d{n:03}.txt", _long(n))) for n in range(NUMBER)]
    first, url = _serve(data)
    try:
        sent = httpx.post(f"{url}/v1/documents", files=files, timeout=30).json()
        path = f"/v1/jobs/{sent['id']}?limit=200"
        deadline = time.monotonic() + 60
        while not 0 < httpx.get(url + path).json()["done"] < NUMBER:
            assert time.monotonic() < deadline
            threading.Event().wait(0.02)
    finally:
        os.kill(first.pid, signal.SIGKILL)
        first.communicate(timeout=20)
    second, url = _serve(data)
    try:
        while (job := httpx.get(url + path).json())["state"] in ("queued", "running"):
            assert time.monotonic() < deadline
            threading.Event().wait(0.05)
        assert job["state"] == "done"
        assert job["total"] == job["done"] == NUMBER
        assert [result["document_id"] for result in job["results"]] == [
            f"d{n:03}" for n in range(NUMBER)
        ]
        assert not any(result["error"] for result in job["results"])
        listed = httpx.get(f"{url}/v1/documents?limit=200").json()
        assert listed["total"] == NUMBER
        assert not list((data / "incoming").iterdir())
    finally:
        second.terminate()
        second.communicate(timeout=20)


def _long(number: int) -> bytes:
    sentence = (
        "Boat {} of the fleet number {} left the old harbour in the north on day {} of the year, "
        "with wool, salt, timber and eleven barrels of herring for the towns along the coast, and "
        "came back before the storm that broke the long pier. "
    )
    return "".join(sentence.format(n, number, n * 3) for n in range(14)).encode()


def _serve(data: Path) -> tuple["subprocess.Popen[str]", str]:
    environment = {**os.environ, "FOOTNOTE_SAMPLE_CORPUS": "false", "FOOTNOTE_LOG_LEVEL": "error"}
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "0", "--data-dir", str(data)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    assert process.stderr is not None
    for line in process.stderr:
        if "is ready" in line:
            return process, line.split()[3]
    raise AssertionError("the server did not start")


def test_an_error_tells_what_is_wrong(make: Callable[..., JobRunner], services: Services) -> None:
    runner = make()
    job = ended(services.library, runner.submit([("x", PathWork(path=Path("/no/such")), None)]))
    assert "There is no file or folder" in str(job.error)


def document(document_id: str) -> SourceDocument:
    return SourceDocument(id=document_id, text="The mill closed.\n", title=document_id)


def test_an_added_document_that_has_no_sentence_fails_with_its_id(
    make: Callable[..., JobRunner], spool: Spool, services: Services
) -> None:
    opener = Opener.of(services, spool)

    class Empty:
        def expected(self, given: Iterable[Work]) -> int:
            return opener.expected(given)

        def pieces(self, *_: object) -> Iterator[Piece]:
            yield Piece("a", replace(document("a"), text="...\n"))
            yield Piece("b", None, InvalidDocumentError("It is torn."))
            yield Piece("c", document("c"))
            raise FootnoteError("The rest is gone.")

    assert opener
    job = ended(services.library, make(Empty()).submit([("all.zip", UploadWork(), None)]))
    assert [change for _, change, _ in results(services.library, job)].count("added") == 1
    assert job.counts["failed"] == 3
