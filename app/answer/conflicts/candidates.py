"""The spans of a sentence that may be the value asked for.

Finds by form and nothing else: dates and numbers as values, names, members of a class with the
words that qualify them, and what a copula or an apposition says of its subject.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final, TypeAlias

from app.answer.conflicts.asked import Asked, Form
from app.answer.conflicts.classes import find_members, members
from app.answer.evidence.model import Evidence
from app.answer.question.model import AnswerKind
from app.answer.question.words import Token, tokens
from app.answer.values import Value, ValueKind, extract
from app.answer.values.words import word_set

Key: TypeAlias = tuple[object, ...]

_NAMED_CLASSES: Final = frozenset(("conflict", "party", "religion", "rank", "language"))
"""Classes that no list can hold: their members have names of their own."""

_UNQUALIFIED: Final = frozenset(("country", "state", "language", "conflict", "party"))
"""Classes whose members say all by themselves."""

_COPULA: Final = re.compile(
    r"(?:\b(?:is|was|are|were|became|refers? to|stands? for|known as|called|named|as)\s"
    r"|[,)] (?=an?\s|the\s))(?:an?\s|the\s|one of the\s)?",
    re.IGNORECASE,
)
_RANGE: Final = re.compile(
    r"(?:between|from) (\d[\d,]*(?:\.\d+)?) (?:and|to) (\d[\d,]*(?:\.\d+)?)"
    r"|(?<!\w)(\d[\d,]*(?:\.\d+)?)(?: to |[-–])(\d[\d,]*(?:\.\d+)?)(?![\w-])"
)
_LIMITS: Final = word_set(
    """
    of in on at by for from to with who which that and or but is was are were as where when while
    since until based located directed written born released between during before after
    """
)
_INSTITUTIONS: Final = word_set(
    """
    agency airport base city commission committee constitution council county court defence defense
    department district government ministry mission parliament province region statement treaty
    university war zone
    """
)
_LONGEST_PHRASE: Final = 9
_QUALIFIERS: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A span of a piece of evidence: offsets into its text, and the tokens it covers.

    ``key`` is equal for spans that are written alike up to case, spelling and form.
    """

    evidence: Evidence
    start: int
    end: int
    first: int
    last: int
    key: Key
    value: Value | None

    @property
    def text(self) -> str:
        """The span as the source writes it."""
        return self.evidence.text[self.start : self.end]


@lru_cache(maxsize=512)
def find_candidates(asked: Asked, evidence: Evidence) -> tuple[Candidate, ...]:
    """Return the candidates of one sentence, in order of appearance."""
    words = tokens(evidence.text)
    found: dict[tuple[int, int], Candidate] = {}
    for start, end, value in _spans(asked, evidence, words):
        inside = [n for n, word in enumerate(words) if word.start < end and word.end > start]
        if inside and (start, end) not in found and _tells(asked, words, inside):
            first, last = inside[0], inside[-1]
            key = _key(asked, words[first : last + 1], value)
            found[start, end] = Candidate(evidence, start, end, first, last, key, value)
    return tuple(found[span] for span in sorted(found))


def _tells(asked: Asked, words: tuple[Token, ...], inside: list[int]) -> bool:
    """Tell whether a span says something that the question does not."""
    return any(words[n].stem not in asked.stems for n in inside if not words[n].stop)


def _spans(
    asked: Asked, evidence: Evidence, words: tuple[Token, ...]
) -> Iterator[tuple[int, int, Value | None]]:
    text = evidence.text
    match asked.form:
        case Form.DATE:
            for value in _read_already(evidence):
                if value.first is not None or value.month is not None:
                    yield value.start, value.end, value
        case Form.NUMBER:
            for value in _read_already(evidence):
                if value.amount is not None:
                    yield value.start, value.end, value
        case Form.NAME:
            person = asked.kind is AnswerKind.PERSON
            for start, end, name in _names(text, _read_already(evidence)):
                if not person:
                    yield start, end, name
                elif not _nobody(text, start, end):
                    yield start, _end_of_person(text, start, end), name
        case Form.MEMBER:
            assert asked.member_of is not None  # noqa: S101 - says so to the type checker
            for first, last in find_members(asked.member_of, words):
                plain = asked.member_of in _UNQUALIFIED
                start = words[first].start if plain else _with_qualifiers(text, words, first)
                yield start, words[last].end, None
            if asked.member_of in _NAMED_CLASSES:
                yield from _names(text, _values(text, ValueKind.NAME))
        case Form.PHRASE:
            yield from _names(text, _values(text, ValueKind.NAME))
            yield from _said_of_subject(text, words)
            for value in _values(text, ValueKind.NUMBER):
                if value.unit in ("usd", "eur", "gbp"):
                    yield value.start, value.end, value


