"""The briefs as the checker sees them: passages with sentence vectors, straight from the files.

Knows no index: segmenting and embedding are all that a check needs.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.embedding.base import Embedder
from index.loaders import load_path
from index.model import RetrievedPassage, SourceDocument
from index.segment import segment


@dataclass(frozen=True, slots=True)
class Shelf:
    """The passages of a few documents, by document."""

    passages: tuple[RetrievedPassage, ...]

    def of(self, document_id: str) -> list[RetrievedPassage]:
        """Return the passages of one document, in order."""
        return [passage for passage in self.passages if passage.document_id == document_id]

    def holding(self, document_id: str, fragments: Iterable[str]) -> list[RetrievedPassage]:
        """Return the passages of a document in which the fragments stand.

        Raises:
            ValueError: A fragment stands in none, so the case no longer fits the corpus.
        """
        found = []
        for fragment in fragments:
            holding = [p for p in self.of(document_id) if fragment in p.text]
            if not holding:
                raise ValueError(f"{document_id} has no passage with {fragment!r}")
            found.append(holding[0])
        return list(dict.fromkeys(found))

    def nearest(self, text: str, embedder: Embedder, count: int) -> list[RetrievedPassage]:
        """Return the passages whose best sentence is most like ``text``, best first."""
        vector = embedder.embed_query(text)
        ranked = sorted(self.passages, key=lambda p: float((p.vectors @ vector).max()))
        return ranked[::-1][:count]


def shelve(files: Iterable[Path], embedder: Embedder) -> Shelf:
    """Load, segment and embed files."""
    documents = [load_path(path, path.parent) for path in sorted(files)]
    return Shelf(tuple(p for document in documents for p in passages_of(document, embedder)))


def passages_of(document: SourceDocument, embedder: Embedder) -> Iterator[RetrievedPassage]:
    """Segment and embed one document."""
    sha = hashlib.sha256(document.text.encode()).hexdigest()
    for passage in segment(document.text, count_tokens=embedder.count_tokens):
        texts = [document.text[s.start : s.end] for s in passage.sentences]
        published: dt.date | None = document.published_at
        yield RetrievedPassage(
            document_id=document.id,
            revision=sha,
            number=passage.number,
            title=document.title,
            source=document.source,
            url=document.url,
            published_at=published,
            language=document.language,
            start=passage.start,
            end=passage.end,
            text=document.text[passage.start : passage.end],
            heading=passage.heading,
            sentences=passage.sentences,
            vectors=embedder.embed(texts),
            score=0.0,
            similarity=0.0,
            lexical=0.0,
        )
