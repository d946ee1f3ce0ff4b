"""How many false sentences the check catches and how many true ones it drops, beside a floor.

The floor is the share of a sentence's content words that stand in the passages it cites, with the
threshold that separates best: what any retrieval demo could do.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from app.answer.question.words import content
from app.answer.support import check
from eval.verification.pairs import Pair
from eval.verification.passages import Shelf
from index.embedding.base import Embedder
from index.model import Matrix, RetrievedPassage

GIVEN = 8
"""Passages given beside the cited ones: those nearest to the sentence, as a search would bring."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A pair with what the check said of it, what it cost, and its overlap."""

    pair: Pair
    passed: bool
    why: str | None
    milliseconds: float
    overlap: float


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: of ``total`` sentences, how many were judged right."""

    kind: str
    total: int
    right: int
    floor_right: int


def run(pairs: Iterable[Pair], shelf: Shelf, embedder: Embedder) -> list[Scored]:
    """Check every pair; the time is that of the processor, without the embedding."""
    return [_score(pair, shelf, embedder) for pair in pairs]


def _score(pair: Pair, shelf: Shelf, embedder: Embedder) -> Scored:
    cited = shelf.holding(pair.brief, pair.cites)
    given = [*cited, *shelf.nearest(pair.text, embedder, GIVEN)]
    given = list(dict.fromkeys(given))
    spent = 0.0

    def embed(texts: Sequence[str]) -> Matrix:
        nonlocal spent
        started = time.thread_time()
        vectors = embedder.embed(texts)
        spent += time.thread_time() - started
        return vectors

    started = time.thread_time()
    verdict = check(pair.text, cited, given, embed)
    taken = time.thread_time() - started - spent
    return Scored(
        pair, verdict.outcome != "dropped", verdict.why, taken * 1000, _overlap(pair.text, cited)
    )


def _overlap(text: str, cited: Sequence[RetrievedPassage]) -> float:
    """Return the share of content words that stand in the cited passages, by stem."""
    there = {token.stem for passage in cited for token in content(passage.text)}
    words = [token.stem for token in content(text)]
    return sum(word in there for word in words) / len(words) if words else 0.0


def best_threshold(scored: Sequence[Scored]) -> float:
    """Return the overlap that separates true from false with the best balanced accuracy."""
    candidates = sorted({item.overlap for item in scored})
    return max(candidates, key=lambda t: balanced(scored, lambda item: item.overlap >= t))


def balanced(scored: Sequence[Scored], passes: Callable[[Scored], bool]) -> float:
    """Return the mean of the shares of true sentences passed and false ones caught."""
    true = [passes(item) for item in scored if item.pair.true]
    false = [not passes(item) for item in scored if not item.pair.true]
    return float(np.mean([np.mean(true), np.mean(false)]))


def rows(scored: Sequence[Scored], threshold: float) -> list[Row]:
    """Return the table by kind: the true kinds first."""
    kinds = sorted({(not s.pair.true, s.pair.kind) for s in scored})
    table = []
    for false, kind in kinds:
        items = [s for s in scored if s.pair.kind == kind]
        right = sum(s.passed is not false for s in items)
        floor = sum((s.overlap >= threshold) is not false for s in items)
        table.append(Row(kind, len(items), right, floor))
    return table


def summary(scored: Sequence[Scored], threshold: float) -> dict[str, float]:
    """Return the shares that are promised, and the time a check takes."""
    true = [s for s in scored if s.pair.true]
    false = [s for s in scored if not s.pair.true]
    times = sorted(s.milliseconds for s in scored)
    return {
        "true": len(true),
        "false": len(false),
        "caught": sum(not s.passed for s in false) / len(false),
        "wrongly_dropped": sum(not s.passed for s in true) / len(true),
        "balanced_accuracy": balanced(scored, lambda s: s.passed),
        "floor_caught": sum(s.overlap < threshold for s in false) / len(false),
        "floor_wrongly_dropped": sum(s.overlap < threshold for s in true) / len(true),
        "floor_balanced_accuracy": balanced(scored, lambda s: s.overlap >= threshold),
        "floor_threshold": threshold,
        "milliseconds_p50": times[len(times) // 2],
        "milliseconds_p95": times[int(len(times) * 0.95)],
    }
