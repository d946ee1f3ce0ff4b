"""Drafts written by a model, one stretch of a document at a time. What it gets wrong is dropped.

Knows no provider, and believes nothing: ``eval.cases.draft_model`` looks for each quote.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, Field, ValidationError

from eval.cases.draft_model import Draft
from index.model import SourceDocument
from index.segment import segment

_MOST_CHARACTERS = 6000  # a few pages: more and the later ones are neglected
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)
_WORD = re.compile(r"\w+")

_NOTE = (
    "Check it against the document; add every other quote that backs a fact, from all documents."
)
_MISS = "Check that no document answers it."


class UnreadableReplyError(ValueError):
    """The model's reply is not the JSON it was asked for."""


class _Fact(BaseModel):
    values: tuple[str, ...] = Field(min_length=1)
    quotes: tuple[str, ...] = Field(min_length=1)


class _Answered(BaseModel):
    kind: Literal["date", "number", "fact", "list"]
    question: str
    reference: str
    facts: tuple[_Fact, ...] = Field(min_length=1)


class _Reply(BaseModel):
    answered: tuple[_Answered, ...] = ()
    unanswered: tuple[str, ...] = ()


def stretches(document: SourceDocument) -> Iterator[SourceDocument]:
    """Yield the document in pieces of whole passages that a prompt can hold."""
    passages = segment(document.text, count_tokens=lambda part: len(_WORD.findall(part)))
    start = end = 0
    for passage in passages:
        if end > start and passage.end - start > _MOST_CHARACTERS:
            yield replace(document, text=document.text[start:end])
            start = passage.start
        end = passage.end
    if end > start:
        yield replace(document, text=document.text[start:end])


def parse(reply: str) -> list[Draft]:
    """Return the drafts in a model's reply.

    Raises:
        UnreadableReplyError: there is no JSON of the shape that was asked for.
    """
    found = _OBJECT.search(reply)
    try:
        read = _Reply.model_validate(json.loads(found.group() if found else ""))
    except (ValueError, ValidationError, RecursionError):
        raise UnreadableReplyError from None
    drafts = [
        Draft(
            kind=each.kind,
            question=each.question.strip(),
            note=_NOTE,
            reference=each.reference.strip(),
            facts=tuple((fact.values, fact.quotes) for fact in each.facts),
        )
        for each in read.answered
    ]
    drafts += [Draft("near-miss", question.strip(), _MISS) for question in read.unanswered]
    return drafts
