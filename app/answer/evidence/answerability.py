"""The estimate that the sources answer a question at all: one number, one threshold."""

import numpy as np

from app.answer.evidence import calibration
from app.answer.evidence.lines import Array, Lines, asked_starts, best_score
from app.answer.question.model import Question
from app.reading.base import Reading
from index.coverage import word_starts

READ_SIGNS = ("answers", "span", "alone", "alone_span", "unseen", "foreign", "foreign_best")
"""The columns where a reader has read: what it makes of the passages, and of the best sentence by
itself; the share of the question's names and figures that are found nowhere. In texts of a language
that the reader was not trained on, what the search says of the best sentence counts as well."""

UNREAD_SIGNS = ("similarity", "coverage", "coverage_above", "unseen", "value_missing")


def estimate(
    question: Question, lines: Lines, chances: Array, best: int, alone: Reading | None
) -> float:
    """Return the chance, 0 to 1, that the best sentences answer.

    Args:
        question: The standalone question.
        lines: All candidates.
        chances: Of each candidate, that it holds the answer.
        best: The row of the best of them.
        alone: What the reader makes of that sentence by itself, where one has read.
    """
    name, columns = ("answerable", READ_SIGNS) if alone else ("unread_answerable", UNREAD_SIGNS)
    row = signs(question, lines, chances, best, alone)
    return float(calibration.load(name, columns).chances(row[None, :])[0])


def signs(
    question: Question, lines: Lines, chances: Array, best: int, alone: Reading | None
) -> Array:
    """Return the columns of the estimate for one question, shape (columns,)."""
    line = lines.lines[best]
    language = line.passage.language
    distinctive = word_starts(" ".join((*question.names, *question.numbers)), language)
    passages = {line.rank: line.passage for line in lines.lines}.values()
    everywhere = word_starts(
        " ".join(f"{p.title} {p.heading or ''} {p.text}" for p in passages), language
    )
    unseen = len(distinctive - everywhere) / max(len(distinctive), 1)
    if alone is None:
        asked = asked_starts(question, language)
        near = word_starts(f"{line.passage.title} {line.passage.text}", language)
        above = len(asked & near) / max(len(asked), 1)
        missing = lines.column("value_missing")[best]
        similarity = line.passage.similarity
        return np.array([similarity, lines.column("coverage")[best], above, unseen, missing])
    foreign = float(language not in (None, "en"))
    likely = _logit(float(chances[best])) * foreign
    alone_span = best_score(alone)
    return np.array([lines.answers, lines.span, alone.answers, alone_span, unseen, foreign, likely])


def _logit(chance: float) -> float:
    chance = min(max(chance, 1e-6), 1 - 1e-6)
    return float(np.log(chance / (1 - chance)))
