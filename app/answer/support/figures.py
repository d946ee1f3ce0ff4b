"""Every number, date and span of time of a drafted sentence must stand where its words stand.

A value that stands elsewhere in the passage, or beside other words of the same line, is no support:
that is how two dates get swapped.
"""

from dataclasses import replace

from app.answer.support import lexicon
from app.answer.support.lines import Line, Overlay
from app.answer.support.plan import Plan
from app.answer.support.reading import Reading
from app.answer.values import Value, ValueKind, compatible, same

_ORDINAL = "ordinal"
_RIVAL = 1.25  # how much better another value of the line must fit to be the one meant
_NEARBY = 0.75  # share of the best line's fit that a value's own line must have


def fault(plan: Plan, reported: frozenset[int]) -> str | None:
    """Return why a figure does not hold, or None.

    Args:
        plan: The drafted sentence over its lines.
        reported: Places of drafted words that say who reported it when; these may rest on the
            source's own name and date.
    """
    for value in plan.draft.figures:
        places = plan.draft.within(value)
        if not places or _is_idle(value, plan, places):
            continue
        if set(places) <= reported and _is_publication(value, plan):
            continue
        why = _value_fault(plan, value, places)
        if why is not None:
            return why
    return _repeated(plan)


def contradicted(plan: Plan, reported: frozenset[int]) -> str | None:
    """Return a drafted value in whose place the one line of a plan has another, if there is one."""
    reading = plan.chosen[0].line.reading
    for value in plan.draft.figures:
        places = plan.draft.within(value)
        if not places or set(places) <= reported or _is_idle(value, plan, places):
            continue
        if _holds(value, plan.chosen[0].line) or _ranks(value, places, plan.chosen[0]):
            continue
        for other in reading.figures:
            if _rivals(other, value) and not any(_same(d, other) for d in plan.draft.figures):
                return f"the source says {other.text.rstrip('.,')}, not {value.text.rstrip('.,')}"
    return None


def _repeated(plan: Plan) -> str | None:
    """Return a value that the draft puts in the place of another one, having used it already."""
    drafted = plan.draft.figures
    for overlay in plan.chosen:
        there = overlay.line.reading.figures
        for value in drafted:
            mine = [v for v in drafted if _kin(v, value) and _same(v, value)]
            theirs = [v for v in there if _kin(v, value) and _same(v, value)]
            spare = [
                v for v in there if _rivals(v, value) and not any(_same(v, d) for d in drafted)
            ]
            if len(mine) > len(theirs) > 0 and spare and len(plan.chosen) == 1:
                return f"{value.text.rstrip('.,')} stands in the source, but not for this"
    return None


def _rivals(a: Value, b: Value) -> bool:
    return _kin(a, b) and not _same(a, b) and not _overlap(a, b)


def _is_idle(value: Value, plan: Plan, places: list[int]) -> bool:
    """Tell whether a value says no more than its words: "one of", "the two states"."""
    word = plan.draft.words[places[0]].lower
    if word == "first" and value.unit == _ORDINAL:
        return places[0] > 0 and plan.draft.words[places[0] - 1].lower in _BE
    if word == "one" and value.unit not in (_ORDINAL, "%"):
        return True
    if word != "two" or value.unit not in _SIDES:
        return False
    reading = plan.homes[places[0]].line.reading
    lowers = {w.lower for w in reading.words}
    return bool(lowers & _PAIRED) or len({w.key for w in reading.words if w.alias}) == 2


_BE = frozenset(["is", "are", "was", "were", "be", "been", "has", "had", "have"])
_SIDES = frozenset(
    ["state", "country", "side", "nation", "government", "party", "capital", "neighbour", "now"]
)
_PAIRED = frozenset(["two", "both", "bilateral", "mutual"])


def _is_publication(value: Value, plan: Plan) -> bool:
    dates = (line.published_at for line in plan.lines)
    return value.first is not None and any(
        date is not None and value.last is not None and value.first <= date <= value.last
        for date in dates
    )


