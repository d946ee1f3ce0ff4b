"""Which loader reads which format: the one list to extend when a format is added."""

from pathlib import PurePath

from index.errors import InvalidDocumentError
from index.loaders.base import Loader
from index.loaders.text import MarkdownLoader, TextLoader

LOADERS: tuple[Loader, ...] = (TextLoader(), MarkdownLoader())


def known_suffixes() -> tuple[str, ...]:
    """Return the file name endings that some loader reads, sorted."""
    return tuple(sorted(suffix for loader in LOADERS for suffix in loader.suffixes))


def loader_for(name: str, media_type: str | None = None) -> Loader:
    """Return the loader for a file name, or else for a media type such as ``text/plain``.

    Raises:
        InvalidDocumentError: No loader reads the format.
    """
    suffix = PurePath(name).suffix.lower()
    for loader in LOADERS:
        if suffix in loader.suffixes:
            return loader
    bare = (media_type or "").split(";")[0].strip().lower()
    for loader in LOADERS:
        if not suffix and bare in loader.media_types:
            return loader
    raise InvalidDocumentError(
        f"{name} is of a format that is not read. These are: {', '.join(known_suffixes())}."
    )
