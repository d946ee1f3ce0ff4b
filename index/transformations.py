"""The two steps of ingestion as LlamaIndex transformations: make passages, embed sentences.

They work on nodes alone and know no store. ``ingest`` runs them in an ``IngestionPipeline``; others
can put them, or their own steps between them, into theirs.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from llama_index.core.schema import (
    BaseNode,
    Document,
    NodeRelationship,
    RelatedNodeInfo,
    TextNode,
    TransformComponent,
)
from pydantic import Field, PrivateAttr

from index.embedding.base import Embedder
from index.model import Matrix, Passage
from index.segment import segment


class DraftNode(TextNode):
    """A passage on its way into the index: one node for each passage of a document."""

    passage: Passage = Field(exclude=True, description="Offsets of the passage and its sentences.")
    _vectors: Matrix | None = PrivateAttr(default=None)

    @classmethod
    def class_name(cls) -> str:
        """Return the name LlamaIndex serialises the node under."""
        return "FootnoteDraftNode"

    def sentence_texts(self) -> list[str]:
        """Return the text of each sentence."""
        first = self.passage.start
        return [self.text[s.start - first : s.end - first] for s in self.passage.sentences]

    @property
    def vectors(self) -> Matrix:
        """The sentence vectors, shape (sentences, dimension). Set by ``SentenceEmbedder``."""
        if self._vectors is None:
            raise ValueError("The sentences of this passage are not embedded yet.")
        return self._vectors

    @vectors.setter
    def vectors(self, vectors: Matrix) -> None:
        self._vectors = vectors


class PassageMaker(TransformComponent):
    """Cuts documents into passages; their texts must be normalised already.

    Args:
        count_tokens: the embedding model's measure of length.
        between: called between sentences; a caller in the background gives way there.
    """

    _count_tokens: Callable[[str], int] = PrivateAttr()

    def __init__(
        self, count_tokens: Callable[[str], int], *, between: Callable[[], None] | None = None
    ) -> None:
        super().__init__()

        def counted(sentence: str) -> int:
            if between is not None:
                between()
            return count_tokens(sentence)

        self._count_tokens = counted

    @classmethod
    def class_name(cls) -> str:
        """Return the name LlamaIndex serialises the component under."""
        return "FootnotePassageMaker"

    def __call__(self, nodes: Sequence[BaseNode], **_kwargs: Any) -> Sequence[BaseNode]:
        """Return the passages of all documents, in order."""
        return [
            DraftNode(
                text=text[passage.start : passage.end],
                start_char_idx=passage.start,
                end_char_idx=passage.end,
                metadata=node.metadata,
                relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=node.node_id)},
                passage=passage,
            )
            for node in nodes
            for text in [node.get_content()]
            for passage in segment(text, count_tokens=self._count_tokens)
        ]


class SentenceEmbedder(TransformComponent):
    """Embeds every sentence of the passages, in one call so that the model is kept busy.

    Args:
        embedder: the embedding model.
        between: called between small steps; a caller in the background gives way there.
    """

    _embedder: Embedder = PrivateAttr()
    _between: Callable[[], None] | None = PrivateAttr()

    def __init__(self, embedder: Embedder, *, between: Callable[[], None] | None = None) -> None:
        super().__init__()
        self._embedder = embedder
        self._between = between

    @classmethod
    def class_name(cls) -> str:
        """Return the name LlamaIndex serialises the component under."""
        return "FootnoteSentenceEmbedder"

    def __call__(self, nodes: Sequence[BaseNode], **_kwargs: Any) -> Sequence[BaseNode]:
        """Return the same nodes, with vectors."""
        drafts = [node for node in nodes if isinstance(node, DraftNode)]
        texts = [node.sentence_texts() for node in drafts]
        every = [text for each in texts for text in each]
        vectors = self._embedder.embed(every, between=self._between)
        ends = np.cumsum([len(each) for each in texts])
        for node, part in zip(drafts, np.split(vectors, ends[:-1]), strict=False):
            node.vectors = part
        return nodes


def as_llama_document(document_id: str, text: str) -> Document:
    """Return a text as the LlamaIndex document that the transformations start from."""
    return Document(id_=document_id, text=text)
