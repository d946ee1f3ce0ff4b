"""The chat on pages of other origins, in a real browser."""

from collections.abc import Callable
from typing import Any

from pydantic import SecretStr

from app.settings import WidgetSettings

OpenPage = Callable[..., Any]
HostPage = Callable[..., str]


def lines(url: str) -> str:
    script = f'<script type="module" src="{url}/widget.js"></script>'
    return f"{script}\n<footnote-chat></footnote-chat>"


class Pending:
    """A host page whose service is started when the page's own address is known.

    ``{0}`` in its policy stands for the service.
    """

    def __init__(self, host_page: HostPage, policy: str = "") -> None:
        self.service = ""
        self.address = host_page(lambda: lines(self.service), lambda: policy.format(self.service))


def test_from_a_blank_page_of_another_origin_to_a_cited_answer(
    own_site: Any, host_page: HostPage, open_page: OpenPage
) -> None:
    pending = Pending(host_page)
    site = own_site(samples=True, widget=WidgetSettings(origins=(pending.address,)))
    pending.service = site.url
    page = open_page(pending.address)
    page.get_by_role("button", name="Ask the sources").click()
    page.get_by_role("button", name="When was the Global Coalition against ISIL founded?").click()
    page.locator('article[data-status="answered"] .marker').first.wait_for()
    with page.context.expect_page() as opened:
        page.locator(".marker").first.click()
    opened.value.wait_for_load_state()
    assert opened.value.url.startswith(f"{site.url}/documents/")
    assert opened.value.locator("mark#quote").count() == 1


def test_a_page_that_is_not_on_the_list_gets_nothing(
    own_site: Any, host_page: HostPage, open_page: OpenPage
) -> None:
    pending = Pending(host_page)
    site = own_site(widget=WidgetSettings(origins=("https://www.example.org",)))
    pending.service = site.url
    page = open_page(pending.address, expects_errors=True)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("customElements.get('footnote-chat') === undefined")
    for path in ("/v1/widget/session", "/v1/ask"):
        blocked = page.evaluate(
            "url => fetch(url, {method: 'POST'}).then(() => false, () => true)", site.url + path
        )
        assert blocked


def test_it_works_where_the_page_has_a_strict_policy_and_the_service_a_key(
    own_site: Any, host_page: HostPage, open_page: OpenPage
) -> None:
    pending = Pending(
        host_page,
        "default-src 'none'; img-src data:; script-src {0}; connect-src {0}; "
        "require-trusted-types-for 'script'",
    )
    site = own_site(
        samples=True,
        api_key=SecretStr("a-secret-key"),
        widget=WidgetSettings(origins=(pending.address,)),
    )
    pending.service = site.url
    page = open_page(pending.address)
    page.get_by_role("button", name="Ask the sources").click()
    page.get_by_label("Your question").fill("When was the Global Coalition against ISIL founded?")
    page.keyboard.press("Enter")
    page.locator('article[data-status="answered"] .marker').first.wait_for()
    assert page.locator(".panel").evaluate("p => getComputedStyle(p).position") == "fixed"
    with page.context.expect_page() as opened:
        page.locator(".marker").first.click()
    document = opened.value
    document.wait_for_load_state()
    assert document.locator("mark#quote").count() == 1
    assert "The whole document is not shown here" in document.content()
    assert "access=" not in document.url
    document.goto(f"{site.url}/documents/no-such-document")
    assert "Only quotes are shown here" in document.content()
    stranger = page.context.browser.new_context().new_page()
    stranger.goto(f"{site.url}/documents/first-phase-complete")
    assert "This link is over" in stranger.content()
    stranger.context.close()


def test_texts_come_from_attributes_and_a_block(
    scripted: Any, host_page: HostPage, open_page: OpenPage
) -> None:
    site, _ = scripted()
    page = open_page(site.url)
    page.evaluate(
        """() => {
          const chat = document.createElement("footnote-chat");
          const block = document.createElement("script");
          block.type = "application/json";
          block.textContent = JSON.stringify({ title: "Das Archiv", send: "Fragen" });
          chat.append(block);
          chat.setAttribute("text-launcher", "Das Archiv fragen");
          chat.setAttribute("questions", "Wer?|Wann?");
          document.body.append(chat);
        }"""
    )
    page.get_by_role("button", name="Das Archiv fragen").click()
    panel = page.get_by_role("dialog", name="Das Archiv")
    assert panel.get_by_role("button", name="Fragen").is_visible()
    assert panel.locator(".examples button").all_inner_texts() == ["Wer?", "Wann?"]


def test_events_tell_the_page_what_happens(scripted: Any, open_page: OpenPage) -> None:
    site, _ = scripted()
    page = open_page(site.url)
    told = page.evaluate(
        """async () => {
          const chat = document.querySelector("footnote-chat");
          const told = [];
          for (const name of ["ask", "answer"]) {
            document.addEventListener(`footnote-${name}`, (event) => told.push(event));
          }
          await chat.ask("A question?");
          const [asked, answered] = told;
          return [
            asked.detail.question,
            answered.detail.answer.status,
            JSON.stringify(answered.detail.answer) ===
              JSON.stringify(JSON.parse(answered.detail.sent)),
          ];
        }"""
    )
    assert told == ["A question?", "answered", True]