def _value_fault(plan: Plan, value: Value, places: list[int]) -> str | None:
    middle = places[len(places) // 2]
    fits = {id(o): plan.nearness(o, places) for o in plan.chosen}
    best = max(fits.values())
    holding = [o for o in plan.chosen if _holds(value, o.line) or _ranks(value, places, o)]
    near = [o for o in holding if fits[id(o)] >= _NEARBY * best]
    if not near:
        shown = value.text.rstrip(".,")
        if holding or any(_stands(value, plan, o.line) for o in plan.chosen):
            return f"{shown} stands in the source, but not for this"
        return f"{shown} is not in the cited passage"
    if all(_another_meant(plan, value, middle, overlay) for overlay in near):
        return f"{value.text.rstrip('.,')} stands in the source, but not for this"
    if value.kind is not ValueKind.NUMBER and all(_turns(plan, value, o) for o in near):
        return f"the source sets {value.text.rstrip('.,')} as another limit"
    return None


def _turns(plan: Plan, value: Value, overlay: Overlay) -> bool:
    """Tell whether a date is the end of something on one side and its beginning on the other."""
    mine = _bound(plan.draft, value)
    reading = overlay.line.reading
    theirs = {_bound(reading, other) for other in reading.figures if _same(value, other)}
    return mine is not None and bool(theirs) and theirs == {not mine}


def _bound(reading: Reading, value: Value) -> bool | None:
    """Return whether a date or span is a last limit (True), a first one (False) or neither."""
    places = reading.within(value)
    before = (
        [w.lower for w in reading.words[max(0, places[0] - 3) : places[0] + 1]] if places else []
    )
    if value.kind is ValueKind.DURATION:
        before = [w.lower for w in reading.words[places[-1] + 1 : places[-1] + 2]]
    if any(w in lexicon.words("since_words") for w in before):
        return False
    return True if any(w in lexicon.words("until_words") for w in before) else None


def _ranks(value: Value, places: list[int], overlay: Overlay) -> bool:
    """Tell whether a line says an ordinal in another word: first, opening."""
    return value.unit == _ORDINAL and all(overlay.here[i] > 0 for i in places)


def _holds(value: Value, line: Line) -> bool:
    return any(_same(value, other) for other in line.reading.figures) or _spelt(value, line)


def _stands(value: Value, plan: Plan, line: Line) -> bool:
    del plan
    return any(_same(value, other) for reading in line.around for other in reading.figures)


def _same(value: Value, other: Value) -> bool:
    """Tell whether two values are one; what they count is for the words around them to show."""
    if value.kind is ValueKind.DATE and other.kind is ValueKind.DATE:
        if _is_open(value) or _is_open(other):
            return _is_open(value) and _is_open(other) and _core(value) == _core(other)
        return _rounded(value, other) if value.first is None else _placed_alike(value, other)
    if ValueKind.DATE in (value.kind, other.kind):
        return _digits(value) is not None and _digits(value) == _digits(other)
    if (value.unit == _ORDINAL) != (other.unit == _ORDINAL):
        return False
    if (value.unit == "%") != (other.unit == "%"):
        return False
    if value.amount is None or other.amount is None:
        return value.amount is other.amount and value.text.casefold() == other.text.casefold()
    if value.kind is other.kind is ValueKind.DURATION:
        return same(value, other)
    if value.kind is not other.kind and value.unit and other.unit:
        return False
    bare = (replace(v, unit=None, kind=ValueKind.NUMBER) for v in (value, other))
    return compatible(*bare)


def _digits(value: Value) -> float | None:
    """Return the bare figure that a value is written as: 1200 may be a year or a number."""
    plain = value.text.replace(",", "").strip(". ")
    return float(plain) if plain.isdigit() else None


def _placed_alike(value: Value, other: Value) -> bool:
    """Tell whether a draft's days are the source's, or leave a little open: a month for its end."""
    if not same(value, other) or value.first is None or value.last is None:
        return False
    if other.first is None or other.last is None:
        return False
    if value.first <= other.first and other.last <= value.last:
        return True
    return (other.last - other.first).days <= _MONTH


_MONTH = 31


def _rounded(value: Value, other: Value) -> bool:
    """Tell whether the draft leaves the year or the part of the month out."""
    return value.first is None and compatible(value, other)


def _is_open(value: Value) -> bool:
    """Tell whether a date could not be placed: "next month", "Friday"."""
    return value.first is None and value.month is None


def _core(value: Value) -> frozenset[str]:
    idle = {"in", "the", "on", "by", "within", "coming", "next", "of", "last", "previous", "past"}
    words = value.text.casefold().strip(".,").split()
    kept = frozenset(words) - idle
    relative = frozenset(words) & {"next", "coming", "last", "previous", "past"}
    ahead = bool(relative & {"next", "coming"})
    return kept | ({"ahead"} if ahead else {"behind"} if relative and not kept & _DAYS else set())


_DAYS = frozenset(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])


def _spelt(value: Value, line: Line) -> bool:
    """Tell whether a line has the value's very words though it reads as no value there."""
    plain = " ".join(value.text.casefold().strip(".,").split())
    return len(plain) > 1 and f" {plain} " in f" {line.text.casefold().replace(',', ' ')} "


def _another_meant(plan: Plan, value: Value, middle: int, overlay: Overlay) -> bool:
    """Tell whether the words around a value stand closer to another value of the line."""
    reading = overlay.line.reading
    rivals = [other for other in reading.figures if _kin(other, value)]
    mine = [other for other in rivals if _same(value, other)]
    others = [other for other in rivals if not _same(value, other) and not _overlap(value, other)]
    if not mine or not others:
        return False
    own = max(_fit(plan, middle, overlay, other) for other in mine)
    rival = max(_fit(plan, middle, overlay, other) for other in others)
    return rival > _RIVAL * own and rival > 0.3


def _overlap(a: Value, b: Value) -> bool:
    if a.first is None or a.last is None or b.first is None or b.last is None:
        return ValueKind.DATE in (a.kind, b.kind) and (_is_open(a) or _is_open(b))
    return a.first <= b.last and b.first <= a.last


def _kin(a: Value, b: Value) -> bool:
    if (a.unit == _ORDINAL) != (b.unit == _ORDINAL):
        return False
    return a.kind is b.kind


def _fit(plan: Plan, middle: int, overlay: Overlay, target: Value) -> float:
    """Return how close the matches of a drafted value's neighbours stand to a value of the line."""
    words, reading = plan.draft.words, overlay.line.reading
    spots = reading.within(target)
    if not spots:
        return 0.0
    total = 0.0
    near = [
        i
        for i, word in enumerate(words)
        if word.content and overlay.places[i] and abs(i - middle) <= 7
    ]
    beside = [i for i in near if words[i].segment == words[middle].segment]
    for place in beside if len(beside) > 1 else near:
        word = words[place]
        apart = abs(place - middle) + (0 if word.segment == words[middle].segment else 4)
        nearest = min(
            min(abs(spot - found) for spot in spots)
            + (4 if reading.words[found].segment != reading.words[spots[0]].segment else 0)
            for found in overlay.places[place]
        )
        total += word.weight * overlay.here[place] / (apart * max(nearest, 1)) ** 0.7
    return total
