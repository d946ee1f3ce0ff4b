"""Questions that a text does not answer, and sentences that only seem to answer: made by rule.

The pool has few adversarial unanswerable questions. Here answerable ones are changed in one place
(a name, a figure, a word, its opposite, a negation), other passages are found that are near a
question, and sentences are put in that only repeat what is asked.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from training.examples import answer_of
from training.pool import Row, sentences, words

_OPPOSITES = [
    pair.split("/")
    for pair in (
        "before/after first/last most/least more/fewer largest/smallest highest/lowest "
        "oldest/youngest oldest/newest longest/shortest best/worst increase/decrease "
        "increased/decreased rise/fall rose/fell gained/lost win/lose won/lost began/ended "
        "begin/end start/end started/ended opened/closed open/close built/destroyed "
        "accepted/rejected supported/opposed support/oppose allowed/banned northern/southern "
        "eastern/western north/south east/west early/late earlier/later major/minor "
        "positive/negative high/low large/small inside/outside above/below former/current "
        "always/never many/few male/female men/women internal/external public/private "
        "maximum/minimum attack/defend include/exclude joined/left created/abolished "
        "bought/sold buy/sell sent/received borrowed/lent teacher/student parent/child "
        "majority/minority upper/lower rich/poor old/new similar/different common/rare "
        "strong/weak active/passive import/export entered/left arrived/departed agree/disagree"
    ).split()
]
_OPPOSITE: dict[str, list[str]] = defaultdict(list)
for _a, _b in _OPPOSITES:
    _OPPOSITE[_a].append(_b)
    _OPPOSITE[_b].append(_a)

_AUXILIARY = re.compile(
    r"\b(did|does|do|is|are|was|were|has|have|had|can|could|will|would|should)\b", re.IGNORECASE
)
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?: (?:of |the |de )?[A-Z][\w’'-]+)*")
_FIGURE = re.compile(r"\b\d[\d,.]*\b")
_SUFFIX = re.compile(r"(?:ed|ing|tion|s|ly|er|ity|al|ment)$")
_COMMON = words(
    "the a an of in on at to for from by with and or but is are was were be been being has have "
    "had do does did not no what which who whom whose when where why how many much that this these "
    "those it its he she they his her their as if than then there such also into about between "
    "during after before over under out up can could will would should may might must one two"
)


def changed(row: Row) -> str | None:
    """Return an answerable row's question, changed so that its text no longer answers it."""
    ways = [_other_name, _other_name, _other_figure, _opposite, _opposite, _negated, _other_word]
    random.shuffle(ways)
    for way in ways:
        question = way(row)
        if question and question != row["question"]:
            return question
    return None


def _answers(row: Row) -> str:
    return " ".join(answer["text"] for answer in row["answers"]).lower()


def _other_name(row: Row) -> str | None:
    question, text = row["question"], row["context"]
    inside = [m for m in _NAME.finditer(question) if m.start() > 0 and m.group() in text]
    if not inside:
        return None
    old = random.choice(inside).group()
    answers = _answers(row)
    others = {
        name
        for name in _NAME.findall(text)
        if len(name.split()) == len(old.split())
        and name not in question
        and old not in name
        and name.lower() not in answers
        and name.lower() not in _COMMON
        and not set(name.lower().split()) <= _COMMON
    }
    return question.replace(old, random.choice(sorted(others))) if others else None


def _other_figure(row: Row) -> str | None:
    figures = _FIGURE.findall(row["question"])
    if not figures:
        return None
    old = random.choice(figures).rstrip(".,")
    answers = _answers(row)
    others = [f.rstrip(".,") for f in _FIGURE.findall(row["context"])]
    others = [f for f in others if len(f) == len(old) and f != old and f not in answers]
    if not others and old.isdigit():
        others = [str(int(old) + random.choice((-9, -4, -3, -2, -1, 1, 2, 3, 5, 10)))]
    return row["question"].replace(old, random.choice(others)) if others else None


def _opposite(row: Row) -> str | None:
    found = [w for w in re.findall(r"[a-z]+", row["question"]) if w in _OPPOSITE]
    if not found:
        return None
    old = random.choice(found)
    return re.sub(rf"\b{old}\b", random.choice(_OPPOSITE[old]), row["question"], count=1)


