"""Who says it: a drafted attribution must name the one whom the source names, or its publisher.

Reads "according to X", "X said", "…, X said" on both sides. A speaker that the line leaves to a
pronoun or to the lines before is looked up there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.answer.support import lexicon
from app.answer.support.lines import Line
from app.answer.support.plan import Plan
from app.answer.support.reading import Reading, Word, read
from app.answer.values import same_name

_LONGEST = 16  # words that a speaker may take
_ENDS = frozenset(["that", "in", "on", "at", "to", "of", "for", "from", "with", "late"])


@dataclass(frozen=True, slots=True)
class Attribution:
    """Places of the words that name a speaker, and of the reporting word."""

    speaker: tuple[int, ...]
    verb: int


def attributions(reading: Reading) -> list[Attribution]:
    """Return who says what in a sentence, as far as its form shows."""
    words = reading.words
    said = lexicon.words("report")
    found = []
    for place, word in enumerate(words):
        if word.lower == "according" and place + 1 < len(words) and words[place + 1].lower == "to":
            speaker = _until(words, place + 2)
            if speaker:
                found.append(Attribution(_head(words, speaker), place))
        elif word.lower in said and not _idle(words, place):
            speaker = _subject(words, place)
            if speaker:
                found.append(Attribution(_head(words, speaker), place))
    return found


def _head(words: Sequence[Word], speaker: tuple[int, ...]) -> tuple[int, ...]:
    """Cut a description after its head: "a senior adviser" of "a senior adviser to the king"."""
    for at, place in enumerate(speaker):
        if words[place].lower in _LINKS and any(words[i].content for i in speaker[:at]):
            return speaker[:at]
    return speaker


_LINKS = frozenset(["to", "of", "for", "from", "in", "at", "with", "on", "by", "who", "which"])


def _idle(words: Sequence[Word], place: int) -> bool:
    """Tell whether a word looks like a reporting verb but reports nothing: "believed to hold"."""
    if place and words[place - 1].lower in _NOUNS | _BE:
        return True
    after = words[place + 1].lower if place + 1 < len(words) else ""
    return after == "to" and words[place].lower in _PASSIVE


_PASSIVE = frozenset(["believed", "expected", "said", "reported", "claimed", "seen"])
_BE = frozenset(["is", "are", "was", "were", "be", "been", "being"])
_NOUNS = frozenset(
    ["the", "a", "an", "this", "that", "its", "their", "his", "her", "of", "to", "as"]
)


def _until(words: Sequence[Word], start: int) -> tuple[int, ...]:
    stop = start
    while stop < min(len(words), start + _LONGEST) and words[stop].segment == words[start].segment:
        stop += 1
    return tuple(range(start, stop))


def _subject(words: Sequence[Word], verb: int) -> tuple[int, ...]:
    """Return the words of a reporting verb's subject: before it, else after it, else the first."""
    start = verb
    while start > 0 and words[start - 1].segment == words[verb].segment and verb - start < _LONGEST:
        start -= 1
    inside = tuple(
        i for i in range(start, verb) if words[i].lower not in ("had", "has", "also", "have")
    )
    if any(words[i].content or words[i].lower in lexicon.words("pronouns") for i in inside):
        return inside
    after = [i for i in range(verb + 1, min(len(words), verb + 4)) if words[i].name]
    if after and after[0] == verb + 1:
        return tuple(after)
    return _apposed(words, verb)


def _apposed(words: Sequence[Word], verb: int) -> tuple[int, ...]:
    """Return the subject that a comma parts from its verb: "the mayor, Lena Brandt, said"."""
    found: list[int] = []
    segment = words[verb].segment
    while segment > 0 and len({words[i].segment for i in found}) < 2:
        segment -= 1
        piece = [i for i in range(verb) if words[i].segment == segment]
        if piece and words[piece[0]].lower not in ("who", "which", "when", "as"):
            found = [*piece, *found]
    return tuple(found[-_LONGEST:])


def reported(draft: Reading) -> frozenset[int]:
    """Return the drafted places that say who reported it, and when: judged here, not as content."""
    places: set[int] = set()
    for item in attributions(draft):
        places.update(item.speaker)
        places.add(item.verb)
        after = item.verb + 1
        while after < len(draft.words) and draft.words[after].lower != "that":
            after += 1
        if after < len(draft.words) and after - item.verb <= 6:
            places.update(range(item.verb, after + 1))
    return frozenset(places)


def fault(plan: Plan) -> str | None:
    """Return why the draft names the wrong speaker, or None."""
    for item in attributions(plan.draft):
        words = [plan.draft.words[i] for i in item.speaker if _tells(plan.draft.words[i])]
        if not words:
            continue
        verb = plan.draft.words[item.verb].lower
        if not _speaks(words, _told_by(plan, item), verb):
            shown = plan.draft.text[
                plan.draft.words[item.speaker[0]].start : plan.draft.words[item.speaker[-1]].end
            ]
            return f"the source does not attribute this to {shown}"
    return None


def _known(word: Word, line: Line) -> bool:
    return any(_alike(word, w) for r in (line.reading, *line.around) for w in r.words)


def _tells(word: Word) -> bool:
    return word.content and not word.lower.endswith("ly")


