"""What an answer says, statement by statement, and which markers stand where in its text.

A sentence that says that sources disagree is not one statement but several: each value is one, and
rests on its own citations. Reads the answer object and nothing else.
"""

import re
from dataclasses import dataclass

from app.answer.model import Answer, AnswerSentence, Conflict

_MARKERS = re.compile(r" ?((?:\[\d+\])+)")
_MARKER = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that an answer says, and the markers it rests on.

    ``kind`` is ``quoted`` for a sentence that the service calls a quote, ``supported`` for any
    other sentence, ``value`` for one side of a disagreement.
    """

    text: str
    markers: tuple[int, ...]
    kind: str


def statements_of(answer: Answer) -> tuple[Statement, ...]:
    """Return the statements of an answer, those of a disagreement in place of its sentence."""
    found: list[Statement] = []
    told = {_told(conflict): conflict for conflict in answer.conflicts}
    for sentence in answer.sentences:
        conflict = told.pop(sentence.text, None)
        if conflict is None:
            found.append(Statement(sentence.text, sentence.citations, sentence.support))
        else:
            found.extend(_sides(conflict))
    for conflict in told.values():  # its quotes were shown before, so that no sentence says it
        found.extend(_sides(conflict))
    return tuple(found)


def misplaced(answer: Answer) -> str | None:
    """Tell where the markers in the answer's text are not those that its sentences have.

    None when they agree both ways: the text is its sentences one after the other, each with its
    own markers inside it, and each value of a disagreement with its own beside it.
    """
    if not answer.sentences:
        return None
    told = {_told(conflict): conflict for conflict in answer.conflicts}
    start = 0
    for sentence in answer.sentences:
        shown = _shown(answer.answer, start, sentence)
        if shown is None:
            return f"the answer's text does not hold the sentence “{_short(sentence.text)}”"
        groups, start = shown
        conflict = told.get(sentence.text)
        wanted = [claim.citations for claim in conflict.claims] if conflict else []
        if groups != [group for group in wanted or [sentence.citations] if group]:
            return (
                f"the text marks “{_short(sentence.text)}” {groups}, "
                f"the sentence has {wanted or [sentence.citations]}"
            )
    rest = answer.answer[start:].strip()
    return f"“{_short(rest)}” is in no sentence" if rest else None


def _shown(
    text: str, start: int, sentence: AnswerSentence
) -> tuple[list[tuple[int, ...]], int] | None:
    """Return the groups of markers that ``text`` puts into a sentence, and where it ends there."""
    groups: list[tuple[int, ...]] = []
    said = sentence.text
    position = start + len(text[start:]) - len(text[start:].lstrip())
    for offset in range(len(said) + 1):
        markers = _MARKERS.match(text, position)
        if markers is not None and not said.startswith(markers[0], offset):
            groups.append(_numbers(markers[1]))
            position = markers.end()
        if text[position : position + 1] != said[offset : offset + 1] and offset < len(said):
            return None
        position += offset < len(said)
    return groups, position


def _numbers(markers: str) -> tuple[int, ...]:
    return tuple(int(found[1]) for found in _MARKER.finditer(markers))


def _told(conflict: Conflict) -> str:
    *first, last = (claim.value for claim in conflict.claims)
    return f"The sources disagree: {', '.join(first)} or {last}."


def _sides(conflict: Conflict) -> list[Statement]:
    return [Statement(claim.value, claim.citations, "value") for claim in conflict.claims]


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
