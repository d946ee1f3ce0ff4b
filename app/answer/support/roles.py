"""Who does what to whom: names and actors keep their neighbours, subjects and sides of the verb.

There is no parser: a name that stands before or after the same word as another one does in the
source has taken its place.
"""

from collections.abc import Iterator

from app.answer.support.actors import acts, one
from app.answer.support.lines import Overlay
from app.answer.support.plan import Plan
from app.answer.support.reading import Reading, Word
from app.answer.support.verbs import changed_places

_SURE = 0.75


def fault(plan: Plan, reported: frozenset[int]) -> str | None:
    """Return why a name or actor has not the role that the source gives it, or None."""
    for place, word in enumerate(plan.draft.words):
        if acts(word) and place not in reported:
            overlay = plan.homes[place]
            other = _displaced(plan.draft, place, overlay)
            if other is not None:
                return f"the source says this of {other}, not of {word.text}"
    subjects = _other_subject(plan, reported)
    if subjects is not None:
        return f"the source says this of {subjects[1]}, not of {subjects[0]}"
    for overlay in plan.chosen:
        pair = changed_places(plan, overlay)
        if pair is not None:
            return f"{pair[0]} and {pair[1]} have changed places"
    return None


def _other_subject(plan: Plan, reported: frozenset[int]) -> tuple[str, str] | None:
    """Return the drafted subject of a clause and the one that the line's clause has instead."""
    draft = plan.draft.words
    pieces: dict[int, list[int]] = {}
    for i, word in enumerate(draft):
        if word.content and i not in reported:
            pieces.setdefault(word.segment, []).append(i)
    for subject, *rest in pieces.values():
        overlay = plan.homes[subject]
        spots = [overlay.paired[i] for i in rest if i in overlay.paired]
        line = overlay.line.reading.words
        if len(rest) < 2 or len(spots) < len(rest) or len({line[s].segment for s in spots}) > 1:
            continue
        own = overlay.paired.get(subject)
        if own is not None and line[own].segment == line[spots[0]].segment:
            continue
        if own is None and overlay.around[subject] < _SURE:
            continue
        rival = _lead(line, min(spots), set(overlay.paired.values()))
        if rival is not None:
            return draft[subject].text, line[rival].text
    return None


def _lead(line: tuple[Word, ...], spot: int, taken: set[int]) -> int | None:
    """Return the content word that opens the clause of ``spot`` right before it, if not taken."""
    for at in range(spot - 1, max(-1, spot - 4), -1):
        if line[at].segment != line[spot].segment:
            return None
        if line[at].content:
            return at if at not in taken else None
    return None


def _displaced(draft: Reading, place: int, overlay: Overlay) -> str | None:
    """Return the name that stands in the line where the draft has another, if any."""
    word, words = draft.words[place], overlay.line.reading.words
    for neighbour, step, reach in _neighbours(draft, place):
        found = overlay.places[neighbour]
        surest = max(found.values(), default=0.0)
        spots = [spot for spot, sure in found.items() if sure >= max(surest, _SURE)]
        if any(_stands(word, words, spot, step) for spot in spots):
            continue
        there = [_beyond(words, spot, step, reach) for spot in spots]
        others = [w for w in there if w is not None]
        if len(others) < len(spots) or not others:
            continue
        if not any(one(word, other) for other in others) and all(o.name for o in others):
            beside = _beside(draft, neighbour, step)
            if any(one(mine, other) for other in others for mine in beside):
                continue
            return others[0].text
    return None


def _stands(word: Word, words: tuple[Word, ...], spot: int, step: int) -> bool:
    """Tell whether the name stands near on the same side, as one of several."""
    near = words[spot + 1 : spot + 7] if step > 0 else words[max(0, spot - 4) : spot]
    return any(one(word, other) for other in near)


def _neighbours(draft: Reading, place: int) -> Iterator[tuple[int, int, int]]:
    """Yield (place of a neighbour, direction back to the name, reach)."""
    words = draft.words
    if place + 1 < len(words):
        after = words[place + 1]
        if after.content and not after.name and after.segment == words[place].segment:
            yield place + 1, -1, 1
    if place >= 2:
        preposition, before = words[place - 1], words[place - 2]
        one_piece = before.segment == words[place].segment
        if one_piece and not preposition.content and before.content and not before.name:
            yield place - 2, 1, 2


def _beyond(words: tuple[Word, ...], spot: int, step: int, reach: int) -> Word | None:
    """Return the first name or actor within ``reach`` words of ``spot``."""
    for distance in range(1, reach + 1):
        at = spot + step * distance
        if not 0 <= at < len(words) or words[at].segment != words[spot].segment:
            return None
        if acts(words[at]):
            return words[at]
        if words[at].content:
            return None
    return None


def _beside(draft: Reading, place: int, step: int) -> list[Word]:
    """Return the drafted names on the same side of ``place``, as in "between A and B"."""
    near = (
        draft.words[place + 1 : place + 7] if step > 0 else draft.words[max(0, place - 4) : place]
    )
    return [word for word in near if acts(word)]
