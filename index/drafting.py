"""Makes revisions of documents, ready to be stored: language, passages, embedded sentences.

Runs the transformations as a LlamaIndex ``IngestionPipeline``; knows no store.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from llama_index.core.ingestion import IngestionPipeline

from index.catalog.packing import passage_key
from index.catalog.passages import StoredPassage
from index.catalog.revisions import Draft
from index.embedding.base import Embedder
from index.language import DETECTED, detect_surely
from index.model import SourceDocument, pages_between
from index.right_of_way import RightOfWay
from index.segment import PASSAGE_MAKER
from index.stamp import Stamp, stamp_of
from index.transformations import DraftNode, PassageMaker, SentenceEmbedder, as_llama_document


class Drafting:
    """The passage maker and the embedding model, one behind the other.

    Args:
        embedder: the embedding model.
        right_of_way: given to readers between small steps.

    Attributes:
        stamp: what an index of such drafts is made with.
    """

    def __init__(self, embedder: Embedder, right_of_way: RightOfWay) -> None:
        self.stamp: Stamp = stamp_of(embedder, PASSAGE_MAKER)
        self._pipeline = IngestionPipeline(
            transformations=[
                PassageMaker(embedder.count_tokens, between=right_of_way.give),
                SentenceEmbedder(embedder, between=right_of_way.give),
            ],
            disable_cache=True,
        )

    def drafts(self, documents: Sequence[SourceDocument], shas: Sequence[str]) -> list[Draft]:
        """Return the documents as drafts, in their order; ``shas`` are of their texts.

        A document that states no language gets the one that its text is in.
        """
        documents = [_with_language(document) for document in documents]
        inputs = [as_llama_document(str(i), d.text) for i, d in enumerate(documents)]
        nodes_of: dict[str, list[DraftNode]] = defaultdict(list)
        for node in self._pipeline.run(documents=inputs) if inputs else ():
            if isinstance(node, DraftNode) and node.ref_doc_id is not None:
                nodes_of[node.ref_doc_id].append(node)
        drafts = []
        for i, (document, sha) in enumerate(zip(documents, shas, strict=True)):
            nodes = nodes_of[str(i)]
            empty = np.empty((0, self.stamp.dimension), dtype=np.float32)
            vectors = np.concatenate([empty, *(node.vectors for node in nodes)])
            drafts.append(Draft(document, sha, [node.passage for node in nodes], vectors))
        return drafts


def _with_language(document: SourceDocument) -> SourceDocument:
    if document.language is not None or (code := detect_surely(document.text)) is None:
        return document
    provenance = {**document.provenance, "language": DETECTED}
    return replace(document, language=code, provenance=provenance)


def stored_passages(key: int, draft: Draft) -> Iterator[StoredPassage]:
    """Yield the passages of a draft as they are stored under a revision's key."""
    document = draft.document
    row = 0
    for passage in draft.passages:
        after = row + len(passage.sentences)
        yield StoredPassage(
            key=passage_key(key, passage.number),
            document_id=document.id,
            sha=draft.sha,
            title=document.title,
            source=document.source,
            url=document.url,
            published_at=document.published_at,
            language=document.language,
            start=passage.start,
            end=passage.end,
            text=document.text[passage.start : passage.end],
            heading=passage.heading,
            page_starts=pages_between(document.pages, passage.start, passage.end),
            sentences=passage.sentences,
            vectors=draft.vectors[row:after],
        )
        row = after
