"""What a question asks for, as the search for its values in evidence needs it.

Derived from the analysed question alone; knows no evidence.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from app.answer.conflicts.classes import asked_class, is_country, relations
from app.answer.conflicts.stages import stage_asked
from app.answer.question.model import AnswerKind, Question
from app.answer.question.words import Token, tokens

_QUOTED: Final = re.compile(r'["“](.+?)["”]')
_LOCATIVE: Final = frozenset(
    ("in", "from", "at", "near", "leave", "leaves", "leaving", "left", "quit", "exit", "vacate")
)
_SORTS: Final = frozenset(("type", "kind", "sort"))


class Form(StrEnum):
    """The form that the value asked for has in a text."""

    DATE = "date"
    NUMBER = "number"
    NAME = "name"
    MEMBER = "member"
    PHRASE = "phrase"


_FORMS: Final = {
    AnswerKind.DATE: Form.DATE,
    AnswerKind.DURATION: Form.NUMBER,
    AnswerKind.NUMBER: Form.NUMBER,
    AnswerKind.PERSON: Form.NAME,
    AnswerKind.PLACE: Form.NAME,
    AnswerKind.ORGANISATION: Form.NAME,
    AnswerKind.NAME: Form.NAME,
    AnswerKind.DESCRIPTION: Form.PHRASE,
}
"""Reasons, manners and yes or no have no values to compare."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as stems: its subject, the relation asked about, and words that say the same.

    ``places`` are the places and countries it names ("leave Baghdad", "the Syria phase"),
    ``named`` tells whether it names anything at all. ``stage`` is the part of an undertaking that
    it asks about ("the second phase": 2), and ``member_of`` names the class of things ("sport")
    that a question of form MEMBER asks for.
    """

    form: Form
    kind: AnswerKind
    member_of: str | None
    subject: frozenset[str]
    relation: frozenset[str]
    kin: frozenset[str]
    focus: frozenset[str]
    stems: frozenset[str]
    places: frozenset[str]
    named: bool
    stage: int | None


@lru_cache(maxsize=256)
def asked(question: Question) -> Asked | None:
    """Return what the question asks for, or None when it asks for nothing comparable."""
    words = tokens(question.text)
    form = _FORMS.get(question.kind)
    if form is None and words and words[-1].lower == "for" and question.kind is AnswerKind.REASON:
        form = Form.PHRASE  # "what is she known for" wants no reason
    if form is None:
        return None
    named = [*question.names, *_QUOTED.findall(question.text)]
    subject = {token.stem for name in named for token in tokens(name) if not token.stop}
    subject.update(token.stem for number in question.numbers for token in tokens(number))
    focus = {token.stem for word in question.focus for token in tokens(word)} - subject
    terms = {token.stem for word in question.terms for token in tokens(word) if not token.stop}
    if not subject:
        subject = terms - focus
    relation = (terms | focus) - subject
    member_of = None
    if form in (Form.NAME, Form.PHRASE) and question.kind is not AnswerKind.PERSON:
        member_of = _class_asked_for(words, question.focus, frozenset(subject))
    return Asked(
        form=Form.MEMBER if member_of else form,
        kind=question.kind,
        member_of=member_of,
        subject=frozenset(subject),
        relation=frozenset(relation),
        kin=frozenset(set().union(*(g for g in relations() if g & relation)) - relation),
        focus=frozenset(focus),
        stems=frozenset(token.stem for token in words),
        places=_places(question.text, words, frozenset(subject)),
        named=bool(named),
        stage=stage_asked(words),
    )


def _places(text: str, words: tuple[Token, ...], subject: frozenset[str]) -> frozenset[str]:
    """Return the stems of names that are countries, or stand where places stand."""
    found = set[str]()
    for place, word in enumerate(words):
        joined = "-" in (text[word.start - 1 : word.start], text[word.end : word.end + 1])
        if word.stem not in subject or not word.capital or joined:  # "the US-Iraq talks"
            continue
        before = [other.lower for other in words[max(place - 2, 0) : place]]
        follows = bool(place) and words[place - 1].stem in found
        if is_country(word.lower) or follows or _LOCATIVE & set(before[-1:]) or "out" in before:
            found.add(word.stem)
    return frozenset(found)


def _class_asked_for(
    words: tuple[Token, ...], focus: tuple[str, ...], subject: frozenset[str]
) -> str | None:
    """Find the class that the question names: "what sport", "which type of medium", "genre"."""
    lowers = [word.lower for word in words]
    nouns = list(focus)
    for place, word in enumerate(lowers):
        if word in ("what", "which"):
            rest = [other for other in lowers[place + 1 : place + 4] if other != "of"]
            nouns += rest[1:2] if rest[:1] and rest[0] in _SORTS else rest[:1]
    for noun in nouns:
        name = None if noun in _SORTS else asked_class(noun)
        if name is not None and not {token.stem for token in tokens(noun)} & subject:
            return name
    return None
