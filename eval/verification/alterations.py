"""Changes a script can make to a true sentence so that it is false, of the kinds a reader minds.

Each returns the changed sentence or None where the kind does not apply. What replaces a name, a
place or a date stands in the same brief wherever possible: that is the slip hardest to see. The
words here are chosen for the briefs and independent of the checker's lexicon.
"""

import random
import re
from collections.abc import Callable, Sequence

from app.answer.values import ValueKind, extract

PEOPLE = (
    ("Hussein Alawi", "Hussein Allawi", "Alawi", "Allawi"),
    ("Mohammed Shia al-Sudani", "al-Sudani"),
    ("Qassem Soleimani", "Soleimani"),
    ("Abu Mahdi al-Muhandis", "Al-Muhandis", "al-Muhandis"),
    ("Donald Trump", "Trump"),
)
BODIES = (
    ("the Global Coalition", "the International Coalition"),
    ("the United Nations",),
    ("the Defence Ministry", "the Iraqi Defence Ministry"),
    ("the High Military Committee",),
    ("the Quds Force",),
    ("the Popular Mobilization Units",),
    ("Saed News",),
    ("Shafaq News",),
    ("INA", "the Iraqi News Agency"),
)
COUNTRIES = (("Iraq",), ("Syria",), ("Iran",), ("Türkiye", "Turkey"), ("Jordan",))
PEOPLES = (("Iraqi",), ("Syrian",), ("Iranian",), ("Turkish",), ("Kurdish",))
TOWNS = (
    ("Baghdad",),
    ("Mosul",),
    ("Irbil", "Erbil"),
    ("Ain al-Asad", "Ain al-Asad Air Base", "Ain al-Asad airbase"),
    ("Damascus",),
    ("Washington",),
    ("Ankara",),
)
REGIONS = (("northeast", "southwest"), ("western", "eastern"), ("Anbar", "Nineveh"))

ANTONYMS = """
to_end/to_begin the_end/the_start ends/begins ended/began ending/beginning finish/begin
leave/enter left/entered withdraw/advance withdrawal/deployment departure/arrival
first/last last/first opening/closing final/initial more/less least/most largest/smallest
strengthen/weaken strengthened/weakened strengthening/weakening stronger/weaker build/dismantle
supported/opposed supporting/opposing backed/blocked approved/rejected
thanked/blamed protect/endanger growing/shrinking
safe/unsafe stable/unstable before/after until/after within/beyond joint/separate
ready/unready able/unable always/never must/need not closer/looser direct/indirect
official/unofficial killed/spared founded/dissolved confirmed/denied admired/despised
harsh/mild important/unimportant
serious/careless steady/erratic
"""
_ANTONYMS = {
    first.replace("_", " "): second.replace("_", " ")
    for first, _, second in (pair.partition("/") for pair in ANTONYMS.split() if "/" in pair)
}
_QUANTIFIERS = {"every": "no", "all": "no", "both": "neither of the", "nobody": "everybody"}
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|will|would|can|could|has|had|may|does|have)\b(?! (?:not|no|been no)\b)"
)
CLAUSES = (
    "after months of protests in the capital",
    "despite objections from opposition lawmakers",
    "at a cost of about 40 million dollars",
    "and new elections will follow in the spring",
    "under an agreement brokered by Qatar",
    "while oil prices kept falling",
    "and three soldiers were wounded in the process",
    "although the parliament had voted against it",
    "because its budget has run out",
    "which surprised observers in Brussels",
    "and the details were published on a government website",
    "following a phone call between the two foreign ministers",
    "and a second meeting is planned in Amman",
    "in spite of warnings by intelligence services",
    "and the families of the victims will receive compensation",
    "which critics have called a mistake",
)
SPEAKERS = (
    "the United Nations",
    "Donald Trump",
    "Mohammed Shia al-Sudani",
    "a spokesman for the Pentagon",
    "Abu Mahdi al-Muhandis",
    "the Turkish government",
)
_SAID = re.compile(
    r"(?P<who>(?:the |a |an |The |A |An )?(?:[\w’'-]+ ){0,6}?[\w’'-]+) "
    r"(?P<verb>said|says|told|announced|reported|confirmed|declared|promise|say|add|writes|claims|"
    r"stresses|reiterated|added)\b"
)
_ACCORDING = re.compile(r"(?P<lead>[Aa]ccording to )(?P<who>[^,.;]+)")
_WORDS_OF_NUMBERS = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_ORDINALS = ["first", "second", "third", "fourth", "fifth"]
_MONTHS = ["January", "March", "April", "June", "July", "October", "November"]

Alteration = Callable[[str, str, random.Random], str | None]
"""(sentence, the whole brief, randomness) to the changed sentence."""


def number(text: str, brief: str, chance: random.Random) -> str | None:
    """Give another amount where the sentence has one."""
    values = [
        value
        for value in extract(text, (ValueKind.NUMBER, ValueKind.DURATION))
        if value.amount is not None
    ]
    if not values:
        return None
    value = chance.choice(values)
    word = re.match(r"[\d,.]+|\w+", value.text)
    if word is None:
        return None
    other = _other_amount(word.group(), brief, chance)
    if other is None:
        return None
    changed = text[: value.start] + other + text[value.start + word.end() :]
    return re.sub(r"\bAn? (?=\d)", lambda m: m.group(), changed)


def _other_amount(word: str, brief: str, chance: random.Random) -> str | None:
    lower = word.lower()
    for words in (_WORDS_OF_NUMBERS, _ORDINALS):
        if lower in words:
            near = [w for w in words if w != lower and abs(words.index(w) - words.index(lower)) < 4]
            absent = [w for w in near if not re.search(rf"\b{w}\b", brief)] or near
            chosen = chance.choice(absent)
            return chosen.capitalize() if word[0].isupper() else chosen
    if not word[0].isdigit():
        return None
    amount = float(word.replace(",", ""))
    options = [amount * 2, amount + 10, amount * 10, amount * 1.2]
    written = [f"{round(option):,}" for option in options]
    return chance.choice([w for w in written if w not in brief and w != word])


