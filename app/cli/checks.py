"""What ``footnote doctor`` looks at, in the order in which one thing needs the other.

Each check says what it found and, when it failed, the command that mends it. A check never changes
anything; ``repair`` does.
"""

import os
import platform
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.api.exposure import check_exposure, key_of
from app.cli.session import server_of
from app.cli.version import installed
from app.settings import Settings, SettingsError, unknown_variables


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. ``mend`` is what to run or change when it failed."""

    name: str
    state: Literal["ok", "note", "failed"]
    detail: str
    mend: str | None = None


def run(settings: Settings) -> Iterator[Check]:
    """Yield what was found, from the ground up."""
    yield Check("version", "ok", f"Footnote {installed()}, Python {platform.python_version()}")
    yield from _settings(settings)
    yield _exposure(settings)
    yield _answers()
    folder = _data_folder(settings.data_dir)
    yield folder
    if server := server_of(settings.data_dir):
        yield _server(server, settings)
    elif folder.state != "failed":
        yield from _index(settings)


def repair(settings: Settings) -> Iterator[Check]:
    """Bring the derived stores into agreement with the catalog, and yield what was done.

    Raises:
        ConflictError: a server holds the data folder.
    """
    raise NotImplementedError


def _settings(settings: Settings) -> Iterator[Check]:
    changed = sorted(settings.model_fields_set)
    detail = f"set: {', '.join(changed)}" if changed else "all settings have their defaults"
    yield Check("settings", "ok", detail)
    for name in unknown_variables():
        yield Check(
            "settings",
            "note",
            f"{name} is set, but there is no such setting",
            "correct its name (docs/configuration.md lists all) or unset it",
        )


def _exposure(settings: Settings) -> Check:
    try:
        check_exposure(settings.host, settings)
    except SettingsError as error:
        return Check("address", "failed", error.message, "footnote serve --host 127.0.0.1")
    who = "with a key" if key_of(settings) else "without a key"
    return Check("address", "ok", f"serves on {settings.host}, port {settings.port}, {who}")


def _answers() -> Check:
    return Check("answers", "ok", "quotes from the documents (no model is needed or configured)")


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
    raise NotImplementedError
