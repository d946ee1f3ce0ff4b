"""The sample briefs that a new data folder starts with.

Owns where they lie (in a checkout: ``corpus/``; in an installed wheel: beside this module) and that
they are indexed once: a user who deletes them does not get them back at the next start.
"""

from collections.abc import Iterator
from pathlib import Path

from index.library import Library, Outcome
from index.loaders import discover, load_path

_FLAG = "sample_corpus"


def folder() -> Path:
    """Return the folder of the sample briefs."""
    installed = Path(__file__).parent / "_corpus"
    return installed if installed.is_dir() else Path(__file__).parents[1] / "corpus"


def index_once(library: Library) -> Iterator[Outcome]:
    """Index the briefs unless this was done, or the index already has documents.

    Yields the outcome of each brief. Interrupted, it starts again at the next call.
    """
    if library.has_flag(_FLAG):
        return
    if library.counts().documents == 0 or library.has_flag(f"{_FLAG}_started"):
        library.set_flag(f"{_FLAG}_started")
        root = folder()
        yield from library.add_many(load_path(path, root) for path in discover(root))
    library.set_flag(_FLAG)