def date(text: str, brief: str, chance: random.Random) -> str | None:
    """Put another date of the brief in the place of one, else another month or year."""
    values = [v for v in extract(text, (ValueKind.DATE,)) if v.first or v.month or _weekday(v.text)]
    if not values:
        return None
    value = chance.choice(values)
    form = _shape(value.text)
    others = {
        other.text.rstrip(".")
        for other in extract(brief, (ValueKind.DATE,))
        if _shape(other.text) == form and other.text.rstrip(".") != value.text.rstrip(".")
    }
    if others:
        new = chance.choice(sorted(others))
    elif _weekday(value.text):
        new = re.sub(r"\w+day\b", chance.choice(["Tuesday", "Thursday"]), value.text)
    elif year := re.search(r"\b(?:19|20)\d\d\b", value.text):
        new = value.text.replace(year.group(), str(int(year.group()) + chance.choice((-1, 1, 2))))
    else:
        months = r"\b(?:January|April|July|September)\b"
        new = re.sub(months, chance.choice(_MONTHS), value.text)
    stop = "." if value.text.endswith(".") and not new.endswith(".") else ""
    changed = text[: value.start] + new + stop + text[value.end :]
    return changed if changed != text else None


def _weekday(text: str) -> bool:
    return re.search(r"\b(?:Fri|Satur|Sun|Mon)day\b", text) is not None


def _shape(text: str) -> str:
    plain = re.sub(r"\d", "0", text.rstrip("."))
    return re.sub(r"\b(?:January|April|July|September)\b", "M", plain)


def name(text: str, brief: str, chance: random.Random) -> str | None:
    """Put another person, body or people in the place of one, from the same brief if it has one."""
    for groups in (PEOPLE, PEOPLES, BODIES):
        changed = _swapped(text, brief, groups, chance)
        if changed is not None:
            return changed
    return None


def place(text: str, brief: str, chance: random.Random) -> str | None:
    """Put another country or town in the place of one, from the same brief if it has one."""
    order = [TOWNS, COUNTRIES]
    chance.shuffle(order)
    for groups in (*order, REGIONS):
        changed = _swapped(text, brief, groups, chance)
        if changed is not None:
            return changed
    return None


def _swapped(
    text: str, brief: str, groups: Sequence[Sequence[str]], chance: random.Random
) -> str | None:
    present = []
    for group in groups:
        forms = [f for f in group if re.search(rf"\b{re.escape(f)}\b(?! News)", text)]
        if forms:
            present.append((group, max(forms, key=len)))
    if not present:
        return None
    group, form = chance.choice(present)
    in_text = {id(g) for g, _ in present}
    others = [g for g in groups if g is not group and id(g) not in in_text]
    if groups is REGIONS:
        return re.sub(rf"\b{form}\b", next(f for f in group if f != form), text, count=1)
    inside = [g for g in others if any(re.search(rf"\b{re.escape(f)}\b", brief) for f in g)]
    chosen = chance.choice(inside or others)
    written = [f for f in chosen if re.search(rf"\b{re.escape(f)}\b", brief)] or list(chosen)
    return re.sub(rf"\b{re.escape(form)}\b", written[0], text, count=1)


def polarity(text: str, _brief: str, chance: random.Random) -> str | None:
    """Negate the sentence, put an antonym, or turn a quantifier over."""
    ways: list[str] = []
    for words in (_ANTONYMS, _QUANTIFIERS):
        for word, other in words.items():
            if found := re.search(rf"\b{word}\b", text, re.IGNORECASE):
                new = other.capitalize() if found.group()[0].isupper() else other
                ways.append(text[: found.start()] + new + text[found.end() :])
                break
    if negatable := list(_AUXILIARY.finditer(text)):
        first = negatable[0]
        ways.append(f"{text[: first.end()]} not{text[first.end() :]}")
    if " not " in text:
        ways.append(text.replace(" not ", " ", 1))
    return chance.choice(ways) if ways else None


def attribution(text: str, brief: str, chance: random.Random) -> str | None:
    """Put the words into another mouth, or into one where the sentence names none."""
    speakers = [s for s in SPEAKERS if s not in text and s.split()[-1] not in text]
    inside = [s for s in speakers if s in brief]
    other = chance.choice(inside if inside and chance.random() < 0.6 else speakers)
    if found := _ACCORDING.search(text):
        return f"{text[: found.start('who')]}{other}{text[found.end('who') :]}"
    if re.search(r"\bsaid to\b|\bsaid so\b", text):
        return None
    if found := _SAID.search(text):
        start = found.start("who")
        if start == 0:
            other = other[0].upper() + other[1:]
        return f"{text[:start]}{other}{text[found.end('who') :]}"
    first = (
        text[0].lower() if re.match(r"(?:The|A|An|In|On|It|At|For|This|From)\b", text) else text[0]
    )
    return f"According to {other}, {first}{text[1:]}"


def added(text: str, _brief: str, chance: random.Random) -> str | None:
    """Append a claim that no brief makes."""
    body, stop = (text[:-1], text[-1]) if text[-1] in ".!?" else (text, "")
    clause = chance.choice(CLAUSES)
    return f"{body}{' ' if clause.startswith('at ') else ', '}{clause}{stop}"


ALTERATIONS: dict[str, Alteration] = {
    "number": number,
    "date": date,
    "name": name,
    "place": place,
    "polarity": polarity,
    "attribution": attribution,
    "added": added,
}
