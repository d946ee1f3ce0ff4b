"""What the values of a sentence say for its being the answer: a date where a date is asked for.

Signs like those in ``features``, which lists them; they look at recognised values and at the words
beside them.
"""

import numpy as np

from app.answer.evidence.fitting import fits
from app.answer.evidence.meaning import likeness as words_alike
from app.answer.evidence.reading import VALUE_KINDS, Array, Line, Reading
from app.answer.question.lexicon import words as word_list
from app.answer.question.model import AnswerKind
from app.answer.question.words import Token


def value_count(reading: Reading) -> Array:
    """How many new values of the kind asked for (-1 when the kind has no form)."""
    if reading.question.kind not in VALUE_KINDS:
        return np.full(len(reading.lines), -1.0)
    return np.array([min(len(values), 4) for values in reading.values], dtype=np.float64)


def date_missing(reading: Reading) -> Array:
    """Whether a date or a span of time is asked for and the sentence gives no new one."""
    return _missing(reading, AnswerKind.DATE, AnswerKind.DURATION)


def number_missing(reading: Reading) -> Array:
    """Whether a figure is asked for and the sentence gives no new one."""
    return _missing(reading, AnswerKind.NUMBER)


def name_missing(reading: Reading) -> Array:
    """Whether a name is asked for and the sentence gives no new one."""
    return _missing(
        reading, AnswerKind.PERSON, AnswerKind.PLACE, AnswerKind.ORGANISATION, AnswerKind.NAME
    )


def _missing(reading: Reading, *kinds: AnswerKind) -> Array:
    if reading.question.kind not in kinds:
        return np.zeros(len(reading.lines))
    return np.array([float(not values) for values in reading.values])


def value_near(reading: Reading) -> Array:
    """How close the matched words stand to the best new value."""
    if reading.question.kind not in VALUE_KINDS:
        return np.full(len(reading.lines), -1.0)
    weights = reading.weights
    total = weights.sum() or 1.0
    best = np.zeros(len(reading.lines))
    for row, (line, values) in enumerate(zip(reading.lines, reading.values, strict=True)):
        for value in values:
            near = nearness(reading, row, line, value.start, value.end, weights)
            best[row] = max(best[row], near / total)
    return best


def nearness(reading: Reading, row: int, line: Line, start: int, end: int, weights: Array) -> float:
    """Sum the weights of the terms matched in a line, halved every five words from a span."""
    inside = [n for n, token in enumerate(line.tokens) if token.start < end and token.end > start]
    if not inside:
        return 0.0
    first, last = inside[0], inside[-1]
    best: dict[int, float] = {}
    for place, column in reading.places[row]:
        apart = max(first - place, place - last, 0)
        weight = float(weights[column]) * 0.5 ** (apart / 5)
        best[column] = max(best.get(column, 0.0), weight)
    return sum(best.values())


def value_fits(reading: Reading) -> Array:
    """Whether a new value is of the sort asked for: no ministry where a person is."""
    kind = reading.question.kind
    return np.array([float(any(fits(value, kind) for value in v)) for v in reading.values])


def value_cued(reading: Reading) -> Array:
    """How near a fitting value comes that follows a word typical of it: ``in`` a place."""
    kind = reading.question.kind
    name = {AnswerKind.PLACE: "place_cue", AnswerKind.PERSON: "person_cue"}.get(kind)
    found = np.zeros(len(reading.lines))
    if name is None:
        return found
    cues = word_list(name, "cues")
    total = reading.weights.sum() or 1.0
    for row, (line, values) in enumerate(zip(reading.lines, reading.values, strict=True)):
        for value in values:
            if _word_before(line, value.start) in cues and fits(value, kind):
                near = nearness(reading, row, line, value.start, value.end, reading.weights)
                found[row] = max(found[row], near / total)
    return found


def counted(reading: Reading) -> Array:
    """Whether a figure counts the very thing asked for: ``89 partner states``."""
    focus = [term.token for term in reading.terms if term.focus]
    if reading.question.kind not in (AnswerKind.NUMBER, AnswerKind.DURATION) or not focus:
        return np.zeros(len(reading.lines))
    after = [
        tuple(token for value in values for token in _words_after(line, value.end, 4))
        for line, values in zip(reading.lines, reading.values, strict=True)
    ]
    same = [{token.root for token in words} for words in after]
    found = np.array([float(any(token.root in words for token in focus)) for words in same])
    return np.asarray(np.maximum(found, words_alike(focus, after).max(axis=1)))


def boundary(reading: Reading) -> Array:
    """Whether a date has the side asked for: an end wants ``until``, a start ``since``."""
    if reading.question.kind is not AnswerKind.DATE:
        return np.zeros(len(reading.lines))
    stems = {term.token.stem for term in reading.terms}
    sides = [
        cue
        for ask, cue in (("end_question", "end_cue"), ("start_question", "start_cue"))
        if stems & word_list(ask, "cues")
    ]
    if not sides:
        return np.zeros(len(reading.lines))
    cues = frozenset().union(*(word_list(side, "cues") for side in sides))
    return np.array(
        [
            float(any(cues & _words_before(line, value.start, 4) for value in values))
            for line, values in zip(reading.lines, reading.values, strict=True)
        ]
    )


def cued(reading: Reading) -> Array:
    """Whether the sentence gives reasons, or means, where those are asked for."""
    name = {AnswerKind.REASON: "reason_cue", AnswerKind.MANNER: "manner_cue"}.get(
        reading.question.kind
    )
    if name is None:
        return np.zeros(len(reading.lines))
    cues = word_list(name, "cues")
    return np.array([float(any(t.lower in cues for t in line.tokens)) for line in reading.lines])


def _word_before(line: Line, start: int) -> str:
    before = [token.lower for token in line.tokens if token.end <= start]
    if before[-1:] == ["the"]:
        before.pop()
    return before[-1] if before else ""


def _words_after(line: Line, end: int, count: int) -> list[Token]:
    return [token for token in line.tokens if token.start >= end][:count]


def _words_before(line: Line, start: int, count: int) -> set[str]:
    return {token.lower for token in line.tokens if token.end <= start} and set(
        [token.lower for token in line.tokens if token.end <= start][-count:]
    )
