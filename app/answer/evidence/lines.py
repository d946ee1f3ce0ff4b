"""The sentences of the passages found as candidates: what reader and search say of each.

Owns the columns: plain numbers, one row a sentence, that ``calibration.json`` weighs. Measures
only; what a number is worth is fitted, never decided here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.answer.evidence.values import fitting_values
from app.answer.question.model import AnswerKind, Question
from app.answer.values import Value
from app.reading.base import Reading
from index.coverage import question_words, word_starts
from index.model import RetrievedPassage, Vector

Array = NDArray[np.float64]

READ_COLUMNS = ("answers", "mass", "retrieval", "cosine", "coverage", "value_missing")
"""Where a reader has read: the passage's answer score less the best one's; the log chance that the
answer begins and ends in the sentence; the root of what the passage lacks to the search's best; the
cosine of the sentence; the share of the question's words that it has, half of those in title and
heading; whether a date or a figure is asked for and it has none."""

UNREAD_COLUMNS = ("retrieval", "cosine", "coverage", "value_missing")

_LONGEST_SPAN = 30  # tokens
_OPEN_ENDS = ("?", "\u061f", "\uff1f", ":")  # of Arabic and of East Asian texts, too
_LOWEST = -12.0  # of a mass, which has no bottom


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A sentence as a candidate: ``rank`` is its passage's place in the search result.

    ``marked`` is what the reader marks in it (offsets into ``text``), ``sharpness`` the log chance
    of exactly these words among all of the passage's.
    """

    passage: RetrievedPassage
    rank: int
    position: int
    text: str
    values: tuple[Value, ...]
    marked: tuple[int, int] | None = None
    sharpness: float = 0.0

    @property
    def asks(self) -> bool:
        """Whether the sentence is a question or leads up to what follows: no evidence by itself."""
        return self.text.rstrip(" \"”’')").endswith(_OPEN_ENDS)


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """All candidates of a question with their columns, shape (lines, columns).

    ``answers`` is the best answer score of a passage, ``span`` the best score of a span beside that
    of there being no answer.
    """

    lines: tuple[Line, ...]
    columns: Array
    names: tuple[str, ...]
    answers: float = 0.0
    span: float = 0.0

    def column(self, name: str) -> Array:
        """Return one column."""
        return np.asarray(self.columns[:, self.names.index(name)])


def read_lines(
    question: Question,
    vector: Vector,
    passages: Sequence[RetrievedPassage],
    readings: Sequence[Reading],
) -> Lines:
    """Lay out the sentences of passages that a reader has read, at least one."""
    lines: list[Line] = []
    rows: list[list[float]] = []
    searched = _searched(question, vector, passages)
    answers = max(reading.answers for reading in readings)
    best = _LOWEST
    for rank, (passage, reading) in enumerate(zip(passages, readings, strict=True)):
        start_log, end_log = _log_chances(reading)
        for line, found in searched[rank]:
            sentence = passage.sentences[line.position]
            first, last = sentence.start - passage.start, sentence.end - passage.start
            inside = (reading.offsets[:, 0] >= first) & (reading.offsets[:, 1] <= last)
            if not inside.any():
                continue  # beyond what was read
            mass = max(0.5 * float(_sum(start_log[inside]) + _sum(end_log[inside])), _LOWEST)
            score, low, high = _best_span(reading, np.flatnonzero(inside))
            best = max(best, score - sum(reading.nothing))
            marked = _words_at(line.text, low - first, high - first)
            sharpness = _sharpness(reading, start_log, end_log, low, high)
            rows.append([reading.answers - answers, mass, *found])
            lines.append(replace(line, marked=marked, sharpness=sharpness))
    columns = np.array(rows, dtype=np.float64).reshape(len(rows), len(READ_COLUMNS))
    return Lines(tuple(lines), columns, READ_COLUMNS, answers, best)


