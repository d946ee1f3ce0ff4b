"""Whether a judge's reply is about all of what it was asked, and about nothing else.

ragas takes the share of good verdicts among those that came back, so a judge that passes over what
it cannot support makes an answer look better. Here as many verdicts must come back as statements
went in, each about the statement that went in, and what a text is broken into must cover it.
Knows ragas's prompts only by their last part, the input as JSON, and replies by their fields.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel

from eval.judging.errors import UnmeasuredError, UnusableReplyError
from index.segment.sentences import split

_Model = TypeVar("_Model", bound=BaseModel)
_INPUT = "\ninput: "  # inputs are JSON, so no text in them holds a line end
_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+")
_SHARED = 1 / 3  # of the words that only this sentence has, at least
_STEM = 5
_SHORTEST_WORD = 4


def inputs_of(prompt: str) -> dict[str, Any]:
    """Return what a prompt of ragas asks about.

    Raises:
        UnmeasuredError: the prompt is not built as those of the ragas we know.
    """
    _, found, rest = prompt.rpartition(_INPUT)
    try:
        inputs, _ = json.JSONDecoder().raw_decode(rest)
    except ValueError:
        inputs = None
    if not found or not isinstance(inputs, dict):
        raise UnmeasuredError("the prompt is not built as expected, so no reply can be checked")
    return inputs


def check(inputs: dict[str, Any], reply: _Model) -> _Model:
    """Return the reply, its verdicts in the order in which the statements went in.

    Args:
        inputs: what the prompt asks about.
        reply: one of ragas's response models.

    Raises:
        UnusableReplyError: something is missing from the reply, or does not belong to it.
        UnmeasuredError: it is of a kind that no check is known for.
    """
    fields = set(type(reply).model_fields)
    values: Any = reply
    if fields == {"statements"} and "statements" in inputs:
        ordered = _paired(inputs["statements"], values.statements)
        return reply.model_copy(update={"statements": ordered})
    if fields in ({"statements"}, {"claims"}):
        statements = values.statements if "statements" in fields else values.claims
        source = inputs["response"] if "response" in inputs else inputs["answer"]
        _check_coverage(source, statements, about=inputs.get("question", ""))
    elif fields == {"classifications"}:
        _check_verdicts(item.attributed for item in values.classifications)
        statements = [item.statement for item in values.classifications]
        _check_coverage(inputs["answer"], statements, about=inputs["question"])
    elif fields == {"question", "noncommittal"}:
        _check_verdicts([values.noncommittal])
        if not values.question.strip():
            raise UnusableReplyError("its question is empty")
    elif fields == {"reason", "verdict"}:
        _check_verdicts([values.verdict])
    else:
        raise UnmeasuredError(f"no check is known for {type(reply).__name__}")
    return reply


def _paired(asked: Sequence[str], judged: Sequence[Any]) -> list[Any]:
    """Return the verdicts in the order of the statements, exactly one for each."""
    if len(asked) != len(judged):
        raise UnusableReplyError(f"it judges {len(judged)} statements of {len(asked)}")
    _check_verdicts(item.verdict for item in judged)
    waiting: dict[str, list[Any]] = {}
    for item in judged:
        waiting.setdefault(_normalised(item.statement), []).append(item)
    ordered = []
    for statement in asked:
        found = waiting.get(_normalised(statement))
        if not found:
            raise UnusableReplyError(f"it does not judge this statement: {statement!r}")
        if len({item.verdict for item in found}) > 1:
            raise UnusableReplyError(f"it judges this statement both ways: {statement!r}")
        ordered.append(found.pop(0))
    return ordered


def _check_verdicts(verdicts: Iterable[int]) -> None:
    for verdict in verdicts:
        if verdict not in (0, 1):
            raise UnusableReplyError(f"a verdict is {verdict}; only 0 and 1 are allowed")


def _check_coverage(text: str, statements: Sequence[str], *, about: str) -> None:
    """Raise where a sentence of the text is in no statement, or a statement is not of the text."""
    said: set[str] = set().union(*(_words(statement) for statement in statements))
    sentences = [text[start:end] for start, end in split(text, 0, len(text))]
    everywhere = Counter(word for sentence in sentences for word in _words(sentence))
    if text.strip() and not statements:
        raise UnusableReplyError("it holds no statement")
    for sentence in sentences:
        own = {word for word in _words(sentence) if everywhere[word] == 1}
        numbers = {word for word in own if word[0].isdigit()}
        if numbers - said or len(own & said) < _SHARED * len(own):
            raise UnusableReplyError(
                f"it leaves out this sentence, or too many of its words: {sentence!r}"
            )
    known = _words(text) | _words(about)
    for statement in statements:
        words = _words(statement)
        if not statement.strip() or len(words & known) < _SHARED * len(words):
            raise UnusableReplyError(f"this statement is not in the text: {statement!r}")


def _normalised(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", folded))


def _words(text: str) -> set[str]:
    """Return the numbers and the stems of the longer words of a text.

    Words of scripts without capitals are left out: where words are not set apart by blanks, there
    is nothing to compare. So are numbers with a leading zero, which stand for a month or an hour
    that a statement may spell out.
    """
    found = set()
    for word in _WORD.findall(unicodedata.normalize("NFKC", text).casefold()):
        if word[0].isdigit():
            found |= {word.replace(",", "")} if word[0] != "0" else set()
        elif len(word) >= _SHORTEST_WORD and word.upper() != word:
            found.add(word[:_STEM])
    return found
