"""Choose the sentences that answer a question, and say how likely it is that any does.

Owns the order of the steps and how many sentences are chosen. What the reader and the search say of
a sentence is in ``lines``, how much each counts in ``calibration``.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from app.answer.evidence import answerability, calibration
from app.answer.evidence.lines import (
    READ_COLUMNS,
    UNREAD_COLUMNS,
    Array,
    Line,
    Lines,
    read_lines,
    unread_lines,
)
from app.answer.evidence.model import Evidence, Selection, Span
from app.answer.question.model import Question
from app.answer.values import Value
from app.reading.base import Reader, Reading, Text
from app.reading.languages import reads
from index.model import RetrievedPassage, Vector

MOST_SENTENCES = 2
MOST_LISTED = 5
_MOST_RANKED = 24

FIRST_READ = 4
"""Passages read for every question; the others only where these leave it open."""

MOST_READ = 8
READ_ALONE = 2
"""Best sentences that are read once more, each by itself."""

_CLEAR = 0.6
"""A best sentence so likely needs no further passage to be read."""

# A further sentence is quoted while it may well hold the answer and the ones before it leave room
# for doubt.
_LEAST_CHANCE = 0.08
_LEAST_SHARE = 0.25
_SURE = 0.72
_LISTED_SHARE = 0.35

EXACT_SIGNS = ("sharpness", "chance", "length", "foreign")
"""What tells that the marked words are the answer: see ``exact_signs``."""


def select(
    question: Question,
    vector: Vector,
    passages: Sequence[RetrievedPassage],
    reader: Reader | None = None,
) -> Selection:
    """Rank the sentences of ``passages``, choose those to quote, and judge answerability.

    Args:
        question: The standalone question.
        vector: Its embedding, by the encoder that made the passages' sentence vectors.
        passages: The search result, best first.
        reader: Reads the passages; without one, the search alone decides.
    """
    passages = [passage for passage in passages if passage.sentences]
    if not passages:
        return Selection((), (), 0.0)
    lines, chances = weigh(question, vector, passages, reader)
    if not lines.lines:
        return Selection((), (), 0.0)
    order = without_repeats(lines, chances)
    ranked = tuple(_evidence(question, lines, chances, row) for row in order[:_MOST_RANKED])
    alone = read_alone(question, lines, order[:READ_ALONE], reader)
    estimate = answerability.estimate(question, lines, chances, order[0], alone)
    chosen = tuple(_choose(question, ranked))
    return Selection(ranked, chosen, estimate, _least(lines, reader))


def weigh(
    question: Question,
    vector: Vector,
    passages: Sequence[RetrievedPassage],
    reader: Reader | None,
) -> tuple[Lines, Array]:
    """Return the candidates and the chance of each that it holds the answer.

    The first passages are read; further ones only where these do not answer clearly.
    """
    if reader is None or not reads(question.language or passages[0].language):
        lines = unread_lines(question, vector, passages)
        return lines, order_chances(lines)
    readings: list[Reading] = []
    for first, last in ((0, FIRST_READ), (FIRST_READ, MOST_READ)):
        further = passages[first:last]
        if not further:
            break
        readings += reader.read(question.text, [text_of(passage) for passage in further])
        lines = read_lines(question, vector, passages[: len(readings)], readings)
        chances = order_chances(lines)
        if len(chances) and chances.max() >= _CLEAR:
            break
    return lines, chances


def _least(lines: Lines, reader: Reader | None) -> float:
    """Return the fitted estimate under which an answer is refused."""
    if lines.names == READ_COLUMNS:
        return calibration.threshold("refuse_below")
    if reader is None:
        return calibration.threshold("unread_refuse_below")
    return calibration.threshold("unknown_language_refuse_below")


def read_alone(
    question: Question, lines: Lines, rows: Sequence[int], reader: Reader | None
) -> list[Reading]:
    """Return what a reader makes of candidates by themselves; nothing where the search has decided.

    A sentence that only seems to answer beside its neighbours shows it here.
    """
    if reader is None or lines.names != READ_COLUMNS:
        return []
    chosen = [lines.lines[row] for row in rows]
    texts = [Text(line.text, text_of(line.passage).context) for line in chosen]
    return reader.read(question.text, texts)


def text_of(passage: RetrievedPassage) -> Text:
    """Return a passage as it is read: its title and its heading, where they differ, above it."""
    above = dict.fromkeys(part for part in (passage.title, passage.heading) if part)
    return Text(passage.text, ". ".join(above))


def order_chances(lines: Lines) -> Array:
    """Return the chance of each candidate that it holds the answer."""
    if not lines.lines:
        return np.zeros(0)
    if lines.names == READ_COLUMNS:
        chances = calibration.load("order", READ_COLUMNS).chances(lines.columns)
    else:
        chances = calibration.load("unread_order", UNREAD_COLUMNS).chances(lines.columns)
    return evidence_only(lines, chances)


def evidence_only(lines: Lines, chances: Array) -> Array:
    """Return the chances with next to nothing left to sentences that only ask or lead up."""
    asks = np.array([line.asks for line in lines.lines])
    return np.where(asks, chances * 1e-3, chances)


def without_repeats(lines: Lines, chances: Array) -> list[int]:
    """Return the rows best first; of sentences repeated word for word in a document, the best."""
    seen: set[tuple[str, str]] = set()
    rows = []
    for row in np.argsort(-chances, kind="stable").tolist():
        line = lines.lines[row]
        key = (line.passage.document_id, line.text)
        if key not in seen:
            seen.add(key)
            rows.append(row)
    return rows


def _choose(question: Question, ranked: Sequence[Evidence]) -> Iterable[Evidence]:
    """Yield the best, then more while unsure; of a list, all that is likely."""
    best = ranked[0].score
    listed = question.wants_list
    most = MOST_LISTED if listed else MOST_SENTENCES
    least = max(_LEAST_CHANCE, (_LISTED_SHARE if listed else _LEAST_SHARE) * best)
    texts: set[str] = set()
    for evidence in ranked:
        enough = not listed and best >= _SURE
        if texts and (enough or len(texts) == most or evidence.score < least):
            return
        if evidence.text not in texts:
            texts.add(evidence.text)
            yield evidence


def _evidence(question: Question, lines: Lines, chances: Array, row: int) -> Evidence:
    line = lines.lines[row]
    sentence = line.passage.sentences[line.position]
    return Evidence(
        passage=line.passage,
        position=line.position,
        text=line.text,
        start=sentence.start,
        end=sentence.end,
        score=float(chances[row]),
        values=_by_nearness(line),
        span=_span(line, float(chances[row])),
    )


def _by_nearness(line: Line) -> tuple[Value, ...]:
    """Sort a line's values by how near they stand to what the reader marked."""
    if line.marked is None:
        return line.values
    start, end = line.marked
    return tuple(sorted(line.values, key=lambda v: max(v.start - end, start - v.end, 0)))


def exact_signs(line: Line, chance: float) -> Array:
    """Return the columns of the estimate that the marked words are the answer.

    How sharply they are marked, the chance of their sentence, how many letters they are, and
    whether the text is in another language than the reader was trained on.
    """
    start, end = line.marked or (0, 0)
    foreign = line.passage.language not in (None, "en")
    return np.array([line.sharpness, chance, float(end - start), float(foreign)])


def _span(line: Line, chance: float) -> Span | None:
    if line.marked is None or line.marked[0] >= line.marked[1]:
        return None
    row = exact_signs(line, chance)
    exact = calibration.load("exact", EXACT_SIGNS).chances(row[None, :])[0]
    return Span(*line.marked, float(exact))