def unread_lines(question: Question, vector: Vector, passages: Sequence[RetrievedPassage]) -> Lines:
    """Lay out the sentences of passages as the search found them."""
    found = [pair for group in _searched(question, vector, passages) for pair in group]
    rows = np.array([row for _line, row in found], dtype=np.float64)
    return Lines(tuple(line for line, _row in found), rows, UNREAD_COLUMNS)


def _searched(
    question: Question, vector: Vector, passages: Sequence[RetrievedPassage]
) -> list[list[tuple[Line, list[float]]]]:
    """Return, for each passage, its sentences with the columns that need no reader."""
    best = max(passage.score for passage in passages)
    groups = []
    for rank, passage in enumerate(passages):
        asked = asked_starts(question, passage.language)
        above = word_starts(f"{passage.title} {passage.heading or ''}", passage.language)
        cosines = passage.vectors @ vector
        group = []
        for position in range(len(passage.sentences)):
            text = passage.sentence_text(position)
            values = fitting_values(question, text)
            here = asked & word_starts(text, passage.language)
            near = asked & above - here
            covered = (len(here) + 0.5 * len(near)) / max(len(asked), 1)
            row = [
                -float(max(best - passage.score, 0.0) ** 0.5),
                float(cosines[position]),
                covered,
                float(question.kind in _FORMS and not values),
            ]
            group.append((Line(passage, rank, position, text, values), row))
        groups.append(group)
    return groups


def asked_starts(question: Question, language: str | None) -> frozenset[str]:
    """Return the starts of the question's words as a text of a language would have them."""
    words = " ".join(question_words(question.text, question.language or language))
    return word_starts(words, language)


_FORMS = frozenset((AnswerKind.DATE, AnswerKind.NUMBER, AnswerKind.DURATION))
"""The kinds whose answers show by their form; a name may stand anywhere."""


def _log_chances(reading: Reading) -> tuple[Array, Array]:
    """Return the log chance of each token as start and as end, beside no answer at all."""
    starts = np.asarray(reading.starts, dtype=np.float64)
    ends = np.asarray(reading.ends, dtype=np.float64)
    return (
        starts - _sum(np.append(starts, reading.nothing[0])),
        ends - _sum(np.append(ends, reading.nothing[1])),
    )


def _sum(logs: Array) -> float:
    return float(np.logaddexp.reduce(logs))


def _best_span(reading: Reading, inside: NDArray[np.int64]) -> tuple[float, int, int]:
    """Return the best span among the tokens of one sentence: score, and offsets in the passage."""
    scores = reading.starts[inside][:, None] + reading.ends[inside][None, :]
    count = len(inside)
    allowed = np.triu(np.ones((count, count), dtype=bool)) & np.tri(
        count, count, _LONGEST_SPAN - 1, dtype=bool
    )
    scores = np.where(allowed, scores, -np.inf)
    first, last = divmod(int(scores.argmax()), count)
    low, high = reading.offsets[inside[first], 0], reading.offsets[inside[last], 1]
    return float(scores[first, last]), int(low), int(high)


def best_score(reading: Reading) -> float:
    """Return the score of a text's best span beside that of there being no answer."""
    if not len(reading.starts):
        return _LOWEST
    score, _start, _end = _best_span(reading, np.arange(len(reading.starts)))
    return score - sum(reading.nothing)


def _sharpness(reading: Reading, start_log: Array, end_log: Array, low: int, high: int) -> float:
    first = int(np.flatnonzero(reading.offsets[:, 0] == low)[0])
    last = int(np.flatnonzero(reading.offsets[:, 1] == high)[-1])
    return float(start_log[first] + end_log[last])


def _words_at(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span to whole words, and leave out the marks and blanks at its ends."""
    start, end = max(start, 0), min(end, len(text))
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    while start < end and text[start] in " ,;:.!?)]}”’\"'":
        start += 1
    while end > start and text[end - 1] in " ,;:.!?([{“‘\"'":
        end -= 1
    return start, end
