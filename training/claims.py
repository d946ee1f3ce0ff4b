"""Made-up claims against evidence, for what small entailment models get wrong.

Two sources: sentences built from frames (a plan, a denial, an accusation, a condition, a deed,
changed roles, two facts spliced), and true sentences of the pool changed in one unit, figure,
quantifier, direction or polarity. Each comes with claims that do follow, so that neither label can
be told from the claim alone.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence

from training.pool import Row, sentences

Pair = tuple[str, str, str]
"""Evidence, claim, label."""

_PEOPLE = (
    "Ana Brandt,Joris Vale,Petra Voss,Omar Said,Lena Hart,Tomas Greer,Ines Falk,Hugo Marten,"
    "Rosa Kemp,Ivan Drobny,Mara Quist,Paul Adeyemi,Chen Wei,Sofia Rinaldi,Karim Haddad,Elsa Berg"
).split(",")
_BODIES = (
    "the council,the ministry,the company,Norvik,Brenlo,the union,the court,the airline,"
    "the university,the bank,Orbis Group,the club,the government,the port authority,the agency,"
    "Vantor,the hospital,the army,the parliament,Delmora,Castria,the city of Varn,Kestrel Air"
).split(",")
_DEEDS = [
    tuple(deed.split("/"))
    for deed in (
        "close/closed/closing/the bridge,build/built/building/a new dam,buy/bought/buying/a rival,"
        "sell/sold/selling/its stake,raise/raised/raising/fares by 8 percent,"
        "cut/cut/cutting/300 jobs,ban/banned/banning/diesel cars,"
        "sign/signed/signing/the agreement,visit/visited/visiting/the region,"
        "approve/approved/approving/the budget,publish/published/publishing/the report,"
        "open/opened/opening/a second terminal,hire/hired/hiring/40 engineers,"
        "withdraw/withdrew/withdrawing/its staff,pay/paid/paying/a fine of 2 million euros,"
        "leave/left/leaving/the alliance,join/joined/joining/the talks,"
        "win/won/winning/the contract,"
        "lose/lost/losing/the licence,test/tested/testing/the vaccine,"
        "launch/launched/launching/the satellite,recall/recalled/recalling/90 cars,"
        "settle/settled/settling/the lawsuit,arrest/arrested/arresting/two officials,"
        "lift/lifted/lifting/the embargo,treat/treated/treating/200 patients,"
        "donate/donated/donating/its archive,destroy/destroyed/destroying/the records,"
        "hide/hid/hiding/the losses,break/broke/breaking/the truce"
    ).split(",")
]
_WHEN = ["", "", " in 2024", " on 3 October", " last year", " in May 2025", " on Monday"]
_ASIDE = [
    "The decision follows months of talks.", "The report does not say who paid.",
    "No date was given.", "Residents had asked for it.", "It is the third such case since 2019.",
]  # fmt: skip
_PARTICIPLE = {"broke": "broken", "hid": "hidden", "withdrew": "withdrawn"}

_PLANNED = [
    "{S} plans to {v} {o}{w}", "{S} intends to {v} {o}{w}", "{S} is planning to {v} {o}{w}",
]  # fmt: skip
_POSSIBLE = [
    "{S} may {v} {o}{w}", "{S} could {v} {o}{w}", "{S} might {v} {o}{w}",
    "it is possible that {S} will {v} {o}{w}",
]  # fmt: skip
_OPEN = [
    "{S} hopes to {v} {o}{w}", "{S} is considering {g} {o}{w}", "{S} threatened to {v} {o}{w}",
    "{S} was asked to {v} {o}{w}", "{S} has yet to {v} {o}", "it is unclear whether {S} {d} {o}{w}",
    "{S} will {v} {o}{w} if parliament agrees", "critics fear that {S} could {v} {o}",
    "unless the vote fails, {S} will {v} {o}{w}", "{S} proposed {g} {o}{w}",
]  # fmt: skip
_NOT_DONE = [
    "{S} did not {v} {o}{w}", "{S} refused to {v} {o}{w}", "{S} failed to {v} {o}{w}",
    "{S} decided against {g} {o}{w}", "{S} never {d} {o}", "{S} stopped short of {g} {o}{w}",
]  # fmt: skip
_DENIED = ["{S} denies {g} {o}{w}", "{S} rejected the claim that it {d} {o}{w}"]
_DONE = [
    "{S} {d} {o}{w}", "{S} has {p} {o}", "{S} managed to {v} {o}{w}", "{S} admitted {g} {o}{w}",
    "{S} went ahead and {d} {o}{w}", "after long talks, {S} {d} {o}{w}",
    "{S}, based in the capital, {d} {o}{w}", "{o} was {p} by {S}{w}",
]  # fmt: skip
_SAID = [
    "{T} said that {S} {d} {o}{w}", "{T} claimed that {S} {d} {o}{w}",
    "according to {T}, {S} {d} {o}{w}", "{T} alleges that {S} {d} {o}{w}",
]  # fmt: skip
_ACCUSED = ["{T} accused {S} of {g} {o}{w}", "{T} blamed {S} for {g} {o}{w}"]


def framed(count: int) -> Iterator[Pair]:
    """Yield pairs built from frames."""
    for _ in range(count):
        yield _framed()


_WILL = ["{S} will {v} {o}{w}"]
_ADMITTED = ["{S} admitted {g} {o}{w}"]
_OTHER_DID = ["{T} {d} {o}{w}", "{T} has {p} {o}"]
_OTHER_SAID = ["{S} said that {T} {d} {o}{w}"]
_OTHER_ACCUSED = ["{S} accused {T} of {g} {o}{w}"]
_YES, _NO, _OPEN_LABEL = "supported", "contradicted", "not_enough"

_KINDS: list[tuple[list[str], list[tuple[list[str], str]]]] = [
    (_PLANNED, [(_PLANNED, _YES)] * 2 + [(_DONE[:3], _OPEN_LABEL), (_NOT_DONE, _NO)]),
    (_POSSIBLE, [(_POSSIBLE, _YES)] * 2 + [(_DONE[:3], _OPEN_LABEL), (_WILL, _OPEN_LABEL)]),
    (_OPEN, [(_DONE[:3], _OPEN_LABEL), (_WILL, _OPEN_LABEL), (_OPEN[:1], _OPEN_LABEL)]),
    (_NOT_DONE, [(_NOT_DONE[:1], _YES)] * 2 + [(_DONE, _NO)]),
    (_DENIED, [(_DENIED, _YES), (_DONE, _OPEN_LABEL), (_ADMITTED, _NO)]),
    (_SAID, [(_SAID[:3], _YES)] * 2 + [(_DONE, _OPEN_LABEL), (_OTHER_SAID, _OPEN_LABEL)]),
    (
        _ACCUSED,
        [(_ACCUSED, _YES), (_SAID[:1], _YES), (_DONE, _OPEN_LABEL), (_OTHER_ACCUSED, _OPEN_LABEL)],
    ),
    (
        _DONE,
        [
            (_DONE[:2], _YES),
            (_DONE, _YES),
            (_NOT_DONE[:1], _NO),
            (_OTHER_DID, _OPEN_LABEL),
            (_PLANNED, _OPEN_LABEL),
        ],
    ),
]
"""Frames of evidence, and frames of claims with what the evidence makes of them."""


def _framed() -> Pair:
    place = random.randrange(len(_KINDS) + 2)
    if place >= len(_KINDS):
        return _spliced() if place == len(_KINDS) else _roles()
    verb, past, gerund, thing = random.choice(_DEEDS)
    doer, other = _two()
    slots = {
        "S": doer, "T": other, "v": verb, "d": past, "g": gerund, "o": thing,
        "p": _PARTICIPLE.get(past, past), "w": random.choice(_WHEN),
    }  # fmt: skip

    def say(frames: Sequence[str]) -> str:
        return _cap(random.choice(frames).format(**slots)) + "."

    evidence, claims = _KINDS[place]
    said = say(evidence)
    frames, label = random.choice(claims)
    claim = said if frames is evidence and random.random() < 0.3 else say(frames)
    if random.random() < 0.35:
        aside = random.choice(_ASIDE)
        said = f"{said} {aside}" if random.random() < 0.5 else f"{aside} {said}"
    return said, claim, label


def _two() -> tuple[str, str]:
    first, second = random.sample(_PEOPLE + _BODIES * 2, 2)
    return (first, second) if first != second else _two()


def _spliced() -> Pair:
    (_, past, _, thing), (_, past2, _, thing2) = random.sample(_DEEDS, 2)
    a, b = _two()
    evidence = f"{_cap(a)} {past} {thing}. {_cap(b)} {past2} {thing2}."
    claim, label = random.choice(
        [
            (f"{a} {past} {thing}", "supported"),
            (f"{b} {past2} {thing2}", "supported"),
            (f"{a} {past} {thing}, and {b} {past2} {thing2}", "supported"),
            (f"{b} {past} {thing}", "not_enough"),
            (f"{a} {past2} {thing2}", "not_enough"),
            (f"{a} {past} {thing} because {b} {past2} {thing2}", "not_enough"),
            (f"{a} {past} {thing} after {b} {past2} {thing2}", "not_enough"),
        ]
    )
    return evidence, _cap(claim) + ".", label


def _roles() -> Pair:
    past = random.choice(
        ["sued", "fined", "thanked", "defeated", "overtaken", "blamed", "supplied"]
    )
    active = "overtook" if past == "overtaken" else past
    a, b = _two()
    evidence = random.choice([f"{a} {active} {b}", f"{a}, founded in 1960, {active} {b}"])
    claim, label = random.choice(
        [
            (f"{a} {active} {b}", "supported"),
            (f"{b} was {past} by {a}", "supported"),
            (f"{b} {active} {a}", "not_supported"),
            (f"{a} was {past} by {b}", "not_supported"),
        ]
    )
    return _cap(evidence) + ".", _cap(claim) + ".", label


_UNITS = [
    line.split(",")
    for line in (
        "metres,feet,kilometres,miles;kilograms,tonnes,pounds,grams;euros,dollars,pounds;"
        "million,billion,thousand;days,weeks,months,years,hours,minutes;"
        "percent,percentage points;litres,gallons"
    ).split(";")
]
_SWAPS = [
    tuple(swap.split("/"))
    for swap in (
        "more than/less than,about/exactly,at least/at most,before/after,increased/decreased,"
        "rose/fell,first/last,largest/smallest,most/all,some/all,many/few,north/south,east/west,"
        "won/lost,higher/lower,up to/over,several/most,often/always,may/will,could/did,"
        "always/never,"
        "with/without,began/ended,opened/closed,older/younger,former/current,both/neither"
    ).split(",")
]
_BE = re.compile(r" (is|was|were|are|has|had|can|will) (?!not\b|never\b)")


def altered(sentence: str) -> tuple[str, str] | None:
    """Return a true sentence changed in one thing, with its label against the true one."""
    ways: list[tuple[Callable[[], str], str]] = []
    for units in _UNITS:
        for unit in units:
            if re.search(rf"\d\s+{unit}\b", sentence):
                others = [each for each in units if each != unit]
                ways.append(
                    (
                        lambda u=unit, o=others: re.sub(
                            rf"(?<=\d )\b{u}\b", random.choice(o), sentence, count=1
                        ),
                        "not_supported",
                    )
                )
    if re.search(r"\b\d{2,}\b", sentence):
        ways.append((lambda: _other_figure(sentence), "contradicted"))
    for a, b in _SWAPS:
        for old, new in ((a, b), (b, a)):
            if re.search(rf"\b{old}\b", sentence):
                ways.append(
                    (
                        lambda o=old, n=new: re.sub(rf"\b{o}\b", n, sentence, count=1),
                        "not_supported",
                    )
                )
    if _BE.search(sentence):
        ways.append((lambda: _BE.sub(lambda m: f" {m[1]} not ", sentence, count=1), "contradicted"))
    if not ways:
        return None
    way, label = random.choice(ways)
    made = way()
    return (made, label) if made != sentence else None


def _other_figure(sentence: str) -> str:
    matches = list(re.finditer(r"\b\d{2,}\b", sentence))
    match = random.choice(matches)
    figures = list(match.group())
    place = random.randrange(len(figures))
    figures[place] = random.choice([d for d in "123456789" if d != figures[place]])
    return sentence[: match.start()] + "".join(figures) + sentence[match.end() :]


def from_texts(rows: Sequence[Row], count: int) -> Iterator[Pair]:
    """Yield true sentences of passages, whole and altered, against their surroundings."""
    seen: set[str] = set()
    made = 0
    for row in rows:
        text = row["context"]
        if text in seen:
            continue
        seen.add(text)
        spans = [(s, e) for s, e in sentences(text) if 40 < e - s < 260]
        for start, end in random.sample(spans, min(2, len(spans))):
            sentence = text[start:end].strip()
            low = max(0, start - random.choice([0, 0, 120, 200]))
            around = text[low : min(len(text), end + random.choice([0, 0, 120]))]
            change = altered(sentence)
            if change is None:
                continue
            yield around, sentence, "supported"
            yield around, change[0], change[1]
            made += 2
        if made >= count:
            return


def _cap(text: str) -> str:
    return text[0].upper() + text[1:]
