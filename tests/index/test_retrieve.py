import datetime as dt
import json
import threading
from typing import Any

import numpy as np
import pytest
from llama_index.core import VectorStoreIndex
from llama_index.core.callbacks import CBEventType, LlamaDebugHandler
from llama_index.core.instrumentation import get_dispatcher
from llama_index.core.instrumentation.event_handlers import BaseEventHandler
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from llama_index.core.vector_stores import ExactMatchFilter, MetadataFilters
from llama_index.vector_stores.chroma import ChromaVectorStore
from pydantic import Field

from index.embedding.llama import LlamaIndexEmbedding
from index.errors import DataFolderBusyError
from index.model import Filters
from index.retrieve import retrieved_passages


@pytest.fixture
def dated(open_library: Any, make: Any) -> Any:
    """Forty documents of two papers, one for each day of a month and the rest undated."""
    with open_library() as library:
        documents = [
            make(
                f"d{i}",
                f"Boat {i} left the harbour. It carried fish.",
                source="Tide" if i % 2 else "Wave",
                published_at=dt.date(2024, 5, 1 + i) if i < 30 else None,
            )
            for i in range(40)
        ]
        list(library.add_many(documents))
        yield library


def ids(library: Any, question: str = "boat left the harbour", **filters: Any) -> set[str]:
    found = library.retriever(top_k=100, filters=Filters(**filters)).search(question)
    return {passage.document_id for passage in found}


def test_filters_hold_and_lose_nothing(dated: Any) -> None:
    everything = {f"d{i}" for i in range(40)}
    odd = {f"d{i}" for i in range(1, 40, 2)}
    assert ids(dated) == everything
    assert ids(dated, document_ids=("d3", "d35", "nowhere")) == {"d3", "d35"}
    assert ids(dated, sources=("Tide",)) == odd
    assert ids(dated, sources=("Tide", "Wave")) == everything
    assert ids(dated, sources=("Nobody",)) == set()
    first, last = dt.date(2024, 5, 3), dt.date(2024, 5, 5)
    assert ids(dated, published_from=first, published_to=last) == {"d2", "d3", "d4"}
    assert ids(dated, published_from=dt.date(2024, 5, 29)) == {"d28", "d29"}
    assert ids(dated, published_to=dt.date(2024, 5, 1)) == {"d0"}
    assert ids(dated, published_from=dt.date(1900, 1, 1)) == {f"d{i}" for i in range(30)}
    assert ids(dated, published_from=first, sources=("Tide",), document_ids=("d3", "d4")) == {"d3"}


def test_best_passage_comes_first_and_scores_fall(dated: Any) -> None:
    found = dated.retriever(top_k=5).search("Which boat 17 left?")
    assert found[0].document_id == "d17"
    assert len(found) == 5
    scores = [passage.score for passage in found]
    assert scores == sorted(scores, reverse=True)
    assert found[0].lexical == 1.0
    assert all(0 <= p.lexical <= 1 and p.similarity <= 1.001 for p in found)


@pytest.mark.parametrize(
    "question",
    [
        'boat" AND (NOT left:[* TO', "???", "", "   ", "+-&&||!(){}[]^\"~*?:\\/", "the of and",
        "船は港を出た", "boat\x00left", "boat \ud800", "a" * 5000, "body:boat revision:1",
    ],
)  # fmt: skip
def test_any_text_is_a_question(dated: Any, question: str) -> None:
    assert len(dated.retriever(top_k=3).search(question)) == 3


def test_empty_index_has_no_answer(open_library: Any) -> None:
    with open_library() as library:
        assert library.retriever().search("boat") == []
        assert library.retriever(filters=Filters(sources=("x",))).search("boat") == []


def test_lingering_revisions_do_not_crowd_out_current_ones(open_library: Any, make: Any) -> None:
    """Old revisions that are still in the stores are passed over, however many there are."""
    with open_library() as library:
        list(library.add_many(make(f"d{i}", 2) for i in range(12)))
        keys = library._catalog.documents.current_keys()
        passages = [p for part in library._catalog.passages.of_revisions(keys) for p in part]
        library.add(make("old", 400))
        (lingering,) = set(library._catalog.documents.current_keys()) - set(keys)
        library._catalog.live.change(removed=[lingering])  # superseded, and not removed yet
        found = library.retriever(top_k=10).search("The old report counted boats at noon")
        assert len(found) == 10
        assert "old" not in {p.document_id for p in found}
        assert len(passages) == 12


