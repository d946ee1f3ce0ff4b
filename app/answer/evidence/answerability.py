"""The estimate that the sources answer a question at all: one number, one threshold."""

import numpy as np

from app.answer.evidence import calibration
from app.answer.evidence.lines import READ_COLUMNS, Array, Lines, asked_starts
from app.answer.question.model import Question
from index.coverage import word_starts

READ_SIGNS = (
    "answers", "span", "best", "second", "similarity", "coverage", "coverage_above", "unseen",
    "value_missing",
)  # fmt: skip
UNREAD_SIGNS = ("best", "similarity", "coverage", "coverage_above", "unseen", "value_missing")


def estimate(question: Question, lines: Lines, chances: Array) -> float:
    """Return the chance, 0 to 1, that the best sentences answer.

    Args:
        question: The standalone question.
        lines: All candidates.
        chances: Of each candidate, that it holds the answer.
    """
    name, columns = (
        ("answerable", READ_SIGNS)
        if lines.names == READ_COLUMNS
        else ("unread_answerable", UNREAD_SIGNS)
    )
    row = signs(question, lines, chances)
    return float(calibration.load(name, columns).chances(row[None, :])[0])


def signs(question: Question, lines: Lines, chances: Array) -> Array:
    """Return the columns of the estimate for one question, shape (columns,)."""
    order = np.argsort(-chances, kind="stable")
    top = int(order[0])
    best = lines.lines[top]
    language = best.passage.language
    asked = asked_starts(question, language)
    text = word_starts(best.passage.text, language)
    above = word_starts(f"{best.passage.title} {best.passage.heading or ''}", language)
    distinctive = word_starts(" ".join((*question.names, *question.numbers)), language)
    passages = {line.rank: line.passage for line in lines.lines}.values()
    everywhere = word_starts(
        " ".join(f"{p.title} {p.heading or ''} {p.text}" for p in passages), language
    )
    shared = {
        "best": _logit(float(chances[top])),
        "similarity": best.passage.similarity,
        "coverage": float(lines.column("coverage")[top]),
        "coverage_above": len(asked & (text | above)) / max(len(asked), 1),
        "unseen": len(distinctive - everywhere) / max(len(distinctive), 1),
        "value_missing": float(lines.column("value_missing")[top]),
    }
    if lines.names != READ_COLUMNS:
        return np.array([shared[name] for name in UNREAD_SIGNS])
    second = float(chances[order[1]]) if len(order) > 1 else 0.0
    read = {
        **shared,
        "answers": float(lines.column("answers").max()),
        "span": float(lines.column("span").max()),
        "second": second,
    }
    return np.array([read[name] for name in READ_SIGNS])


def _logit(chance: float) -> float:
    chance = min(max(chance, 1e-6), 1 - 1e-6)
    return float(np.log(chance / (1 - chance)))
