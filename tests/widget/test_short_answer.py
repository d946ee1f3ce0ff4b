"""The short answer, in a real browser: first, and marked in its quote wherever that is shown."""

from collections.abc import Callable
from typing import Any

import pytest

from app.answer.model import (
    Answer,
    AnswerSentence,
    Citation,
    Claim,
    Conflict,
    Generator,
    ShortAnswer,
    Timings,
)

OpenPage = Callable[..., Any]
Asked = Callable[..., Any]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DOCUMENT = "first-phase-complete"
QUOTE = (
    "This phase in Syria is to run through September 2026, as Iraq and the United States agreed in "
    "a joint statement in September 2024."
)
SAID = "September 2026"
FERRY = "The 🛥️ ferry 🚢 carries 140 people 🧍 and leaves at noon."


def citation(quote: str = QUOTE, start: int = 0, **changes: Any) -> Citation:
    values = {
        "marker": 1,
        "document_id": DOCUMENT,
        "revision": "0" * 64,
        "title": "The first phase",
        "source": "Harbour Gazette",
        "url": None,
        "published_at": "2025-03-14",
        "start": start,
        "end": start + len(quote),
        "quote": quote,
    }
    return Citation.model_validate(values | changes)


def short_in(cited: Citation, text: str) -> ShortAnswer:
    start = cited.start + cited.quote.index(text)
    return ShortAnswer(text=text, citation=cited.marker, start=start, end=start + len(text))


def answer(
    short: ShortAnswer | None, *cited: Citation, said: str | None = None, **changes: Any
) -> Answer:
    """An answer of one sentence: the first quote, or what a model made of it."""
    text = said or cited[0].quote
    markers = tuple(one.marker for one in cited)
    values = {
        "id": "ans_0",
        "status": "answered",
        "reason": None,
        "question": "When does the Syria phase end?",
        "answer": f"{text[:-1]} {''.join(f'[{marker}]' for marker in markers)}.",
        "short": short,
        "sentences": (
            AnswerSentence(text=text, citations=markers, support="supported" if said else "quoted"),
        ),
        "citations": cited,
        "conflicts": (),
        "dropped": (),
        "sources": (),
        "generator": Generator(kind="model", model="some-model")
        if said
        else Generator(kind="extractive"),
        "timings_ms": Timings(retrieve=1, write=1, verify=1, total=3),
    }
    return Answer.model_validate(values | changes)


def plain() -> Answer:
    cited = citation()
    return answer(short_in(cited, SAID), cited)


@pytest.fixture
def asked(scripted: Any, open_page: OpenPage) -> Asked:
    """Open the home page, ask, and return the page with the answer that a test made by hand."""

    def ask(given: Answer, *, language: str = "en", **options: Any) -> Any:
        site, script = scripted()
        script.answer = lambda question: given
        page = open_page(site.url, **options)
        if language != "en":
            page.evaluate(
                "lang => document.querySelector('footnote-chat').setAttribute('lang', lang)",
                language,
            )
        page.locator("textarea").fill(given.question)
        page.keyboard.press("Enter")
        page.locator("article .colophon").wait_for()
        return page

    return ask


def test_the_short_answer_stands_large_above_its_quote_with_its_marker(asked: Asked) -> None:
    page = asked(plain())
    short, prose = page.locator(".short"), page.locator(".prose")
    assert short.inner_text().split() == ["September", "2026", "1"]
    assert short.get_by_role("button", name="Note 1: Harbour Gazette, 14 March 2025").is_visible()
    boxes = [one.bounding_box() for one in (page.locator(".question"), short, prose)]
    assert boxes[0]["y"] < boxes[1]["y"] < boxes[2]["y"]
    sizes = [
        float(one.evaluate("e => parseFloat(getComputedStyle(e).fontSize)"))
        for one in (short, prose)
    ]
    assert sizes[0] > 1.3 * sizes[1]


def test_it_is_marked_in_the_sentence_that_is_its_quote_and_in_the_card(asked: Asked) -> None:
    page = asked(plain())
    assert page.locator(".prose mark").all_text_contents() == [SAID]
    assert page.locator(".sentence").evaluate("e => e.firstChild.data") == QUOTE.partition(SAID)[0]
    page.locator(".short .marker").hover()
    assert page.locator(".card mark").all_text_contents() == [SAID]
    assert QUOTE in page.locator(".card").inner_text()


