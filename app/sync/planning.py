"""From what is there and what was recorded to what there is to do. Pure: reads and writes nothing.

The rule of removal: a document goes only when its item was brought in by this root, is missing now,
and every place where it could be was readable. A root that has lost everything is taken for one
that cannot be reached.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from app.sync.model import ITSELF, Fingerprint, Plan, Trouble
from index.catalog.synced import Synced
from index.errors import ConflictError

ASK_AGAIN = dt.timedelta(days=1)
"""How long an entry that fell out of a list, and is still there, is left alone."""


def plan_folder(
    root: str,
    found: Mapping[str, Fingerprint],
    known: Mapping[str, Synced],
    *,
    troubles: Sequence[Trouble] = (),
    allow_empty: bool = False,
) -> Plan:
    """Compare the files of a folder with what is recorded of it.

    Args:
        root: how the folder is called in errors.
        found: each file's ``mtime_ns`` and ``size``, by its path in the folder.
        known: what is recorded.
        troubles: files and folders that cannot be read; what lies in them is kept.
        allow_empty: remove everything where nothing is left.

    Raises:
        ConflictError: everything that was there is gone.
    """
    known = {item: was for item, was in known.items() if item != ITSELF}
    gone = tuple(sorted(i for i in known if i not in found and not _inside(i, troubles)))
    if gone and not found and not allow_empty:
        raise emptied(root, len(gone))
    same = {
        item
        for item, seen in found.items()
        if item in known and known[item].is_whole and _is_as_it_was(seen, known[item].fingerprint)
    }
    return Plan(
        look=tuple(item for item in sorted(found) if item not in same),
        same=tuple(sorted(same)),
        gone=gone,
        troubles=tuple(troubles),
    )


def plan_list(
    listed: Mapping[str, str | None], known: Mapping[str, Synced], *, now: dt.datetime
) -> Plan:
    """Compare the entries of a feed or a sitemap with what is recorded of it.

    A feed shows its newest entries only, so one that is listed no more is asked for.

    Args:
        listed: when each entry says it changed last, by address.
        known: what is recorded.
        now: the present moment.
    """
    fallen = [item for item in known if item not in listed and item != ITSELF]
    due = sorted(item for item in fallen if _is_due(known[item].fingerprint, now))
    same = {
        item
        for item, changed in listed.items()
        if changed is not None
        and item in known
        and known[item].is_whole
        and known[item].fingerprint.get("changed") == changed
    }
    return Plan(
        look=tuple(item for item in listed if item not in same),
        same=(*sorted(same), *sorted(set(fallen) - set(due))),
        ask=tuple(due),
    )


def emptied(root: str, documents: int) -> ConflictError:
    """Return the error for a root of which nothing is left."""
    files = "1 document" if documents == 1 else f"all {documents:,} documents"
    return ConflictError(
        f"{root} is empty or gone, and {files} came from it. Nothing was removed, for it may be a "
        "disk that is not mounted. If it is meant to be empty, say --allow-empty."
    )


def _is_as_it_was(seen: Fingerprint, before: Fingerprint) -> bool:
    return before.get("mtime_ns") is not None and all(
        seen[name] == before.get(name) for name in ("mtime_ns", "size")
    )


def _inside(item: str, troubles: Sequence[Trouble]) -> bool:
    return any(
        trouble.item in (item, ITSELF) or item.startswith(f"{trouble.item}/")
        for trouble in troubles
    )


def _is_due(fingerprint: Fingerprint, now: dt.datetime) -> bool:
    asked = fingerprint.get("asked")
    return asked is None or now - dt.datetime.fromisoformat(asked) >= ASK_AGAIN
