"""Rows of the pool as token ids and targets: what the network is shown.

Owns how a text is cut to size and how a title is put before it, which must be as the service does
it (``app/reading/pairs.py``): title and headings, then the text, as the second of the pair.
"""

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tokenizers import Tokenizer

from training.pool import Row, sentences, words

MOST_TOKENS = 250
MOST_QUESTION = 300  # characters
LABELS = {"supported": 0, "contradicted": 1, "not_enough": 2, "not_supported": 3}
"""``not_supported`` is a label of sets with two classes: contradicted or not enough."""

_NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][\w’'-]+(?: (?:of |the )?[A-Z][\w’'-]+)*")


@dataclass(frozen=True, slots=True)
class Example:
    """A pair and its target.

    ``span`` bounds the tokens at which the answer may begin and end: (first, last) twice, equal
    where the answer is known exactly; (0, 0) where there is none. ``label`` is 0 or 1 for
    questions, an index into ``LABELS`` for claims.
    """

    ids: list[int]
    types: list[int]
    task: Literal["read", "rank", "check"]
    label: int
    starts: tuple[int, int] = (0, 0)
    ends: tuple[int, int] = (0, 0)


class Encoder:
    """Makes examples.

    Args:
        tokenizer: the bundled embedding model's.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer

    def reading(
        self,
        question: str,
        text: str,
        span: tuple[int, int] | None,
        *,
        exact: bool = True,
        title: str = "",
    ) -> Example | None:
        """Return a question over a text with the answer's offsets in it, None when too long.

        Without ``exact`` the answer lies somewhere within the span.
        """
        head = f"{title}. " if title else ""
        pair = self._tokenizer.encode(question[:MOST_QUESTION], head + text)
        if len(pair.ids) > MOST_TOKENS:
            return None
        if span is None:
            return Example(pair.ids, pair.type_ids, "read", 0)
        begin, end = span[0] + len(head), span[1] + len(head)
        inside = [
            place
            for place, (offsets, segment) in enumerate(
                zip(pair.offsets, pair.type_ids, strict=True)
            )
            if segment == 1 and offsets[1] > begin and offsets[0] < end and offsets[1] > offsets[0]
        ]
        if not inside:
            return None
        first, last = inside[0], inside[-1]
        starts, ends = ((first, first), (last, last)) if exact else ((first, last), (first, last))
        return Example(pair.ids, pair.type_ids, "read", 1, starts, ends)

    def ranking(self, question: str, text: str, label: int) -> Example | None:
        """Return a question over a sentence that answers it or does not."""
        pair = self._tokenizer.encode(question[:MOST_QUESTION], text[:700])
        if len(pair.ids) > MOST_TOKENS:
            return None
        return Example(pair.ids, pair.type_ids, "rank", label)

    def checking(self, claim: str, evidence: str, label: str) -> Example | None:
        """Return a claim against its evidence."""
        pair = self._tokenizer.encode(claim[:400], evidence[:700])
        if len(pair.ids) > MOST_TOKENS:
            return None
        return Example(pair.ids, pair.type_ids, "check", LABELS[label])


def answer_of(row: Row) -> tuple[int, int] | None:
    """Return the offsets of a row's first answer that stands where it says."""
    if not row["answerable"]:
        return None
    for answer in row["answers"]:
        start, text = answer["start"], answer["text"]
        if text.strip() and row["context"][start : start + len(text)] == text:
            return start, start + len(text)
    return None


def window(
    text: str, question: str, span: tuple[int, int] | None, size: int
) -> tuple[str, tuple[int, int] | None]:
    """Cut a text to whole sentences of about ``size`` characters around its answer.

    Without an answer, around the sentence that shares most words with the question.
    """
    parts = sentences(text)
    if len(text) <= size or len(parts) < 2:
        return text, span
    if span is not None:
        middle = next((n for n, (s, e) in enumerate(parts) if s <= span[0] < e), 0)
    else:
        asked = words(question)
        middle = max(
            range(len(parts)), key=lambda n: len(asked & words(text[parts[n][0] : parts[n][1]]))
        )
    first = last = middle
    while True:
        sides = [
            side for side in (-1, 1) if 0 <= (first - 1 if side < 0 else last + 1) < len(parts)
        ]
        if not sides:
            break
        side = random.choice(sides)
        low, high = (first - 1, last) if side < 0 else (first, last + 1)
        if parts[high][1] - parts[low][0] > size:
            break
        first, last = low, high
    begin, end = parts[first][0], parts[last][1]
    if span is None:
        return text[begin:end].strip(), None
    if span[1] > end:
        return text[begin : span[1]], (span[0] - begin, span[1] - begin)
    return text[begin:end].rstrip(), (span[0] - begin, span[1] - begin)


def subject_of(text: str) -> str:
    """Return a title such as the text's document may have: the name that it states most often."""
    names = Counter(match.group() for match in _NAME.finditer(text))
    return names.most_common(1)[0][0] if names else ""


def batches(examples: Sequence[Example], budget: int) -> list[list[Example]]:
    """Put examples of like length together, at most ``budget`` tokens a batch with padding."""
    made: list[list[Example]] = []
    current: list[Example] = []
    longest = 0
    for example in sorted(examples, key=lambda each: len(each.ids) + random.random() * 12):
        longest = max(longest, len(example.ids))
        if current and (len(current) + 1) * longest > budget:
            made.append(current)
            current, longest = [], len(example.ids)
        current.append(example)
    if current:
        made.append(current)
    return made
