"""The source sentences that a drafted sentence is held against, each with what stands around it.

Lays the words of the drafted sentence over every line once; the checks then ask where each word
stands. Judges nothing.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.answer.support.instructions import instructs
from app.answer.support.reading import Reading, Word, read
from index.model import RetrievedPassage

_BEFORE = 3
"""Lines before a line in which a name may stand that the line takes up by a pronoun."""


@dataclass(frozen=True, eq=False)
class Line:
    """A source sentence with the lines before it, its heading and its title."""

    passage: RetrievedPassage
    position: int
    reading: Reading
    before: tuple[Reading, ...]  # the nearest last
    above: Reading  # title and heading

    @property
    def text(self) -> str:
        """The sentence as it stands in the source."""
        return self.reading.text

    @property
    def published_at(self) -> dt.date | None:
        """When the source was published, if it says so."""
        return self.passage.published_at

    @cached_property
    def around(self) -> tuple[Reading, ...]:
        """What is read before the line, the nearest first."""
        return (*reversed(self.before), self.above)


def lines_of(passages: Iterable[RetrievedPassage]) -> list[Line]:
    """Return the sentences of ``passages``, without what instructs a model and what follows it."""
    found = []
    for passage in passages:
        above = read(f"{passage.title}. {passage.heading or ''}", passage.published_at)
        before: list[Reading] = []
        for position in range(len(passage.sentences)):
            text = passage.sentence_text(position)
            if instructs(text):
                break
            reading = read(text, passage.published_at)
            found.append(Line(passage, position, reading, tuple(before[-_BEFORE:]), above))
            before.append(reading)
    return found


@dataclass(frozen=True, eq=False)
class Overlay:
    """The words of a drafted sentence over one line: where each stands, and how surely."""

    line: Line
    places: tuple[dict[int, float], ...]  # of each drafted word: positions in the line
    around: tuple[float, ...]  # of each drafted word: sureness in what is read before

    def here(self, place: int) -> float:
        """Return how surely the drafted word at ``place`` stands in the line itself."""
        return max(self.places[place].values(), default=0.0)

    def best(self, place: int) -> int | None:
        """Return the position in the line of the surest match of a drafted word."""
        found = self.places[place]
        return max(found, key=lambda position: found[position]) if found else None


def overlay(draft: Reading, line: Line) -> Overlay:
    """Lay the words of ``draft`` over ``line``."""
    places = tuple(line.reading.matches(word) for word in draft.words)
    around = tuple(
        _around(word, line.around) if word.content and not found else 0.0
        for word, found in zip(draft.words, places, strict=True)
    )
    return Overlay(line, places, around)


def _around(word: Word, readings: Sequence[Reading]) -> float:
    return max((max(r.matches(word).values(), default=0.0) for r in readings), default=0.0)
