"""The values of a sentence that have the form asked for: dates, figures, names."""

from functools import lru_cache

from app.answer.question.lexicon import words as word_list
from app.answer.question.model import AnswerKind, Question
from app.answer.question.words import tokens
from app.answer.values import Value, ValueKind, extract

_KINDS: dict[AnswerKind, ValueKind] = {
    AnswerKind.DATE: ValueKind.DATE,
    AnswerKind.DURATION: ValueKind.DURATION,
    AnswerKind.NUMBER: ValueKind.NUMBER,
    AnswerKind.PERSON: ValueKind.NAME,
    AnswerKind.PLACE: ValueKind.NAME,
    AnswerKind.ORGANISATION: ValueKind.NAME,
    AnswerKind.NAME: ValueKind.NAME,
}
"""The kinds of answer that have a form of their own, and the values that take it."""


def fitting_values(question: Question, text: str) -> tuple[Value, ...]:
    """Return the values of the form asked for that say something the question does not."""
    kind = _KINDS.get(question.kind)
    if kind is None:
        return ()
    counts = question.kind is AnswerKind.NUMBER
    stated = {token.root for token in tokens(question.text)}
    return tuple(
        value
        for value in _values(text, kind)
        if _tells(value, stated) and not (counts and value.unit in word_list("time_unit"))
    )


@lru_cache(maxsize=4096)
def _values(text: str, kind: ValueKind) -> tuple[Value, ...]:
    if kind is not ValueKind.DURATION:
        return tuple(extract(text, (kind,)))
    found = extract(text, (ValueKind.DURATION, ValueKind.DATE))
    return tuple(value for value in found if kind is value.kind or _spans_time(value))


def _spans_time(value: Value) -> bool:
    """Tell ``the past nine months`` from other dates: it answers how long as well."""
    return any(token.lower in word_list("time_unit") for token in tokens(value.text))


def _tells(value: Value, stated: set[str]) -> bool:
    return any(token.root not in stated for token in tokens(value.text) if not token.stop)