def _negated(row: Row) -> str | None:
    question = row["question"]
    match = _AUXILIARY.search(question)
    if match is None or re.search(r"\b(?:not|never|n't)\b", question):
        return None
    word = match.group()
    if random.random() < 0.5:
        short = {"can": "can't", "will": "won't"}.get(word.lower(), f"{word}n't")
        return question[: match.start()] + short + question[match.end() :]
    rest = question[match.end() :].split(" ")
    place = min(len(rest) - 1, 2 + random.randrange(3))
    if word.lower() in ("is", "are", "was", "were"):
        place = 1
    return question[: match.end()] + " ".join(
        [*rest[:place], random.choice(["not", "never"]), *rest[place:]]
    )


def _other_word(row: Row) -> str | None:
    question, text = row["question"], row["context"]
    span = answer_of(row)
    if span is None:
        return None
    home = next((text[s:e] for s, e in sentences(text) if s <= span[0] < e), "")
    here = [w for w in re.findall(r"\b[a-z]{4,}\b", question) if w not in _COMMON and w in home]
    if not here:
        return None
    old = random.choice(here)
    suffix = _SUFFIX.search(old)
    ending = suffix.group() if suffix else ""
    answers = _answers(row)
    others = [
        w
        for w in re.findall(r"\b[a-z]{4,}\b", text)
        if w not in home
        and w not in question
        and w not in _COMMON
        and w not in answers
        and w.endswith(ending)
        and bool(_SUFFIX.search(w)) == bool(suffix)
    ]
    return re.sub(rf"\b{old}\b", random.choice(others), question, count=1) if others else None


def distant(rows: Sequence[Row], count: int) -> Iterator[Row]:
    """Yield questions with another passage that BM25 finds near and that lacks the answer."""
    from scipy.sparse import csr_matrix

    texts = sorted({row["context"] for row in rows})
    vocabulary: dict[str, int] = {}
    places, terms, weights = [], [], []
    bags = [words(text) for text in texts]
    for number, bag in enumerate(bags):
        for word in bag:
            places.append(number)
            terms.append(vocabulary.setdefault(word, len(vocabulary)))
            weights.append(1.0 / (0.4 + 0.6 * len(bag) / 90))
    matrix = csr_matrix((weights, (places, terms)), shape=(len(texts), len(vocabulary)))
    frequency = np.asarray((matrix > 0).sum(axis=0)).ravel()
    rarity = np.log1p(len(texts) / (0.5 + frequency))
    inverted = matrix.tocsc()
    chosen = [row for row in rows if row["answerable"]]
    random.shuffle(chosen)
    for row in chosen[:count]:
        asked = [vocabulary[w] for w in words(row["question"]) - _COMMON if w in vocabulary]
        if not asked:
            continue
        scores = np.asarray(inverted[:, asked] @ rarity[asked]).ravel()
        answers = [answer["text"].lower() for answer in row["answers"]]
        near = np.argpartition(-scores, 8)[:8]
        for number in sorted(near, key=lambda n: -scores[n]):
            text = texts[number]
            if text != row["context"] and not any(a in text.lower() for a in answers):
                yield {**row, "context": text, "answers": [], "answerable": False}
                break


_RESTATED = (
    "{q}?", "{q}?", "This section explains {q}.", "We examined {q}.", "The question was {q}.",
    "The aim of this work was to find out {q}.", "Many people ask {q}.", "Read on to learn {q}.",
    "It is often asked {q}.", "Below you find {q}.", "We wanted to know {q}.",
    "Little is known about {q}.", "See also: {q}.",
)  # fmt: skip


def with_restatement(
    question: str, text: str, span: tuple[int, int] | None
) -> tuple[str, tuple[int, int] | None]:
    """Put a sentence into a text, before its answer, that only repeats the question."""
    asked = question.strip().rstrip("?. ")
    if not asked:
        return text, span
    template = random.choice(_RESTATED)
    lowered = asked[0].lower() + asked[1:]
    yes_no = _AUXILIARY.match(asked)
    if not template.startswith("{q}"):
        lowered = f"whether {lowered[yes_no.end() :].strip()}" if yes_no else lowered
    sentence = template.format(q=asked if template.startswith("{q}") else lowered)
    sentence = sentence[0].upper() + sentence[1:]
    places = [0] + [s for s, _e in sentences(text) if span is None or s <= span[0]]
    place = random.choice(places)
    made = text[:place] + sentence + " " + text[place:]
    if span is None:
        return made, None
    shift = len(sentence) + 1
    return made, (span[0] + shift, span[1] + shift)
