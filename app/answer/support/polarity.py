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
_SOFT = frozenset(
    "prevent prevents prevented preventing avoid avoids avoided avert averted stop stopping stopped "
    "fail fails failed refuse refuses refused unable avoiding keep keeps rid deny denies denied "
    "unless lack lacks lacked".split()
)
_IDIOMS = frozenset(("only", "later", "sooner", "earlier", "more", "less", "just", "merely"))


def fault(plan: Plan) -> str | None:
    """Return how a drafted sentence turns its lines over, or None."""
    for check in (_negation, _opposite, _quantifier, _certainty):
        why = check(plan)
        if why is not None:
            return why
    return None


def _negated(reading: Reading, *, soft: bool) -> dict[int, list[int]]:
    """Return each negator's place with the places of what it may turn over, nearest first."""
    found: dict[int, list[int]] = {}
    words = reading.words
    negators = lexicon.words("negators")
    for place, word in enumerate(words):
        opens = word.lower in negators or word.lower.endswith(("n't", "n’t"))
        opens = opens or (word.lower == "than" and place and words[place - 1].lower == "rather")
        opens = opens or (word.lower == "of" and place and words[place - 1].lower == "instead")
        if place + 1 < len(words) and words[place + 1].lower in _IDIOMS and word.lower != "without":
            opens = False
        if opens or (soft and word.lower in _SOFT):
            found[place] = _after(words, place)
        elif _un(word):
            found[place] = [place]
    return found


def _after(words: tuple[Word, ...], place: int) -> list[int]:
    heads = []
    for at in range(place + 1, min(place + 9, len(words))):
        if words[at].segment > words[place].segment + (0 if heads else 1):
            break
        if (words[at].content or words[at].figure) and words[at].lower != "longer":
            heads.append(at)
        if len(heads) == _HEADS:
            break
    return heads


def _un(word: Word) -> bool:
    return word.negated is not None


def _negation(plan: Plan) -> str | None:
    draft = plan.draft
    drafted = _negated(draft, soft=False)
    soft = {place for heads in _negated(draft, soft=True).values() for place in heads}
    for place, heads in drafted.items():
        overlay = plan.homes[heads[0] if heads else place]
        if not _agrees(plan, overlay, heads):
            return "the source does not deny this"
    for overlay in plan.chosen:
        reading = overlay.line.reading
        for heads in _negated(reading, soft=False).values():
            if _contradicts(plan, overlay, heads, soft):
                return "the source denies this"
    return None


def _agrees(plan: Plan, overlay: Overlay, heads: list[int]) -> bool:
    """Tell whether a line too denies what the draft denies in ``heads``."""
    reading = overlay.line.reading
    turned = {j for found in _negated(reading, soft=True).values() for j in found}
    matched = False
    for head in heads:
        spots = overlay.places[head]
        if any(j in turned for j in spots):
            return True
        if _opposes(plan.draft.words[head], reading):
            return True
        matched = matched or bool(spots)
    return not matched and bool(turned)


def _contradicts(plan: Plan, overlay: Overlay, heads: list[int], soft: set[int]) -> bool:
    """Tell whether the draft affirms what the line denies in ``heads``."""
    for head in heads[:2]:
        taken = [
            i
            for i in range(len(plan.draft.words))
            if overlay.places[i].get(head, 0.0) >= _SURE and plan.homes[i] is overlay
        ]
        if not taken:
            continue
        if any(len(overlay.places[i]) > 1 for i in taken):
            return False  # it also stands where it is not denied
        return not any(i in soft for i in taken)
    return False


def _opposes(word: Word, reading: Reading) -> bool:
    return any(other.key in lexicon.opposites().get(word.key, ()) for other in reading.words)


def _opposite(plan: Plan) -> str | None:
    draft = plan.draft
    turned = {place for heads in _negated(draft, soft=False).values() for place in heads[:1]}
    for place, word in enumerate(draft.words):
        others = lexicon.opposites().get(word.key)
        if not others or word.name or plan.sureness[place] >= _SURE:
            continue
        overlay = plan.homes[place]
        if overlay.here(place) >= _SURE:
            continue
        reading = overlay.line.reading
        back = {j for heads in _negated(reading, soft=False).values() for j in heads[:1]}
        for j, other in enumerate(reading.words):
            if other.key in others and not _spoken_for(plan, overlay, j):
                if (place in turned) == (j in back):
                    return f"the source says {other.text}, not {word.text}"
    return None


def _spoken_for(plan: Plan, overlay: Overlay, j: int) -> bool:
    """Tell whether another drafted word already stands for the line's word."""
    return any(found.get(j, 0.0) >= 0.9 for found in overlay.places)


def _quantifier(plan: Plan) -> str | None:
    for place, word in enumerate(plan.draft.words):
        kind = _quantity(word.lower)
        if kind is None:
            continue
        overlay = plan.homes[place]
        reading = overlay.line.reading
        for head in _after(plan.draft.words, place)[:2]:
            there = {
                other
                for j in overlay.places[head]
                for other in _quantities_before(reading.words, j)
            }
            if overlay.places[head] and kind not in there and (there or kind == "none"):
                return f"the source does not say {word.text} of this"
    return None


def _quantity(lower: str) -> str | None:
    for kind in ("all_words", "none_words", "some_words", "most_words"):
        if lower in lexicon.words(kind):
            return kind.removesuffix("_words")
    return None


def _quantities_before(words: tuple[Word, ...], place: int) -> Iterable[str]:
    for word in words[max(0, place - 4) : place]:
        kind = _quantity(word.lower)
        if kind is not None:
            yield kind


def _certainty(plan: Plan) -> str | None:
    draft = {word.lower for word in plan.draft.words}
    hedged = bool(draft & lexicon.words("hedges"))
    possible = bool(draft & (lexicon.words("possible") | {"can", "could"}))
    for overlay in plan.chosen:
        words = overlay.line.reading.words
        for j, word in enumerate(words):
            kept = _resting_near(plan, overlay, j)
            if not kept:
                continue
            if word.lower in lexicon.words("doubted") and not hedged:
                return f"the source says {word.text}"
            if word.lower in ("may", "might") and not possible:
                return f"the source says only that it {word.text} be so"
    if draft & {"may", "might", "possibly"}:
        there = {w.lower for o in plan.chosen for w in o.line.reading.words}
        if not there & (lexicon.words("possible") | lexicon.words("hedges") | {"can", "could"}):
            return "the source says so without doubt"
    return None


def _resting_near(plan: Plan, overlay: Overlay, j: int) -> bool:
    """Tell whether the draft uses what follows a word of the line in its segment."""
    words = overlay.line.reading.words
    near = {
        k
        for k in range(j + 1, min(j + 5, len(words)))
        if words[k].content and words[k].segment == words[j].segment
    }
    return any(near & found.keys() for found in overlay.places)
