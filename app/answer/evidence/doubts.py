"""What speaks for and against the question being answerable at all: a number for each sign.

Looks at the best-ranked sentence, its passage, and what of the question stands nowhere. Each
function maps a Ranking to a number; the judge's weights belong to exactly these, in this order.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from app.answer.evidence.deeds import said, verb_column
from app.answer.evidence.features import FEATURES
from app.answer.evidence.reading import VALUE_KINDS, Array, Line, Reading
from app.answer.evidence.value_features import nearness
from app.answer.question.lexicon import opposites
from app.answer.question.lexicon import words as word_list
from app.answer.question.model import AnswerKind
from app.answer.question.words import tokens

_PLACE_OF = {feature.__name__: place for place, feature in enumerate(FEATURES)}


@dataclass(frozen=True, eq=False)
class Ranking:
    """A reading with its features (lines, features) and the ranker's scores (lines,), 0 to 1."""

    reading: Reading
    features: Array
    scores: Array

    @cached_property
    def order(self) -> list[int]:
        """The lines, best first."""
        return [int(row) for row in np.argsort(-self.scores, kind="stable")]

    @property
    def best(self) -> int:
        """The best line."""
        return self.order[0]

    @property
    def line(self) -> Line:
        """The best line itself."""
        return self.reading.lines[self.best]

    def of_best(self, feature: str) -> float:
        """Return a feature of the best line."""
        return float(self.features[self.best, _PLACE_OF[feature]])

    def top(self, feature: str) -> float:
        """Return the highest value of a feature over all lines."""
        return float(self.features[:, _PLACE_OF[feature]].max())


Doubt = Callable[[Ranking], float]


def best_score(ranking: Ranking) -> float:
    """The best sentence's log-odds."""
    score = min(max(float(ranking.scores[ranking.best]), 1e-4), 1 - 1e-4)
    return float(np.log(score / (1 - score)))


def lead(ranking: Ranking) -> float:
    """How far the best sentence is before the second: a real answer mostly stands out."""
    scores = ranking.scores[ranking.order[:2]]
    return float(scores[0] - scores[-1])


def mass(ranking: Ranking) -> float:
    """The scores of the first three together."""
    return float(ranking.scores[ranking.order[:3]].sum())


def nearest(ranking: Ranking) -> float:
    """The highest cosine."""
    return ranking.top("cosine")


def missing_around(ranking: Ranking) -> float:
    """The weight of the weightiest word that stands neither in the passage nor above it."""
    reading = ranking.reading
    if not reading.terms:
        return 1.0
    return float(((1.0 - reading.around[ranking.best]) * reading.rarities).max())


def missing_everywhere(ranking: Ranking) -> float:
    """The weight of the weightiest word that no retrieved passage holds."""
    reading = ranking.reading
    if not reading.terms:
        return 1.0
    return float(((1.0 - reading.around.max(axis=0)) * reading.rarities).max())


def unlike_around(ranking: Ranking) -> float:
    """The weight of the weightiest word that the passage says in no way."""
    reading = ranking.reading
    if not reading.terms:
        return 1.0
    return float(((1.0 - reading.alike_around[ranking.best]) * reading.rarities).max())


def unlike_everywhere(ranking: Ranking) -> float:
    """The weight of the weightiest word that no retrieved passage says in any way."""
    reading = ranking.reading
    if not reading.terms:
        return 1.0
    return float(((1.0 - reading.alike_around.max(axis=0)) * reading.rarities).max())


def missing_terms(ranking: Ranking) -> float:
    """How many words of the question the best sentence lacks."""
    return float((ranking.reading.hits[ranking.best] == 0).sum())


def missing_terms_around(ranking: Ranking) -> float:
    """How many words of the question the best sentence's passage lacks."""
    return float((ranking.reading.around[ranking.best] == 0).sum())


def name_nowhere(ranking: Ranking) -> float:
    """Share of the question's name words that no retrieved passage holds."""
    reading = ranking.reading
    proper = [term.proper for term in reading.terms]
    if not any(proper):
        return 0.0
    return float((reading.around.max(axis=0)[proper] == 0).mean())


def number_missing(ranking: Ranking) -> float:
    """Share of the question's figures that the best sentence's passage lacks."""
    reading = ranking.reading
    figures = [term.figure for term in reading.terms]
    if not any(figures):
        return 0.0
    return float((reading.around[ranking.best][figures] == 0).mean())


