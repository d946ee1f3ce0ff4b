"""Synchronisations as jobs: queued once, gone on with, and asked for over HTTP."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from app.api.application import create_app
from app.jobs.opening import Opener
from app.jobs.runner import JobRunner
from app.jobs.work import SyncWork
from app.services import Services
from app.spool import Spool
from app.sync.doing import Sync
from index.fetching import Fetcher
from index.library import Job, Library


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for number in range(3):
        (folder / f"mill-{number}.txt").write_text(f"The mill number {number} closed in 1987.\n")
    return folder


@pytest.fixture
def runner(services: Services) -> Iterator[Callable[[], JobRunner]]:
    made: list[JobRunner] = []

    def make() -> JobRunner:
        spool = Spool(services.settings.data_dir / "incoming")
        opener = Opener.of(services, spool)
        made.append(JobRunner(services.library, opener, spool, most_waiting=5))
        return made[-1]

    yield make
    for each in made:
        each.stop()


def ended(library: Library, job: Job) -> Job:
    deadline = time.monotonic() + 20
    while (now := library.jobs.get(job.id)).state in ("queued", "running"):
        assert time.monotonic() < deadline, now
        threading.Event().wait(0.005)
    return now


def test_a_folder_is_synchronised_as_a_job(
    runner: Callable[[], JobRunner], services: Services, texts: Path
) -> None:
    jobs = runner()
    jobs.start()
    first = ended(services.library, jobs.synchronise(SyncWork(path=texts)))
    assert (first.state, first.name, first.counts) == ("done", "texts", {"added": 3})
    (texts / "mill-0.txt").unlink()
    (texts / "mill-1.txt").write_text("")
    second = ended(services.library, jobs.synchronise(SyncWork(path=texts)))
    assert second.counts == {"removed": 1, "failed": 1, "unchanged": 1}
    assert second.total == second.done == 3
    items, _ = services.library.jobs.items(second.id)
    assert {item.name for item in items} == {"mill-0.txt", "mill-1.txt"}


def test_the_same_folder_twice_in_the_queue_is_one_job(
    runner: Callable[[], JobRunner], services: Services, texts: Path
) -> None:
    jobs = runner()
    first = jobs.synchronise(SyncWork(path=texts))
    assert jobs.synchronise(SyncWork(path=texts)).id == first.id
    other = jobs.synchronise(SyncWork(path=texts, allow_empty=True))
    assert other.id != first.id
    jobs.start()
    assert ended(services.library, first).counts == {"added": 3}
    assert ended(services.library, other).counts == {"unchanged": 3}


def test_a_folder_that_cannot_be_synchronised_fails_the_job_and_says_why(
    runner: Callable[[], JobRunner], services: Services, texts: Path
) -> None:
    jobs = runner()
    jobs.start()
    ended(services.library, jobs.synchronise(SyncWork(path=texts)))
    for file in texts.iterdir():
        file.unlink()
    job = ended(services.library, jobs.synchronise(SyncWork(path=texts)))
    assert job.state == "failed"
    assert "--allow-empty" in str(job.error)
    assert str(texts.parent) not in str(job.error)
    assert services.library.counts().documents == 3


def test_a_synchronisation_goes_on_after_a_restart(
    runner: Callable[[], JobRunner],
    services: Services,
    texts: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arrived, leave = threading.Event(), threading.Event()
    run = Sync.run

    def slow(self: Sync, plan: Any) -> Iterator[Any]:
        for step in run(self, plan):
            arrived.set()
            leave.wait(10)
            yield step

    first = runner()
    with monkeypatch.context() as patched:
        patched.setattr(Sync, "run", slow)
        first.start()
        job = first.synchronise(SyncWork(path=texts))
        assert arrived.wait(20)
        stopping = threading.Thread(target=first.stop)
        stopping.start()
        leave.set()
        stopping.join(20)
    assert services.library.jobs.get(job.id).state == "running"
    (texts / "late.txt").write_text("The pier was built in 1901.\n")
    runner().start()
    done = ended(services.library, job)
    assert done.counts == {"added": 4}
    assert done.total == done.done == 4


def test_a_cancelled_synchronisation_says_so(
    runner: Callable[[], JobRunner], services: Services, texts: Path
) -> None:
    jobs = runner()
    job = jobs.synchronise(SyncWork(path=texts))
    assert jobs.cancel(job.id).state == "cancelled"
    jobs.start()
    assert ended(services.library, jobs.synchronise(SyncWork(path=texts))).state == "done"


@pytest.mark.parametrize("body", [{}, {"url": "https://a.example", "path": "/x"}, {"url": ""}])
def test_one_place_must_be_named(reader: Any, body: dict[str, str]) -> None:
    assert reader.post("/v1/syncs", json=body).status_code == 422


@pytest.fixture
def news() -> Iterator[str]:
    """A server with a feed of one page."""
    url = ""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            pages = {
                "/feed": f"<rss><channel><item><link>{url}/mill</link></item></channel></rss>",
                "/mill": "The mill closed in 1987.",
            }
            body = pages.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/xml" if self.path == "/feed" else "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield url
    server.shutdown()
    thread.join()
    server.server_close()


def test_addresses_are_fetched_and_feeds_synchronised_over_http(
    services: Services, news: str, finished_job: Any, client_of: Callable[..., Any]
) -> None:
    inside = replace(services, fetcher=Fetcher(allow_private=True))
    with client_of(create_app(inside)) as client:
        job = finished_job(client, client.post("/v1/documents", json={"url": f"{news}/mill"}))
        (result,) = job["results"]
        assert (result["file"], result["change"]) == (f"{news}/mill", "added")
        document = client.get(f"/v1/documents/{result['document_id']}").json()
        assert document["url"] == f"{news}/mill"
        body = {"url": f"{news}/feed", "source": "Harbour Gazette"}
        job = finished_job(client, client.post("/v1/documents", json=body))
        assert [each["change"] for each in job["results"]] == ["replaced"]
        plan = client.post("/v1/syncs", json={"url": f"{news}/feed", "dry_run": True})
        assert (plan.status_code, plan.json()["look"]) == (200, [f"{news}/mill"])
        job = finished_job(client, client.post("/v1/syncs", json={"url": f"{news}/feed"}))
        assert (job["kind"], job["name"], job["state"]) == ("sync", f"{news}/feed", "done")
        titled = {"url": f"{news}/feed", "title": "All of it"}
        job = finished_job(client, client.post("/v1/documents", json=titled))
        assert job["state"] == "failed"


def test_addresses_inside_the_network_are_refused(
    client: Any, news: str, finished_job: Any
) -> None:
    for path in ("/v1/documents", "/v1/syncs"):
        job = finished_job(client, client.post(path, json={"url": f"{news}/mill"}))
        assert job["state"] == "failed"
        assert job["results"][0]["error"]["code"] == "forbidden_address"
