import datetime as dt
from collections.abc import Callable

import pytest

from app.answer.draft import Citations, Draft, render
from app.answer.evidence.model import Evidence
from app.answer.model import AnswerSentence

MakeEvidence = Callable[..., Evidence]


def test_markers_count_in_order_of_first_use_and_one_quote_keeps_one_marker(
    evidence: MakeEvidence,
) -> None:
    citations = Citations()
    first, second = evidence("One.", "a"), evidence("Two.", "b")
    assert citations.markers([second, first, second]) == (1, 2)
    assert citations.marker(first) == 2
    assert [c.document_id for c in citations.all()] == ["b", "a"]


def test_a_citation_carries_the_quote_and_where_it_stands(evidence: MakeEvidence) -> None:
    citations = Citations()
    citations.marker(evidence("One fact.", start=40))
    (citation,) = citations.all()
    assert (citation.quote, citation.start, citation.end) == ("One fact.", 40, 49)
    assert citation.published_at == dt.date(2024, 9, 27)


def test_a_sentence_is_shown_on_one_line_while_its_quote_keeps_the_line_break(
    evidence: MakeEvidence,
) -> None:
    citations = Citations()
    item = evidence("Broken\nacross lines.")
    assert citations.sentence(Draft(item.text, (item,), "quoted")).text == "Broken across lines."
    assert citations.all()[0].quote == "Broken\nacross lines."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It ends in 2026.", "It ends in 2026 [1][2]."),
        ("Does it?", "Does it [1][2]?"),
        ("No full stop", "No full stop [1][2]"),
        ("He said “it ends.”", "He said “it ends.” [1][2]"),
    ],
)
def test_markers_stand_before_the_full_stop(text: str, shown: str) -> None:
    assert render(AnswerSentence(text=text, citations=(1, 2), support="quoted")) == shown