def value_missing(ranking: Ranking) -> float:
    """Whether the best sentence gives no new value of the kind asked for."""
    if ranking.reading.question.kind not in VALUE_KINDS:
        return 0.0
    return float(not ranking.reading.values[ranking.best])


def value_missing_everywhere(ranking: Ranking) -> float:
    """Whether none of the first five sentences gives a new value of the kind asked for."""
    if ranking.reading.question.kind not in VALUE_KINDS:
        return 0.0
    return float(not any(ranking.reading.values[row] for row in ranking.order[:5]))


def negation_apart(ranking: Ranking) -> float:
    """Whether only one of question and sentence denies."""
    return float(_denies(ranking.reading.question.text) != _denies(ranking.line.text))


def question_denies(ranking: Ranking) -> float:
    """Whether the question denies: ``which was not``."""
    return float(_denies(ranking.reading.question.text))


def _denies(text: str) -> bool:
    """Whether a text denies; ``no longer`` says that something ended, which is no denial."""
    negations = word_list("negation")
    words = [token.lower for token in tokens(text)]
    return any(
        (word in negations and not (word == "no" and following == "longer"))
        or word.endswith(("n't", "n’t"))
        for word, following in zip(words, [*words[1:], ""], strict=True)
    )


def opposed(ranking: Ranking) -> float:
    """Whether the sentence holds the opposite of a word of the question, and not the word."""
    against = opposites()
    asked = {form for t in tokens(ranking.reading.question.text) for form in (t.lower, t.stem)}
    there = {form for t in ranking.line.tokens for form in (t.lower, t.stem)}
    return float(
        any(
            word not in there and against.get(word, frozenset()) & (there - asked) for word in asked
        )
    )


def qualifier_missing(ranking: Ranking) -> float:
    """Whether a word that singles out (first, only, largest) is in the question alone."""
    asked = {t.lower for t in tokens(ranking.reading.question.text)}
    there = {t.lower for t in ranking.line.tokens}
    qualifiers = {w for w in asked if w in word_list("qualifier") or w.endswith("est")}
    return float(bool(qualifiers - there))


def biography_missing(ranking: Ranking) -> float:
    """Whether a word of kinship or of a life (father, born) is asked and stands nowhere near."""
    reading = ranking.reading
    lives = [term.token.lower in word_list("biography") for term in reading.terms]
    return float(any(lives) and bool((reading.around[ranking.best][lives] == 0).any()))


def deed_unlike(ranking: Ranking) -> float:
    """The weight of the weightiest word, no name, that the best sentence says in no way."""
    reading = ranking.reading
    deeds = [not (term.proper or term.figure) for term in reading.terms]
    if not any(deeds):
        return 0.0
    return float(((1.0 - reading.alike[ranking.best]) * reading.rarities)[deeds].max())


def deed_unlike_everywhere(ranking: Ranking) -> float:
    """The same over every sentence that was found."""
    reading = ranking.reading
    deeds = [not (term.proper or term.figure) for term in reading.terms]
    if not any(deeds):
        return 0.0
    return float(((1.0 - reading.alike.max(axis=0)) * reading.rarities)[deeds].max())


def last_deed_missing(ranking: Ranking) -> float:
    """How far the best sentence is from the question's last word that is no name."""
    reading = ranking.reading
    columns = [n for n, term in enumerate(reading.terms) if not (term.proper or term.figure)]
    return float(1.0 - reading.alike[ranking.best, columns[-1]]) if columns else 0.0


def verb_unlike(ranking: Ranking) -> float:
    """How far the best sentence, or the one it leans on, is from saying the question's verb."""
    column = verb_column(ranking.reading)
    return 0.0 if column is None else float(1.0 - said(ranking.reading, ranking.best)[column])


def verb_unlike_around(ranking: Ranking) -> float:
    """How far the best sentence's passage is from saying it."""
    column = verb_column(ranking.reading)
    return (
        0.0 if column is None else float(1.0 - ranking.reading.alike_around[ranking.best, column])
    )


def neighbour_swapped(ranking: Ranking) -> float:
    """Whether a pair of the question stands in the sentence with one word changed.

    ``the English words`` against ``the French words`` is how a question is made that its paragraph
    does not answer.
    """
    reading = ranking.reading
    asked = {term.token.root for term in reading.terms}
    swaps = 0
    for column, other in _pairs(reading):
        if reading.hits[ranking.best, other] > 0:
            continue
        step = 1 if other > column else -1
        for place, found in reading.places[ranking.best]:
            beside = place + step
            if found == column and 0 <= beside < len(ranking.line.tokens):
                token = ranking.line.tokens[beside]
                swaps += not token.stop and token.root not in asked
    return float(min(swaps, 2))


