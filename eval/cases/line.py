"""One line of a dataset: its fields, what they may hold, and what may not stand together.

Knows no file and no corpus; whether a quote stands in a document is ``eval.cases.quoting``'s.
"""

import difflib
from collections.abc import Iterator
from typing import Annotated, Any, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from app.answer.model import Turn
from app.api.models import FiltersBody
from app.api.validation import whole_characters
from eval.cases.model import Expect, Kind

DRAFT = (
    'this is a draft; check its question, facts and quotes, then delete "draft": true from the line'
)
"""What is said of a line that nobody has checked yet."""


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return whole_characters(text)


Words: TypeAlias = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_not_blank)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class EvidenceLine(_Line):
    """A quote that backs a fact."""

    document: Words = Field(description="Id of the document it stands in.")
    quote: Words = Field(description="A short piece of that document's text, exactly as it stands.")
    occurrence: int | None = Field(
        None, ge=1, description="Which one, from 1, where the quote stands there more than once."
    )


class FactLine(_Line):
    """One thing that a complete answer says."""

    values: tuple[Words, ...] = Field(
        min_length=1, description="Ways to write it; an answer that has one of them says it."
    )
    evidence: tuple[EvidenceLine, ...] = Field(
        min_length=1, description="All quotes that back it, anywhere in the corpus."
    )


class CaseLine(_Line):
    """A question to the service, and what a right answer to it is."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$", description="Unique over all datasets.")
    kind: Kind = Field(description="What the question tries out.")
    question: Words = Field(description="As a reader would put it.")
    expect: Expect = Field(description="Whether the corpus answers it.")
    history: tuple[Turn, ...] = Field((), description="What was said before, oldest first.")
    filters: FiltersBody = Field(FiltersBody(), description="Where to look.")
    reference: Words | None = Field(
        None, description="A right answer in one or two sentences; only where one is expected."
    )
    facts: tuple[FactLine, ...] = Field(
        (), description="What a complete answer says; only where one is expected."
    )
    conflicts: tuple[Words, ...] = Field(
        (), description="Values that the sources give for the same thing and that cannot all hold."
    )
    note: str | None = Field(None, description="For people; not read.")
    draft: bool = Field(False, description="True until a person has checked the case.")


def problems_of(error: ValidationError) -> Iterator[str]:
    """Yield what is wrong with the shape of a line, by field."""
    for problem in error.errors(include_url=False):
        place = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            yield f"unknown field {place}{_meant(problem['loc'])}"
        elif problem["type"] == "json_invalid":
            yield f"not JSON: {problem['ctx']['error'].replace('at line 1 column', 'at column')}"
        elif problem["type"] in {"model_type", "dataclass_type"}:
            yield f"{place or 'the line'} must be an object in braces"
        else:
            yield f"{place}: {problem['msg'].removeprefix('Value error, ')}"


def contradictions(line: CaseLine) -> Iterator[str]:
    """Yield what cannot stand together in a line of the right shape."""
    if line.draft:
        yield DRAFT
    yield from _expectation(line)
    if line.kind == "conflict" and not line.conflicts:
        yield "a conflict case needs conflicts: the values that contradict each other"
    if line.conflicts and len({_folded(value) for value in line.conflicts}) < 2:
        yield "conflicts needs at least two different values"
    said = {_folded(value) for fact in line.facts for value in fact.values}
    for value in line.conflicts:
        if _folded(value) not in said and line.facts:
            yield f"no fact has the conflicting value “{value}”: add it with its evidence"
    documents = {quote.document for fact in line.facts for quote in fact.evidence}
    if line.kind == "comparison" and len(documents) == 1:
        yield "a comparison needs evidence from at least two documents"
    if line.kind == "follow-up" and not line.history:
        yield "a follow-up needs history"
    if any(not turn.content.strip() for turn in line.history):
        yield "history has a blank turn"
    if outside := documents - set(line.filters.document_ids or documents):
        yield f"the filters leave out the evidence's document {', '.join(sorted(outside))}"
    for number, fact in enumerate(line.facts, 1):
        quotes = [(each.document, each.quote, each.occurrence) for each in fact.evidence]
        if len(set(quotes)) < len(quotes):
            yield f"fact {number} names the same quote twice"


def _expectation(line: CaseLine) -> Iterator[str]:
    if line.expect == "answer":
        if line.kind in {"near-miss", "off-subject"}:
            yield f"a {line.kind} case expects a refusal: the corpus does not answer it"
        if not line.facts:
            yield "an answer case needs facts with their evidence"
        if line.reference is None:
            yield "an answer case needs a reference: a right answer in a sentence or two"
        return
    if line.kind not in {"near-miss", "off-subject", "follow-up", "attack"}:
        yield f"a {line.kind} case expects an answer; what has none is a near-miss"
    for name in ("facts", "reference", "conflicts"):
        if getattr(line, name):
            yield f"a refusal case must have no {name}"


def _folded(value: str) -> str:
    return " ".join(value.split()).casefold()


def _meant(place: tuple[int | str, ...]) -> str:
    """Say which field may have been meant."""
    model: type[BaseModel] = CaseLine
    parts: dict[str, Any] = {
        "facts": FactLine,
        "evidence": EvidenceLine,
        "filters": FiltersBody,
        "history": Turn,
    }
    for part in place[:-1]:
        model = parts.get(str(part), model)
    close = difflib.get_close_matches(str(place[-1]), model.model_fields, n=1)
    return f"; did you mean {close[0]}?" if close else ""
