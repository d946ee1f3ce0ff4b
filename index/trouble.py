"""Tells what is wrong with a store's folder from what the store said, and says it to the reader.

Both stores are libraries in Rust that report everything as text; this is where it is understood.
"""

import shutil
from pathlib import Path

from index.errors import FootnoteError, IndexDamagedError, StorageError

PASS_ON = (
    FootnoteError,
    ImportError,
    TypeError,
    KeyboardInterrupt,
    SystemExit,
    GeneratorExit,
)
"""What is no trouble of a store, though it may be raised while one is asked."""

_FULL = ("no space left", "disk is full", "storagefull", "os error 28")
_FORBIDDEN = ("permission denied", "read-only", "readonly", "os error 13", "unable to open")
_LEAST_SPACE = 1 << 20  # a store that fails with less than this free failed for want of space


def folder_trouble(what: str, folder: Path, error: BaseException) -> StorageError:
    """Return the error to raise for a store.

    Args:
        what: the store's contents, as a sentence begins with them: "The vectors".
        folder: where they lie.
        error: what the store's library raised.
    """
    cause = " ".join(str(error).split()) or type(error).__name__
    lowered = cause.lower()
    if any(sign in lowered for sign in _FULL) or _free(folder) < _LEAST_SPACE:
        return StorageError(
            f"{what} in {folder} could not be written ({cause}). Free some space on the disk and "
            "try again; nothing that was stored is lost."
        )
    if isinstance(error, PermissionError) or any(sign in lowered for sign in _FORBIDDEN):
        return StorageError(
            f"{what} in {folder} cannot be written ({cause}). Check the folder's owner and "
            "permissions."
        )
    return IndexDamagedError(
        f"{what} in {folder} cannot be read ({cause}). Run `footnote doctor --repair` to make them "
        "again from the catalog; no document is lost."
    )


def _free(folder: Path) -> int:
    """Return how many bytes are free where a folder is, or is to be."""
    for place in (folder, *folder.parents):
        try:
            return shutil.disk_usage(place).free
        except OSError:
            continue
    return _LEAST_SPACE
