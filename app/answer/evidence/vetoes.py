"""When a careful editor would not print an answer, whatever the scores say.

Each rule looks for something the question names that the sources lack outright. They are kept for
what a reader would say of such an answer, not for the benchmark: what they cost and gain on SQuAD
2.0 is in eval/training/README.md.
"""

from collections.abc import Callable
from functools import cache
from itertools import pairwise

from app.answer.evidence.deeds import (
    asks_for_speech,
    said,
    speaks,
    subject_column,
    tells_life,
    verb_column,
)
from app.answer.evidence.doubts import Ranking
from app.answer.evidence.value_features import counted
from app.answer.question.lexicon import words as word_list
from app.answer.question.model import AnswerKind
from app.answer.question.orders import orders_invention
from app.answer.question.words import tokens

_ALIKE = 0.35
_NEAR_ALIKE = 0.5
_ALIKE_AT_ALL = 0.2
_TELLING, _TELLING_MUCH = 0.55, 0.75  # rarities: below them a verb is too common to insist on
_FAINT = 0.15
_UNCOUNTED = 0.2
_PEOPLE = frozenset(["people", "persons", "men", "women", "members"])
_IMPLIED = frozenset(["age", "aged", "educated", "hometown", "nationality", "old", "religion"])
"""What sentences tell of a life without naming it: "of Germany", "a student in Paris"."""
_ARTICLES = frozenset(["the", "al"])
_SHORT = 5  # letters of a short form: UN, NATO
_LOCATING = frozenset(["in", "from", "to", "into", "within", "inside"])

Veto = Callable[[Ranking], bool]


def name_nowhere(ranking: Ranking) -> bool:
    """A proper name of the question stands in none of the passages, in any spelling.

    Short forms in capitals are let through: the passages may write them out.
    """
    reading = ranking.reading
    columns = {term.asked: column for column, term in enumerate(reading.terms)}
    anywhere = reading.around.max(axis=0)
    for name in reading.question.names:
        parts = [columns[token.lower] for token in tokens(name) if token.lower in columns]
        short = len(name.replace(".", "")) <= _SHORT and name.isupper()
        if parts and not short and not anywhere[parts].any():
            return True
    return False


def names_apart(ranking: Ranking) -> bool:
    """No proper name of the question stands in the best sentence's passage, nor above it.

    They stand somewhere, each in what tells of something else. Countries and peoples alone do not
    tell: texts name them in many ways.
    """
    reading = ranking.reading
    proper = [term.proper for term in reading.terms]
    telling = any(term.proper and term.token.root not in _lands() for term in reading.terms)
    return telling and not reading.around[ranking.best][proper].any()


def counted_thing_missing(ranking: Ranking) -> bool:
    """``How many aircraft``, and the sentence speaks of nothing like aircraft."""
    reading = ranking.reading
    focus = reading.question.focus
    if reading.question.kind is not AnswerKind.NUMBER or not focus:
        return False
    columns = [n for n, term in enumerate(reading.terms) if term.asked == focus[-1]]
    return bool(columns) and bool(reading.alike[ranking.best, columns[0]] < _ALIKE)


def another_counted(ranking: Ranking) -> bool:
    """``How many advisers``, and every figure of the first sentences counts something else.

    A figure that names nothing ("30 were killed") may count what is asked for, and so may most
    that are asked for as people: victims, troops.
    """
    reading = ranking.reading
    asks = [token.lower for token in tokens(reading.question.text)]
    many = ("how", "many") in pairwise(asks)
    focus = reading.question.focus
    if reading.question.kind is not AnswerKind.NUMBER or not many or not focus:
        return False
    if focus[-1] in _PEOPLE:
        return False
    first = ranking.order[:3]
    figures = [value for row in first for value in reading.values[row]]
    things = counted(reading)[first].max()
    return bool(figures) and all(figure.unit for figure in figures) and bool(things < _UNCOUNTED)


def role_missing(ranking: Ranking) -> bool:
    """``Who is the defence minister``, and the sentence names another minister or none."""
    reading = ranking.reading
    focus = reading.question.focus
    if not focus or focus[-1] not in word_list("role"):
        return False
    columns = [n for n, term in enumerate(reading.terms) if term.asked in focus]
    return bool((reading.alike[ranking.best, columns] < _ALIKE).any())


def life_missing(ranking: Ranking) -> bool:
    """A word of kinship or of a life (father, born, educated) that the first sentences lack.

    A far likeness is none where it stands in another passage.
    """
    reading = ranking.reading
    lives = [term.asked in word_list("biography") for term in reading.terms]
    first = ranking.order[:3]
    told = [term.asked in word_list("biography") - _IMPLIED for term in reading.terms]
    near = reading.alike[first].max(axis=0)[told]
    anywhere = reading.alike_around.max(axis=0)[lives]
    missing = bool((near < _ALIKE).any() or (anywhere < _NEAR_ALIKE).any())
    return missing and not any(tells_life(reading, row) for row in first)


def value_missing(ranking: Ranking) -> bool:
    """A date, a figure or a span is asked for and the first three sentences give none."""
    kinds = (AnswerKind.DATE, AnswerKind.NUMBER, AnswerKind.DURATION)
    asks = ranking.reading.question.kind in kinds
    return asks and not any(ranking.reading.values[row] for row in ranking.order[:3])


