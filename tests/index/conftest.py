"""An embedding model that needs no time, and a look into a folder's stores behind the library."""

import re
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest

from index.catalog import Catalog
from index.catalog.engine import sqlite_url
from index.checking import differences
from index.folder import DataFolder
from index.lexical import LexicalStore
from index.library import Library
from index.model import Matrix, SourceDocument, Vector
from index.vectors import VectorStore, sentence_id

OpenLibrary: TypeAlias = Callable[..., Library]
MakeDocument: TypeAlias = Callable[..., SourceDocument]
StoredTexts: TypeAlias = Callable[[], dict[str, str]]


class WordEmbedder:
    """Adds up one fixed direction for each word, so that texts with common words are near."""

    def __init__(self, name: str = "words", dimension: int = 256) -> None:
        self.name = name
        self.dimension = dimension
        self.calls = 0

    def embed_query(self, text: str) -> Vector:
        vector: Vector = self.embed([text])[0]
        return vector

    def embed(self, texts: Sequence[str], *, between: Callable[[], None] | None = None) -> Matrix:
        self.calls += 1
        rows = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                row[zlib.crc32(word.encode()) % self.dimension] += 1
        matrix: Matrix = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return matrix

    def count_tokens(self, text: str) -> int:
        return len(text.split())


@pytest.fixture
def words() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder, not made yet."""
    return tmp_path / "data"


@pytest.fixture
def open_library(data: Path, words: WordEmbedder) -> OpenLibrary:
    """Open the library over the data folder; the keywords are those of ``Library.open``."""

    def open_(**options: Any) -> Library:
        return Library.open(data, **{"embedder": words, **options})

    return open_


@pytest.fixture
def make() -> MakeDocument:
    """Make a document of an id and a text, or of an id and a number of generated sentences."""

    def make_(id: str, text: str | int = 3, **fields: Any) -> SourceDocument:  # noqa: A002  # as SourceDocument names it
        if isinstance(text, int):
            text = " ".join(f"The {id} report counted {i * 7} boats at noon." for i in range(text))
        return SourceDocument(id=id, text=text, **{"title": id.title(), **fields})

    return make_


@pytest.fixture
def stored_in(data: Path) -> Callable[[int], dict[str, str]]:
    """Check that the closed folder's stores agree to the last record; return texts by document."""

    def stored_in_(generation: int) -> dict[str, str]:
        folder = DataFolder(data)
        catalog = Catalog.open(sqlite_url(folder.catalog))
        vectors = VectorStore(folder.vectors(generation))
        lexical = LexicalStore(folder.lexical(generation))
        vectors.open()
        lexical.open()
        try:
            assert catalog.remakes.generation() == generation
            assert catalog.revisions.leftovers().all() == ()
            keys = catalog.documents.current_keys()
            counts = catalog.passages.sentence_counts(keys)
            assert catalog.documents.counts().sentences == sum(counts.values())
            expected = {sentence_id(key, i) for key, n in counts.items() for i in range(n)}
            assert vectors.ids() == expected
            assert vectors.count() == len(expected)
            assert sorted(lexical.keys()) == sorted(counts)
            assert differences(catalog, vectors, lexical) == []
            shown = catalog.documents.page(offset=0, limit=10_000).items
            return {each.id: catalog.documents.revision(each.id).text for each in shown}
        finally:
            vectors.close()
            lexical.close()
            catalog.close()

    return stored_in_


@pytest.fixture
def stored_texts(stored_in: Callable[[int], dict[str, str]]) -> StoredTexts:
    """Do so for an index that was never made anew."""
    return lambda: stored_in(0)
