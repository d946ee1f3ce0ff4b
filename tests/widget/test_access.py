"""Asking by keyboard, on a phone, in the dark, from right to left, with a screen reader."""

from collections.abc import Callable
from typing import Any

import pytest

OpenPage = Callable[..., Any]
Findings = Callable[[Any], list[str]]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def with_launcher(page: Any, **attributes: str) -> None:
    """Put a launcher where the inline chat stood."""
    page.evaluate(
        """(attributes) => {
          document.querySelector("footnote-chat").remove();
          const chat = document.createElement("footnote-chat");
          for (const [name, value] of Object.entries(attributes)) chat.setAttribute(name, value);
          document.body.append(chat);
        }""",
        attributes,
    )


def focused(page: Any) -> str:
    """Return the class or the label of what has the focus inside the chat."""
    found: str = page.evaluate(
        """() => {
          const inside = document.querySelector("footnote-chat").shadowRoot.activeElement;
          return inside ? inside.className || inside.localName : document.activeElement.localName;
        }"""
    )
    return found


def test_everything_can_be_done_with_the_keyboard(scripted: Any, open_page: OpenPage) -> None:
    site, _ = scripted()
    page = open_page(site.url)
    with_launcher(page)
    page.locator(".launcher").focus()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "document.querySelector('footnote-chat').shadowRoot.activeElement?.localName === 'textarea'"
    )
    page.keyboard.type("A question?")
    page.keyboard.press("Enter")
    page.locator("article .colophon").wait_for()
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        if focused(page) == "marker":
            break
    assert focused(page) == "marker"
    page.locator(".card").wait_for()
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    assert "/documents/bridge-" in opened.value.url
    opened.value.close()
    page.bring_to_front()
    page.keyboard.press("Escape")
    if page.locator(".panel").is_visible():
        page.keyboard.press("Escape")
    assert page.locator(".panel").is_hidden()
    assert focused(page) == "launcher"


def test_what_happens_is_said_to_screen_readers(scripted: Any, open_page: OpenPage) -> None:
    site, _ = scripted()
    page = open_page(site.url)
    voice = page.locator("footnote-chat [role=status]")
    assert voice.get_attribute("aria-live") == "polite"
    page.get_by_label("Your question").fill("A question?")
    page.keyboard.press("Enter")
    page.locator("article .colophon").wait_for()
    assert "Sentence 3 of the answer" in voice.inner_text()
    assert "Notes: 3" in voice.inner_text()


def test_on_a_phone_the_panel_fills_the_screen_and_a_tap_opens_a_sheet(
    scripted: Any, open_page: OpenPage
) -> None:
    site, _ = scripted(conflict=True)
    page = open_page(site.url, **PHONE)
    with_launcher(page)
    page.locator(".launcher").tap()
    box = page.locator(".panel").bounding_box()
    assert (round(box["x"]), round(box["width"]), round(box["height"])) == (0, 390, 844)
    page.get_by_label("Your question").fill("A question?")
    page.keyboard.press("Enter")
    page.locator("article .colophon").wait_for()
    page.locator(".prose .marker").first.tap()
    sheet = page.get_by_role("dialog", name="Note 1")
    sheet.wait_for()
    box = sheet.bounding_box()
    assert round(box["y"] + box["height"]) == 844
    assert round(box["width"]) == 390
    with page.context.expect_page() as opened:
        sheet.get_by_role("button", name="Read it in its source").tap()
    assert "/documents/bridge-1" in opened.value.url


@pytest.mark.parametrize("path", ["/", "/documents/first-phase-complete?start=10&end=60"])
def test_no_page_is_wider_than_a_phone(sample_site: Any, open_page: OpenPage, path: str) -> None:
    page = open_page(sample_site.url + path, **PHONE)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def luminance(page: Any, selector: str, name: str) -> float:
    """Return how light a colour is, from 0 to 1."""
    found: float = page.locator(selector).first.evaluate(
        """(element, name) => {
          const canvas = document.createElement("canvas").getContext("2d");
          canvas.fillStyle = getComputedStyle(element)[name];
          canvas.fillRect(0, 0, 1, 1);
          const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data;
          return (r + g + b) / 765;
        }""",
        name,
    )
    return found


