"""LlamaIndex components in place of ours, and ours in theirs."""

import pytest
from llama_index.core import VectorStoreIndex
from llama_index.core.llms.mock import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, TextNode
from llama_index.vector_stores.chroma import ChromaVectorStore

from app.answer.chain import AskRequest, Chain
from app.answer.finding import Finder
from app.answer.llama import FootnoteQueryEngine
from app.answer.model import Answer, ShortAnswer
from app.services import Services
from index.embedding.llama import LlamaIndexEmbedding
from index.model import Filters

QUESTION = "When do the coalition's operations in Syria end?"


@pytest.fixture
def foreign(sample_services: Services) -> BaseRetriever:
    library = sample_services.library
    index = VectorStoreIndex.from_vector_store(
        ChromaVectorStore(chroma_collection=library.collection),
        embed_model=LlamaIndexEmbedding(library.embedder),
    )
    return index.as_retriever(similarity_top_k=12)


def test_a_retriever_of_llama_index_serves_in_place_of_ours(
    sample_services: Services, foreign: BaseRetriever
) -> None:
    library = sample_services.library
    finder = Finder(
        embedder=library.embedder,
        retriever=lambda top_k, filters: foreign,
        passages_of=library.passages_of,
        top_k=8,
    )
    answer = Chain(finder, sample_services.chain.quoter).ask(AskRequest(QUESTION))
    assert "September 2026" in answer.answer
    for c in answer.citations:
        assert library.read_span(c.document_id, c.revision, c.start, c.end) == c.quote


def test_a_node_that_names_no_stored_passage_is_never_quoted(sample_services: Services) -> None:
    made_up = [
        NodeWithScore(node=TextNode(text="It ends in 1999.", id_=name), score=1.0)
        for name in ("somewhere", "999999:0:0")
    ]
    assert sample_services.library.passages_of(made_up) == []


def test_our_retriever_serves_in_a_query_engine_of_llama_index(sample_services: Services) -> None:
    retriever = sample_services.library.retriever(top_k=3, filters=Filters())
    engine = RetrieverQueryEngine.from_args(retriever, llm=MockLLM())
    response = engine.query(QUESTION)
    assert any("September 2026" in node.node.get_content() for node in response.source_nodes)


def test_the_chain_is_a_query_engine_whose_sources_are_the_quotes(
    sample_services: Services,
) -> None:
    response = FootnoteQueryEngine(sample_services.chain).query(QUESTION)
    assert "September 2026" in str(response)
    answer = (response.metadata or {})["footnote"]
    assert [n.node.get_content() for n in response.source_nodes] == [
        citation["quote"] for citation in answer["citations"]
    ]


def test_the_query_engine_hands_on_the_short_answer(sample_services: Services) -> None:
    class Shortened:
        def ask(self, request: AskRequest) -> Answer:
            answer = sample_services.chain.ask(request)
            cited = answer.citations[0]
            short = ShortAnswer(
                text=cited.quote[:4], citation=1, start=cited.start, end=cited.start + 4
            )
            return answer.model_copy(update={"short": short})

    response = FootnoteQueryEngine(Shortened()).query(QUESTION)  # type: ignore[arg-type]
    answer = (response.metadata or {})["footnote"]
    assert answer["short"]["text"] == answer["citations"][0]["quote"][:4]