def _told_by(plan: Plan, item: Attribution) -> Line:
    """Return the line that carries what is attributed."""
    words = plan.draft.words
    said = [
        i
        for i, word in enumerate(words)
        if word.content and i not in item.speaker and abs(i - item.verb) <= 12
    ]
    return max(
        plan.chosen, key=lambda o: sum(plan.draft.words[i].weight * o.held[i] for i in said)
    ).line


def _speaks(words: Sequence[Word], line: Line, verb: str) -> bool:
    """Tell whether the speaker whom ``words`` name is the one whom the line reports."""
    there = attributions(line.reading)
    spoken = [[line.reading.words[i] for i in item.speaker] for item in there]
    named = [s for s in spoken if any(w.content for w in s)]
    if any(_same_speaker(words, speaker) for speaker in named):
        return all(_known(w, line) for w in words if w.name)
    if _publishes(words, line) and not (named and verb in _AVOWALS):
        return True
    if named and not any(_takes_up(words, speaker, line) for speaker in named):
        return False
    return _spoke_before(words, line, pronoun=bool(there) and not named) or _is_subject(words, line)


_AVOWALS = frozenset(
    [
        "announced",
        "announces",
        "announce",
        "promised",
        "promises",
        "confirmed",
        "confirms",
        "declared",
        "declares",
        "reaffirmed",
        "reaffirms",
        "stressed",
        "stresses",
        "denied",
        "denies",
        "reiterated",
        "reiterates",
    ]
)


def _takes_up(words: Sequence[Word], speaker: Sequence[Word], line: Line) -> bool:
    """Tell whether one side may name the person whom the other only describes."""
    if any(_person(w) for w in words) == any(_person(w) for w in speaker):
        return False
    mine = [w for w in words if not w.name]
    theirs = [w for w in speaker if w.content and not w.name]
    if any(_person(w) for w in speaker):
        return any(w.key in lexicon.stems("people") for w in mine)
    if mine and not any(_alike(a, b) for a in mine for b in theirs):
        return False
    nouns = [w for w in theirs if w.key in lexicon.stems("people")]
    return any(_stand_together(words, noun, reading) for noun in nouns for reading in line.around)


def _stand_together(words: Sequence[Word], noun: Word, reading: Reading) -> bool:
    """Tell whether a sentence has a name and a noun that may describe its bearer."""
    named = [w for w in words if _person(w)][-1:]
    return all(any(_alike(w, o) for o in reading.words) for w in (*named, noun))


def _person(word: Word) -> bool:
    return word.name and not word.alias


def _same_speaker(words: Sequence[Word], speaker: Sequence[Word]) -> bool:
    """Tell whether two descriptions name one speaker; all names must agree."""
    content = [w for w in speaker if w.content]
    theirs = [w for w in content if w.name]
    mine = [w for w in words if w.name]
    if mine and not theirs and all(w.alias for w in mine) and len(mine) < len(words):
        mine = []  # "the Iraqi government" for "the government"
    if len(mine) > 1:
        mine = [w for w in mine if _person(w)] or mine  # "Iraq's" of "Iraq's High Committee"
    if mine:
        found = [any(_alike(w, other) for other in content) for w in mine]
        return found[-1] and (all(found) or len(mine) > len(theirs) > 0)
    plain = [w for w in words if not w.name]
    return any(_alike(w, other) for w in plain for other in content)


def _alike(a: Word, b: Word) -> bool:
    if a.key == b.key or bool(a.groups & b.groups):
        return True
    return a.name and b.name and same_name(a.text, b.text)


def _publishes(words: Sequence[Word], line: Line) -> bool:
    """Tell whether the speaker is the publisher, or "the report" itself."""
    if all(w.lower in _SELF for w in words):
        return True
    source = read(line.passage.source or "").words
    return bool(source) and all(any(w.key == s.key for s in source) for w in words)


_SELF = frozenset(("report", "article", "outlet", "source", "sources", "text"))


def _spoke_before(words: Sequence[Word], line: Line, *, pronoun: bool) -> bool:
    """Tell whether the speaker was named as speaking in the lines before, or above."""
    for reading in reversed(line.before):
        for item in attributions(reading):
            speaker = [reading.words[i] for i in item.speaker]
            if _same_speaker(words, speaker) or _introduces(words, reading):
                return True
        if pronoun and _introduces(words, reading):
            return True
    return _introduces(words, line.above) or _described(words, line)


def _described(words: Sequence[Word], line: Line) -> bool:
    """Tell whether a common noun ("the adviser") takes up someone named before."""
    if any(w.name for w in words) or not any(w.key in lexicon.stems("people") for w in words):
        return False
    return any(_introduces(words, reading) for reading in line.before)


def _introduces(words: Sequence[Word], reading: Reading) -> bool:
    """Tell whether a sentence opens with the speaker, as subjects do."""
    opening = [w for w in reading.words if w.segment <= 1][:10]
    mine = [w for w in words if w.name] or list(words)
    return all(any(_alike(w, other) for other in opening) for w in mine)


def _is_subject(words: Sequence[Word], line: Line) -> bool:
    """Tell whether the line itself opens with the speaker: "Iraq thanked" for "Iraq said"."""
    return not attributions(line.reading) and _introduces(words, line.reading)
