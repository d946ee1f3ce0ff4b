"""Plain text, with or without front matter."""

from index.loaders.base import Loaded
from index.loaders.decoding import decode
from index.loaders.frontmatter import split


def load(data: bytes, name: str) -> Loaded:
    """Return the text, and what its front matter states if it has one.

    Raises:
        InvalidDocumentError: The bytes are no text, or the front matter cannot be read.
    """
    return split(decode(data, name), name)
