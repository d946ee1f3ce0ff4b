"""What ``footnote doctor`` looks at, in the order in which one thing needs the other.

Each check says what it found and, when it failed, the command that mends it. A check never changes
anything; ``repair`` does.
"""

import os
import platform
import re
import shlex
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from app.api.exposure import GOOD_KEY, KEY_COMMAND, check_exposure, key_of
from app.cli.opening import refuse_if_served, server_of
from app.cli.version import installed
from app.settings import Settings, SettingsError, unknown_variables
from index.errors import FootnoteError
from index.privacy import open_to_others

if TYPE_CHECKING:
    from index.library import Counts, Library

_COMMAND = re.compile("`(footnote [^`]+)`")

State: TypeAlias = Literal["ok", "note", "failed"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. ``mend`` is what to run or change when it failed."""

    name: str
    state: State
    detail: str
    mend: str | None = None


def run(settings: Settings) -> Iterator[Check]:
    """Yield what was found, from the ground up. An index that is not there yet is not made."""
    yield Check("version", "ok", f"Footnote {installed()}, Python {platform.python_version()}")
    yield from _settings(settings)
    yield _exposure(settings)
    yield _answers(settings)
    yield _reader(settings)
    folder = _data_folder(settings.data_dir)
    yield folder
    yield from _privacy(settings.data_dir)
    if server := server_of(settings.data_dir):
        yield _server(server, settings)
    elif folder.state == "ok" and settings.data_dir.exists():
        yield from _index(settings)


def repair(settings: Settings) -> Check:
    """Make vectors and word index again from the catalog, which is the truth, and say so.

    Raises:
        ConflictError: a server holds the data folder.
        StorageError: the catalog cannot be read or the folder not written.
    """
    refuse_if_served(settings, "A repair")
    from app.services import open_library

    with open_library(settings, repair=True) as library:
        counts = library.counts()
    return Check("repair", "ok", f"made again from the catalog: {_described(counts)}")


def _settings(settings: Settings) -> Iterator[Check]:
    changed = sorted(settings.model_fields_set)
    detail = f"set: {', '.join(changed)}" if changed else "all settings have their defaults"
    yield Check("settings", "ok", detail)
    for name, nearest in unknown_variables().items():
        meant = f"; is {nearest} meant?" if nearest else ""
        yield Check(
            "settings",
            "note",
            f"{name} is set, but there is no such setting{meant}",
            "correct its name (docs/configuration.md lists all) or unset it",
        )


def _exposure(settings: Settings) -> Check:
    try:
        check_exposure(settings.host, settings)
    except SettingsError as error:
        return Check("address", "failed", error.message, "footnote serve --host 127.0.0.1")
    key = key_of(settings)
    if key is not None and len(key) < GOOD_KEY:
        detail = f"FOOTNOTE_API_KEY has {len(key)} characters; one that nobody guesses has more"
        return Check("address", "note", detail, KEY_COMMAND)
    who = "with a key" if key_of(settings) else "without a key"
    return Check("address", "ok", f"serves on {settings.host}, port {settings.port}, {who}")


def _answers(settings: Settings) -> Check:
    if settings.llm.model is None:
        return Check("answers", "ok", "made of quotes; no model is needed or configured")
    judged = f" and judged by {settings.verify.model}" if settings.verify.model else ""
    return Check("answers", "ok", f"written by {settings.llm.model}, each sentence checked{judged}")


def _reader(settings: Settings) -> Check:
    if not settings.reader.enabled:
        return Check(
            "reader",
            "note",
            "off: the order of the search decides what is quoted, which is right less often",
            "unset FOOTNOTE_READER__ENABLED",
        )
    from app.services import open_reader

    try:
        reader = open_reader(settings.reader)
    except FootnoteError as error:
        return Check("reader", "failed", error.message, "unset FOOTNOTE_READER__FOLDER")
    assert reader is not None  # noqa: S101 - it is enabled
    reader.close()
    return Check("reader", "ok", f"{reader.name} reads the passages that the search finds")


def _data_folder(folder: Path) -> Check:
    where = folder.absolute()
    if not folder.exists():
        parent = next(path for path in where.parents if path.exists())
        if os.access(parent, os.W_OK):
            return Check("data folder", "ok", f"{where} (not there yet; made at the first start)")
        return Check("data folder", "failed", f"{where} cannot be made", _other_folder(parent))
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = error.strerror or str(error)
        return Check("data folder", "failed", f"{where}: {reason}", _other_folder(where))
    return Check("data folder", "ok", str(where))


def _privacy(folder: Path) -> Iterator[Check]:
    """Yield what other users may read of the data folder; the folder's own mode decides."""
    found = open_to_others(folder)
    if not found:
        if folder.exists() and os.name != "nt":
            yield Check("privacy", "ok", "no other user of this machine can read the data folder")
        return
    mend = f"chmod -R go-rwx {shlex.quote(str(folder))}"
    more = f" and {len(found) - 1} more parts of the data folder" if len(found) > 1 else ""
    if found[0] == folder:
        detail = f"other users of this machine can read {folder}{more}"
        yield Check("privacy", "failed", detail, mend)
        return
    detail = f"only the data folder itself keeps other users of this machine from {found[0]}{more}"
    yield Check("privacy", "note", detail, mend)


def _other_folder(unwritable: Path) -> str:
    return f"make {unwritable} writable, or set FOOTNOTE_DATA_DIR to another folder"


def _server(url: str, settings: Settings) -> Check:
    import httpx

    headers = {"Authorization": f"Bearer {key}"} if (key := key_of(settings)) else {}
    try:
        with httpx.Client(base_url=url, headers=headers, trust_env=False) as client:
            ready = client.get("/readyz").is_success
            documents = client.get("/v1/documents", params={"limit": 1})
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
        return Check("server", "failed", f"{url} does not answer: {reason}", "start it again")
    if documents.status_code == httpx.codes.UNAUTHORIZED:
        return Check("server", "failed", f"{url} wants another key", "set FOOTNOTE_API_KEY to it")
    if not ready or documents.is_error:
        return Check("server", "failed", f"{url} is not ready", "read its log; start it again")
    total = documents.json()["total"]
    return Check("server", "ok", f"{url} holds the data folder and is ready: {total} documents")


def _index(settings: Settings) -> Iterator[Check]:
    from app.services import open_library

    try:
        opened = open_library(settings, inspect=True)
    except FootnoteError as error:
        yield Check("index", "failed", error.message, _mend(error))
        return
    with opened as library:
        counts = library.counts()
        empty = None if counts.documents else "footnote index PATH"
        state: State = "ok" if counts.documents else "note"
        yield Check("index", state, f"{_described(counts)}; made with {library.stamp}", empty)
        yield from _stores(library)
        yield _search(library)


def _stores(library: "Library") -> Iterator[Check]:
    """Read everything once and compare."""
    try:
        found = library.differences()
    except FootnoteError as error:
        yield Check("stores", "failed", error.message, _mend(error))
        return
    for difference in found:
        state: State = "failed" if difference.mend else "note"
        yield Check("stores", state, difference.what, difference.mend)
    if not found:
        yield Check("stores", "ok", "vectors and words agree with the catalog, record by record")
    if stamp := library.stamp_beside:
        yield Check(
            "stores",
            "note",
            f"an index made with {stamp} is being made beside this one",
            "footnote index --rebuild, with its settings to go on, with these to throw it away",
        )


def _search(library: "Library") -> Check:
    try:
        start = time.perf_counter()
        vector = library.embedder.embed_query("Is the index ready to be searched?")
        embedded = time.perf_counter()
        library.retriever(top_k=1).search("ready", vector)
        searched = time.perf_counter()
    except FootnoteError as error:
        return Check("search", "failed", error.message, _mend(error))
    return Check(
        "search",
        "ok",
        f"{library.embedder.name} embeds a question in {1000 * (embedded - start):.0f} ms, "
        f"a search takes {1000 * (searched - embedded):.0f} ms",
    )


def _mend(error: FootnoteError) -> str | None:
    """Return the command that an error's message names."""
    named = _COMMAND.search(error.message)
    return named[1] if named else None


def _described(counts: "Counts") -> str:
    return f"{counts.documents} documents, {counts.passages} passages, {counts.sentences} sentences"