@lru_cache(maxsize=4096)
def _values(text: str, *kinds: ValueKind) -> tuple[Value, ...]:
    return tuple(extract(text, kinds))


def _read_already(evidence: Evidence) -> list[Value]:
    """Return the values that selection found in the sentence, in order of appearance."""
    values = evidence.values
    reference = evidence.passage.published_at
    if reference is not None and any(_unplaced(value) for value in values):
        values = tuple(extract(evidence.text, (ValueKind.DATE,), reference=reference))
    return sorted(values, key=lambda value: value.start)


def _unplaced(value: Value) -> bool:
    """Tell whether a date says nothing without the day it was written: "next month"."""
    return value.kind is ValueKind.DATE and value.first is None and value.month is None


def _names(text: str, names: Sequence[Value]) -> Iterator[tuple[int, int, Value | None]]:
    """Yield the names, and places together with what they lie in ("Adel, Iowa")."""
    for value in names:
        yield value.start, value.end, value
    for value, wider in pairwise(names):
        if text[value.end : wider.start] == ", ":
            yield value.start, wider.end, None


def _end_of_person(text: str, start: int, end: int) -> int:
    """Return where a name ends without the country it is of: "Hussein Allawi of Iraq"."""
    person, _, land = text[start:end].partition(" of ")
    named = " " in person and tuple(land.lower().split()) in members("country")
    return start + len(person) if named else end


def _nobody(text: str, start: int, end: int) -> bool:
    """Whether a name is a country's, a people's or an institution's, never a person's."""
    words = text[start:end].lower().split()
    if len(words) == 1 and words[0].startswith(_lands()):
        return True
    return tuple(words) in members("country") or not _INSTITUTIONS.isdisjoint(words)


@cache
def _lands() -> tuple[str, ...]:
    """Return how the names of countries and of their peoples begin: iraq, syri, german."""
    single = (words[0] for words in members("country") if len(words) == 1)
    return tuple(sorted({word.removesuffix("a").removesuffix("y") for word in single}))


def _with_qualifiers(text: str, words: tuple[Token, ...], first: int) -> int:
    """Return where the phrase starts that ends in a member: "a former *Welsh* actor"."""
    place = first
    while place > 0 and first - place < _QUALIFIERS:
        before = words[place - 1]
        if text[before.end : words[place].start] != " " or before.stop:
            break
        if before.lower in _LIMITS or before.text[0].isdigit():
            break
        place -= 1
    return words[place].start


def _said_of_subject(
    text: str, words: tuple[Token, ...]
) -> Iterator[tuple[int, int, Value | None]]:
    """Yield the noun phrases after a copula or in apposition: "is *a charity* in Kent"."""
    for match in _COPULA.finditer(text):
        following = [word for word in words if word.start >= match.end()][:_LONGEST_PHRASE]
        if not following or following[0].start - match.end() > 2:
            continue
        end = 0
        for word in following:
            if end and re.search(r"[.,;:()\[\]]", text[end : word.start]):
                break
            if word.lower in _LIMITS:
                break
            end = word.end
        if end:
            yield following[0].start, end, None


def range_around(candidate: Candidate) -> tuple[int, int, float, float] | None:
    """Return where the range stands that a figure is a bound of, and both bounds."""
    if candidate.value is None or candidate.value.kind is not ValueKind.NUMBER:
        return None
    for match in _RANGE.finditer(candidate.evidence.text):
        if match.start() <= candidate.start < match.end():
            low, high = (float(bound.replace(",", "")) for bound in match.groups() if bound)
            return (match.start(), match.end(), low, high) if low < high else None
    return None


def _key(asked: Asked, words: tuple[Token, ...], value: Value | None) -> Key:
    if value is not None and value.kind is ValueKind.DATE:
        return ("date", value.first, value.last, value.month, value.day)
    if value is not None and value.kind is not ValueKind.NAME:
        return ("amount", value.amount)
    if value is not None and value.key:
        return ("name", value.key)
    if asked.member_of is not None:
        found = find_members(asked.member_of, words)
        if found:
            first, last = found[-1]
            return ("member", *(word.stem for word in words[first : last + 1]))
    return ("words", *(word.stem for word in words if not word.stop))
