import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.catalog import Catalog, jobs
from index.catalog.engine import sqlite_url
from index.catalog.job_items import Given, JobItem
from index.catalog.synced import Synced
from index.errors import NotFoundError, StorageError


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog.open(sqlite_url(tmp_path / "catalog.sqlite"))
    yield opened
    opened.close()


def given(number: int) -> list[Given]:
    return [Given(n, f"{n}.txt", {"kind": "upload", "n": n}, f"spool-{n}") for n in range(number)]


def test_a_job_keeps_what_it_was_given_until_it_is_done(catalog: Catalog) -> None:
    job = catalog.jobs.create("documents", name="two files", items=given(2))
    assert (job.state, job.done, job.total, job.counts) == ("queued", 0, 2, {"waiting": 2})
    assert catalog.jobs.waiting(job.id) == given(2)
    assert catalog.jobs.spooled() == {"spool-0", "spool-1"}
    catalog.jobs.start(job.id)
    catalog.jobs.record(job.id, [JobItem(0, 0, "0.txt", "done", "a", "added")])
    assert catalog.jobs.waiting(job.id) == given(2)[1:]
    assert catalog.jobs.spooled() == {"spool-1"}
    failed = JobItem(1, 0, "1.txt", "failed", None, None, "invalid_document", "It is empty.")
    catalog.jobs.record(job.id, [failed])
    assert catalog.jobs.finish(job.id, "done") == []
    done = catalog.jobs.get(job.id)
    assert (done.state, done.done, done.counts) == ("done", 2, {"added": 1, "failed": 1})
    assert done.started_at is not None
    assert done.finished_at is not None
    assert done.created_at <= done.started_at <= done.finished_at
    items, total = catalog.jobs.items(job.id)
    assert (items[1], total) == (failed, 2)
    assert catalog.jobs.items(job.id, failed=True) == ([failed], 1)


def test_pieces_count_and_what_they_came_from_does_not(catalog: Catalog) -> None:
    job = catalog.jobs.create("documents", items=given(1))
    pieces = [JobItem(0, n, f"0.zip#{n}", "done", f"d{n}", "added") for n in (1, 2, 3)]
    catalog.jobs.record(job.id, pieces)
    assert catalog.jobs.get(job.id).total == 4
    catalog.jobs.record(job.id, [JobItem(0, 0, "0.zip", "unpacked")])
    catalog.jobs.finish(job.id, "done")
    assert catalog.jobs.get(job.id).total == catalog.jobs.get(job.id).done == 3
    assert catalog.jobs.items(job.id)[0] == pieces


def test_what_was_seen_to_be_unchanged_counts_without_a_row(catalog: Catalog) -> None:
    job = catalog.jobs.create("sync", items=given(1))
    catalog.jobs.record(job.id, total=101, skipped=100)
    now = catalog.jobs.get(job.id)
    assert (now.total, now.done, now.counts["unchanged"]) == (101, 100, 100)


def test_cancelling_lets_go_what_waits_and_a_finished_job_keeps_its_state(catalog: Catalog) -> None:
    job = catalog.jobs.create("documents", items=given(2))
    assert catalog.jobs.cancel(job.id).cancelling
    assert catalog.jobs.finish(job.id, "cancelled") == ["spool-0", "spool-1"]
    catalog.jobs.finish(job.id, "done")
    assert catalog.jobs.start(job.id).state == "cancelled"
    assert not catalog.jobs.cancel(job.id).cancelling
    assert catalog.jobs.get(job.id).counts == {"cancelled": 2}


def test_jobs_are_listed_newest_first_and_unfinished_ones_oldest_first(catalog: Catalog) -> None:
    ids = [catalog.jobs.create("documents").id for _ in range(5)]
    listed, total = catalog.jobs.list(offset=1, limit=2)
    assert total == 5
    assert [job.id for job in listed] == ids[::-1][1:3]
    catalog.jobs.finish(ids[2], "done")
    assert [job.id for job in catalog.jobs.unfinished()] == [*ids[:2], *ids[3:]]


def test_what_a_former_process_ran_waits_again(catalog: Catalog) -> None:
    running, done = catalog.jobs.create("documents"), catalog.jobs.create("documents")
    begun = catalog.jobs.start(running.id).started_at
    catalog.jobs.finish(done.id, "done")
    catalog.jobs.requeue()
    assert [catalog.jobs.get(job.id).state for job in (running, done)] == ["queued", "done"]
    assert catalog.jobs.start(running.id).started_at == begun


def test_unknown_job_is_not_found(catalog: Catalog) -> None:
    for call in (catalog.jobs.get, catalog.jobs.start, catalog.jobs.cancel, catalog.jobs.record):
        with pytest.raises(NotFoundError, match="job_x"):
            call("job_x")


def test_old_jobs_go_and_unfinished_ones_stay(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [catalog.jobs.create("documents", items=given(1)).id for _ in range(4)]
    for job_id in ids[1:]:
        catalog.jobs.finish(job_id, "done")
    assert catalog.jobs.prune(most=2) == 1
    assert [job.id for job in catalog.jobs.list()[0]] == [ids[3], ids[2], ids[0]]
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=31)
    monkeypatch.setattr(jobs, "now", lambda: later)
    assert catalog.jobs.prune() == 2
    assert [job.id for job in catalog.jobs.list()[0]] == [ids[0]]
    assert catalog.jobs.items(ids[3]) == ([], 0)


def test_synced_items_are_kept_by_root(catalog: Catalog) -> None:
    catalog.synced.put([Synced("a.txt", ("a",), {"size": 1})], root="/one")
    catalog.synced.put([Synced("b.zip", ("a", "b"), {"size": 2})], root="/two")
    assert catalog.synced.roots() == ["/one", "/two"]
    found = catalog.synced.of("/two")["b.zip"]
    assert sorted(found.documents) == ["a", "b"]
    assert found.fingerprint == {"size": 2}
    assert not found.is_whole  # the index has no such documents
    assert catalog.synced.held_elsewhere(["a", "b"], root="/two", item="b.zip") == {"a"}
    catalog.synced.put([Synced("b.zip", ("b",), {})], root="/two")
    assert catalog.synced.of("/two")["b.zip"].documents == ("b",)
    catalog.synced.forget("/two", "b.zip")
    assert catalog.synced.of("/two") == {}


@pytest.mark.parametrize("url", ["nonsense", "nodialect://x", "postgresql+nodriver://h/d"])
def test_unusable_catalog_url_is_named(url: str) -> None:
    with pytest.raises(StorageError, match="URL"):
        Catalog.open(url)


def test_unreachable_catalog_is_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        Catalog.open(sqlite_url(tmp_path / "missing" / "catalog.sqlite"))
