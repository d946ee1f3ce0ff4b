"""The offline metrics by name, in the order of reports, and what is better of each."""

from collections.abc import Mapping
from typing import Final

from eval.cases.model import Case
from eval.metrics import citing, correctness, disagreeing, refusing, searching, serving, short
from eval.metrics.model import Direction, Metric, Subject

SIMILARITIES: Final = ("semantic_similarity", "string_similarity")
"""Measured by metrics of ragas itself, between the answer without its markers and the reference."""

OWN: Final[Mapping[str, Metric]] = {
    metric.name: metric
    for metric in (
        *citing.METRICS,
        *correctness.METRICS,
        *short.METRICS,
        citing.SUPPORT,
        *refusing.METRICS,
        *disagreeing.METRICS,
        *searching.METRICS,
        *serving.METRICS,
    )
}
"""Our own metrics, by name."""

OFFLINE: Final = (
    "citation_validity",
    "citation_precision",
    "citation_recall",
    "answer_correctness",
    "short_correctness",
    "short_coverage",
    "semantic_similarity",
    "string_similarity",
    "sentence_support",
    "refusal_precision",
    "refusal_recall",
    "conflict_recall",
    "false_conflicts",
    "hit_at_1",
    "hit_at_4",
    "mrr",
    "latency_ms",
    "completed",
)
"""All offline metrics, in the order of reports."""

_JUDGED: Final = (
    "faithfulness",
    "answer_relevancy",
    "context_precision",
    "context_recall",
    "factual_correctness",
    "noise_sensitivity",
)

DIRECTION: Final[Mapping[str, Direction]] = {
    **{name: OWN[name].direction if name in OWN else "up" for name in OFFLINE},
    **dict.fromkeys(_JUDGED, "up"),
    "noise_sensitivity": "down",
}
"""What is better, of every metric, those of the judge tier included."""

ABOUT: Final[Mapping[str, str]] = {
    **{name: metric.about for name, metric in OWN.items()},
    "semantic_similarity": "Cosine of the embeddings of answer and reference (ragas).",
    "string_similarity": "1 - normalised edit distance of answer and reference (ragas).",
}
"""What each offline metric measures, in a sentence."""


def applies(name: str, case: Case) -> bool:
    """Tell whether a case must be scored by an offline metric, whatever the service does."""
    if name in SIMILARITIES:
        return case.reference is not None
    return OWN[name].applies(case)


def worst(name: str) -> float:
    """Return what a case that raised is scored, where a metric applies to it."""
    return OWN[name].worst if name in OWN else 0.0


def answer_text(subject: Subject) -> str:
    """Return what is compared with the reference: the answer's sentences, without markers."""
    return " ".join(sentence.text for sentence in subject.answer.sentences)