def _pairs(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield the columns of terms that stand side by side in the question, both ways round."""
    words = tokens(reading.question.text)
    column_of = {term.asked: column for column, term in enumerate(reading.terms)}
    for one, two in pairwise(words):
        first, second = column_of.get(one.lower), column_of.get(two.lower)
        if first is not None and second is not None and first != second:
            yield first, second
            yield second, first


def place_swapped(ranking: Ranking) -> float:
    """Whether the question has ``in Syria`` and the sentence, without Syria, ``in Iraq``."""
    reading = ranking.reading
    words = tokens(reading.question.text)
    proper = {term.asked: n for n, term in enumerate(reading.terms) if term.proper}
    asked = {term.token.root for term in reading.terms}
    for before, word in pairwise(words):
        column = proper.get(word.lower)
        if column is None or not before.stop or reading.hits[ranking.best, column] > 0:
            continue
        for one, two in pairwise(ranking.line.tokens):
            if one.lower == before.lower and two.capital and two.root not in asked:
                return 1.0
    return 0.0


def value_far(ranking: Ranking) -> float:
    """How far the likeliest value stands from the words that are no names (1 when from all)."""
    reading, row = ranking.reading, ranking.best
    values = reading.values[row]
    deeds = np.array([float(not term.proper) for term in reading.terms]) * reading.weights
    if not values or not deeds.sum():
        return 0.0
    near = max(nearness(reading, row, ranking.line, v.start, v.end, deeds) for v in values)
    return float(1.0 - near / deeds.sum())


def uncounted(ranking: Ranking) -> float:
    """Whether how many is asked and no figure of the best sentence counts what is asked for."""
    asks = ranking.reading.question.kind is AnswerKind.NUMBER
    return float(asks and ranking.of_best("counted") == 0.0)


def _of_best(feature: str) -> Doubt:
    def doubt(ranking: Ranking) -> float:
        return ranking.of_best(feature)

    doubt.__name__ = f"best_{feature}"
    return doubt


def _is_kind(*kinds: AnswerKind) -> Doubt:
    def doubt(ranking: Ranking) -> float:
        return float(ranking.reading.question.kind in kinds)

    doubt.__name__ = f"asks_{kinds[0].value}"
    return doubt


DOUBTS: tuple[Doubt, ...] = (
    best_score,
    lead,
    mass,
    nearest,
    missing_around,
    missing_everywhere,
    unlike_around,
    unlike_everywhere,
    missing_terms,
    missing_terms_around,
    name_nowhere,
    number_missing,
    value_missing,
    value_missing_everywhere,
    negation_apart,
    question_denies,
    opposed,
    qualifier_missing,
    biography_missing,
    deed_unlike,
    deed_unlike_everywhere,
    last_deed_missing,
    verb_unlike,
    verb_unlike_around,
    neighbour_swapped,
    place_swapped,
    value_far,
    uncounted,
    *(
        _of_best(feature)
        for feature in (
            "cosine",
            "passage_score",
            "passage_behind",
            "passage_lexical",
            "coverage",
            "coverage_rarity",
            "coverage_plain",
            "coverage_exact",
            "coverage_around",
            "coverage_with_before",
            "rarest_missing",
            "likeness",
            "likeness_behind",
            "likeness_around",
            "likeness_least",
            "focus_alike",
            "deed_alike",
            "names_present",
            "value_fits",
            "names_around",
            "numbers_present",
            "focus_present",
            "deed_present",
            "value_near",
            "in_order",
            "tightness",
            "length",
            "leans_back",
            "question_length",
        )
    ),
    _is_kind(AnswerKind.DATE, AnswerKind.DURATION),
    _is_kind(AnswerKind.NUMBER),
    _is_kind(AnswerKind.PERSON, AnswerKind.PLACE, AnswerKind.ORGANISATION, AnswerKind.NAME),
    _is_kind(AnswerKind.REASON, AnswerKind.MANNER),
)


def vector(ranking: Ranking) -> Array:
    """Return the doubts of a ranking, shape (doubts,)."""
    return np.array([doubt(ranking) for doubt in DOUBTS])
