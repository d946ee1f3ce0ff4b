"""Both sides of a verb: who does it and what it is done to, in the draft and in a source line.

A word counts as a verb by its form and its neighbours. One sentence may be passive where the other
is active.
"""

from itertools import pairwise

from app.answer.question.lexicon import irregular
from app.answer.support.actors import acts, one
from app.answer.support.lines import Overlay
from app.answer.support.plan import Plan
from app.answer.support.reading import Word

_SURE = 0.75
_AUXILIARIES = frozenset(
    [
        "will",
        "would",
        "has",
        "had",
        "have",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "to",
        "may",
        "can",
        "could",
    ]
)
_BE = frozenset(["is", "are", "was", "were", "been", "be", "being"])
_NOUNS = frozenset(
    [
        "person",
        "man",
        "woman",
        "child",
        "foot",
        "life",
        "iraq",
        "syria",
        "adviser",
        "high",
        "long",
        "wide",
        "deep",
    ]
)
_DETERMINERS = frozenset(
    [
        "the",
        "a",
        "an",
        "its",
        "his",
        "her",
        "their",
        "this",
        "that",
        "these",
        "those",
        "some",
        "any",
        "all",
    ]
)
_PREPOSITIONS = frozenset(
    ["in", "at", "from", "of", "to", "with", "for", "against", "on", "into", "over", "near", "as"]
)


def changed_places(plan: Plan, overlay: Overlay) -> tuple[str, str] | None:
    """Return two words of the draft that have changed sides of a verb, if there are any."""
    checks = (_swapped, _crossed, _turned_round, _other_object, _other_doer, _done_to, _agents)
    return next(filter(None, (check(plan, overlay) for check in checks)), None)


def _crossed(plan: Plan, overlay: Overlay) -> tuple[str, str] | None:
    """Return the two words right beside a verb that stand on its other sides in the line."""
    draft, line = plan.draft.words, overlay.line.reading.words
    for verb, spot in overlay.paired.items():
        if draft[verb].key != line[spot].key or not (
            _is_verb(draft, verb) and _is_verb(line, spot)
        ):
            continue
        before = _beyond_grammar(draft, verb, -1, 2)
        after = _beyond_grammar(draft, verb, 1, 3)
        if before is None or after is None:
            continue
        left, right = overlay.paired.get(before), overlay.paired.get(after)
        if left is None or right is None or not right < spot < left:
            continue
        if _between(draft, verb, after) != _between(line, spot, left):
            continue
        if _passive(draft, verb, after) == _passive(line, spot, left):
            return draft[before].text, draft[after].text
    return None


def _turned_round(plan: Plan, overlay: Overlay) -> tuple[str, str] | None:
    """Return a doer of the draft that the line has as what it is done to, or the other way."""
    draft, line = plan.draft.words, overlay.line.reading.words
    for verb, spot in overlay.paired.items():
        if draft[verb].key != line[spot].key or not (
            _is_verb(draft, verb) and _is_verb(line, spot)
        ):
            continue
        if _is_passive(draft, verb) or _is_passive(line, spot):
            continue
        mine, theirs = _beyond_grammar(draft, verb, -1, 2), _beyond_grammar(line, spot, -1, 2)
        object_, told = _beyond_grammar(draft, verb, 1, 2), _beyond_grammar(line, spot, 1, 3)
        if told is not None and _between(line, spot, told):
            told = None
        if mine is not None and told is not None and overlay.paired.get(mine) == told:
            return draft[mine].text, draft[verb].text
        if object_ is None or _between(draft, verb, object_) or _acts_as_verb(draft, object_):
            continue
        if object_ is not None and theirs is not None and overlay.paired.get(object_) == theirs:
            return draft[verb].text, draft[object_].text
    return None


def _acts_as_verb(words: tuple[Word, ...], place: int) -> bool:
    return words[place].lower.endswith("ed") and words[place - 1].lower not in _DETERMINERS


def _other_object(plan: Plan, overlay: Overlay) -> tuple[str, str] | None:
    """Return a verb and its object where the line has another object, which the draft has too."""
    draft, line = plan.draft.words, overlay.line.reading.words
    standing = {j: i for i, j in overlay.paired.items()}
    for verb, spot in overlay.paired.items():
        if draft[verb].key != line[spot].key or not (
            _is_verb(draft, verb) and _is_verb(line, spot)
        ):
            continue
        mine, theirs = _beyond_grammar(draft, verb, 1, 2), _beyond_grammar(line, spot, 1, 2)
        if mine is None or theirs is None or theirs not in standing:
            continue
        if _between(draft, verb, mine) or _between(line, spot, theirs):
            continue
        there = overlay.paired.get(mine)
        if there is None or abs(there - spot) <= 4 or abs(standing[theirs] - verb) <= 4:
            continue
        return draft[verb].text, draft[mine].text
    return None


def _agents(plan: Plan, overlay: Overlay) -> tuple[str, str] | None:
    """Return a verb and the one by whom it is done, where the line has another doer after "by"."""
    draft, line = plan.draft.words, overlay.line.reading.words
    mine, theirs = _agent(draft), _agent(line)
    if mine is None or theirs is None or not overlay.places[mine]:
        return None
    standing = {j: i for i, j in overlay.paired.items()}
    near = range(theirs, min(theirs + 3, len(line)))
    if any(spot in near for spot in overlay.places[mine]) or theirs not in standing:
        return None
    return draft[mine].text, line[theirs].text


