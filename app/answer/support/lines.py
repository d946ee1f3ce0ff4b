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

_SPENT = 0.44
_NEXT_TO = 1.2  # what the line right before counts beside those before it
_BEFORE = 6
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
    """The words of a drafted sentence over one line: where each may stand, and how surely."""

    draft: Reading
    line: Line
    places: tuple[dict[int, float], ...]  # of each drafted word: positions in the line
    here: tuple[float, ...]  # of each drafted word: sureness in the line itself

    @cached_property
    def around(self) -> tuple[float, ...]:
        """Of each drafted word that the line lacks, how surely it stands in what is read before."""
        return tuple(
            self._behind(word) if word.content and not found else 0.0
            for word, found in zip(self.draft.words, self.places, strict=True)
        )

    def _behind(self, word: Word) -> float:
        """Return how surely a word stands before the line, most in the line right before it."""
        nearest = _around(word, self.line.before[-1:])
        return nearest * _NEXT_TO if nearest else _around(word, self.line.around)

    @cached_property
    def paired(self) -> dict[int, int]:
        """Each drafted word with the one word of the line that it stands for.

        A word that may stand for several takes the surest, then the one that keeps the order.
        """
        pairs: dict[int, int] = {}
        taken: set[int] = set()
        last = -1
        for place, found in enumerate(self.places):
            free = [position for position in found if position not in taken]
            if free:
                best = max(free, key=lambda j: (found[j], -abs(j - last - 1)))
                pairs[place] = last = best
                taken.add(best)
        return pairs

    @cached_property
    def held(self) -> tuple[float, ...]:
        """Of each drafted word, how surely the line says it beside all else that it must say.

        A word whose only match already stands for another drafted word counts half: "help in
        supporting" is not covered by one "help".
        """
        names = {self.draft.words[i].key for i in self.paired if self.draft.words[i].name}
        return tuple(
            sure if place in self.paired or word.key in names else _SPENT * sure
            for place, (word, sure) in enumerate(zip(self.draft.words, self.here, strict=True))
        )


def overlay(draft: Reading, line: Line) -> Overlay:
    """Lay the words of ``draft`` over ``line``."""
    places = tuple(line.reading.matches(word) if word.matters else {} for word in draft.words)
    return Overlay(draft, line, places, tuple(max(f.values()) if f else 0.0 for f in places))


def _around(word: Word, readings: Sequence[Reading]) -> float:
    return max((max(r.matches(word).values(), default=0.0) for r in readings), default=0.0)
