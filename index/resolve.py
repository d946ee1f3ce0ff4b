"""LlamaIndex nodes back to stored passages, so that any retriever over our collection serves.

A node of ours carries its passage. A node that another retriever read from the Chroma collection is
a sentence, and its id names its passage. What names no current passage cannot be quoted and is left
out.
"""

import re
from collections.abc import Sequence

from llama_index.core.schema import NodeWithScore

from index.catalog import Catalog
from index.catalog.packing import passage_key
from index.model import RetrievedPassage
from index.nodes import PassageNode

_SENTENCE_ID = re.compile(r"(\d{1,15}):(\d{1,9}):\d{1,9}")


def resolve(nodes: Sequence[NodeWithScore], catalog: Catalog) -> list[RetrievedPassage]:
    """Return the passages that nodes stand for, each once, in the order of their first node."""
    keys = {
        id(each): passage_key(int(match[1]), int(match[2]))
        for each in nodes
        if not isinstance(each.node, PassageNode)
        and (match := _SENTENCE_ID.fullmatch(each.node.node_id))
    }
    rows = catalog.passages.load(set(keys.values())) if keys else {}
    current = catalog.live.among({row.revision for row in rows.values()})
    passages: dict[tuple[str, str, int], RetrievedPassage] = {}
    for each in nodes:
        if isinstance(each.node, PassageNode):
            passage = each.node.passage
        else:
            row = rows.get(keys.get(id(each), -1))
            if row is None or row.revision not in current:
                continue
            score = each.score or 0.0
            passage = row.scored(score, similarity=score, lexical=0.0)
        passages.setdefault((passage.document_id, passage.revision, passage.number), passage)
    return list(passages.values())