def _agent(words: tuple[Word, ...]) -> int | None:
    """Return the first content word after the first "by" that leads to no figure."""
    for place, word in enumerate(words):
        if word.lower == "by":
            for at in range(place + 1, min(place + 4, len(words))):
                if words[at].content:
                    return at
            return None
    return None


def _beyond_grammar(words: tuple[Word, ...], verb: int, step: int, reach: int) -> int | None:
    """Return the first content word within ``reach`` of a verb, in its segment."""
    for distance in range(1, reach + 1):
        at = verb + step * distance
        if not 0 <= at < len(words) or words[at].segment != words[verb].segment:
            return None
        if words[at].content:
            return at
    return None


def _other_doer(plan: Plan, overlay: Overlay) -> tuple[str, str] | None:
    """Return two actors: the draft has the first before a verb, the line the second."""
    draft, line = plan.draft.words, overlay.line.reading.words
    for verb, spot in overlay.paired.items():
        if not draft[verb].content or acts(draft[verb]) or overlay.here[verb] < _SURE:
            continue
        mine, theirs = _doer(draft, verb), _doer(line, spot)
        if mine is None or theirs is None or one(draft[mine], line[theirs]):
            continue
        if _is_passive(draft, verb) != _is_passive(line, spot) or not overlay.places[mine]:
            continue
        if any(one(line[theirs], word) for word in draft[:verb]):
            continue
        if any(one(line[theirs], word) for word in draft[verb:]):
            return draft[mine].text, line[theirs].text
    return None


def _doer(words: tuple[Word, ...], verb: int) -> int | None:
    """Return the place of the actor right before a verb, only auxiliaries between them."""
    for at in range(verb - 1, max(-1, verb - 4), -1):
        if words[at].segment != words[verb].segment:
            return None
        if acts(words[at]):
            return None if _depends(words, at) else at
        if words[at].content or words[at].lower not in _AUXILIARIES:
            return None
    return None


def _depends(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether a preposition leads to the actor, so that it is not the subject."""
    return any(
        word.lower in _PREPOSITIONS
        for word in words[:place]
        if word.segment == words[place].segment
    )


def _done_to(plan: Plan, overlay: Overlay) -> tuple[str, str] | None:
    """Return the name that did by the draft ("defeat by X") what was done to it by the line."""
    draft, line = plan.draft.words, overlay.line.reading.words
    for place in range(2, len(draft)):
        verb = place - 2
        if not (acts(draft[place]) and draft[place - 1].lower == "by" and draft[verb].content):
            continue
        name, spot = overlay.paired.get(place), overlay.paired.get(verb)
        if name is None or spot is None or not name < spot <= name + 4:
            continue
        if _is_passive(line, spot) and not any(w.lower == "by" for w in line[spot : spot + 3]):
            return draft[verb].text, draft[place].text
    return None


def _swapped(plan: Plan, overlay: Overlay) -> tuple[str, str] | None:
    """Return two names on the other sides of a verb than in the line, if there are any."""
    draft, line = plan.draft.words, overlay.line.reading.words
    actors = [
        i
        for i, word in enumerate(draft)
        if acts(word) and plan.homes[i] is overlay and overlay.places[i]
    ]
    for first, second in pairwise(actors):
        if draft[first].key == draft[second].key:
            continue
        before, after = overlay.paired.get(first), overlay.paired.get(second)
        if before is None or after is None or before < after:
            continue
        verbs = [
            v
            for v in range(first + 1, second)
            if draft[v].content and not acts(draft[v]) and overlay.here[v] >= _SURE
        ]
        for verb in verbs:
            spot = overlay.paired.get(verb)
            if spot is None or not after < spot < before:
                continue
            if _between(draft, verb, second) != _between(line, spot, before):
                continue
            if _passive(draft, verb, second) == _passive(line, spot, before):
                return draft[first].text, draft[second].text
    return None


def _between(words: tuple[Word, ...], verb: int, name: int) -> set[str]:
    """Return the prepositions, other than ``by``, that lead from a verb to a name."""
    return {w.lower for w in words[verb + 1 : name]} & _PREPOSITIONS


def _passive(words: tuple[Word, ...], verb: int, agent: int) -> bool:
    """Tell whether what follows the verb does it: killed by, a strike of."""
    return any(w.lower == "by" for w in words[verb + 1 : agent])


def _is_passive(words: tuple[Word, ...], verb: int) -> bool:
    """Tell whether a verb is passive: after a form of "be", or with its doer after "by"."""
    before = {w.lower for w in words[max(0, verb - 2) : verb]}
    after = {w.lower for w in words[verb + 1 : verb + 2]}
    return bool(before & _BE) or "by" in after


def _is_verb(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether a word looks like a verb with its object: "thanked the", "will rescue"."""
    word = words[place]
    if not word.content or word.name:
        return False
    before = words[place - 1].lower if place else ""
    after = words[place + 1].lower if place + 1 < len(words) else ""
    if before in _DETERMINERS or before in _PREPOSITIONS - {"to"}:
        return False
    past = word.lower.endswith("ed") or irregular().get(word.lower, "person") not in _NOUNS
    return past or before in _AUXILIARIES or after in _DETERMINERS