def test_it_is_marked_in_the_margin_and_beside_a_value_that_is_disputed(asked: Asked) -> None:
    cited, other = citation(), citation("It ends in 2025.", marker=2, document_id="other")
    claims = (Claim(value=SAID, citations=(1,)), Claim(value="2025", citations=(2,)))
    page = asked(
        answer(
            short_in(cited, SAID),
            cited,
            other,
            said=f"The Syria phase ends in {SAID}.",
            conflicts=(Conflict(claims=claims),),
        )
    )
    assert page.locator(".prose mark").count() == 0  # no quote, though the words are there
    assert page.locator(".note mark").all_text_contents() == [SAID]
    assert page.locator(".claimant mark").all_text_contents() == [SAID]


def test_it_comes_with_the_whole_answer_not_before(scripted: Any, open_page: OpenPage) -> None:
    site, script = scripted(waits_after=1)
    given = plain()
    script.answer = lambda question: given
    page = open_page(site.url)
    page.get_by_label("Your question").fill("When?")
    page.keyboard.press("Enter")
    page.locator(".sentence").wait_for()
    assert page.locator(".short").is_hidden()
    script.go_on.set()
    page.locator(".short").wait_for()
    assert page.locator(".sentence").count() == 1


def test_a_reload_shows_the_same(asked: Asked) -> None:
    page = asked(plain())
    before = page.locator("article").inner_text()
    page.reload()
    page.locator("article .colophon").wait_for()
    assert page.locator("article").inner_text() == before
    assert page.locator(".prose mark").all_text_contents() == [SAID]
    page.locator(".short .marker").focus()
    assert page.locator(".card mark").all_text_contents() == [SAID]


def test_a_screen_reader_hears_it_once_and_first(asked: Asked) -> None:
    page = asked(plain())
    heard = page.locator("footnote-chat [role=status]").inner_text()
    assert heard.startswith(f"{SAID}. This phase in Syria")
    assert heard.count(SAID) == 2  # by itself, and in its sentence
    assert page.locator("article [aria-live], article [role=status]").count() == 0


def test_offsets_count_code_points_not_the_units_of_a_script(asked: Asked) -> None:
    cited = citation(FERRY, start=31)
    page = asked(answer(short_in(cited, "140 people 🧍"), cited))
    assert page.locator(".prose mark").all_text_contents() == ["140 people 🧍"]
    assert page.locator(".prose p").evaluate("p => p.textContent").startswith(FERRY)


def test_a_mark_that_runs_into_the_end_of_a_sentence_leaves_the_markers_alone(
    asked: Asked,
) -> None:
    cited = citation("The ferry leaves in September 2026.")
    page = asked(answer(short_in(cited, "in September 2026"), cited))
    assert "".join(page.locator(".prose mark").all_text_contents()) == "in September 2026"
    assert page.locator(".prose .marker").count() == 1
    assert page.locator(".prose mark .marker").count() == 0


def test_a_short_answer_that_does_not_stand_in_its_quote_is_not_marked(asked: Asked) -> None:
    cited = citation()
    page = asked(answer(ShortAnswer(text="May 1999", citation=1, start=38, end=46), cited))
    assert page.locator(".short").is_visible()
    assert page.locator("mark").count() == 0


def test_markup_in_a_short_answer_stays_text(asked: Asked) -> None:
    cited = citation("It is <b>bold</b> & <i>so on</i>.")
    page = asked(answer(short_in(cited, "<b>bold</b>"), cited))
    assert "<b>bold</b>" in page.locator(".short").inner_text()
    assert page.locator(".prose mark").all_text_contents() == ["<b>bold</b>"]


