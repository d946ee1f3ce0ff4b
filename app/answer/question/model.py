"""The analysed question that evidence, conflicts and writers work on."""

from dataclasses import dataclass
from enum import StrEnum


class AnswerKind(StrEnum):
    """What sort of thing would answer the question."""

    DATE = "date"
    DURATION = "duration"
    NUMBER = "number"
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    NAME = "name"  # a named thing of another sort: which treaty, what ship
    REASON = "reason"
    MANNER = "manner"
    YES_NO = "yes_no"
    DESCRIPTION = "description"  # anything else: what does X do, what is X


@dataclass(frozen=True, slots=True)
class Question:
    """A standalone question. Words are lower case; names and numbers are as written.

    ``terms`` are the content words to look for (no stop words, no question words), ``focus`` the
    words that name what is asked for ("partner states" in "how many partner states"), ``names`` the
    proper names, ``numbers`` the figures and years that the question itself states. ``language`` is
    what the question is surely in (ISO 639-1), None where it says too little; kinds, names and what
    is asked for are recognised in English only.
    """

    text: str
    kind: AnswerKind
    terms: tuple[str, ...]
    focus: tuple[str, ...]
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    wants_list: bool
    language: str | None = None
