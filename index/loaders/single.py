"""The one document of a file, for callers that know nothing of files with several."""

from collections.abc import Iterator
from pathlib import Path

from index.errors import InvalidDocumentError
from index.loaders.base import MAX_BYTES
from index.loaders.parsing import Parser
from index.loaders.pieces import Piece, pieces_of_path
from index.model import SourceDocument


def load_path(path: Path, root: Path, *, max_bytes: int = MAX_BYTES) -> SourceDocument:
    """Return the document in a file; ``root`` is the folder that is indexed.

    Raises:
        InvalidDocumentError: The file cannot be read, lies outside ``root``, or holds several.
        TooLargeError: It has more than ``max_bytes`` bytes; it is not read then.
    """
    with Parser() as parser:
        return _only(pieces_of_path(path, root, parser=parser, max_bytes=max_bytes))


def _only(pieces: Iterator[Piece]) -> SourceDocument:
    found = list(pieces)
    for piece in found:
        if piece.error is not None:
            raise piece.error
    if len(found) != 1 or found[0].document is None:
        raise InvalidDocumentError(
            f"The file holds {len(found)} documents, and one is wanted here."
        )
    return found[0].document
