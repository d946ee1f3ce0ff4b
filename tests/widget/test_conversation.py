"""Asking and reading, in a real browser."""

import json
from collections.abc import Callable
from typing import Any

import pytest

OpenPage = Callable[..., Any]
Scripted = Callable[..., Any]
ANSWERED = "article[data-status]"


def ask(page: Any, question: str) -> Any:
    """Ask, and return the turn."""
    before = page.locator("article").count()
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    return page.locator("article").nth(before)


def test_an_answer_quotes_its_sources_with_publisher_and_date(
    sample_site: Any, open_page: OpenPage
) -> None:
    page = open_page(sample_site.url)
    turn = ask(page, "When is the evacuation expected to be complete?")
    turn.locator(".colophon").wait_for()
    assert "mid-2025" in turn.locator(".prose").inner_text()
    notes = turn.locator(".notes").inner_text()
    assert "Shafaq News" in notes
    assert "27 September 2024" in notes
    assert "word for word from the sources" in turn.inner_text()


def test_a_marker_shows_its_quote_on_hover_and_on_focus_and_escape_hides_it(
    scripted: Scripted, open_page: OpenPage
) -> None:
    site, _ = scripted()
    page = open_page(site.url)
    turn = ask(page, "A question?")
    marker = turn.get_by_role("button", name="Note 1: Harbour Gazette, 14 March 2025")
    card = page.locator(".card")
    marker.hover()
    card.wait_for()
    assert "Quote 1 with <b>markup</b> & “marks”." in card.inner_text()
    assert "14 March 2025" in card.inner_text()
    page.keyboard.press("Escape")
    card.wait_for(state="hidden")
    page.mouse.move(0, 0)
    turn.get_by_role("button", name="Note 2").focus()
    card.wait_for()
    assert "undated" in card.inner_text()


def test_a_marker_opens_the_document_with_the_quote_marked_and_in_sight(
    sample_site: Any, open_page: OpenPage
) -> None:
    page = open_page(sample_site.url)
    turn = ask(page, "When is the evacuation expected to be complete?")
    turn.locator(".colophon").wait_for()
    quote = page.evaluate("document.querySelector('footnote-chat').answers[0].citations[0].quote")
    with page.context.expect_page() as opened:
        turn.locator(".prose .marker").first.click()
    document = opened.value
    document.wait_for_load_state()
    mark = document.locator("mark#quote")
    assert mark.inner_text() == quote
    assert mark.evaluate(
        "m => { const r = m.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight }"
    )


def test_sentences_are_shown_as_they_are_checked(scripted: Scripted, open_page: OpenPage) -> None:
    site, script = scripted(waits_after=1)
    page = open_page(site.url)
    turn = ask(page, "A question?")
    turn.get_by_text("Sentence 1").wait_for()
    assert turn.locator(".sentence").count() == 1
    assert page.get_by_role("button", name="Stop").is_visible()
    script.go_on.set()
    turn.locator(".colophon").wait_for()
    assert turn.locator(".sentence").count() == 3
    assert page.get_by_role("button", name="Ask", exact=True).is_visible()


def test_stopping_keeps_what_was_checked_and_stops_the_service(
    scripted: Scripted, open_page: OpenPage, until: Any
) -> None:
    site, script = scripted(waits_after=2)
    page = open_page(site.url)
    turn = ask(page, "A question?")
    turn.get_by_text("Sentence 2").wait_for()
    page.get_by_role("button", name="Stop").click()
    turn.get_by_text("You stopped this answer.").wait_for()
    assert turn.locator(".sentence").count() == 2
    script.go_on.set()
    until(script.closed.is_set)
    turn.get_by_role("button", name="Ask again").click()
    page.locator(f"{ANSWERED} .thumbs").wait_for()
    assert page.locator("article").count() == 1
    assert [request.question for request in script.asked] == ["A question?"] * 2


def test_a_refusal_names_the_nearest_sources(scripted: Scripted, open_page: OpenPage) -> None:
    site, _ = scripted(refuses=True)
    page = open_page(site.url)
    turn = ask(page, "How many moons?")
    turn.locator(".nearest").wait_for()
    text = turn.inner_text()
    assert "do not answer it" in text
    assert "The harbour bridge" in text
    assert "Harbour Gazette" in text
    assert "14 March 2025" in text
    assert turn.locator(".prose").is_hidden()


def test_sources_that_disagree_stand_side_by_side_with_their_dates(
    scripted: Scripted, open_page: OpenPage
) -> None:
    site, _ = scripted(conflict=True)
    page = open_page(site.url)
    turn = ask(page, "When?")
    turn.get_by_role("heading", name="The sources disagree").wait_for()
    claims = turn.locator(".claim")
    assert "mid-2025" in claims.nth(0).inner_text()
    assert "14 March 2025" in claims.nth(0).inner_text()
    assert "the end of September 2025" in claims.nth(1).inner_text()
    assert "undated" in claims.nth(1).inner_text()
    boxes = [claims.nth(n).bounding_box() for n in (0, 1)]
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[0]["x"] < boxes[1]["x"]


def test_a_model_is_named_and_what_was_left_out_can_be_seen(
    scripted: Scripted, open_page: OpenPage
) -> None:
    site, _ = scripted(by_model=True)
    page = open_page(site.url)
    turn = ask(page, "What?")
    turn.locator(".colophon").wait_for()
    assert "Written by some-model" in turn.inner_text()
    reason = turn.get_by_text("3,000 is not in it")
    assert not reason.is_visible()
    turn.get_by_text("Left out, because the check failed: 1").click()
    assert reason.is_visible()


