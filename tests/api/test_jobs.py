import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.jobs import DocumentJobs
from index.errors import InvalidDocumentError, StorageError, UnavailableError
from index.library import Library
from index.model import SourceDocument


@dataclass
class Waiting:
    """A document that waits for a test's leave before it is read."""

    id: str
    text: str = "The mill closed in 1987."
    leave: threading.Event | None = None
    reached: threading.Event | None = None
    file: str | None = None
    path: Path | None = None

    def load(self) -> SourceDocument:
        if self.reached is not None:
            self.reached.set()
        if self.leave is not None:
            assert self.leave.wait(10)
        if not self.text:
            raise InvalidDocumentError("It is empty.")
        return SourceDocument(id=self.id, text=f"{self.text}\n", title=self.id)


@pytest.fixture
def jobs(library: Library) -> Iterator[DocumentJobs]:
    made = DocumentJobs(library, most_waiting=5)
    made.start()
    yield made
    made.stop()


def test_jobs_are_done_in_the_order_they_came(jobs: DocumentJobs, library: Library) -> None:
    leave = threading.Event()
    jobs.submit([Waiting("a", text="The mill closed in 1987.", leave=leave)])
    jobs.submit([Waiting("a", text="The mill closed in 1988.")])
    leave.set()
    jobs.stop()
    assert "1988" in library.revision("a").text


def test_results_stand_in_the_order_of_the_documents(library: Library) -> None:
    jobs = DocumentJobs(library, most_waiting=5)
    jobs.start()
    job = jobs.submit([Waiting("a"), Waiting("b", text=""), Waiting("c")])
    jobs.stop()
    done = library.jobs.get(job.id)
    assert done.state == "done"
    assert done.done == done.total == 3
    assert [r["change"] for r in done.results] == ["added", None, "added"]
    assert done.results[1]["error"] == {"code": "invalid_document", "message": "It is empty."}
    assert done.started_at
    assert done.finished_at


def test_a_job_of_a_former_process_is_marked_failed_at_the_start(library: Library) -> None:
    left = library.jobs.create("documents", total=2)
    library.jobs.update(left.id, state="running", done=1)
    jobs = DocumentJobs(library, most_waiting=5)
    jobs.start()
    jobs.stop()
    job = library.jobs.get(left.id)
    assert job.state == "failed"
    assert job.error


def test_more_than_may_wait_is_refused(jobs: DocumentJobs) -> None:
    leave, reached = threading.Event(), threading.Event()
    jobs.submit([Waiting("a", leave=leave, reached=reached)])
    assert reached.wait(10)
    jobs.submit([Waiting(name) for name in "bcde"])
    with pytest.raises(UnavailableError, match="5 documents wait"):
        jobs.submit([Waiting("f")])
    leave.set()


def test_stopping_finishes_what_is_in_time_and_marks_the_rest(
    jobs: DocumentJobs, library: Library
) -> None:
    leave, reached = threading.Event(), threading.Event()
    running = jobs.submit([Waiting("a", leave=leave, reached=reached), Waiting("b")])
    queued = jobs.submit([Waiting("c")])
    assert reached.wait(10)
    threading.Timer(0.05, leave.set).start()
    jobs.stop(grace_s=0)
    assert library.jobs.get(running.id).state == "done"
    assert [r["change"] for r in library.jobs.get(running.id).results] == ["added", None]
    assert library.jobs.get(queued.id).state == "failed"
    assert "stopped" in str(library.jobs.get(queued.id).error)
    with pytest.raises(UnavailableError):
        jobs.submit([Waiting("d")])


def test_a_crash_fails_the_job_and_the_next_one_runs(
    library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Crashing(Waiting):
        def load(self) -> SourceDocument:
            raise RuntimeError("hunter2")

    jobs = DocumentJobs(library, most_waiting=5)
    jobs.start()
    crashed = jobs.submit([Crashing("a")])
    fine = jobs.submit([Waiting("b")])
    jobs.stop()
    assert library.jobs.get(crashed.id).state == "failed"
    assert "hunter2" not in str(library.jobs.get(crashed.id).error)
    assert "hunter2" in caplog.text
    assert library.jobs.get(fine.id).state == "done"


def test_a_store_that_fails_is_the_jobs_error(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(documents: object) -> Iterator[object]:
        raise StorageError("The disk is full.")
        yield

    monkeypatch.setattr(library, "add_many", full)
    jobs = DocumentJobs(library, most_waiting=5)
    jobs.start()
    job = jobs.submit([Waiting("a")])
    jobs.stop()
    assert library.jobs.get(job.id).error == "The disk is full."


def test_the_file_is_deleted_when_its_job_is_over(
    jobs: DocumentJobs, library: Library, tmp_path: Path
) -> None:
    path = tmp_path / "spooled"
    path.write_bytes(b"x")
    jobs.submit([Waiting("a", path=path)])
    jobs.stop()
    assert not path.exists()
