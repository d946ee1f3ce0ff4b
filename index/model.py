"""The nouns of the index: documents, revisions, passages, sentences, and what a search returns.

Plain immutable data. Nothing here reads files, embeds or stores. All offsets count Unicode code
points in the normalised text of one revision, half open, so ``text[start:end]`` is the span.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector: TypeAlias = NDArray[np.float32]
    """Shape (dimension,), unit length."""

    Matrix: TypeAlias = NDArray[np.float32]
    """Shape (n, dimension), each row of unit length."""
else:  # numpy takes a while to import, and who only reads documents has no use for it
    Vector = Matrix = Any


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """What a loader makes of a file, an upload or a request: text and what the document states.

    ``text`` is normalised already (see ``index.loaders``). ``origin`` says where it came from: an
    absolute path, a URL, either with ``#`` and the part of it (``mail.zip#letters/1.eml``), or None
    for text sent over the API. ``media_type`` is the format it came in. ``pages`` has the offset at
    which each page begins, for formats with pages. ``provenance`` tells where a stated value was
    found, by field: ``{"published_at": "meta article:published_time"}``.
    """

    id: str
    text: str
    title: str
    source: str | None = None
    url: str | None = None
    language: str | None = None
    published_at: dt.date | None = None
    origin: str | None = None
    media_type: str | None = None
    pages: tuple[int, ...] = ()
    provenance: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sentence:
    """The unit of evidence: offsets into the revision's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one section, about 120-180 tokens; what a citation points into.

    ``number`` counts from 0 in a revision. ``heading`` is the nearest heading above, if any; it is
    context, never evidence.
    """

    number: int
    start: int
    end: int
    sentences: tuple[Sentence, ...]
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """One stored state of a document. ``sha`` is the sha-256 of the normalised text."""

    document_id: str
    sha: str
    text: str
    title: str
    source: str | None
    url: str | None
    language: str | None
    published_at: dt.date | None
    origin: str | None
    created_at: dt.datetime
    current: bool
    media_type: str | None = None
    pages: tuple[int, ...] = ()
    provenance: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """A line of the list of documents: its current revision, without the text."""

    id: str
    revision: str
    title: str
    source: str | None
    url: str | None
    language: str | None
    published_at: dt.date | None
    origin: str | None
    characters: int
    passages: int
    created_at: dt.datetime
    updated_at: dt.datetime
    media_type: str | None = None
    provenance: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filters:
    """Narrow a search. Empty tuples and None mean no restriction; all given parts must hold.

    Dates are inclusive; a document without a date never passes a date filter.
    """

    document_ids: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    published_from: dt.date | None = None
    published_to: dt.date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RetrievedPassage:
    """A passage with all that answering needs, so that no later step asks a store again.

    ``text`` is the passage's text; ``start`` is its offset in the revision; ``sentences`` are
    offsets into the revision (not into ``text``); ``vectors`` has one row for each sentence.
    ``score`` is the fused score (higher is better), ``similarity`` the cosine of the best sentence,
    ``lexical`` the BM25 score divided by the query's best BM25 score (0 when it did not match).
    ``page_starts`` are the pages it stands on, each with its offset; empty where there are none.
    """

    document_id: str
    revision: str
    number: int
    title: str
    source: str | None
    url: str | None
    published_at: dt.date | None
    language: str | None
    start: int
    end: int
    text: str
    heading: str | None
    sentences: tuple[Sentence, ...]
    vectors: Matrix = field(repr=False)
    score: float
    similarity: float
    lexical: float
    page_starts: tuple[tuple[int, int], ...] = ()

    def page_at(self, offset: int) -> int | None:
        """Return the page, counted from 1, that ``offset`` stands on, where there are pages."""
        return max((page for page, start in self.page_starts if start <= offset), default=None)

    def sentence_text(self, position: int) -> str:
        """Return the text of the sentence at ``position`` in ``sentences``."""
        sentence = self.sentences[position]
        return self.text[sentence.start - self.start : sentence.end - self.start]


def pages_between(starts: Sequence[int], first: int, last: int) -> tuple[tuple[int, int], ...]:
    """Return number (from 1) and offset of each page that has text between two offsets.

    ``starts`` has the offset at which each page begins. A page without text begins where the next
    one does, and is passed over.
    """
    if not starts:
        return ()
    begin = max(bisect_right(starts, first), 1)
    end = max(bisect_left(starts, last), begin)
    return tuple((page, starts[page - 1]) for page in range(begin, end + 1))


Change: TypeAlias = Literal["added", "replaced", "unchanged"]
