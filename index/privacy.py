"""Keeps a data folder to its user: 0700 for folders, 0600 for files.

It holds the texts and the secrets that sign. Touches the parts that are Footnote's and nothing else
that somebody keeps in the folder. Where there are no such modes (Windows) it does nothing.
"""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

_LOG = logging.getLogger(__name__)
_OTHERS = 0o077
_PARTS = ("catalog.sqlite*", "vectors*", "lexical*", "incoming", "lock*", "local-access", "remake*")


def open_to_others(folder: Path) -> list[Path]:
    """Return what in a data folder other users may read, write or enter, the folder first."""
    if os.name == "nt" or not folder.is_dir():
        return []
    return [path for path in _parts(folder) if _mode(path) & _OTHERS]


def close_to_others(folder: Path) -> None:
    """Take from other users what they may do; what belongs to somebody else is logged."""
    refused = []
    for path in open_to_others(folder):
        try:
            path.chmod(_mode(path) & ~_OTHERS)
        except FileNotFoundError:  # SQLite deletes its journals as it pleases
            continue
        except OSError:
            refused.append(path)
    if refused:
        _LOG.warning(
            "Other users of this machine can read %s and %d more in the data folder, which belong "
            "to another user. Give them to the one that Footnote runs as.",
            refused[0],
            len(refused) - 1,
        )


def _parts(folder: Path) -> Iterator[Path]:
    yield folder
    for pattern in _PARTS:
        for part in sorted(folder.glob(pattern)):
            yield part
            if part.is_dir():
                yield from (path for path in sorted(part.rglob("*")) if not path.is_symlink())


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        return 0
