"""A drafted sentence must not turn a source over: negation, opposites, quantifiers, certainty.

Compares word by word along the overlay: a word that is negated on one side must be negated on the
other, or be its own opposite.
"""

from collections.abc import Iterable

from app.answer.support import lexicon
from app.answer.support.lines import Overlay
from app.answer.support.plan import Plan
from app.answer.support.reading import Reading, Word

_SURE = 0.75
_HEADS = 3  # content words after a negator that it may turn over
_IDIOMS = frozenset(("only", "later", "sooner", "earlier", "more", "less", "just", "merely"))


def fault(plan: Plan) -> str | None:
    """Return how a drafted sentence turns its lines over, or None."""
    for check in (_negation, _opposite, _elsewhere, _contrary, _quantifier, _certainty):
        why = check(plan)
        if why is not None:
            return why
    return None


def _negators(words: tuple[Word, ...]) -> list[int]:
    """Return the places of the words that negate what follows them (or, un-words, themselves)."""
    known = lexicon.words("negators")
    found = []
    for place, word in enumerate(words):
        before = words[place - 1].lower if place else ""
        after = words[place + 1].lower if place + 1 < len(words) else ""
        if word.negated:
            found.append(place)
        elif word.lower in known or word.lower.endswith(("n't", "n’t")):
            if after not in _IDIOMS or word.lower == "without":
                found.append(place)
        elif (before, word.lower) in (("rather", "than"), ("instead", "of")):
            found.append(place)
    return found


def _heads(words: tuple[Word, ...], place: int) -> list[int]:
    """Return the places that the negator at ``place`` may turn over, the nearest first."""
    if words[place].negated:
        return [place]
    heads: list[int] = []
    for at in range(place + 1, min(place + 9, len(words))):
        if words[at].segment != words[place].segment and (heads or words[at].lower == "and"):
            break
        if (words[at].content or words[at].figure) and words[at].lower != "longer":
            heads.append(at)
        if len(heads) == _HEADS:
            break
    return heads


def _turned(reading: Reading) -> frozenset[int]:
    """Return the places of the words that are denied or prevented an odd number of times."""
    words = reading.words
    found: set[int] = set()
    for place in _negators(words):
        found ^= set(_heads(words, place))
    soft = lexicon.words("preventing")
    for place, word in enumerate(words):
        if word.lower in soft:
            found ^= set(_heads(words, place))
    return frozenset(found)


def _negation(plan: Plan) -> str | None:
    drafted = _turned(plan.draft)
    for place in _negators(plan.draft.words):
        heads = _heads(plan.draft.words, place)
        overlay = max(plan.chosen, key=lambda o: max((o.held[h] for h in heads), default=0.0))
        if not _denied(plan.draft, overlay, heads, drafted):
            return "the source does not deny this"
    for overlay in plan.chosen:
        words = overlay.line.reading.words
        there = _turned(overlay.line.reading)
        for place in _negators(words):
            if _affirmed(plan, overlay, _heads(words, place), drafted, there):
                return "the source denies this"
    return None


def _denied(draft: Reading, overlay: Overlay, heads: list[int], drafted: frozenset[int]) -> bool:
    """Tell whether a line too denies what the draft denies in ``heads``."""
    reading = overlay.line.reading
    there = _turned(reading)
    for head in heads:
        if overlay.here[head] < _SURE:
            if draft.words[head].negated is None and _has_opposite(draft.words[head], reading):
                return True
            continue
        return any((head in drafted) == (j in there) for j in _spots(overlay, head))
    return bool(there)


def _spots(overlay: Overlay, place: int) -> list[int]:
    paired = overlay.paired.get(place)
    return [paired] if paired is not None else list(overlay.places[place])


def _affirmed(
    plan: Plan,
    overlay: Overlay,
    heads: list[int],
    drafted: frozenset[int],
    there: frozenset[int],
) -> bool:
    """Tell whether the draft affirms what the line denies in ``heads``."""
    standing = {j: i for i, j in overlay.paired.items() if overlay.here[i] >= _SURE}
    for head in heads[:1]:
        mine = standing.get(head)
        if mine is None or plan.homes[mine] is not overlay:
            continue
        return (mine in drafted) != (head in there)
    return False


def _has_opposite(word: Word, reading: Reading) -> bool:
    others = lexicon.opposites().get(word.key, frozenset())
    return any(other.key in others for other in reading.words)


