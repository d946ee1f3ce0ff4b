"""Nothing may be added: what a drafted sentence says must be said by its lines, in word or meaning.

Words are covered by the same word, its root or a synonym. A few that are not may be a paraphrase,
several in a row are a claim of their own, unless the embedding says that a line means the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.answer.support import lexicon
from app.answer.support.lines import Overlay
from app.answer.support.plan import Plan
from app.answer.support.reading import Word

_COVERED = 0.45  # sureness from which a word counts as covered
_WINDOW = 5
_BARE, _BARE_LED = 1.3, 0.75  # weight of an uncovered piece that is a claim
_OPENING = 3
_LEADS = frozenset(
    ["because", "although", "though", "despite", "after", "while", "if", "until", "unless"]
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well a plan covers its sentence: shares and the longest uncovered stretch.

    ``share`` is of the weight of all content words, ``worst`` of the worst stretch of five,
    ``run`` the weight of the heaviest stretch of uncovered words, between ``start`` and ``end``.
    """

    share: float
    worst: float
    run: float
    start: int
    end: int


def measure(plan: Plan, reported: frozenset[int]) -> Coverage:
    """Measure what a plan covers; ``reported`` places are judged elsewhere."""
    words, sureness = plan.draft.words, plan.sureness
    content = [i for i, word in enumerate(words) if word.content and i not in reported]
    weights = [words[i].weight for i in content]
    held = [words[i].weight * sureness[i] for i in content]
    share = sum(held) / sum(weights) if content else 0.0
    worst = 1.0
    for first in range(max(1, len(content) - _WINDOW + 1)):
        weight = sum(weights[first : first + _WINDOW])
        if weight:
            worst = min(worst, sum(held[first : first + _WINDOW]) / weight)
    run, start, end = _longest(words_places=content, weights=weights, sureness=sureness)
    return Coverage(
        share,
        worst,
        run,
        words[start].start if run else 0,
        words[end].end if run else 0,
    )


def _longest(
    words_places: Sequence[int], weights: Sequence[float], sureness: Sequence[float]
) -> tuple[float, int, int]:
    best, best_start, best_end = 0.0, 0, 0
    current, start = 0.0, 0
    for place, weight in zip(words_places, weights, strict=True):
        if sureness[place] >= _COVERED:
            current = 0.0
            continue
        if not current:
            start = place
        current += weight
        if current > best:
            best, best_start, best_end = current, start, place
    return best, best_start, best_end


def added_word(plan: Plan, reported: frozenset[int]) -> str | None:
    """Return a word that carries a claim of its own and stands in no line, if there is one."""
    weighty = lexicon.stems("weighty")
    words = plan.draft.words
    for i, word in enumerate(words):
        if i not in reported and word.key in weighty and not any(o.places[i] for o in plan.chosen):
            return word.text
    return None


def other_actor(plan: Plan, reported: frozenset[int]) -> str | None:
    """Return an actor of the draft that no line has, though nothing there points back to it."""
    actors, powers = lexicon.stems("actors"), lexicon.stems("powers")
    for i, word in enumerate(plan.draft.words):
        if word.key not in actors or i in reported or any(o.places[i] for o in plan.chosen):
            continue
        home = plan.homes[i]
        if word.key in powers and any(w.alias for w in home.line.reading.words):
            continue
        if not _taken_up(word, home) or (i <= _OPENING and _led_by_another(home)):
            return word.text
    return None


def _led_by_another(overlay: Overlay) -> bool:
    """Tell whether the line opens with a name that the draft leaves out."""
    taken = set(overlay.paired.values())
    opening = enumerate(overlay.line.reading.words[:4])
    return any(word.name and place not in taken for place, word in opening)


def _taken_up(word: Word, overlay: Overlay) -> bool:
    """Tell whether the lines just before have a word that a pronoun may stand for."""
    return any(reading.matches(word) for reading in overlay.line.before)


def bare_segment(plan: Plan, reported: frozenset[int]) -> tuple[int, int] | None:
    """Return the span of a piece between commas or conjunctions of which no word is covered."""
    pieces: dict[int, list[int]] = {}
    for i, word in enumerate(plan.draft.words):
        if word.content and i not in reported:
            pieces.setdefault(word.segment, []).append(i)
    for places in pieces.values():
        weight = sum(plan.draft.words[i].weight for i in places)
        opening = plan.draft.words[max(0, places[0] - 2) : places[0] + 1]
        led = any(word.lower in _LEADS for word in opening)
        if weight >= (_BARE_LED if led else _BARE) and all(
            plan.sureness[i] < _COVERED for i in places
        ):
            return plan.draft.words[places[0]].start, plan.draft.words[places[-1]].end
    return None
