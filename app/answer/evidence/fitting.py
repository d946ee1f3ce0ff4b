"""Whether a value is of the sort that was asked for, as far as its own words tell.

A name does not say whether it is a person's; words like ministry or a country's name do say that it
is not. Knows values and kinds of answer, nothing of sentences.
"""

from app.answer.question.lexicon import words as word_list
from app.answer.question.model import AnswerKind
from app.answer.question.words import Token, tokens
from app.answer.values import Value


def fits(value: Value, kind: AnswerKind) -> bool:
    """Tell whether nothing in ``value`` speaks against its being an answer of ``kind``."""
    words = tokens(value.text)
    if kind is AnswerKind.PERSON:
        return not any(_of_country(word) or _of_body(word) for word in words)
    if kind is AnswerKind.PLACE:
        return not any(_of_people(word) or _of_body(word) for word in words)
    if kind is AnswerKind.ORGANISATION:
        return not all(_of_country(word) for word in words)
    return True


def _of_country(word: Token) -> bool:
    """Iraq, Iraqi, the U.S."""
    countries = word_list("country")
    return word.lower in countries or word.stem in countries or word.stem == "u.s."


def _of_people(word: Token) -> bool:
    """Iraqi, not Iraq."""
    countries = word_list("country")
    return word.lower.startswith("american") or (
        word.lower not in countries and word.stem in countries
    )


def _of_body(word: Token) -> bool:
    """Ministry, Coalition, Units."""
    return word.lower in word_list("organisation", "asks") or word.lower in word_list("not_person")
