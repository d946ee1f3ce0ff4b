from collections.abc import Iterator
from pathlib import Path

import pytest

from index.catalog import Catalog
from index.catalog.engine import sqlite_url
from index.errors import NotFoundError, StorageError


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog.open(sqlite_url(tmp_path / "catalog.sqlite"))
    yield opened
    opened.close()


def test_job_goes_from_queued_to_done_and_keeps_its_results(catalog: Catalog) -> None:
    job = catalog.jobs.create("upload", total=2)
    assert (job.state, job.done, job.total, job.results) == ("queued", 0, 2, ())
    catalog.jobs.update(job.id, state="running")
    catalog.jobs.update(job.id, done=1, results=[{"id": "a", "change": "added"}])
    done = catalog.jobs.update(job.id, state="done", done=2)
    assert done.results == ({"id": "a", "change": "added"},)
    assert done.started_at is not None
    assert done.finished_at is not None
    assert done.created_at <= done.started_at <= done.finished_at
    assert catalog.jobs.get(job.id) == done


def test_finished_job_keeps_its_state(catalog: Catalog) -> None:
    job = catalog.jobs.create("upload")
    catalog.jobs.update(job.id, state="cancelled")
    assert catalog.jobs.update(job.id, state="done").state == "cancelled"


def test_jobs_are_listed_newest_first(catalog: Catalog) -> None:
    ids = [catalog.jobs.create("upload").id for _ in range(5)]
    jobs, total = catalog.jobs.list(offset=1, limit=2)
    assert total == 5
    assert [job.id for job in jobs] == ids[::-1][1:3]


def test_unknown_job_is_not_found(catalog: Catalog) -> None:
    for call in (catalog.jobs.get, catalog.jobs.update):
        with pytest.raises(NotFoundError, match="job_x"):
            call("job_x")


def test_interrupted_jobs_are_failed(catalog: Catalog) -> None:
    running, done = catalog.jobs.create("a"), catalog.jobs.create("b")
    catalog.jobs.update(running.id, state="running")
    catalog.jobs.update(done.id, state="done")
    assert catalog.jobs.fail_interrupted() == 1
    failed = catalog.jobs.get(running.id)
    assert failed.state == "failed"
    assert failed.error is not None
    assert catalog.jobs.get(done.id).state == "done"


@pytest.mark.parametrize("url", ["nonsense", "nodialect://x", "postgresql+nodriver://h/d"])
def test_unusable_catalog_url_is_named(url: str) -> None:
    with pytest.raises(StorageError, match="URL"):
        Catalog.open(url)


def test_unreachable_catalog_is_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        Catalog.open(sqlite_url(tmp_path / "missing" / "catalog.sqlite"))