def test_readers_see_old_or_new_while_documents_are_replaced(open_library: Any, make: Any) -> None:
    """One reader after another asks while two states of a document take turns."""
    states = ["The pier had seven lamps. It was old.", "The pier has nine lamps. It is new."]
    with open_library() as library:
        list(library.add_many(make(f"d{i}", 3) for i in range(5)))
        library.add(make("pier", states[0]))
        stop = threading.Event()
        seen: list[set[str]] = []
        errors: list[BaseException] = []

        def read() -> None:
            retriever = library.retriever(top_k=20)
            try:
                while not stop.is_set():
                    found = retriever.search("How many lamps has the pier?")
                    seen.append({p.text for p in found if p.document_id == "pier"})
            except BaseException as error:  # noqa: BLE001  # shown by the test
                errors.append(error)

        readers = [threading.Thread(target=read) for _ in range(4)]
        for reader in readers:
            reader.start()
        for turn in range(12):
            assert library.add(make("pier", states[(turn + 1) % 2])) == "replaced"
        stop.set()
        for reader in readers:
            reader.join()
        assert errors == []
        assert len(seen) > 12
        assert {frozenset(each) for each in seen} <= {frozenset({s}) for s in states}


def test_writers_from_several_threads_wait_for_each_other(
    open_library: Any, make: Any, stored_texts: Any
) -> None:
    with open_library() as library:

        def write(first: int) -> None:
            list(library.add_many(make(f"d{i}", 3) for i in range(first, first + 10)))
            library.add(make("same", 1 + first % 7))

        writers = [threading.Thread(target=write, args=(i * 10,)) for i in range(4)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert library.counts().documents == 41
    assert len(stored_texts()) == 41


def test_retriever_is_one_of_llama_index(dated: Any, words: Any) -> None:
    vector = words.embed_query("boat 17")
    calls = words.calls
    nodes = dated.retriever(top_k=3).retrieve(
        QueryBundle(query_str="boat 17", embedding=vector.tolist())
    )
    assert words.calls == calls  # the vector that was given is used
    passages = retrieved_passages(nodes)
    assert passages[0].document_id == "d17"
    assert nodes[0].score == passages[0].score
    assert nodes[0].node.get_content() == passages[0].text
    assert nodes[0].node.metadata["source"] == "Tide"
    assert nodes[0].node.ref_doc_id == "d17"
    assert json.loads(nodes[0].node.to_json())["metadata"]["title"] == "D17"
    assert [p.number for p in passages] == [
        p.number for p in dated.retriever(top_k=3).search("boat 17")
    ]


def test_retrieval_is_traced_as_llama_index_traces_it(dated: Any) -> None:
    """Instrumentation and the callbacks of old both see a retrieval and its nodes."""

    class Events(BaseEventHandler):
        seen: list[str] = Field(default_factory=list)

        def handle(self, event: Any, **_options: Any) -> None:
            self.seen.append(type(event).__name__)

    dispatcher = get_dispatcher()
    events = Events()
    dispatcher.add_event_handler(events)
    try:
        retriever = dated.retriever(top_k=3)
        plain = retriever.retrieve("boat 17")
        callbacks = LlamaDebugHandler(print_trace_on_end=False)
        retriever.callback_manager.add_handler(callbacks)
        traced = retriever.retrieve("boat 17")
    finally:
        dispatcher.event_handlers.remove(events)
    assert events.seen == ["RetrievalStartEvent", "RetrievalEndEvent"] * 2
    assert [each.node.node_id for each in plain] == [each.node.node_id for each in traced]
    assert len(callbacks.get_event_pairs(CBEventType.RETRIEVE)) == 1


def test_foreign_node_is_not_taken_for_a_passage() -> None:
    with pytest.raises(TypeError, match="not a PassageNode"):
        retrieved_passages([NodeWithScore(node=TextNode(text="x"), score=1.0)])


def test_llama_index_reads_our_collection(dated: Any, words: Any) -> None:
    """LlamaIndex's own vector store and index work over the sentences we stored."""
    index = VectorStoreIndex.from_vector_store(
        ChromaVectorStore(chroma_collection=dated.collection),
        embed_model=LlamaIndexEmbedding(words),
    )
    (first, *_rest) = index.as_retriever(similarity_top_k=4).retrieve("Boat 17 left the harbour.")
    assert first.node.get_content() == "Boat 17 left the harbour."
    assert first.node.ref_doc_id == "d17"
    assert first.node.metadata["document_id"] == "d17"
    assert (first.node.start_char_idx, first.node.end_char_idx) == (0, 25)
    only = MetadataFilters(filters=[ExactMatchFilter(key="document_id", value="d4")])
    found = index.as_retriever(similarity_top_k=4, filters=only).retrieve("Boat 17 left.")
    assert {each.node.ref_doc_id for each in found} == {"d4"}


def test_given_vector_and_own_embedding_find_the_same(dated: Any, words: Any) -> None:
    retriever = dated.retriever(top_k=4)
    own = retriever.search("boat 5 fish")
    given = retriever.search("boat 5 fish", words.embed_query("boat 5 fish"))
    assert [(p.document_id, p.score) for p in own] == [(p.document_id, p.score) for p in given]
    assert np.allclose(np.linalg.norm(own[0].vectors, axis=1), 1, atol=1e-3)


def test_busy_folder_is_retryable() -> None:
    assert DataFolderBusyError.retryable
