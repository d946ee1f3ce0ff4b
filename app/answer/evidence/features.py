"""What speaks for a sentence being the answer: one small function for each sign, a column each.

Each function maps a Reading to an array with one number a line. The ranker's weights belong to
exactly these columns in exactly this order; whoever changes one trains again (eval/training).
"""

from collections.abc import Callable

import numpy as np

from app.answer.evidence.fitting import fits
from app.answer.evidence.meaning import likeness as words_alike
from app.answer.evidence.reading import VALUE_KINDS, Array, Line, Reading
from app.answer.question.lexicon import words as word_list
from app.answer.question.model import AnswerKind
from app.answer.question.words import Token

Feature = Callable[[Reading], Array]


def cosine(reading: Reading) -> Array:
    """Nearness in meaning."""
    return reading.cosines


def cosine_behind(reading: Reading) -> Array:
    """How far behind the nearest sentence: what is near for one question is far for another."""
    return _behind(reading.cosines)


def cosine_before(reading: Reading) -> Array:
    """Nearness of the sentence before, on which an answer often leans."""
    return _neighbour(reading, reading.cosines, -1)


def cosine_after(reading: Reading) -> Array:
    """Nearness of the sentence after."""
    return _neighbour(reading, reading.cosines, 1)


def passage_score(reading: Reading) -> Array:
    """What retrieval thought of the passage."""
    return _of_passages(reading, [line.passage.score for line in reading.lines])


def passage_behind(reading: Reading) -> Array:
    """How far the passage is behind the first."""
    return _behind(passage_score(reading))


def passage_lexical(reading: Reading) -> Array:
    """The passage's share of the best BM25 score."""
    return _of_passages(reading, [line.passage.lexical for line in reading.lines])


def passage_rank(reading: Reading) -> Array:
    """The passage's place in the search result."""
    return reading.owners.astype(np.float64)


def coverage(reading: Reading) -> Array:
    """Share of the question's words that stand in the sentence, by what each tells."""
    return _share(reading.hits, reading.weights)


def coverage_behind(reading: Reading) -> Array:
    """How far the coverage is behind the best."""
    return _behind(coverage(reading))


def coverage_rarity(reading: Reading) -> Array:
    """The same by how rare the words are in English alone."""
    return _share(reading.hits, reading.rarities)


def coverage_plain(reading: Reading) -> Array:
    """The same, every word counting alike."""
    return _share(reading.hits, np.ones(len(reading.terms)))


def coverage_exact(reading: Reading) -> Array:
    """The same, words of the same stem only."""
    return _share((reading.hits == 1.0).astype(np.float64), reading.weights)


def coverage_around(reading: Reading) -> Array:
    """Share of the question's words in the passage, its title and its heading."""
    return _share(reading.around, reading.weights)


def coverage_with_before(reading: Reading) -> Array:
    """Share of the question's words in this sentence or the one before."""
    before = _neighbour_rows(reading, reading.hits, -1)
    return _share(np.maximum(reading.hits, np.maximum(before, reading.context)), reading.weights)


def coverage_before(reading: Reading) -> Array:
    """Share of the question's words in the sentence before."""
    return _neighbour(reading, coverage(reading), -1)


def coverage_after(reading: Reading) -> Array:
    """Share of the question's words in the sentence after."""
    return _neighbour(reading, coverage(reading), 1)


def likeness(reading: Reading) -> Array:
    """Share of the question's words that the sentence says in the same or another word."""
    return _share(reading.alike, reading.weights)


def likeness_behind(reading: Reading) -> Array:
    """How far the likeness is behind the best."""
    return _behind(likeness(reading))


def likeness_around(reading: Reading) -> Array:
    """The same over the passage."""
    return _share(reading.alike_around, reading.weights)


def likeness_least(reading: Reading) -> Array:
    """The weight of the weightiest word that the sentence says in no way."""
    if not reading.terms:
        return np.zeros(len(reading.lines))
    return np.asarray(((1.0 - reading.alike) * reading.rarities).max(axis=1))


def focus_alike(reading: Reading) -> Array:
    """How near the sentence comes to the words that name what is asked for."""
    return _share_of(reading, [term.focus for term in reading.terms], reading.alike)


def deed_alike(reading: Reading) -> Array:
    """How near the sentence comes to the words that are neither name, figure nor focus."""
    return _share_of(reading, _deeds(reading), reading.alike)


def rarest_missing(reading: Reading) -> Array:
    """The weight of the weightiest word that the sentence lacks."""
    if not reading.terms:
        return np.zeros(len(reading.lines))
    return np.asarray(((1.0 - reading.hits) * reading.weights).max(axis=1))


def names_present(reading: Reading) -> Array:
    """Share of the question's name words in the sentence (1 when it has none)."""
    return _share_of(reading, [term.proper for term in reading.terms], reading.hits)


def names_around(reading: Reading) -> Array:
    """Share of the question's name words in the passage."""
    return _share_of(reading, [term.proper for term in reading.terms], reading.around)


def numbers_present(reading: Reading) -> Array:
    """Share of the question's figures in the sentence (1 when it has none)."""
    figures = [term.figure for term in reading.terms]
    return _share_of(reading, figures, reading.hits)


