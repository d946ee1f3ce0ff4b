"""The page that a citation opens, as far as it can be told without a browser."""

import re
from typing import Any

import pytest

from index.model import SourceDocument

TEXT = "The bridge reopened on 12 March 2025. The repairs took eleven months."
DAY = "12 March 2025"
AT = (TEXT.index(DAY), TEXT.index(DAY) + len(DAY))


@pytest.fixture
def page(services: Any, client: Any) -> Any:
    """Get the page of a document with one quote, by query."""
    services.library.add(SourceDocument("bridge", TEXT, "The bridge"))

    def get(query: str) -> str:
        response = client.get(f"/documents/bridge?start=0&end=37&{query}")
        assert response.status_code == 200
        found = re.search(r"<article.*</article>", response.text, re.DOTALL)
        assert found
        return found[0]

    return get


def test_the_short_answer_is_marked_within_the_quote(page: Any) -> None:
    marked = f'<mark class="short">{DAY}</mark>'
    wanted = f'<mark class="quote" id="quote">The bridge reopened on {marked}.</mark>'
    assert wanted in page(f"short={AT[0]}-{AT[1]}")


@pytest.mark.parametrize(
    "short", ["", "23", "23-", "-36", "a-b", "36-23", "23-23", "23-38", "40-44", "-1-9", "9" * 40]
)
def test_a_short_answer_that_lies_in_no_quote_is_left_out(page: Any, short: str) -> None:
    assert page(f"short={short}") == page("")


def test_without_a_quote_there_is_no_short_answer(page: Any, client: Any) -> None:
    page("")
    assert 'class="short"' not in client.get("/documents/bridge?short=23-36").text
