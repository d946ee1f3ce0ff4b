"""The answering chain as a LlamaIndex query engine, for programs built on LlamaIndex."""

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from app.answer.chain import AskRequest, Chain
from app.answer.model import Answer, Citation


class FootnoteQueryEngine(BaseQueryEngine):
    """Answers a query with a checked answer.

    The response's text is the answer with its markers, its source nodes are the exact quotes, and
    ``metadata["footnote"]`` is the whole answer object.
    """

    def __init__(self, chain: Chain) -> None:
        super().__init__(callback_manager=None)
        self._chain = chain

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return _response(self._chain.ask(AskRequest(query_bundle.query_str)))

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return _response(await self._chain.aask(AskRequest(query_bundle.query_str)))

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


def _response(answer: Answer) -> Response:
    nodes = [NodeWithScore(node=_node(citation)) for citation in answer.citations]
    return Response(
        response=answer.answer,
        source_nodes=nodes,
        metadata={"footnote": answer.model_dump(mode="json")},
    )


def _node(citation: Citation) -> TextNode:
    metadata = citation.model_dump(mode="json", exclude={"quote"})
    return TextNode(text=citation.quote, metadata=metadata)
