"""A drafted case, and the line it becomes.

No draft is handed on that could not be loaded once a person has taken its mark off.
"""

import json
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pydantic import ValidationError

from eval.cases.line import DRAFT, CaseLine, EvidenceLine, contradictions, problems_of
from eval.cases.model import Kind
from eval.cases.quoting import QuoteError, resolve
from index.model import SourceDocument

DraftedFact: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]
"""Values, and quotes from the document."""


class UnusableDraftError(ValueError):
    """A draft is dropped; the message says why, in words that several drafts can share."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A case over one document. Without facts it expects a refusal."""

    kind: Kind
    question: str
    note: str
    reference: str | None = None
    facts: tuple[DraftedFact, ...] = field(default=())


def line_of(draft: Draft, document: SourceDocument, case_id: str) -> str:
    """Return the dataset line of a draft, marked as one.

    Raises:
        UnusableDraftError: a quote does not stand in the document exactly once, no quote has the
            value it backs, or the fields contradict each other.
    """
    line: dict[str, Any] = {
        "draft": True,
        "id": case_id,
        "kind": draft.kind,
        "question": draft.question,
        "expect": "answer" if draft.facts else "refusal",
    }
    if draft.facts:
        line["reference"] = draft.reference
        line["facts"] = [_fact(fact, document) for fact in draft.facts]
    line["note"] = draft.note
    text = json.dumps(line, ensure_ascii=False)
    try:
        wrong = [
            each for each in contradictions(CaseLine.model_validate_json(text)) if each != DRAFT
        ]
    except ValidationError as error:
        wrong = list(problems_of(error))
    if wrong:
        raise UnusableDraftError(wrong[0])
    return text


def _fact(fact: DraftedFact, document: SourceDocument) -> dict[str, Any]:
    values, quotes = fact
    evidence = []
    for quote in dict.fromkeys(quotes):
        try:
            gold = resolve(EvidenceLine(document=document.id, quote=quote), document.text)
        except (QuoteError, ValidationError):
            raise UnusableDraftError("a quote does not stand in the document, once") from None
        evidence.append({"document": document.id, "quote": gold.quote})
    said = _folded(" ".join(quotes))
    if not any(_folded(value) in said for value in values):
        raise UnusableDraftError("no quote has the value that it should back")
    return {"values": list(dict.fromkeys(values)), "evidence": evidence}


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