def test_the_answer_after_a_reload_is_the_one_of_the_service_byte_for_byte(
    sample_site: Any, open_page: OpenPage
) -> None:
    page = open_page(sample_site.url)
    sent_bodies: list[bytes] = []

    def note(route: Any) -> None:
        response = route.fetch()
        sent_bodies.append(response.body())
        route.fulfill(response=response)

    page.route("**/v1/ask", note)
    ask(page, "When was the Global Coalition against ISIL founded?")
    page.locator(ANSWERED).wait_for()
    events = sent_bodies[0].decode().split("\n\n")
    done = next(event for event in events if event.startswith("event: done"))
    sent = done.partition("data: ")[2]
    page.reload()
    turn = page.locator(ANSWERED)
    turn.wait_for()
    kept = page.evaluate(
        "Object.entries(sessionStorage).find(([key]) => key.endsWith(':0:answer'))[1]"
    )
    assert kept.encode() == sent.encode()
    restored = page.evaluate("document.querySelector('footnote-chat').answers[0]")
    assert restored == json.loads(sent)
    assert turn.locator(".marker").count() >= 1
    turn.locator(".prose .marker").first.focus()
    assert restored["citations"][0]["quote"] in page.locator(".card").inner_text()


def test_a_reload_in_mid_stream_keeps_what_was_checked(
    scripted: Scripted, open_page: OpenPage
) -> None:
    site, script = scripted(waits_after=2)
    page = open_page(site.url)
    ask(page, "A question?").get_by_text("Sentence 2").wait_for()
    page.reload()
    script.go_on.set()
    page.locator('article[data-status="unfinished"]').wait_for()
    assert page.locator(".sentence").count() == 2


def test_follow_ups_bring_the_conversation_and_a_new_one_forgets_it(
    scripted: Scripted, open_page: OpenPage
) -> None:
    site, script = scripted()
    page = open_page(site.url)
    ask(page, "First?").locator(".colophon").wait_for()
    ask(page, "Second?").locator(".colophon").wait_for()
    roles = [(turn.role, turn.content[:6]) for turn in script.asked[1].history]
    assert roles == [("user", "First?"), ("assistant", "Senten")]
    page.get_by_role("button", name="New conversation").click()
    assert page.locator("article").count() == 0
    assert page.evaluate("Object.keys(sessionStorage).length") == 0
    ask(page, "Third?").locator(".colophon").wait_for()
    assert script.asked[2].history == ()


@pytest.mark.parametrize("how", ["breaks", "goes"])
def test_a_service_that_is_lost_in_mid_stream_leaves_what_was_checked_and_a_way_on(
    scripted: Scripted, open_page: OpenPage, how: str
) -> None:
    what = {"breaks_after": 2} if how == "breaks" else {"waits_after": 2}
    site, _ = scripted(**what)
    page = open_page(site.url, expects_errors=True)
    turn = ask(page, "A question?")
    turn.get_by_text("Sentence 2").wait_for()
    if how == "goes":
        site.stop()
    turn.get_by_role("button", name="Ask again").wait_for()
    assert turn.locator(".sentence").count() == 2
    assert turn.locator(".state").inner_text().endswith(("was checked.", "Ask again."))
    if how == "goes":
        turn.get_by_role("button", name="Ask again").click()
        page.get_by_text("The service cannot be reached").first.wait_for()


def test_ratings_are_kept_and_can_be_taken_back(
    own_site: Any, open_page: OpenPage, until: Any
) -> None:
    site = own_site(samples=True)
    page = open_page(site.url)
    turn = ask(page, "When was the Global Coalition against ISIL founded?")
    good = turn.get_by_role("button", name="This answer helped")
    good.click()
    page.locator(".thumb.up[aria-pressed=true]").wait_for()
    (line,), total = site.services.library.feedback.list()
    assert (line.rating, total) == ("up", 1)
    assert line.question == "When was the Global Coalition against ISIL founded?"
    assert line.origin == site.url
    turn.get_by_role("button", name="This answer did not help").click()
    page.locator(".thumb.down[aria-pressed=true]").wait_for()
    assert site.services.library.feedback.list()[0][0].rating == "down"
    turn.get_by_role("button", name="This answer did not help").click()
    until(lambda: site.services.library.feedback.list()[1] == 0)


def test_an_answer_is_copied_with_its_sources(scripted: Scripted, open_page: OpenPage) -> None:
    site, _ = scripted()
    page = open_page(site.url, permissions=["clipboard-read", "clipboard-write"])
    turn = ask(page, "A question?")
    turn.get_by_role("button", name="Copy").click()
    turn.get_by_role("button", name="Copied").wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    assert "Sentence 1 of the answer tells of the bridge [1]." in text
    assert "[1] The harbour bridge. Harbour Gazette, 14 March 2025." in text
    assert "[2] The harbour bridge. Harbour Gazette, undated." in text


def test_example_questions_are_asked_by_a_click(sample_site: Any, open_page: OpenPage) -> None:
    page = open_page(sample_site.url)
    example = page.locator(".examples button").first
    question = example.inner_text()
    example.click()
    page.locator(".question").wait_for()
    assert page.locator(".question").inner_text() == question
    page.locator('article[data-status="answered"]').wait_for()


def test_links_of_sources_are_web_links_only(scripted: Scripted, open_page: OpenPage) -> None:
    site, script = scripted()
    good = script.answer("x")
    bad = good.citations[0].model_copy(update={"url": "javascript:alert(1)"})
    script.answer = (
        lambda question: good.model_copy(  # type: ignore[method-assign]
            update={"citations": (bad, *good.citations[1:])}
        )
    )
    page = open_page(site.url)
    ask(page, "A question?").locator(".colophon").wait_for()
    assert page.locator(".notes a").count() == 0
