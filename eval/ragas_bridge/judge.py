"""ragas's judged metrics over a judge and an embedding model of ours.

Owns which of ragas's metrics stands for which of ours, and its two base classes for models. Knows
no provider, no cache and no limit: a function that asks is handed in, and its replies are checked.
"""

import asyncio
import hashlib
import sys
from collections.abc import Awaitable
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel
from ragas.embeddings.base import BaseRagasEmbedding
from ragas.llms.base import InstructorBaseRagasLLM
from ragas.metrics.collections import (
    AnswerRelevancy,
    ContextPrecision,
    ContextRecall,
    FactualCorrectness,
    Faithfulness,
    NoiseSensitivity,
)
from ragas.metrics.collections.base import BaseMetric
from ragas.prompt.metrics.base_prompt import BasePrompt

from eval.judging.samples import (
    ANSWER_RELEVANCY,
    CONTEXT_PRECISION,
    CONTEXT_RECALL,
    FACTUAL_CORRECTNESS,
    FAITHFULNESS,
    NOISE_SENSITIVITY,
    Sample,
)
from index.embedding.base import Embedder

_KINDS: dict[str, type[BaseMetric]] = {
    FAITHFULNESS: Faithfulness,
    ANSWER_RELEVANCY: AnswerRelevancy,
    CONTEXT_PRECISION: ContextPrecision,
    CONTEXT_RECALL: ContextRecall,
    FACTUAL_CORRECTNESS: FactualCorrectness,
    NOISE_SENSITIVITY: NoiseSensitivity,
}
_INPUTS: dict[str, tuple[str, ...]] = {
    FAITHFULNESS: ("user_input", "response", "retrieved_contexts"),
    ANSWER_RELEVANCY: ("user_input", "response"),
    CONTEXT_PRECISION: ("user_input", "reference", "retrieved_contexts"),
    CONTEXT_RECALL: ("user_input", "reference", "retrieved_contexts"),
    FACTUAL_CORRECTNESS: ("response", "reference"),
    NOISE_SENSITIVITY: ("user_input", "response", "reference", "retrieved_contexts"),
}
# By default ragas shows the judge examples that leave claims out: a wrong one could be among them.
_WHOLE = {"atomicity": "low", "coverage": "high"}

_Model = TypeVar("_Model", bound=BaseModel)


class Ask(Protocol):
    """Gets one checked reply."""

    def __call__(self, prompt: str, schema: type[_Model]) -> Awaitable[_Model]:
        """Return a reply that fits the schema. Raises UnmeasuredError."""
        ...


class CheckedJudge(InstructorBaseRagasLLM):
    """A judge as ragas calls it.

    Args:
        ask: gets the replies.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def generate(self, prompt: str, response_model: type[_Model]) -> _Model:
        """Return a reply. Blocking, and only where no event loop runs."""

        async def work() -> _Model:
            return await self._ask(prompt, response_model)

        return asyncio.run(work())

    async def agenerate(self, prompt: str, response_model: type[_Model]) -> _Model:
        """Return a reply."""
        return await self._ask(prompt, response_model)


class OurEmbedding(BaseRagasEmbedding):
    """An embedding model of ours as ragas calls it.

    Args:
        embedder: makes unit vectors.
    """

    def __init__(self, embedder: Embedder) -> None:
        super().__init__()
        self._embedder = embedder

    def embed_text(self, text: str, **kwargs: Any) -> list[float]:
        """Return the vector of a text."""
        return [float(number) for number in self._embedder.embed_query(text)]

    async def aembed_text(self, text: str, **kwargs: Any) -> list[float]:
        """Return the vector of a text, made on another thread."""
        return await asyncio.to_thread(self.embed_text, text)


async def measure(metric: str, sample: Sample, ask: Ask, embedder: Embedder) -> float:
    """Return ragas's value of a metric, which may be no number; see ``eval.judging.running``.

    Args:
        metric: one of ``JUDGED``.
        sample: what is judged; it has what the metric needs.
        ask: gets the judge's replies.
        embedder: compares questions.

    Raises:
        UnmeasuredError: the judge gave no reply that can be used.
    """
    judged = _metric(metric, CheckedJudge(ask), OurEmbedding(embedder))
    given = {
        "user_input": sample.question,
        "response": sample.response,
        "reference": sample.reference,
        "retrieved_contexts": list(sample.contexts),
    }
    result = await judged.ascore(**{name: given[name] for name in _INPUTS[metric]})
    return float(result.value)


def prompt_shas() -> dict[str, str]:
    """Return the sha-256 of all that ragas asks for each metric, by ``judge/METRIC``."""
    return {
        f"judge/{metric}": hashlib.sha256("\0".join(_prompts(kind)).encode()).hexdigest()
        for metric, kind in _KINDS.items()
    }


def _metric(metric: str, judge: CheckedJudge, embedding: OurEmbedding) -> BaseMetric:
    options: dict[str, Any] = {"llm": judge}
    if metric == ANSWER_RELEVANCY:
        options["embeddings"] = embedding
    if metric == FACTUAL_CORRECTNESS:
        options |= _WHOLE
    return _KINDS[metric](**options)


def _prompts(kind: type[BaseMetric]) -> list[str]:
    """Return the prompts of a metric, without anything to judge, in the order of their names."""
    used = [
        value
        for _, value in sorted(vars(sys.modules[kind.__module__]).items())
        if isinstance(value, type) and issubclass(value, BasePrompt)
    ]
    return [prompt.to_string(_empty(prompt.input_model)) for prompt in (kind() for kind in used)]


def _empty(model: type[BaseModel]) -> BaseModel:
    """Return an input with nothing in it."""
    nothing: dict[str, Any] = {
        name: _WHOLE.get(name, "" if field.annotation is str else [])
        for name, field in model.model_fields.items()
    }
    return model.model_construct(**nothing)
