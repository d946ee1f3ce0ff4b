"""Drafts without a model: sentences with a date, a number or a name, and a question to each.

Where a sentence has one of a few plain English shapes the question is a real one; otherwise it is
the sentence with a gap, for a person to put in a reader's words. Knows English shapes only.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest

from app.answer.values import Value, ValueKind, extract
from app.examples import candidates
from eval.cases.draft_model import Draft
from eval.cases.model import Kind
from index.model import SourceDocument
from index.segment import segment

_SHORTEST, _LONGEST = 25, 320
_NEAR_MISS_EVERY = 5  # the first after two, so that a short document has one too
_MOST_CHARACTERS = 100_000
_GAP = "____"
_WORD = re.compile(r"\w+")

_KINDS: dict[ValueKind, tuple[Kind, str]] = {
    ValueKind.DATE: ("date", "Which date"),
    ValueKind.NUMBER: ("number", "Which figure"),
    ValueKind.DURATION: ("number", "Which length of time"),
    ValueKind.NAME: ("fact", "Which name"),
}
_ASKED: dict[str, tuple[ValueKind, ...]] = {
    "When": (ValueKind.DATE,),
    "How": (ValueKind.NUMBER, ValueKind.DURATION),
    "Who": (ValueKind.NAME,),
}
_UNCLEAR = re.compile(
    r"(?:It|Its|He|His|She|Her|They|Their|This|That|These|Those|There|Here|But|And|So)\b"
)
_NEAR_MISSES = (
    ("How much money has been spent on {name}?", r"\bcosts?\b|spen[dt]|budget|[mb]illion|[$€£]"),
    ("What is the name of the film about {name}?", r"\bfilms?\b|\bmovies?\b|documentar"),
    ("Who wrote the first book about {name}?", r"\bbooks?\b|\bwrote\b|\bauthors?\b"),
    ("On what day is the anniversary of {name} kept?", r"anniversar|celebrat"),
)

_REAL = "Put the question in a reader's words"
_CLOZE = "Turn the sentence with the gap into a reader's question"
_REST = (
    "; add every other quote that backs the fact, from all documents, and other ways to write it."
)
_MISS = "Made from a pattern; check that no document answers it, and put it in a reader's words."


def offline_drafts(
    document: SourceDocument, documents: Sequence[SourceDocument]
) -> Iterator[Draft]:
    """Yield drafts over a document, the better ones first, about every fifth a near-miss.

    Args:
        document: what the drafts are about.
        documents: all that are searched, so that a near-miss is not answered by another one.
    """
    misses = _near_misses(document, documents)
    for number, draft in enumerate(_answerable(document), _NEAR_MISS_EVERY - 2):
        yield draft
        if number % _NEAR_MISS_EVERY == 0 and (miss := next(misses, None)):
            yield miss


def _answerable(document: SourceDocument) -> Iterator[Draft]:
    real: dict[Kind, list[Draft]] = {"date": [], "number": [], "fact": []}
    gaps: dict[Kind, list[Draft]] = {"date": [], "number": [], "fact": []}
    for sentence in _sentences(document):
        values = extract(sentence, reference=document.published_at)
        if draft := _asked(sentence, values):
            real[draft.kind].append(draft)
        elif draft := _with_gap(sentence, values):
            gaps[draft.kind].append(draft)
    for pool in (real, gaps):
        in_turns = chain.from_iterable(zip_longest(*pool.values()))
        yield from (draft for draft in in_turns if draft is not None)


def _sentences(document: SourceDocument) -> Iterator[str]:
    text = document.text[:_MOST_CHARACTERS]
    seen: set[str] = set()
    for passage in segment(text, count_tokens=lambda part: len(_WORD.findall(part))):
        for sentence in passage.sentences:
            words = " ".join(text[sentence.start : sentence.end].split())
            if _SHORTEST <= len(words) <= _LONGEST and words not in seen:
                seen.add(words)
                yield words


def _asked(sentence: str, values: Sequence[Value]) -> Draft | None:
    """Return a draft whose question has one of the plain shapes."""
    for _, question in candidates(sentence):
        kinds = _ASKED.get(question.split()[0], ())
        for value in values:
            whole = value.kind is not ValueKind.NAME or value.start == 0  # who did it stands first
            if value.kind in kinds and whole and value.text not in question:
                kind, _ = _KINDS[value.kind]
                return Draft(
                    kind, question, _REAL + _REST, sentence, (((value.text,), (sentence,)),)
                )
    return None


def _with_gap(sentence: str, values: Sequence[Value]) -> Draft | None:
    """Return a draft that asks what stands in a gap, if the sentence is clear by itself."""
    if _UNCLEAR.match(sentence):
        return None
    chosen = min(filter(_tells, values), key=_rank, default=None)
    if chosen is None:
        return None
    kind, which = _KINDS[chosen.kind]
    gap = re.sub(rf"(?<!\w){re.escape(chosen.text)}(?!\w)", _GAP, sentence)
    question = f"{which} belongs in the gap: “{gap}”"
    return Draft(kind, question, _CLOZE + _REST, sentence, (((chosen.text,), (sentence,)),))


def _tells(value: Value) -> bool:
    """Tell whether a value by itself is worth asking for."""
    if value.kind is ValueKind.DATE:
        return value.first is not None and value.text[-1].isdigit()
    if value.kind is ValueKind.NAME:
        return " " in value.text
    return any(sign.isdigit() for sign in value.text) or (value.amount or 0) > 2


def _rank(value: Value) -> tuple[int, int]:
    kinds = (ValueKind.DATE, ValueKind.NUMBER, ValueKind.DURATION, ValueKind.NAME)
    return kinds.index(value.kind), -len(value.text)


def _near_misses(document: SourceDocument, documents: Sequence[SourceDocument]) -> Iterator[Draft]:
    """Yield questions on a name of the document that the documents have no word about."""
    counted: dict[str, int] = {}
    for value in extract(document.text[:_MOST_CHARACTERS], {ValueKind.NAME}):
        if " " in value.text and "\n" not in value.text and value.text[-1].isalnum():
            counted[value.text] = counted.get(value.text, 0) + 1
    names = sorted(counted, key=lambda name: -counted[name])
    for number, name in enumerate(names):
        texts = [each.text for each in documents if name in each.text]
        for pattern, told in _NEAR_MISSES[number % 4 :] + _NEAR_MISSES[: number % 4]:
            if not any(re.search(told, text, re.IGNORECASE) for text in texts):
                yield Draft("near-miss", pattern.format(name=name), _MISS)
                break
