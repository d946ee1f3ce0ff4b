"""Where the parts of a data folder lie, and how a part is thrown away so that no half of it stays.

An index that was made anew beside the old one has stores of its own, told apart by a generation;
the catalog's fact says which one answers. Knows nothing of what the parts hold.
"""

import shutil
from contextlib import suppress
from pathlib import Path

from index.errors import IndexDamagedError

CATALOG = "catalog.sqlite"
_STORES = ("vectors", "lexical")
_DISCARDED = ".discarded"


class DataFolder:
    """The paths in a data folder; it need not exist."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.catalog = root / CATALOG

    def vectors(self, generation: int = 0) -> Path:
        """Return where an embedded Chroma keeps the vectors of a generation."""
        return self.root / _of("vectors", generation)

    def lexical(self, generation: int = 0) -> Path:
        """Return where Tantivy keeps the words of a generation."""
        return self.root / _of("lexical", generation)

    def stores(self) -> list[Path]:
        """Return the folders of all generations that there are."""
        return [
            path
            for name in _STORES
            for path in sorted(self.root.glob(f"{name}*"))
            if path.name == name or path.name.removeprefix(f"{name}-").isdecimal()
        ]

    def tidy(self) -> None:
        """Finish throwing away what an interrupted process had begun to."""
        for path in self.root.glob(f"*{_DISCARDED}"):
            _delete(path)

    def refuse_lost_catalog(self) -> None:
        """Keep a folder whose catalog is gone from being taken for a new one.

        Raises:
            IndexDamagedError: there is a store, which is made after the catalog, but no catalog.
        """
        if self.catalog.exists() and self.catalog.stat().st_size:
            return
        if any(store.is_dir() and any(store.iterdir()) for store in self.stores()):
            raise IndexDamagedError(
                f"The catalog {self.catalog} is gone, and with it the documents. Put a backup in "
                "its place with `footnote restore FILE --force`, set FOOTNOTE_CATALOG_URL if it "
                "lies elsewhere, or move the data folder away to begin a new one."
            )


def discard(path: Path) -> None:
    """Throw a folder or file away: at once out of the way, then gone. A missing one is none."""
    if path.is_symlink():  # somebody put the folder on another disk: only what is in it goes
        for inner in path.iterdir() if path.is_dir() else ():
            _delete(inner)
        return
    if not path.exists():
        return
    aside = path.with_name(path.name + _DISCARDED)
    _delete(aside)
    path.rename(aside)
    _delete(aside)


def _of(name: str, generation: int) -> str:
    return f"{name}-{generation}" if generation else name


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        with suppress(FileNotFoundError):
            path.unlink()
