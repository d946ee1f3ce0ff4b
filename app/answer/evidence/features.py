"""What speaks for a sentence being the answer: one small function for each sign, a column each.

Each function maps a Reading to an array with one number a line. The ranker's weights belong to
exactly these columns in exactly this order; whoever changes one trains again (eval/training).
"""

from collections.abc import Callable

import numpy as np

from app.answer.evidence.reading import Array, Reading
from app.answer.evidence.value_features import (
    boundary,
    counted,
    cued,
    date_missing,
    name_missing,
    number_missing,
    value_count,
    value_cued,
    value_fits,
    value_near,
)
from app.answer.question.lexicon import words as word_list
from app.answer.question.model import AnswerKind

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
