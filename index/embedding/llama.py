"""Adapters between our embedders and LlamaIndex's, in both directions.

Only translates: knows neither the bundled model nor a store.
"""

import asyncio
from collections.abc import Callable, Sequence

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr

from index.embedding.base import Embedder
from index.model import Matrix, Vector


class LlamaIndexEmbedding(BaseEmbedding):
    """One of our embedders, for LlamaIndex components to use.

    Args:
        embedder: The embedder that does the work.
    """

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(model_name=embedder.name, embed_batch_size=256)
        self._embedder = embedder

    @classmethod
    def class_name(cls) -> str:
        """Return the name LlamaIndex serialises the component under."""
        return "FootnoteEmbedding"

    def _get_query_embedding(self, query: str) -> list[float]:
        return _floats(self._embedder.embed_query(query))

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return _floats(self._embedder.embed([text])[0])

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [_floats(row) for row in self._embedder.embed(texts)]

    async def _aget_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return await asyncio.to_thread(self._get_text_embeddings, texts)


class LlamaIndexEmbedder:
    """Any LlamaIndex embedding, as an embedder of ours. Vectors are brought to unit length.

    Args:
        embedding: The LlamaIndex component.
        name: The model's identity in the index stamp; by default the component's ``model_name``.
        dimension: The length of its vectors; found by embedding a word when it is not given.
    """

    def __init__(
        self,
        embedding: BaseEmbedding,
        *,
        name: str | None = None,
        dimension: int | None = None,
    ) -> None:
        self._embedding = embedding
        self.name = name or embedding.model_name
        self.dimension = dimension or len(embedding.get_text_embedding("dimension"))

    def embed_query(self, text: str) -> Vector:
        """Return the unit vector of a question."""
        vector: Vector = self._unit([self._embedding.get_query_embedding(text)])[0]
        return vector

    def embed(self, texts: Sequence[str], *, between: Callable[[], None] | None = None) -> Matrix:
        """Return the unit vectors of ``texts`` in their order; ``between`` is called once."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        if between is not None:
            between()
        return self._unit(self._embedding.get_text_embedding_batch(list(texts)))

    def count_tokens(self, text: str) -> int:
        """Return an estimate of the tokens in ``text``: LlamaIndex offers no tokenizer here."""
        return -(-len(text) // 4)

    def _unit(self, rows: Sequence[Sequence[float]]) -> Matrix:
        matrix: Matrix = np.array(rows, dtype=np.float32)
        if matrix.shape != (len(rows), self.dimension):
            raise ValueError(
                f"{self.name} gave vectors of shape {matrix.shape}, "
                f"not ({len(rows)}, {self.dimension})"
            )
        lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
        lengths[lengths == 0] = 1
        matrix /= lengths
        return matrix


def _floats(vector: Vector) -> list[float]:
    values: list[float] = vector.tolist()
    return values
