"""What a format's loader hands over, the limits it keeps, and how a file with several is told of.

A loader turns bytes into text and the facts that the document states about itself. It knows no
path, no id rules and no store; ``index.loaders.documents`` makes the document.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from index.errors import FootnoteError

MAX_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document's text, not yet normalised, and what it states; None where it states nothing.

    ``pages`` has the offset at which each page begins; a text with pages is normalised already, so
    that they hold. ``provenance`` says where each stated value stands. What the catalog has no
    column for (author, the day a file was made) is there as well, value and place.
    """

    text: str
    id: str | None = None
    title: str | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None
    published_at: dt.date | None = None
    pages: tuple[int, ...] = ()
    provenance: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may hold and cost.

    Attributes:
        document_bytes: of a file, and of each file in an archive when unpacked.
        unpacked_bytes: of all that an archive holds, unpacked.
        ratio: how many times larger than itself a packed file may become.
        entries: files in an archive, those in archives inside it included.
        depth: how deep archives and mails may be nested in each other.
        pages: of a PDF.
        characters: of a document's text.
        seconds: for one document.
        file_seconds: for all documents of one file.
        memory_bytes: of the process that parses.
        idle_seconds: after which that process ends.
    """

    document_bytes: int = MAX_BYTES
    unpacked_bytes: int = 200 * 1024 * 1024
    ratio: int = 200
    entries: int = 2000
    depth: int = 2
    pages: int = 2000
    characters: int = 10_000_000
    seconds: float = 60.0
    file_seconds: float = 900.0
    memory_bytes: int = 2 * 1024**3
    idle_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Part:
    """One document of a file, or why it cannot be read.

    ``inner`` is where it stands in the file (``letters/1.eml``, ``line 3``); empty for the whole.
    """

    inner: str
    media_type: str | None
    loaded: Loaded | None
    error: FootnoteError | None = None
