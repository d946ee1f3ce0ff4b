"""The short answer: a checked part of a cited quote, or yes or no, or nothing."""

import pytest

from app.answer.chain import AskRequest
from app.answer.model import Answer
from app.answer.short import widened
from app.services import Services


def ask(services: Services, question: str) -> Answer:
    return services.chain.ask(AskRequest(question))


@pytest.mark.parametrize(
    "question",
    [
        "When does the Syria phase end?",
        "How many U.S. troops are in Iraq?",
        "When was the coalition founded?",
        "How many partner states does the coalition have?",
    ],
)
def test_it_stands_in_the_stored_text_within_the_quote_it_names(
    sample_services: Services, question: str
) -> None:
    answer = ask(sample_services, question)
    assert answer.short is not None
    assert answer.short.start is not None
    assert answer.short.end is not None
    quote = next(c for c in answer.citations if c.marker == answer.short.citation)
    assert quote.start <= answer.short.start < answer.short.end <= quote.end
    stored = sample_services.library.read_span(
        quote.document_id, quote.revision, answer.short.start, answer.short.end
    )
    assert stored == answer.short.text


def test_a_date_is_given_whole(sample_services: Services) -> None:
    answer = ask(sample_services, "When does the Syria phase end?")
    assert answer.short is not None
    assert answer.short.text == "September 2026"


def test_a_refusal_has_none(sample_services: Services) -> None:
    answer = ask(sample_services, "How do I bake bread?")
    assert answer.status == "refused"
    assert answer.short is None


def test_a_yes_no_question_is_answered_yes_with_the_quote_that_decides(
    sample_services: Services,
) -> None:
    answer = ask(sample_services, "Does the coalition keep forces in Syria?")
    assert answer.short is not None
    assert answer.short.text == "yes"
    assert answer.short.start is None
    assert answer.short.citation in {citation.marker for citation in answer.citations}


@pytest.mark.parametrize(
    ("text", "words", "whole"),
    [
        ("It ends in September 2026, he said.", "2026", "September 2026"),
        ("It cost 12 million crowns.", "12", "12 million"),
        ("It was built by Mira Holt.", "Mira Holt", "Mira Holt"),
    ],
)
def test_a_cut_date_or_figure_is_widened(text: str, words: str, whole: str) -> None:
    start, end = widened(text, text.index(words), text.index(words) + len(words))
    assert text[start:end] == whole
