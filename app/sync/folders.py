"""A folder as something to be kept in step with: which files it has, and reading one.

Follows no link out of the folder and enters no linked folder, so it cannot go round in circles.
Decides nothing about documents.
"""

import hashlib
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from app.sync.model import ITSELF, Brought, Fingerprint, Plan, Reading, Same, Trouble
from app.sync.planning import emptied, plan_folder
from index.catalog.synced import Synced
from index.errors import InvalidDocumentError, InvalidInputError, NotFoundError
from index.loaders import Parser, pieces_of_path
from index.loaders.files import is_known, is_litter, is_storable, not_text, shown
from index.loaders.registry import passed_over
from index.loaders.unread import MOST_PASSED_OVER

_SETTLED_NS = 2_000_000_000
"""A file changed this shortly ago may change again without its time telling: FAT counts in twos."""
_BLOCK = 1 << 20


class Folder:
    """A folder, or a single file, on disk.

    Args:
        path: where it is; links in it are resolved.
        parser: reads the formats that take one.
        data_dir: the folder of the index, which is never a source.
        max_bytes: the largest file that is read.
        allow_empty: remove everything where nothing is left.

    Raises:
        InvalidInputError: the path lies in the data folder, or has no name that can be stored.
    """

    def __init__(
        self,
        path: Path,
        *,
        parser: Parser,
        data_dir: Path,
        max_bytes: int,
        allow_empty: bool = False,
    ) -> None:
        self._path = path.resolve()
        self._data_dir = data_dir.resolve()
        self._parser = parser
        self._max_bytes = max_bytes
        self._allow_empty = allow_empty
        self._found: dict[str, Fingerprint] = {}
        if self._path.is_relative_to(self._data_dir):
            raise InvalidInputError(
                f"{path} lies in the data folder of Footnote itself. Choose a folder of documents."
            )
        if not is_storable(str(self._path)):
            raise not_text(str(self._path))

    @property
    def root(self) -> str:
        """The absolute path."""
        return str(self._path)

    def plan(self, known: Mapping[str, Synced]) -> Plan:
        """List the files and compare them with what is recorded.

        Raises:
            NotFoundError: there is nothing at the path, and never was.
            ConflictError: everything is gone that was there.
        """
        if not self._path.exists():
            if not known:
                raise NotFoundError(f"There is no file or folder {self._path.name}.")
            if not self._allow_empty:
                raise emptied(self._path.name, sum(len(was.documents) for was in known.values()))
        troubles: list[Trouble] = []
        others: list[str] = []
        self._found = dict(self._scan(troubles, others))
        plan = plan_folder(
            self._path.name, self._found, known, troubles=troubles, allow_empty=self._allow_empty
        )
        unread = (Trouble(shown(item), passed_over(item)) for item in others[:MOST_PASSED_OVER])
        return replace(plan, passed_over=tuple(unread))

    def read(self, item: str, known: Synced | None) -> Reading:
        """Read a file; one with the same content is the same, whatever its time says."""
        seen = self._found[item]
        path = self._path if self._path.is_file() else self._path / item
        sha = self._sha(path, item)
        fingerprint = {**seen, "sha": sha}
        if known is not None and known.is_whole and sha and known.fingerprint.get("sha") == sha:
            return Same(fingerprint)
        root = self._path.parent if self._path.is_file() else self._path
        pieces = pieces_of_path(path, root, parser=self._parser, max_bytes=self._max_bytes)
        return Brought(pieces, fingerprint)

    def closing(self, *, complete: bool) -> Fingerprint | None:
        """Record nothing of the folder itself."""
        return None

    def _sha(self, path: Path, item: str) -> str | None:
        """Return the sha-256 of a file, None of one that is too large to be read anyway."""
        digest = hashlib.sha256()
        read = 0
        try:
            with path.open("rb") as file:
                while block := file.read(_BLOCK):
                    digest.update(block)
                    read += len(block)
                    if read > self._max_bytes:
                        return None
        except OSError as error:
            raise unreadable(item, error) from error
        return digest.hexdigest()

    def _scan(
        self, troubles: list[Trouble], others: list[str]
    ) -> Iterator[tuple[str, Fingerprint]]:
        """Yield the files that some loader knows, with time and size; note what cannot be read."""
        if self._path.is_file():
            yield self._path.name, _fingerprint(self._path.stat())
            return
        waiting = [self._path] if self._path.is_dir() else []
        while waiting:
            folder = waiting.pop()
            try:
                with os.scandir(folder) as listed:
                    entries = sorted(listed, key=lambda entry: entry.name)
            except OSError as error:
                name = self._name(folder)
                troubles.append(Trouble(name, unreadable(name or self._path.name, error)))
                continue
            for entry in entries:
                if is_litter(entry.name):
                    continue
                path = Path(entry.path)
                if entry.is_dir(follow_symlinks=False):
                    if path != self._data_dir:
                        waiting.append(path)
                elif is_known(path):
                    yield from self._seen(entry, path, troubles)
                elif entry.is_file() and (not entry.is_symlink() or self._stays_inside(path)):
                    others.append(self._name(path))

    def _seen(
        self, entry: "os.DirEntry[str]", path: Path, troubles: list[Trouble]
    ) -> Iterator[tuple[str, Fingerprint]]:
        item = self._name(path)
        if not is_storable(item):
            troubles.append(Trouble(shown(item), not_text(item)))
            return
        try:
            if entry.is_symlink() and not self._stays_inside(path):
                return
            if entry.is_file():
                yield item, _fingerprint(entry.stat())
        except OSError as error:  # it vanished, or its folder cannot be entered
            if not isinstance(error, FileNotFoundError):
                troubles.append(Trouble(item, unreadable(item, error)))

    def _stays_inside(self, path: Path) -> bool:
        try:
            return path.resolve(strict=True).is_relative_to(self._path)
        except (OSError, RuntimeError):  # nothing there, or a loop of links
            return False

    def _name(self, path: Path) -> str:
        relative = path.relative_to(self._path)
        return ITSELF if relative == Path() else relative.as_posix()


def unreadable(name: str, error: OSError) -> InvalidDocumentError:
    """Return the error for a file or folder that the system does not let us read."""
    return InvalidDocumentError(
        f"{name} cannot be read: {error.strerror or error}. Check that it exists and that its "
        "permissions allow it. What came from it before is kept."
    )


def _fingerprint(status: os.stat_result) -> Fingerprint:
    is_settled = time.time_ns() - status.st_mtime_ns > _SETTLED_NS
    return {"mtime_ns": status.st_mtime_ns if is_settled else None, "size": status.st_size}
