import datetime as dt
from typing import Any

import pytest

from app.sync.model import Trouble
from app.sync.planning import plan_folder, plan_list
from index.catalog.synced import Synced
from index.errors import ConflictError, InvalidDocumentError

NOW = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
DENIED = InvalidDocumentError("It cannot be read.")


def known(**items: Any) -> dict[str, Synced]:
    return {name: Synced(name, (f"d-{name}",), fingerprint) for name, fingerprint in items.items()}


def stamp(mtime_ns: int | None, size: int = 10) -> dict[str, Any]:
    return {"mtime_ns": mtime_ns, "size": size}


def test_a_new_file_is_read_an_old_one_left_and_a_missing_one_removed() -> None:
    before = known(old=stamp(1), changed=stamp(1), grown=stamp(1), missing=stamp(1))
    found = {"old": stamp(1), "changed": stamp(2), "grown": stamp(1, 11), "new": stamp(1)}
    plan = plan_folder("/texts", found, before)
    assert plan.look == ("changed", "grown", "new")
    assert plan.same == ("old",)
    assert plan.gone == ("missing",)
    assert plan.total == 5


def test_a_file_changed_a_moment_ago_is_read_whatever_its_time_says() -> None:
    before = known(a=stamp(None))
    assert plan_folder("/texts", {"a": stamp(None)}, before).look == ("a",)


def test_a_file_whose_document_somebody_deleted_is_read_again() -> None:
    before = {"a": Synced("a", ("d",), stamp(1), is_whole=False)}
    assert plan_folder("/texts", {"a": stamp(1)}, before).look == ("a",)


def test_an_item_that_failed_before_is_read_again() -> None:
    assert plan_folder("/texts", {"a": stamp(1)}, known(a={})).look == ("a",)


def test_what_lies_where_nothing_can_be_read_is_kept() -> None:
    before = known(**{"a.txt": stamp(1), "shut/b.txt": stamp(1), "shutter.txt": stamp(1)})
    troubles = [Trouble("shut", DENIED)]
    plan = plan_folder("/texts", {"c.txt": stamp(1)}, before, troubles=troubles)
    assert plan.gone == ("a.txt", "shutter.txt")
    unreadable = plan_folder("/texts", {}, before, troubles=[Trouble("", DENIED)])
    assert unreadable.gone == ()


def test_a_root_that_lost_everything_is_refused_unless_that_is_meant() -> None:
    before = known(a=stamp(1), b=stamp(1))
    with pytest.raises(ConflictError, match=r"all 2 documents.*--allow-empty"):
        plan_folder("/texts", {}, before)
    assert plan_folder("/texts", {}, before, allow_empty=True).gone == ("a", "b")
    assert plan_folder("/texts", {}, {}).total == 0


def test_listed_entries_that_say_they_did_not_change_are_left() -> None:
    before = known(same={"changed": "1"}, newer={"changed": "1"}, silent={"changed": None})
    plan = plan_list({"same": "1", "newer": "2", "silent": None, "new": "1"}, before, now=NOW)
    assert plan.look == ("newer", "silent", "new")
    assert plan.same == ("same",)
    assert plan.gone == ()


def test_entries_that_fell_out_of_the_list_are_asked_for_once_a_day() -> None:
    before = known(
        fallen={},
        asked={"asked": (NOW - dt.timedelta(hours=23)).isoformat()},
        due={"asked": (NOW - dt.timedelta(hours=25)).isoformat()},
    )
    plan = plan_list({"new": None}, before, now=NOW)
    assert plan.ask == ("due", "fallen")
    assert plan.same == ("asked",)
    assert plan.gone == ()


def test_an_empty_list_removes_nothing_by_itself() -> None:
    assert plan_list({}, known(a={}), now=NOW).gone == ()


def test_the_record_of_the_root_itself_is_no_entry() -> None:
    before = {"": Synced("", (), {"etag": "x"})}
    assert plan_list({}, before, now=NOW).total == 0
    assert plan_folder("/texts", {}, before).total == 0