def focus_present(reading: Reading) -> Array:
    """Share of the words that name what is asked for (1 when there are none)."""
    return _share_of(reading, [term.focus for term in reading.terms], reading.hits)


def deed_present(reading: Reading) -> Array:
    """Share of the words that are neither name, figure nor focus: mostly the verb."""
    return _share_of(reading, _deeds(reading), reading.hits)


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


def in_order(reading: Reading) -> Array:
    """Share of neighbouring terms of the question that stand in that order, close together."""
    pairs = max(len(reading.terms) - 1, 1)
    found = np.zeros(len(reading.lines))
    for row, places in enumerate(reading.places):
        done = {
            column
            for place, column in places
            for other, following in places
            if following == column + 1 and 0 < other - place <= 3
        }
        found[row] = len(done) / pairs
    return found


def tightness(reading: Reading) -> Array:
    """How densely the matched words stand: matched terms over the words they span."""
    found = np.zeros(len(reading.lines))
    for row, places in enumerate(reading.places):
        if places:
            span = places[-1][0] - places[0][0] + 1
            found[row] = len({column for _, column in places}) / (span + 3)
    return found


def news(reading: Reading) -> Array:
    """Content words that the question does not hold: an echo of the question has few."""
    matched = [{place for place, _ in places} for places in reading.places]
    return np.array(
        [
            min(sum(not t.stop and n not in done for n, t in enumerate(line.tokens)), 30)
            for line, done in zip(reading.lines, matched, strict=True)
        ],
        dtype=np.float64,
    )


def length(reading: Reading) -> Array:
    """Words of the sentence: a long one holds more answers, a very short one none."""
    return np.array([min(len(line.tokens), 60) for line in reading.lines], dtype=np.float64)


def leans_back(reading: Reading) -> Array:
    """Whether the sentence opens with a pronoun, so that its subject stands before it."""
    pronouns = word_list("pronoun")
    return np.array(
        [float(bool(line.tokens) and line.tokens[0].lower in pronouns) for line in reading.lines]
    )


def position(reading: Reading) -> Array:
    """Place in the passage."""
    return np.array([min(line.position, 8) for line in reading.lines], dtype=np.float64)


def unfinished(reading: Reading) -> Array:
    """Whether no full stop ends it: a heading or a byline that slipped through."""
    return np.array(
        [float(line.text.rstrip("\"'”’)] ")[-1:] not in (".", "!", "?")) for line in reading.lines]
    )


def kind(reading: Reading) -> Array:
    """The kind of answer asked for, as a number (trees split on it)."""
    return np.full(len(reading.lines), float(list(AnswerKind).index(reading.question.kind)))


def question_length(reading: Reading) -> Array:
    """Content words of the question: long questions are matched in part only."""
    return np.full(len(reading.lines), float(len(reading.terms)))


FEATURES: tuple[Feature, ...] = (
    cosine,
    cosine_behind,
    cosine_before,
    cosine_after,
    passage_score,
    passage_behind,
    passage_lexical,
    passage_rank,
    coverage,
    coverage_behind,
    coverage_rarity,
    coverage_plain,
    coverage_exact,
    coverage_around,
    coverage_with_before,
    coverage_before,
    coverage_after,
    likeness,
    likeness_behind,
    likeness_around,
    likeness_least,
    focus_alike,
    deed_alike,
    rarest_missing,
    names_present,
    names_around,
    numbers_present,
    focus_present,
    deed_present,
    value_count,
    date_missing,
    number_missing,
    name_missing,
    value_near,
    value_fits,
    value_cued,
    counted,
    boundary,
    cued,
    in_order,
    tightness,
    news,
    length,
    leans_back,
    position,
    unfinished,
    kind,
    question_length,
)


def matrix(reading: Reading) -> Array:
    """Return the features of every line, shape (lines, features)."""
    return np.column_stack([feature(reading) for feature in FEATURES])


def _behind(column: Array) -> Array:
    return np.asarray(column - column.max())


def _share(matches: Array, weights: Array) -> Array:
    total = float(weights.sum())
    if total == 0.0:
        return np.zeros(len(matches))
    return np.asarray(matches @ weights / total)


def _deeds(reading: Reading) -> list[bool]:
    return [not (term.proper or term.focus or term.figure) for term in reading.terms]


def _share_of(reading: Reading, chosen: list[bool], matches: Array) -> Array:
    if not any(chosen):
        return np.ones(len(reading.lines))
    return _share(matches[:, chosen], reading.rarities[chosen] + 0.01)


def _of_passages(reading: Reading, scores: list[float]) -> Array:
    return np.array(scores, dtype=np.float64)


def _neighbour_rows(reading: Reading, rows: Array, step: int) -> Array:
    """Shift ``rows`` so that each line sees its neighbour's; zero across a passage's edge."""
    shifted = np.zeros_like(rows)
    owners = reading.owners
    if step < 0:
        same = owners[1:] == owners[:-1]
        shifted[1:][same] = rows[:-1][same]
    else:
        same = owners[1:] == owners[:-1]
        shifted[:-1][same] = rows[1:][same]
    return shifted


def _neighbour(reading: Reading, column: Array, step: int) -> Array:
    return _neighbour_rows(reading, column, step)


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
