"""Our metrics as metrics of ragas, beside those of ragas that need no model.

Each of ours is made with ``@numeric_metric`` or ``@discrete_metric``, so that ragas checks its
value and anyone's ragas experiment can use it. Knows nothing of what is measured.
"""

import asyncio
from functools import lru_cache
from typing import Any

from ragas.embeddings.base import BaseRagasEmbedding
from ragas.metrics import MetricResult, discrete_metric, numeric_metric
from ragas.metrics.collections import NonLLMStringSimilarity, SemanticSimilarity

from eval.metrics.model import Metric, Subject
from eval.metrics.offline import OFFLINE, OWN, answer_text, applies
from index.embedding.base import Embedder

Outcome = tuple[float | None, str]
"""A value, None where it could not be measured, and the reason."""

_BINARY = {"yes": 1.0, "no": 0.0}


class BridgedEmbedding(BaseRagasEmbedding):
    """Our embedder, as ragas asks for one."""

    def __init__(self, embedder: Embedder) -> None:
        super().__init__()
        self._embedder = embedder

    def embed_text(self, text: str, **options: Any) -> list[float]:
        """Return the unit vector of a text."""
        return self.embed_texts([text])[0]

    async def aembed_text(self, text: str, **options: Any) -> list[float]:
        """Return the unit vector of a text."""
        return self.embed_text(text)

    def embed_texts(self, texts: list[str], **options: Any) -> list[list[float]]:
        """Return the unit vectors of texts."""
        vectors: list[list[float]] = self._embedder.embed(texts).tolist()
        return vectors

    async def aembed_texts(self, texts: list[str], **options: Any) -> list[list[float]]:
        """Return the unit vectors of texts."""
        return self.embed_texts(texts)


def measure(subject: Subject) -> dict[str, Outcome]:
    """Return the outcome of every offline metric that applies to a case, in their order."""
    return asyncio.run(_measure(subject))


async def _measure(subject: Subject) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    for name in OFFLINE:
        if name in OWN:
            if OWN[name].scores(subject):
                outcomes[name] = await _own(name, subject)
        elif applies(name, subject.case):
            outcomes[name] = await _similarity(name, subject)
    return outcomes


async def _own(name: str, subject: Subject) -> Outcome:
    result = await metrics()[name].ascore(held=Held(subject))
    if result.value is None:  # ragas turns what a metric raises, or may not return, into this
        return None, f"not measured: {result.reason}"
    value = _BINARY[result.value] if OWN[name].binary else float(result.value)
    return value, result.reason or ""


async def _similarity(name: str, subject: Subject) -> Outcome:
    answer, reference = answer_text(subject), subject.case.reference or ""
    if not answer:
        return 0.0, "refused" if subject.refused else "says nothing"
    metric: Any = NonLLMStringSimilarity()
    if name == "semantic_similarity":
        metric = SemanticSimilarity(embeddings=BridgedEmbedding(subject.embedder))
    result = await metric.ascore(reference=reference, response=answer)
    return min(1.0, max(0.0, float(result.value))), f"against “{reference}”"


class Held:
    """Carries a subject through the validation of ragas, which would take plain data apart."""

    __slots__ = ("subject",)

    def __init__(self, subject: Subject) -> None:
        self.subject = subject


@lru_cache(maxsize=1)
def metrics() -> dict[str, Any]:
    """Return our metrics as ragas metrics, by name; each is scored with ``held=Held(subject)``."""
    return {name: _bridged(metric) for name, metric in OWN.items()}


def _bridged(metric: Metric) -> Any:
    def measured(held: Held) -> MetricResult:
        value, reason = metric.measure(held.subject)
        shown = ("yes" if value else "no") if metric.binary else value
        return MetricResult(value=shown, reason=reason)

    measured.__doc__ = metric.about
    if metric.binary:
        return discrete_metric(name=metric.name, allowed_values=list(_BINARY))(measured)
    return numeric_metric(name=metric.name, allowed_values=(0.0, metric.most))(measured)