def _opposite(plan: Plan) -> str | None:
    draft = plan.draft
    drafted = _turned(draft)
    for place, word in enumerate(draft.words):
        others = lexicon.opposites().get(word.key)
        if not others or word.name or plan.sureness[place] >= _SURE:
            continue
        overlay = plan.homes[place]
        there = _turned(overlay.line.reading)
        taken = set(overlay.paired.values())
        for j, other in enumerate(overlay.line.reading.words):
            parity = (place in drafted) ^ (word.negated is not None)
            back = (j in there) ^ (other.negated is not None)
            if other.key in others and j not in taken and parity == back:
                return f"the source says {other.text}, not {word.text}"
    return None


def _elsewhere(plan: Plan) -> str | None:
    """Return an opposite that the line has where the draft borrows a word from another clause."""
    draft = plan.draft.words
    for place, word in enumerate(draft):
        others = lexicon.opposites().get(word.key)
        overlay = plan.homes[place]
        spot = overlay.paired.get(place)
        if not others or spot is None or word.name:
            continue
        line = overlay.line.reading.words
        beside = [
            line[j].segment
            for i, j in overlay.paired.items()
            if i != place and draft[i].segment == word.segment and draft[i].content
        ]
        if len(beside) < 2 or len(set(beside)) > 1 or beside[0] == line[spot].segment:
            continue
        taken = set(overlay.paired.values())
        for j, other in enumerate(line):
            if other.segment == beside[0] and other.key in others and j not in taken:
                return f"the source says {other.text}, not {word.text}"
    return None


def _contrary(plan: Plan) -> str | None:
    for place, word in enumerate(plan.draft.words):
        others = lexicon.contraries().get(word.key)
        overlay = plan.homes[place]
        if not others or word.figure or overlay.places[place]:
            continue
        taken = set(overlay.paired.values())
        for j, other in enumerate(overlay.line.reading.words):
            if other.key in others and j not in taken:
                return f"the source says {other.text}, not {word.text}"
    return None


def _quantifier(plan: Plan) -> str | None:
    for place, word in enumerate(plan.draft.words):
        kind = _quantity(word.lower)
        if kind is None:
            continue
        overlay = plan.homes[place]
        words = overlay.line.reading.words
        for head in _heads(plan.draft.words, place)[:2]:
            spots = _spots(overlay, head)
            there = {other for j in spots for other in _quantities_before(words, j)}
            if kind == "none" and any(j in _turned(overlay.line.reading) for j in spots):
                continue
            if spots and kind not in there and (there or kind == "none"):
                return f"the source does not say {word.text} of this"
    return None


def _quantity(lower: str) -> str | None:
    for kind in ("all", "none", "some", "most"):
        if lower in lexicon.words(f"{kind}_words"):
            return kind
    return None


def _quantities_before(words: tuple[Word, ...], place: int) -> Iterable[str]:
    for at in range(max(0, place - 4), place):
        kind = _quantity(words[at].lower)
        if kind is not None:
            yield kind
        elif words[at].lower == "half" or (words[at].figure and words[at + 1].lower == "of"):
            yield "some"


def _certainty(plan: Plan) -> str | None:
    draft = {word.lower for word in plan.draft.words if not word.figure}
    hedged = bool(draft & lexicon.words("hedges"))
    possible = bool(draft & (lexicon.words("possible") | {"can", "could"}))
    for overlay in plan.chosen:
        words = overlay.line.reading.words
        for j, word in enumerate(words):
            doubted = word.lower in lexicon.words("doubted") and not hedged
            if word.lower == "whether" and not draft & _OPEN and _resting_near(overlay, j):
                return "the source leaves this open"
            only = _only_possible(words, j) and not possible
            if (doubted or only) and _resting_near(overlay, j):
                return (
                    f"the source says only that it {word.text} be so"
                    if only
                    else (f"the source says {word.text}")
                )
    if draft & {"may", "might", "possibly"}:
        there = {w.lower for o in plan.chosen for w in o.line.reading.words}
        if not there & (lexicon.words("possible") | lexicon.words("hedges") | {"can", "could"}):
            return "the source says so without doubt"
    return None


_OPEN = frozenset(("whether", "if", "open", "unclear", "uncertain", "unknown"))


def _only_possible(words: tuple[Word, ...], j: int) -> bool:
    if words[j].lower == "could":
        return words[j + 1 : j + 2] != () and words[j + 1].lower != "not"
    return words[j].lower in ("may", "might") and not words[j].figure


def _resting_near(overlay: Overlay, j: int) -> bool:
    """Tell whether the draft uses what follows a word of the line in its segment."""
    words = overlay.line.reading.words
    near = {
        k
        for k in range(j + 1, min(j + 5, len(words)))
        if words[k].content and words[k].segment == words[j].segment
    }
    return bool(near & set(overlay.paired.values()))
