from collections.abc import Callable
from dataclasses import replace

import pytest

from app.answer.evidence.model import Evidence
from app.answer.verify import QuoteVerifier
from index.errors import NotFoundError

MakeEvidence = Callable[..., Evidence]

TEXT = "The first fact. The second fact."


def read_span(document_id: str, revision: str, start: int, end: int) -> str:
    if document_id != "a":
        raise NotFoundError("no such document")
    return TEXT[start:end]


def faults(item: Evidence) -> list[str]:
    return [why for _, why in QuoteVerifier(read_span).verify([item]).failed]


def test_a_quote_that_stands_at_its_offsets_is_verified(evidence: MakeEvidence) -> None:
    item = evidence("The second fact.", start=16)
    assert QuoteVerifier(read_span).verify([item]).verified == (item,)


@pytest.mark.parametrize("shift", [-1, 1])
def test_a_quote_shifted_by_one_character_fails(evidence: MakeEvidence, shift: int) -> None:
    item = evidence("The second fact.", start=16)
    assert faults(replace(item, start=16 + shift, end=32 + shift))


def test_a_quote_that_was_altered_fails(evidence: MakeEvidence) -> None:
    assert faults(evidence("The second FACT.", start=16))


def test_a_quote_of_a_revision_that_is_not_stored_fails(evidence: MakeEvidence) -> None:
    assert faults(evidence("The second fact.", document_id="gone", start=16))


def test_a_quote_whose_offsets_have_another_length_fails(evidence: MakeEvidence) -> None:
    assert faults(replace(evidence("The second fact.", start=16), end=40))


def test_an_empty_quote_fails(evidence: MakeEvidence) -> None:
    assert faults(evidence("", start=3))