def test_the_look_follows_the_system_and_the_theme_attribute(
    scripted: Any, open_page: OpenPage
) -> None:
    site, _ = scripted()
    page = open_page(site.url, color_scheme="dark")
    with_launcher(page, open="")
    assert luminance(page, ".panel", "backgroundColor") < 0.2
    assert luminance(page, "body", "backgroundColor") < 0.2
    page.evaluate("document.querySelector('footnote-chat').setAttribute('theme', 'light')")
    assert luminance(page, ".panel", "backgroundColor") > 0.8


def test_a_page_sets_colours_and_parts(scripted: Any, open_page: OpenPage) -> None:
    site, _ = scripted()
    page = open_page(site.url)
    with_launcher(page)
    page.evaluate(
        """() => {
          const chat = document.querySelector("footnote-chat");
          chat.style.setProperty("--footnote-paper", "rgb(1, 2, 3)");
          const sheet = new CSSStyleSheet();
          sheet.replaceSync("footnote-chat::part(launcher) { color: rgb(4, 5, 6); }");
          document.adoptedStyleSheets = [sheet];
        }"""
    )
    colours = page.locator(".launcher").evaluate(
        "l => { const s = getComputedStyle(l); return [s.backgroundColor, s.color] }"
    )
    assert colours == ["rgb(1, 2, 3)", "rgb(4, 5, 6)"]


def test_arabic_runs_from_right_to_left(scripted: Any, open_page: OpenPage) -> None:
    site, _ = scripted()
    page = open_page(site.url)
    with_launcher(page, lang="ar")
    launcher = page.get_by_role("button", name="اسأل المصادر")
    assert launcher.bounding_box()["x"] < 100
    launcher.click()
    panel = page.locator(".panel")
    assert panel.evaluate("p => getComputedStyle(p).direction") == "rtl"
    page.get_by_label("سؤالك").fill("متى؟")
    page.keyboard.press("Enter")
    page.locator("article .colophon").wait_for()
    assert "الاقتباسات حرفية من المصادر" in panel.inner_text()
    assert page.locator(".question").evaluate("q => getComputedStyle(q).direction") == "rtl"
    assert page.locator(".prose p").first.evaluate("q => getComputedStyle(q).direction") == "ltr"


def test_nothing_moves_for_readers_who_want_that(scripted: Any, open_page: OpenPage) -> None:
    site, _ = scripted()
    page = open_page(site.url, reduced_motion="reduce")
    page.get_by_label("Your question").fill("A question?")
    page.keyboard.press("Enter")
    page.locator("article .colophon").wait_for()
    moving = "s => getComputedStyle(s).animationName"
    assert page.locator(".sentence").first.evaluate(moving) == "none"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_axe_finds_nothing_serious_in_the_chat(
    scripted: Any, open_page: OpenPage, serious_findings: Findings, scheme: str, size: str
) -> None:
    site, script = scripted(conflict=True, by_model=True)
    options: dict[str, Any] = {"color_scheme": scheme, "reduced_motion": "reduce"}
    page = open_page(site.url, **options, **(PHONE if size == "phone" else {}))
    with_launcher(page, open="")
    assert serious_findings(page) == []
    page.get_by_label("Your question").fill("A question?")
    page.keyboard.press("Enter")
    page.locator("article .colophon").wait_for()
    page.get_by_text("Left out").click()
    page.locator(".marker").first.focus()
    page.locator(".card").wait_for()
    assert serious_findings(page) == []
    script.refuses = True
    page.get_by_label("Your question").fill("Another?")
    page.keyboard.press("Enter")
    page.locator(".nearest").wait_for()
    assert serious_findings(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/documents/first-phase-complete?start=10&end=60&short=20-30&mark=80-90",
        "/documents/gone",
        "/docs",
    ],
)
def test_axe_finds_nothing_serious_on_the_pages(
    sample_site: Any, open_page: OpenPage, serious_findings: Findings, path: str, scheme: str
) -> None:
    page = open_page(sample_site.url + path, color_scheme=scheme, expects_errors="gone" in path)
    page.wait_for_load_state("networkidle")
    assert serious_findings(page) == []
