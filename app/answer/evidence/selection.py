"""Choose the sentences that answer a question, and say how likely it is that any does.

Owns the order of the steps and the rules of choosing. What speaks for a sentence is in
``features``, what speaks against answering in ``doubts``, how much each counts in ``weights.json``.
"""

import math
from collections.abc import Iterable, Sequence

import numpy as np

from app.answer.evidence import doubts, features
from app.answer.evidence.deeds import undone
from app.answer.evidence.doubts import Ranking
from app.answer.evidence.fitting import fits
from app.answer.evidence.linear import LogisticModel, load
from app.answer.evidence.model import Evidence, Selection
from app.answer.evidence.places import elsewhere
from app.answer.evidence.reading import Array, Reading, read
from app.answer.evidence.value_features import nearness
from app.answer.evidence.vetoes import vetoed
from app.answer.question.model import AnswerKind, Question
from app.answer.values import Value
from index.model import RetrievedPassage, Vector

REFUSE_BELOW = 0.125
"""The estimate under which an answer is refused: 7.6 of 100 answerable questions fall below it."""

MOST_SENTENCES = 3
MOST_LISTED = 5
_MOST_RANKED = 24

VETOED = 0.2  # what a veto leaves of the estimate: a refusal, unless the threshold is low too

_UNDONE = 0.8  # what is left to a line that lacks the deed, where one with a date or figure has it
_ELSEWHERE = 0.6  # what is left to a line about another country; SQuAD loses nothing by it

# A further sentence is quoted while it may well hold the answer (its own chance, and its chance
# beside the best one's) and the ones before it leave room for doubt. Fitted for two on average.
_LEAST_CHANCE = 0.05
_LEAST_SHARE = 0.33
_ENOUGH = 1.1
_SURE = 0.75  # a first sentence so likely needs no second


def select(question: Question, vector: Vector, passages: Sequence[RetrievedPassage]) -> Selection:
    """Rank the sentences of ``passages``, choose those to quote, and judge answerability.

    Args:
        question: The standalone question.
        vector: Its embedding, by the encoder that made the passages' sentence vectors.
        passages: The search result, best first.
    """
    passages = [passage for passage in passages if passage.sentences]
    if not passages:
        return Selection((), (), 0.0)
    ranking = rank(question, vector, passages)
    ranked = tuple(_evidence(ranking, row) for row in _without_repeats(ranking)[:_MOST_RANKED])
    chosen = sorted(_choose(question, ranked), key=lambda item: _lacks_value(question, item))
    return Selection(ranked, tuple(chosen), answerability(ranking))


def rank(question: Question, vector: Vector, passages: Sequence[RetrievedPassage]) -> Ranking:
    """Score every sentence of ``passages`` (at least one)."""
    reading = read(question, vector, passages)
    columns = features.matrix(reading)
    model = load("ranker", tuple(feature.__name__ for feature in features.FEATURES))
    return Ranking(reading, columns, scores(reading, columns, model))


def scores(reading: Reading, columns: Array, model: LogisticModel) -> Array:
    """Return what the ranker gives each line, less for what is told of another country or deed."""
    here = np.where(elsewhere(reading), _ELSEWHERE, 1.0) * np.where(undone(reading), _UNDONE, 1.0)
    return np.asarray(model.score(columns) * here)


def answerability(ranking: Ranking) -> float:
    """Estimate, 0 to 1, that the best sentences answer the question."""
    model = load("judge", tuple(doubt.__name__ for doubt in doubts.DOUBTS))
    estimate = float(model.score(doubts.vector(ranking)[None, :])[0])
    return estimate * VETOED if vetoed(ranking) else estimate


def _without_repeats(ranking: Ranking) -> list[int]:
    """Return the rows best first; of sentences repeated word for word in a document, the best."""
    seen: set[tuple[str, str]] = set()
    rows = []
    for row in ranking.order:
        line = ranking.reading.lines[row]
        key = (line.passage.document_id, line.text)
        if key not in seen:
            seen.add(key)
            rows.append(row)
    return rows


def _choose(question: Question, ranked: Sequence[Evidence]) -> Iterable[Evidence]:
    """Yield the best, then more while unsure; of a list, all that is likely."""
    listed = question.wants_list
    most, enough = (MOST_LISTED, math.inf) if listed else (MOST_SENTENCES, _ENOUGH)
    least = max(_LEAST_CHANCE, _LEAST_SHARE * ranked[0].score)
    mass = 0.0
    texts: set[str] = set()
    for evidence in ranked:
        sure = not listed and ranked[0].score >= _SURE
        if texts and (sure or len(texts) == most or mass >= enough or evidence.score < least):
            return
        if evidence.text not in texts:
            texts.add(evidence.text)
            mass += evidence.score
            yield evidence


def _lacks_value(question: Question, evidence: Evidence) -> bool:
    """Tell whether a date or a figure is asked for and the sentence has none: it comes later."""
    kinds = (AnswerKind.DATE, AnswerKind.NUMBER, AnswerKind.DURATION)
    return question.kind in kinds and not evidence.values


def _evidence(ranking: Ranking, row: int) -> Evidence:
    line = ranking.reading.lines[row]
    sentence = line.passage.sentences[line.position]
    return Evidence(
        passage=line.passage,
        position=line.position,
        text=line.text,
        start=sentence.start,
        end=sentence.end,
        score=float(ranking.scores[row]),
        values=_by_nearness(ranking.reading, row),
    )


def _by_nearness(reading: Reading, row: int) -> tuple[Value, ...]:
    """Sort a line's values: of the sort asked for first, then by how close the words stand."""
    line = reading.lines[row]

    def likely(value: Value) -> tuple[bool, float]:
        near = nearness(reading, row, line, value.start, value.end, reading.weights)
        return fits(value, reading.question.kind), near

    return tuple(sorted(reading.values[row], key=likely, reverse=True))
