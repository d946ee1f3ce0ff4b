"""Bytes of one document to what its loader makes of them. Loaders are imported when needed.

Everything that a parser may raise becomes an error for the reader here: parsers of other people's
formats fail in more ways than they document.
"""

from importlib import import_module

from index.errors import FootnoteError, InvalidDocumentError, TooLargeError
from index.loaders.base import Limits, Loaded
from index.loaders.registry import Format, by_name

_MODULES = {
    "text": "index.loaders.text",
    "markdown": "index.loaders.markdown",
    "html": "index.loaders.html",
    "table": "index.loaders.delimited",
    "pdf": "index.loaders.pdf",
    "docx": "index.loaders.docx",
    "sheets": "index.loaders.sheets",
}


def read_one(data: bytes, name: str, kind: Format, limits: Limits) -> Loaded:
    """Return what a file of one document holds.

    Args:
        data: the file.
        name: how errors call it.
        kind: its format.
        limits: what it may hold.

    Raises:
        InvalidDocumentError: it cannot be read as its format.
        TooLargeError: it is over a limit.
    """
    module = import_module(_MODULES[kind.key])
    if by_name(name) not in (kind, None):
        name = f"{name} (which is {kind.what})"
    try:
        loaded: Loaded = module.load(data, name, limits) if kind.apart else module.load(data, name)
        return loaded
    except FootnoteError:
        raise
    except (MemoryError, RecursionError) as error:
        raise TooLargeError(
            f"{name} cannot be read as {kind.what}: it takes more memory than a document may, or "
            "is nested too deeply. Split it, or save it as text."
        ) from error
    except Exception as error:
        raise InvalidDocumentError(
            f"{name} cannot be read as {kind.what}: it is damaged, or not what its name says "
            f"({type(error).__name__}). Open it in the program it is made for and save it again."
        ) from error
