"""Every name of a drafted sentence must stand where its words stand, and in the same place.

A name may also be taken up from the lines before, as pronouns do, unless the line itself has
another name where the draft puts this one.
"""

from app.answer.question.words import known
from app.answer.support import lexicon
from app.answer.support.lines import Overlay
from app.answer.support.plan import Plan
from app.answer.support.reading import Reading, Word
from app.answer.values import Value, same_name

_NEARBY = 0.8
_SURE = 0.75
_PLACES = frozenset(
    ["in", "at", "from", "near", "of", "to", "out", "inside", "outside", "around", "leave", "left"]
)


def fault(plan: Plan, reported: frozenset[int]) -> str | None:
    """Return why a name does not hold, or None; ``reported`` places are judged elsewhere."""
    for value in plan.draft.names:
        places = _places(plan.draft, value)
        if not places or set(places) <= reported:
            continue
        why = _name_fault(plan, value, places)
        if why is not None:
            return why
    return None


def contradicted(plan: Plan, reported: frozenset[int]) -> str | None:
    """Return why the one line of a plan has another name in the place of a drafted one."""
    overlay = plan.chosen[0]
    for value in plan.draft.names:
        places = _places(plan.draft, value)
        if not places or set(places) <= reported or _inside(plan, value, places, overlay):
            continue
        other = _replaced(plan, places, overlay)
        if other is not None:
            return f"the source says this of {other}, not of {value.text}"
    return None


def _places(draft: Reading, value: Value) -> list[int]:
    """Return the places of a name's words, less a common word that only opens the sentence."""
    places = [i for i in draft.within(value) if draft.words[i].content]
    if len(places) > 1 and places[0] == 0 and known(draft.words[0].lower):
        return places if draft.words[0].alias else places[1:]
    return places


def _name_fault(plan: Plan, value: Value, places: list[int]) -> str | None:
    fits = {id(o): plan.nearness(o, places) for o in plan.chosen}
    best = max(fits.values())
    near = [o for o in plan.chosen if fits[id(o)] >= _NEARBY * best]
    for overlay in near:
        if _inside(plan, value, places, overlay):
            return None
    for overlay in near:
        if any(names(value, plan.draft, places, r) for r in overlay.line.around):
            other = _replaced(plan, places, overlay)
            if other is None:
                return None
            return f"the source says this of {other}, not of {value.text}"
    if any(_inside(plan, value, places, o) for o in plan.chosen):
        return f"{value.text} stands in the source, but not for this"
    return f"{value.text} is not in the cited passage"


def _inside(plan: Plan, value: Value, places: list[int], overlay: Overlay) -> bool:
    if all(overlay.here[i] >= _SURE for i in places):
        return True
    reading = overlay.line.reading
    if any(same_name(value.text, other.text) for other in reading.names):
        return True
    return len(places) == 1 and _for_its_country(plan.draft, places[0], reading)


def names(value: Value, draft: Reading, places: list[int], reading: Reading) -> bool:
    """Tell whether a reading has a drafted name, in whatever spelling."""
    if all(max(reading.matches(draft.words[i]).values(), default=0.0) >= _SURE for i in places):
        return True
    return any(same_name(value.text, other.text) for other in reading.names)


def _for_its_country(draft: Reading, place: int, reading: Reading) -> bool:
    """Tell whether a capital stands for a government that the line names, or the other way."""
    word = draft.words[place]
    if place and draft.words[place - 1].lower in _PLACES:
        return False
    seats = lexicon.seats()
    country = seats.get(word.lower)
    if country is not None:
        if any(w.key == f"={country}" for w in draft.words):
            return False
        return any(w.key == f"={country}" for w in reading.words)
    if not word.alias or any(seats.get(w.lower) == word.key[1:] for w in draft.words):
        return False
    return any(seats.get(w.lower) == word.key[1:] for w in reading.words)


def _replaced(plan: Plan, places: list[int], overlay: Overlay) -> str | None:
    """Return the name of the same sort that the line has and the draft lacks, if any."""
    taken = {j for i in range(len(plan.draft.words)) for j in overlay.places[i]}
    sort = _sort(plan.draft.words[places[-1]])
    before = _led(plan.draft, places[0])
    reading = overlay.line.reading
    for other in reading.names:
        spots = [j for j in reading.within(other) if reading.words[j].content]
        if not spots or any(j in taken for j in spots):
            continue
        if any(same_name(other.text, mine.text) for mine in plan.draft.names):
            continue
        alike = _sort(reading.words[spots[-1]]) == sort or (
            before is not None and _led(reading, spots[0]) == before
        )
        if alike and not _speaks(reading, spots[-1]):
            return other.text
    return None


def _led(reading: Reading, place: int) -> str | None:
    """Return the preposition right before a name that tells a place: in, at, near."""
    before = reading.words[place - 1].lower if place else ""
    return before if before in _PLACES else None


def _sort(word: Word) -> str:
    return "people" if word.alias and word.key not in _GROUPS else "other"


_GROUPS = frozenset(("=isis", "=pmu", "=irgc", "=ina", "=u.n.", "=irbil", "=kyiv"))


def _speaks(reading: Reading, place: int) -> bool:
    """Tell whether the name at ``place`` is only the source of what the line reports."""
    said = lexicon.words("report")
    after = reading.words[place + 1 : place + 2]
    before = reading.words[max(0, place - 3) : place]
    return any(w.lower in said for w in after) or any(w.lower == "according" for w in before)
