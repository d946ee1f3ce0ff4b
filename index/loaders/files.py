"""Files on disk: which ones of a folder are documents, and reading one safely.

Follows no link out of the folder, opens nothing but regular files, and reads no more than the
limit allows.
"""

import os
import stat
from pathlib import Path, PurePosixPath

from index.errors import InvalidDocumentError, NotFoundError
from index.loaders.documents import too_large
from index.loaders.registry import by_name, unknown
from index.loaders.sniffing import seen_format
from index.loaders.unread import is_unread

_HEAD = 4096


def discover(path: Path) -> list[Path]:
    """Return the files under a folder that a loader knows, sorted by path; a file alone is one."""
    return listed(path)[0]


def listed(path: Path, *, without: Path | None = None) -> tuple[list[Path], list[Path]]:
    """Return the files under a folder that a loader knows, and those that none does, by path.

    Hidden files and folders are left out, as are links that lead out of the folder; linked folders
    are not entered.

    Args:
        path: a folder, or a file.
        without: a folder below it that is not entered.

    Raises:
        NotFoundError: There is nothing at ``path``.
        InvalidDocumentError: A folder cannot be listed, or a single file is of an unknown format.
    """
    if not path.exists():
        raise NotFoundError(f"There is no file or folder {path}.")
    if not path.is_dir():
        if not is_known(path):
            raise unknown(path.name)
        return [path], []
    root = path.resolve()
    left_out = without.resolve() if without is not None else None
    found: list[Path] = []
    others: list[Path] = []
    for folder, folders, files in os.walk(path, onerror=_refuse):
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".") and Path(folder, name).resolve() != left_out
        ]
        for name in files:
            file = Path(folder, name)
            if not is_litter(name) and _inside(file, root):
                (found if is_known(file) else others).append(file)
    for files_ in (found, others):
        files_.sort(key=lambda file: file.relative_to(path).parts)
    return found, others


def is_litter(name: str) -> bool:
    """Tell hidden files and what systems and office programs leave beside documents."""
    return name.startswith((".", "~$")) or name in ("Thumbs.db", "desktop.ini")


def is_known(path: Path) -> bool:
    """Tell whether a loader knows a file: by its name, or where it has no ending by its content."""
    if by_name(path.name) is not None:
        return True
    if path.suffix or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return seen_format(file.read(_HEAD)) is not None
    except OSError:
        return False


def read_file(path: Path, root: Path, name: str, max_bytes: int) -> bytes:
    """Return the bytes of a file below ``root``.

    Args:
        path: the file.
        root: the folder that is indexed, or the file itself.
        name: how errors call it.
        max_bytes: more are not read.

    Raises:
        InvalidDocumentError: The file cannot be read, or lies outside ``root``.
        TooLargeError: It has more than ``max_bytes`` bytes; it is not read then.
    """
    folder = root if root.is_dir() else root.parent
    if not _inside(path, folder.resolve()):
        raise InvalidDocumentError(
            f"{name} is missing, or is a link out of the folder: links are followed only inside it."
        )
    if is_unread(name):  # a wrong format is refused before anything is read
        raise unknown(name)
    try:
        # A pipe or device would block: nothing is opened before its kind is known.
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InvalidDocumentError(f"{name} is not a regular file.")
        if status.st_size > max_bytes:
            raise too_large(name, status.st_size, max_bytes)
        with path.open("rb") as file:
            return file.read(max_bytes + 1)
    except OSError as error:
        raise InvalidDocumentError(
            f"{name} cannot be read: {error.strerror or error}. Check that it exists and that its "
            "permissions allow it."
        ) from error


def is_storable(name: str) -> bool:
    """Tell whether a name is text: a path may hold any bytes, a database may not."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in name


def shown(name: str) -> str:
    r"""Return a name with each byte of it that is no text written out, like ``caf\xe9.txt``."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def not_text(name: str) -> InvalidDocumentError:
    """Return the error for a path that no database can hold."""
    return InvalidDocumentError(
        f"{shown(name)} has a name that is not text in UTF-8. Rename it (convmv does many at once)."
    )


def relative_to(path: Path, root: Path) -> PurePosixPath:
    """Return where a file stands in the folder that is indexed."""
    try:
        relative = path.relative_to(root)
    except ValueError:
        relative = Path(path.name)
    return PurePosixPath(*(relative.parts or (path.name,)))


def _inside(path: Path, root: Path) -> bool:
    """Tell whether the file that ``path`` leads to exists and lies in ``root``."""
    try:
        return path.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):  # nothing there, or a loop of links
        return False


def _refuse(error: OSError) -> None:
    raise InvalidDocumentError(
        f"The folder {error.filename} cannot be listed: {error.strerror}."
    ) from error
