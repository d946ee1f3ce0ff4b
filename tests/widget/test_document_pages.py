"""A PDF's pages in a real browser: named in the note, shown in the text, opened at the quote."""

from collections.abc import Callable
from typing import Any

from index.loaders import Parser, pieces_of_bytes
from tests import made_files

FILLER = "The town hall lists what the harbour bridge has cost since it was built in 1931."
PAGES = [
    ["# The harbour bridge", *[f"{FILLER} It was page one, entry {n}." for n in range(12)]],
    ["The harbour bridge reopens on 12 March 2025, the mayor said in the town hall."],
]


def test_a_note_names_the_page_and_leads_to_the_quote_on_it(
    own_site: Any, open_page: Callable[..., Any]
) -> None:
    site = own_site()
    with Parser() as parser:
        data = made_files.pdf(PAGES, foot="{page}")
        (piece,) = pieces_of_bytes(data, filename="bridge.pdf", parser=parser)
    site.services.library.add(piece.document)

    page = open_page(site.url)
    page.get_by_label("Your question").fill("When does the harbour bridge reopen?")
    page.keyboard.press("Enter")
    turn = page.locator("article").first
    turn.locator(".colophon").wait_for()
    assert "p. 2" in turn.locator(".notes .note").first.inner_text()
    turn.locator(".prose .marker").first.hover()
    card = page.locator(".card")
    card.wait_for()
    assert "p. 2" in card.inner_text()

    with page.context.expect_page() as opened:
        turn.locator(".prose .marker").first.click()
    document = opened.value
    document.wait_for_load_state()
    mark = document.locator("mark#quote")
    assert "12 March 2025" in mark.inner_text()
    assert mark.evaluate(
        "m => { const r = m.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight }"
    )
    assert document.get_by_role("separator", name="Page 2").count() == 1
    text = document.locator("article").evaluate("a => a.textContent")
    assert text == piece.document.text
