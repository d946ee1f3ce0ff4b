import asyncio

import numpy as np
import pytest
from llama_index.core.base.embeddings.base import BaseEmbedding

from index.embedding.base import Embedder
from index.embedding.llama import LlamaIndexEmbedder, LlamaIndexEmbedding
from index.embedding.minilm import MiniLMEmbedder


class LengthEmbedding(BaseEmbedding):
    """Someone else's component: vectors that are not of unit length."""

    def _get_query_embedding(self, query: str) -> list[float]:
        return [3.0, 4.0, 0.0] if query else [0.0, 0.0, 0.0]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_query_embedding(text)


def test_llama_index_gets_the_vectors_of_our_embedder() -> None:
    ours: Embedder = MiniLMEmbedder(threads=1)
    theirs = LlamaIndexEmbedding(ours)
    texts = ["One sentence.", "Another one."]
    assert theirs.model_name == ours.name
    assert np.allclose(theirs.get_text_embedding_batch(texts), ours.embed(texts))
    assert np.allclose(theirs.get_query_embedding(texts[0]), ours.embed_query(texts[0]))
    batch = asyncio.run(theirs.aget_text_embedding_batch(texts))
    assert np.allclose(batch, ours.embed(texts))


def test_any_llama_index_embedding_serves_as_our_embedder() -> None:
    embedder: Embedder = LlamaIndexEmbedder(LengthEmbedding(model_name="length"))
    assert embedder.name == "length"
    assert embedder.dimension == 3
    assert embedder.embed_query("x") == pytest.approx([0.6, 0.8, 0.0])
    assert embedder.embed(["x", "y"]).shape == (2, 3)
    assert embedder.embed([]).shape == (0, 3)
    assert embedder.embed_query("") == pytest.approx([0.0, 0.0, 0.0])


def test_vectors_of_an_unexpected_length_are_refused() -> None:
    embedder = LlamaIndexEmbedder(LengthEmbedding(model_name="length"), dimension=4)
    with pytest.raises(ValueError, match=r"not \(1, 4\)"):
        embedder.embed_query("x")
