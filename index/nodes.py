"""Retrieved passages as LlamaIndex nodes, and back.

Nothing here searches or stores.
"""

from collections.abc import Iterable
from typing import Any

from llama_index.core.schema import NodeRelationship, NodeWithScore, RelatedNodeInfo, TextNode
from pydantic import PrivateAttr

from index.model import RetrievedPassage


class PassageNode(TextNode):
    """A retrieved passage for LlamaIndex components; ``passage`` has all that answering needs.

    Args:
        passage: what the search returned.
    """

    _passage: RetrievedPassage = PrivateAttr()

    def __init__(self, passage: RetrievedPassage, **fields: Any) -> None:
        super().__init__(
            id_=f"{passage.document_id}:{passage.revision}:{passage.number}",
            text=passage.text,
            start_char_idx=passage.start,
            end_char_idx=passage.end,
            metadata=_metadata(passage),
            relationships={
                NodeRelationship.SOURCE: RelatedNodeInfo(node_id=passage.document_id),
            },
            **fields,
        )
        self._passage = passage

    @classmethod
    def class_name(cls) -> str:
        """Return the name LlamaIndex serialises the node under."""
        return "FootnotePassageNode"

    @property
    def passage(self) -> RetrievedPassage:
        """The passage with its offsets, sentences and vectors."""
        return self._passage


def _metadata(passage: RetrievedPassage) -> dict[str, Any]:
    """Return what a LlamaIndex prompt may show of a passage's document."""
    metadata: dict[str, Any] = {"document_id": passage.document_id, "title": passage.title}
    if passage.source is not None:
        metadata["source"] = passage.source
    if passage.published_at is not None:
        metadata["published_at"] = passage.published_at.isoformat()
    return metadata


def retrieved_passages(nodes: Iterable[NodeWithScore]) -> list[RetrievedPassage]:
    """Return the passages of nodes, in their order.

    Raises:
        TypeError: a node does not come from this index, so nothing could be quoted from it.
    """
    passages: list[RetrievedPassage] = []
    for each in nodes:
        if not isinstance(each.node, PassageNode):
            raise TypeError(f"{type(each.node).__name__} {each.node.node_id} is not a PassageNode")
        passages.append(each.node.passage)
    return passages
