"""Sentences of a bounded length, and their grouping into passages of an even one.

Knows only sections, offsets and a token counter.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from index.model import Passage, Sentence
from index.segment.blocks import Kind
from index.segment.roles import Section
from index.segment.sentences import split

MAX_SENTENCE_TOKENS = 200
_MAX_SENTENCE_CHARACTERS = 2000  # a tokenizer may count a very long word as one token
_PASSAGE_TOKENS = 150
_MAX_PASSAGE_TOKENS = 200  # a section up to this length is one passage
_PARAGRAPH_REACH = 30  # tokens a passage may be longer or shorter to end with a paragraph

# Where a sentence that is too long is cut, the best places first.
_CLAUSE_ENDS = (
    re.compile(r"\n+"),
    re.compile(r"[;\u061b]\s"),
    re.compile(r"\s[-\u2013\u2014]{1,2}\s|:\s"),
    re.compile(r"[,\u060c]\s"),
    re.compile(r"\s"),
)


@dataclass(frozen=True, slots=True)
class _Measured:
    start: int
    end: int
    tokens: int
    ends_paragraph: bool


def passages(
    text: str, sections: Iterator[Section], count_tokens: Callable[[str], int]
) -> list[Passage]:
    """Return the passages of all sections, numbered from 0."""
    result: list[Passage] = []
    for section in sections:
        sentences = list(_sentences(text, section, count_tokens))
        for group in _groups(sentences):
            result.append(
                Passage(
                    number=len(result),
                    start=group[0].start,
                    end=group[-1].end,
                    sentences=tuple(Sentence(s.start, s.end) for s in group),
                    heading=section.heading,
                )
            )
    return result


def _sentences(
    text: str, section: Section, count_tokens: Callable[[str], int]
) -> Iterator[_Measured]:
    for block in section.blocks:
        whole = block.kind in {Kind.ROW, Kind.CODE}
        found = [(block.start, block.end)] if whole else split(text, block.start, block.end)
        for number, (start, end) in enumerate(found):
            pieces = list(_bounded(text, start, end, count_tokens))
            for place, (first, last, tokens) in enumerate(pieces):
                closes = number == len(found) - 1 and place == len(pieces) - 1
                yield _Measured(first, last, tokens, closes)


def _bounded(
    text: str, start: int, end: int, count_tokens: Callable[[str], int]
) -> Iterator[tuple[int, int, int]]:
    """Yield a sentence with its tokens, cut in halves at clause ends while it is too long."""
    waiting = [(start, end)]
    while waiting:
        start, end = waiting.pop()
        if end - start <= _MAX_SENTENCE_CHARACTERS:
            tokens = count_tokens(text[start:end])
            if tokens <= MAX_SENTENCE_TOKENS or end - start < 2:
                yield start, end, tokens
                continue
        cut = _clause_end(text, start, end)
        left, right = _stripped(text, start, cut), _stripped(text, cut, end)
        waiting.extend(part for part in (right, left) if part[0] < part[1])


def _clause_end(text: str, start: int, end: int) -> int:
    """Return the clause end nearest the middle of ``text[start:end]``, or else the middle."""
    middle = (start + end) // 2
    reach = min((end - start) // 3, _MAX_SENTENCE_CHARACTERS)
    for pattern in _CLAUSE_ENDS:
        ends = [m.end() for m in pattern.finditer(text, middle - reach, middle + reach)]
        if ends:
            return min(ends, key=lambda place: abs(place - middle))
    return middle


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _groups(sentences: list[_Measured]) -> Iterator[list[_Measured]]:
    """Divide a section's sentences into passages of nearly equal length.

    Equal shares leave no tiny last passage; a share's end moves to the end of a paragraph when one
    is near.
    """
    total = sum(sentence.tokens for sentence in sentences)
    count = 1 if total <= _MAX_PASSAGE_TOKENS else max(2, round(total / _PASSAGE_TOKENS))
    share = total / count
    group: list[_Measured] = []
    tokens = 0
    goal = share  # tokens from the start of the section at which the passage should end
    for sentence, following in zip_longest(sentences, sentences[1:]):
        group.append(sentence)
        tokens += sentence.tokens
        is_last = goal > total - share / 2
        if following is None or (not is_last and _closes(tokens, sentence, following, goal)):
            yield group
            group = []
            while goal <= tokens + share / 2:
                goal += share


def _closes(tokens: int, sentence: _Measured, following: _Measured, goal: float) -> bool:
    """Tell whether a passage that should end at ``goal`` ends with ``sentence``."""
    here, there = abs(goal - tokens), abs(goal - tokens - following.tokens)
    if sentence.ends_paragraph and here <= _PARAGRAPH_REACH:
        return True
    if following.ends_paragraph and there <= _PARAGRAPH_REACH:
        return False
    return here <= there
