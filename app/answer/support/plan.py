"""Which source lines a drafted sentence would rest on, and which of them each word rests on.

A sentence may join facts of up to three lines. Neighbouring words are taken to come from one line,
so that a date of one fact cannot be borrowed for another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.answer.support.lines import Line, Overlay
from app.answer.support.reading import Reading, Word

Array: TypeAlias = NDArray[np.float64]

MOST_LINES = 3
_REACH = 5  # words to either side that tell where a word comes from
_AROUND = 0.4  # what a match before the line is worth, beside one in it
_NAME_AROUND = 0.6  # the same for a name, which is checked on its own
_WORTH_ADDING = 0.9  # weight that a further line must newly cover
_STRETCH = 3  # words in a row of which a further line must cover most
_MOSTLY = 0.75


@dataclass(frozen=True, eq=False)
class Plan:
    """A drafted sentence over the lines it would rest on, the best first."""

    draft: Reading
    chosen: tuple[Overlay, ...]

    @cached_property
    def sureness(self) -> tuple[float, ...]:
        """Of each drafted word, how surely it stands in some line (or, for less, before one)."""
        return tuple(
            max(
                max(o.held[i], (_NAME_AROUND if word.name else _AROUND) * o.around[i])
                for o in self.chosen
            )
            for i, word in enumerate(self.draft.words)
        )

    @cached_property
    def homes(self) -> tuple[Overlay, ...]:
        """Of each drafted word, the line that its neighbourhood rests on."""
        return tuple(self._home(place) for place in range(len(self.draft.words)))

    def nearness(self, overlay: Overlay, places: Sequence[int]) -> float:
        """Return how much of the neighbourhood of some drafted words stands in a line."""
        words = self.draft.words
        first, last = places[0], places[-1]
        total = 0.0
        for other in range(max(0, first - _REACH), min(len(words), last + _REACH + 1)):
            apart = max(first - other, other - last)
            same = words[other].segment in (words[first].segment, words[last].segment)
            if apart > 0 and words[other].content:
                total += words[other].weight * overlay.here[other] / (apart if same else 4 * apart)
        return total

    def _home(self, place: int) -> Overlay:
        if len(self.chosen) == 1:
            return self.chosen[0]
        return max(
            self.chosen,
            key=lambda o: (self.nearness(o, (place,)) + 0.5 * o.here[place], o.here[place]),
        )

    @property
    def lines(self) -> list[Line]:
        """The lines, the best first."""
        return [overlay.line for overlay in self.chosen]


def plans(
    draft: Reading,
    overlays: Sequence[Overlay],
    cosines: Sequence[float],
    reported: frozenset[int] = frozenset(),
) -> list[Plan]:
    """Return up to three plans, each built on another line, the likeliest first.

    Args:
        draft: The drafted sentence.
        overlays: It, laid over each line.
        cosines: Its cosine to each line.
        reported: Places of drafted words that only say who reported it.
    """
    if not overlays:
        return []
    weights = np.array(
        [0.0 if i in reported else _weight(word) for i, word in enumerate(draft.words)]
    )
    total = float(weights.sum()) or 1.0
    held = np.array([o.here for o in overlays]) @ weights / total
    scores = held + 0.5 * np.array(cosines)
    order = [int(i) for i in np.argsort(-scores, kind="stable")]
    bases = [i for i in order[:3] if scores[i] >= 0.75 * scores[order[0]]]
    ranked = [overlays[i] for i in order[:16]]
    return [Plan(draft, _completed(draft, overlays[base], ranked, weights)) for base in bases]


def _weight(word: Word) -> float:
    return word.weight or (0.7 if word.figure else 0.0)


def _completed(
    draft: Reading, base: Overlay, ranked: Sequence[Overlay], weights: Array
) -> tuple[Overlay, ...]:
    """Add lines for the stretches that the base leaves uncovered."""
    chosen = [base]
    while len(chosen) < MOST_LINES:
        gains = [
            (_gain(draft, chosen, other, weights), other) for other in ranked if other not in chosen
        ]
        gain, best = max(gains, key=lambda item: item[0], default=(0.0, base))
        if gain < _WORTH_ADDING:
            break
        chosen.append(best)
    return tuple(chosen)


def _gain(draft: Reading, chosen: Sequence[Overlay], other: Overlay, all_weights: Array) -> float:
    """Return the weight that another line newly covers in the stretch that it covers best.

    A line that only has a name or a date which the others lack says something else: it must cover
    most of a stretch of at least three words, and nearly as well as the lines chosen so far.
    """
    places = [i for i, weight in enumerate(all_weights) if weight]
    weights = [float(all_weights[i]) for i in places]
    news = [
        w * max(0.0, other.here[i] - max(max(o.here[i], _AROUND * o.around[i]) for o in chosen))
        for i, w in zip(places, weights, strict=True)
    ]
    plain = [not draft.words[i].name for i in places]
    if sum(n for n, p in zip(news, plain, strict=True) if p) < _WORTH_ADDING:
        return 0.0
    best = 0.0
    for first in range(len(places)):
        weight = held = gain = 0.0
        for last in range(first, len(places)):
            place = places[last]
            weight += weights[last]
            held += weights[last] * other.here[place]
            gain += news[last]
            if last - first >= _STRETCH - 1 and held >= _MOSTLY * weight:
                best = max(best, gain)
    return best
