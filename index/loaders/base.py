"""What a format's loader must offer, and what it hands over.

A loader turns bytes into text and the facts that the document states about itself. It knows no
path, no id rules and no store; ``index.loaders.documents`` makes the document.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document's text, not yet normalised, and what it states; None where it states nothing."""

    text: str
    id: str | None = None
    title: str | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None
    published_at: dt.date | None = None


class Loader(Protocol):
    """One format. A further format is a module with such a class, and a line in the registry."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File name endings in lower case, with the dot."""
        ...

    @property
    def media_types(self) -> tuple[str, ...]:
        """Media types in lower case, without parameters."""
        ...

    def load(self, data: bytes, name: str) -> Loaded:
        """Return what ``data`` holds; ``name`` is how errors call it.

        Raises:
            InvalidDocumentError: The bytes are not of this format, or hold no text.
        """
        ...
