"""The estimate that the sources answer a question at all: one number, one threshold."""

import re
from collections.abc import Sequence

import numpy as np

from app.answer.evidence import calibration
from app.answer.evidence.lines import Array, Lines, asked_starts, best_score
from app.answer.question.model import Question
from app.reading.base import Reading
from index.coverage import word_starts

READ_SIGNS = ("answers", "span", "alone", "alone_span", "unseen", "foreign", "foreign_best")
"""The columns where a reader has read: what it makes of the passages, and of the best sentences by
themselves; whether a part of the question's names and figures is found nowhere. In texts of a
language that the reader was not trained on, what the search says of the best sentence counts, too.
"""

_NAMESAKE = 0.3
"""What is left of an estimate where the evidence is about a namesake."""

UNREAD_SIGNS = ("similarity", "coverage", "coverage_above", "unseen", "value_missing")


def estimate(
    question: Question, lines: Lines, chances: Array, best: int, alone: Sequence[Reading]
) -> float:
    """Return the chance, 0 to 1, that the best sentences answer.

    Args:
        question: The standalone question.
        lines: All candidates.
        chances: Of each candidate, that it holds the answer.
        best: The row of the best of them.
        alone: What the reader makes of the best ones by themselves; empty where none has read.
    """
    name, columns = ("answerable", READ_SIGNS) if alone else ("unread_answerable", UNREAD_SIGNS)
    row = signs(question, lines, chances, best, alone)
    chance = float(calibration.load(name, columns).chances(row[None, :])[0])
    return chance * _NAMESAKE if is_of_namesake(question, lines, best) else chance


def is_of_namesake(question: Question, lines: Lines, best: int) -> bool:
    """Tell whether the best sentence speaks of another one of its kind than the question names.

    ``Korrin Bridge`` is nowhere, and the sentence has ``Vesper Bridge``. On held-out articles of
    SQuAD 2.0 this holds for 1 of 608 answerable questions and for 11 of 636 others.
    """
    text = lines.lines[best].text
    everywhere = " ".join(_texts(lines)).casefold()
    for name in question.names:
        *own, kind = name.split()
        if own and not any(word.casefold() in everywhere for word in own):
            return re.search(rf"\b[A-Z][\w’'-]+ {re.escape(kind)}\b", text) is not None
    return False


def signs(
    question: Question, lines: Lines, chances: Array, best: int, alone: Sequence[Reading]
) -> Array:
    """Return the columns of the estimate for one question, shape (columns,)."""
    line = lines.lines[best]
    language = line.passage.language
    unseen = _unseen(question, lines, language)
    if alone:
        foreign = float(language not in (None, "en"))
        row = [
            lines.answers,
            lines.span,
            max(reading.answers for reading in alone),
            max(best_score(reading) for reading in alone),
            unseen,
            foreign,
            foreign * _logit(float(chances[best])),
        ]
    else:
        asked = asked_starts(question, language)
        near = word_starts(f"{line.passage.title} {line.passage.text}", language)
        row = [
            line.passage.similarity,
            float(lines.column("coverage")[best]),
            len(asked & near) / max(len(asked), 1),
            unseen,
            float(lines.column("value_missing")[best]),
        ]
    return np.array(row)


def _unseen(question: Question, lines: Lines, language: str | None) -> float:
    """Return 1.0 where a name or a figure of the question has a word that no passage has."""
    named = word_starts(" ".join((*question.names, *question.numbers)), language)
    return float(bool(named - word_starts(" ".join(_texts(lines)), language)))


def _texts(lines: Lines) -> list[str]:
    """Return each passage with what stands above it."""
    passages = {line.rank: line.passage for line in lines.lines}.values()
    return [f"{passage.title} {passage.heading or ''} {passage.text}" for passage in passages]


def _logit(chance: float) -> float:
    chance = min(max(chance, 1e-6), 1 - 1e-6)
    return float(np.log(chance / (1 - chance)))