@pytest.mark.parametrize(("language", "word"), [("en", "Yes"), ("ar", "نعم")])
def test_yes_is_said_in_the_language_of_the_reader_and_marked_nowhere(
    asked: Asked, language: str, word: str
) -> None:
    given = answer(ShortAnswer(text="yes", citation=1, start=None, end=None), citation())
    page = asked(given, language=language)
    assert page.locator(".short").inner_text().split() == [word, "1"]
    assert page.locator("mark").count() == 0
    assert page.locator("footnote-chat [role=status]").inner_text().startswith(f"{word}. ")


def test_its_marker_opens_the_document_with_the_quote_marked_and_the_short_answer_in_it(
    scripted: Any, open_page: OpenPage
) -> None:
    site, script = scripted()
    stored = site.services.library.revision(DOCUMENT)
    cited = citation(start=stored.text.index(QUOTE), revision=stored.sha)
    given = answer(short_in(cited, SAID), cited)
    script.answer = lambda question: given
    page = open_page(site.url)
    page.get_by_label("Your question").fill("When?")
    page.keyboard.press("Enter")
    page.locator("article .colophon").wait_for()
    with page.context.expect_page() as opened:
        page.locator(".short .marker").click()
    document = opened.value
    document.wait_for_load_state()
    assert document.locator("mark#quote").inner_text() == QUOTE
    assert document.locator("mark#quote mark.short").all_text_contents() == [SAID]
    colours = "e => getComputedStyle(e).backgroundColor"
    assert document.locator("#quote").evaluate(colours) != document.locator("#quote mark").evaluate(
        colours
    )


def test_a_copy_of_the_quote_is_opened_with_the_short_answer_at_its_own_place(
    asked: Asked,
) -> None:
    own = citation(start=40)
    copy = own.model_dump(exclude={"marker", "copies"}) | {
        "document_id": "copy",
        "source": "The Crane",
        "start": 900,
        "end": 900 + len(QUOTE),
    }
    cited = citation(start=40, copies=(copy,))
    page = asked(answer(short_in(cited, SAID), cited))
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="The Crane").click()
    start = 900 + QUOTE.index(SAID)
    assert f"short={start}-{start + len(SAID)}" in opened.value.url


def test_it_is_copied_ahead_of_the_answer(asked: Asked) -> None:
    page = asked(plain(), permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    lines = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert lines[:3] == ["When does the Syria phase end?", "", f"{SAID} [1]"]


def test_an_answer_without_one_and_one_kept_before_there_were_any_show_none(asked: Asked) -> None:
    page = asked(answer(None, citation()))
    assert page.locator(".short").is_hidden()
    page.evaluate(
        """() => {
          const key = Object.keys(sessionStorage).find((name) => name.endsWith(":answer"));
          const { short, ...before } = JSON.parse(sessionStorage[key]);
          sessionStorage[key] = JSON.stringify(before);
        }"""
    )
    page.reload()
    page.locator("article .colophon").wait_for()
    assert page.locator(".short").is_hidden()


def test_in_arabic_it_runs_as_its_own_words_do(asked: Asked) -> None:
    page = asked(plain(), language="ar")
    direction = "e => getComputedStyle(e).direction"
    assert page.locator(".short").evaluate(direction) == "ltr"
    cited = citation("تنتهي المرحلة في سوريا في أيلول 2026 كما اتفق البلدان.")
    page = asked(answer(short_in(cited, "أيلول 2026"), cited), language="ar")
    assert page.locator(".short").evaluate(direction) == "rtl"
    assert page.locator(".prose mark").all_text_contents() == ["أيلول 2026"]


def test_a_refusal_over_the_language_says_in_which_to_ask(asked: Asked) -> None:
    refused = {"status": "refused", "reason": "language", "answer": "No.", "sentences": ()}
    page = asked(answer(None, citation(), **refused, citations=()))
    assert "Ask in the language of the sources." in page.locator(".state").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_axe_finds_nothing_serious_and_nothing_is_too_wide(
    asked: Asked, serious_findings: Callable[[Any], list[str]], scheme: str, size: str
) -> None:
    options: dict[str, Any] = {"color_scheme": scheme, "reduced_motion": "reduce"}
    page = asked(plain(), **options, **(PHONE if size == "phone" else {}))
    page.locator(".short .marker").focus()
    page.locator(".card mark").wait_for()
    assert serious_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