def country_swapped(ranking: Ranking) -> bool:
    """``in Syria`` is asked and the sentence, which lacks Syria, says ``in Iraq``.

    A sentence that opens with ``these`` or ``it`` may owe its place to the one before.
    """
    if ranking.of_best("leans_back"):
        return False
    reading = ranking.reading
    countries = word_list("country")
    columns = {term.asked: column for column, term in enumerate(reading.terms)}
    for before, word in pairwise(tokens(reading.question.text)):
        column = columns.get(word.lower)
        if column is None or word.lower not in countries or before.lower not in _LOCATING:
            continue
        other = any(
            one.lower == before.lower and two.lower in countries and two.lower not in columns
            for one, two in pairwise(ranking.line.tokens)
        )
        if other and reading.hits[ranking.best, column] == 0:
            return True
    return False


def deed_missing(ranking: Ranking) -> bool:
    """``When was Mosul liberated``, and the sentence tells of no liberation.

    The date or the number of something else is the commonest wrong answer: it looks exact.
    """
    reading = ranking.reading
    kind, column = reading.question.kind, verb_column(reading)
    if column is None or kind not in (AnswerKind.DATE, AnswerKind.NUMBER):
        return False
    if kind is AnswerKind.DATE and reading.terms[column].rarity < _TELLING:
        return False
    return not any(
        said(reading, row)[column] >= _ALIKE or tells_life(reading, row)
        for row in _that_may_answer(ranking)
    )


def deed_nowhere(ranking: Ranking) -> bool:
    """A verb that tells much, and no passage that was found says anything like it."""
    reading = ranking.reading
    column = verb_column(reading)
    if column is None or reading.terms[column].rarity < _TELLING_MUCH:
        return False
    return bool(reading.alike.max(axis=0)[column] < _ALIKE_AT_ALL)


def event_missing(ranking: Ranking) -> bool:
    """``Why was the vote postponed``, and none of the first sentences postpones anything.

    What never happened has no reason, and a yes or no needs a sentence that speaks of it.
    """
    reading = ranking.reading
    column = verb_column(reading)
    why = any(token.lower == "why" for token in tokens(reading.question.text))
    if column is None or not (why or reading.question.kind is AnswerKind.YES_NO):
        return False
    if reading.terms[column].rarity < _TELLING:
        return False
    return not any(said(reading, row)[column] >= _ALIKE_AT_ALL for row in ranking.order[:3])


def subject_missing(ranking: Ranking) -> bool:
    """``When was the constitution adopted``, and the sentence tells of a law that was."""
    reading = ranking.reading
    column = subject_column(reading)
    if column is None or reading.question.kind is not AnswerKind.DATE:
        return False
    term = reading.terms[column]
    if term.proper or term.rarity < _TELLING:
        return False
    return not any(said(reading, row)[column] >= _ALIKE_AT_ALL for row in _that_may_answer(ranking))


def doer_missing(ranking: Ranking) -> bool:
    """``Who founded the units``, and nothing tells of a founding in any words.

    Asks for less than ``deed_missing``: a doer is told of in many ways.
    """
    reading = ranking.reading
    column = verb_column(reading)
    if column is None or reading.question.kind is not AnswerKind.PERSON:
        return False
    if reading.alike_around[ranking.best, column] < _FAINT:
        return True
    return not any(said(reading, row)[column] >= _ALIKE_AT_ALL for row in ranking.order[:3])


def succession_missing(ranking: Ranking) -> bool:
    """``Who was the mayor before Ito``, and the sentence tells of no predecessor."""
    reading = ranking.reading
    if reading.question.kind is not AnswerKind.PERSON:
        return False
    asked = [t for t in tokens(reading.question.text) if t.lower not in _ARTICLES]
    follows = any(
        one.lower in ("before", "after") and two.capital for one, two in pairwise(asked[1:])
    )
    return follows and not any(t.lower in word_list("succession") for t in ranking.line.tokens)


def _that_may_answer(ranking: Ranking) -> list[int]:
    """Return the best sentence, and of the next two those that give a date as well.

    Figures are too common for that: most count something else.
    """
    reading = ranking.reading
    if reading.question.kind is not AnswerKind.DATE:
        return [ranking.best]
    return [row for place, row in enumerate(ranking.order[:3]) if not place or reading.values[row]]


def made_up(ranking: Ranking) -> bool:
    """``Invent a quotation``: an order to make something up is no question to the sources."""
    return orders_invention(ranking.reading.question.text)


def speech_missing(ranking: Ranking) -> bool:
    """``What did the mayor say``, and the sentence reports and quotes nothing."""
    reading = ranking.reading
    return asks_for_speech(reading) and not speaks(reading, ranking.best)


@cache
def _lands() -> frozenset[str]:
    return frozenset(token.root for name in word_list("country") for token in tokens(name))


VETOES: tuple[Veto, ...] = (
    name_nowhere,
    names_apart,
    counted_thing_missing,
    another_counted,
    role_missing,
    life_missing,
    value_missing,
    country_swapped,
    deed_missing,
    deed_nowhere,
    event_missing,
    subject_missing,
    speech_missing,
    made_up,
    doer_missing,
    succession_missing,
)


def vetoed(ranking: Ranking) -> bool:
    """Tell whether any rule speaks against answering."""
    return any(veto(ranking) for veto in VETOES)
