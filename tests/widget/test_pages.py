"""The home page and the document pages, in a real browser."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from index.catalog.job_items import Given, JobItem
from index.model import SourceDocument

OpenPage = Callable[..., Any]
ASTRAL = (
    "# Ferries 🚢\n\nThe 🛥️ ferry 🚢 leaves at noon. It carries 140 people 🧍.\n\n- one\n- two\n"
)


def article(page: Any) -> str:
    text: str = page.locator("article").evaluate("a => a.textContent")
    return text


def test_what_is_indexed_is_listed_with_source_and_date(
    sample_site: Any, open_page: OpenPage
) -> None:
    page = open_page(sample_site.url)
    row = page.get_by_role("row").filter(has_text="Global Coalition to end its Iraq mission")
    row.wait_for()
    assert "Shafaq News" in row.inner_text()
    assert "27 September 2024" in row.inner_text()
    assert "Indexed" in row.inner_text()
    assert page.locator("#count").inner_text() == "5 indexed"


def test_an_empty_index_says_what_to_do_then_a_file_is_added_asked_about_and_deleted(
    own_site: Any, open_page: OpenPage, tmp_path: Path
) -> None:
    site = own_site()
    page = open_page(site.url)
    page.get_by_text("There are no documents yet.").wait_for()
    file = tmp_path / "ferry.md"
    file.write_text("# The ferry\n\nThe island ferry carries 140 passengers.\n")
    page.locator("#files").set_input_files(file)
    page.get_by_role("link", name="The ferry").wait_for()
    page.get_by_text("1 indexed. Added ferry.md.").wait_for()
    page.get_by_label("Your question").fill("How many passengers does the ferry carry?")
    page.keyboard.press("Enter")
    page.locator('article[data-status="answered"]').wait_for()
    assert "140" in page.locator(".prose").inner_text()
    page.get_by_role("button", name="Delete The ferry").click()
    page.get_by_role("button", name="Keep it").click()
    assert site.services.library.counts().documents == 1
    page.get_by_role("button", name="Delete The ferry").click()
    assert "cannot be undone" in page.get_by_role("dialog").inner_text()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_text("There are no documents yet.").wait_for()
    assert site.services.library.counts().documents == 0


def test_files_are_dropped_and_one_that_cannot_be_used_says_why(
    own_site: Any, open_page: OpenPage
) -> None:
    page = open_page(own_site().url)
    page.get_by_text("There are no documents yet.").wait_for()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["The mill closed in 1987."], "mill.txt"));
          data.items.add(new File([new Uint8Array([0, 1, 2, 255, 0])], "picture.txt"));
          const drop = document.getElementById("drop");
          for (const name of ["dragenter", "dragover", "drop"]) {
            const options = { dataTransfer: data, bubbles: true, cancelable: true };
            drop.dispatchEvent(new DragEvent(name, options));
          }
        }"""
    )
    page.get_by_role("row").filter(has_text="mill").wait_for()
    failed = page.locator("#uploads .failed")
    failed.wait_for()
    assert "picture.txt" in failed.inner_text()
    assert len(failed.locator(".what").inner_text()) > 20


def test_a_service_that_is_gone_is_said_with_a_way_to_try_again(
    own_site: Any, open_page: OpenPage
) -> None:
    site = own_site()
    page = open_page(site.url, expects_errors=True)
    page.get_by_text("There are no documents yet.").wait_for()
    page.route("**/v1/documents?*", lambda route: route.abort())
    page.evaluate("location.reload()")
    page.get_by_text("The service cannot be reached.").wait_for()
    page.unroute("**/v1/documents?*")
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("There are no documents yet.").wait_for()


def test_with_a_key_asking_and_the_list_want_the_key(own_site: Any, open_page: OpenPage) -> None:
    site = own_site(samples=True, api_key=SecretStr("right-key"))
    page = open_page(site.url, expects_errors=True)
    question = "When was the Global Coalition against ISIL founded?"
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    page.get_by_text("Asking takes the key here.").first.wait_for()
    key = page.get_by_label("Key", exact=True)
    key.fill("wrong-key")
    page.get_by_role("button", name="Show documents").click()
    page.get_by_text("This is not the key of the service.").wait_for()
    key.fill("right-key")
    page.get_by_role("button", name="Show documents").click()
    link = page.get_by_role("link", name="Iraq declares the first phase complete")
    link.wait_for()
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    page.locator('article[data-status="answered"]').wait_for()
    page.reload()
    link.click()
    page.wait_for_url(f"{site.url}/documents/first-phase-complete")
    assert "Iraq says that the opening phase" in article(page)
    assert page.evaluate("localStorage.length") == 0


def test_a_document_page_holds_the_text_as_stored_and_marks_by_code_points(
    own_site: Any, open_page: OpenPage
) -> None:
    site = own_site()
    site.services.library.add(
        SourceDocument("ferries", ASTRAL, "Ferries", "Pier News", published_at=dt.date(2025, 3, 14))
    )
    quote, other = "The 🛥️ ferry 🚢 leaves at noon.", "140 people 🧍"
    start, again = ASTRAL.index(quote), ASTRAL.index(other)
    page = open_page(
        f"{site.url}/documents/ferries?start={start}&end={start + len(quote)}"
        f"&mark={again}-{again + len(other)}#quote",
        java_script_enabled=False,
    )
    assert page.locator("mark#quote").text_content() == quote
    assert page.locator("article mark.other").text_content() == other
    assert (
        page.locator("article").text_content() == ASTRAL.rstrip()
        or page.locator("article").text_content() == site.services.library.revision("ferries").text
    )
    assert "Pier News" in page.locator(".byline").inner_text()
    assert "14 March 2025" in page.locator(".byline").inner_text()


def test_a_quote_over_several_paragraphs_is_marked_in_each(
    own_site: Any, open_page: OpenPage
) -> None:
    site = own_site()
    text = "First line of it.\n\nSecond line of it.\n\nThird line of it."
    site.services.library.add(SourceDocument("lines", text, "Lines"))
    page = open_page(f"{site.url}/documents/lines?start=6&end=30")
    assert page.locator("mark.quote").all_text_contents() == ["line of it.", "Second line"] or (
        "".join(page.locator("article mark.quote").all_text_contents())
        == text[6:30].replace("\n", "")
    )
    assert page.locator("#quote").count() == 1
    assert article(page) == text


def test_an_older_revision_is_shown_and_says_so(own_site: Any, open_page: OpenPage) -> None:
    site = own_site()
    library = site.services.library
    library.add(SourceDocument("bridge", "The bridge is open to everyone.", "Bridge"))
    older = library.revision("bridge").sha
    library.add(SourceDocument("bridge", "The bridge is closed until May.", "Bridge"))
    page = open_page(f"{site.url}/documents/bridge?revision={older}&start=0&end=10#quote")
    assert article(page) == "The bridge is open to everyone."
    assert "This is an earlier revision" in page.get_by_role("note").inner_text()
    page.get_by_role("link", name="Read the current revision").click()
    assert article(page) == "The bridge is closed until May."
    assert page.get_by_role("note").count() == 0


def test_what_a_document_says_stays_text(own_site: Any, open_page: OpenPage) -> None:
    site = own_site()
    text = "<script>document.title = 'taken'</script> & <img src=x onerror=alert(1)> said so."
    site.services.library.add(
        SourceDocument("bad", text, "<b>Bad</b>", "<i>News</i>", url="https://a.example/?a=1&b=2")
    )
    page = open_page(f"{site.url}/documents/bad?start=0&end=7")
    assert article(page) == text
    assert page.title() == "<b>Bad</b>"
    assert page.locator("article :not(mark, p)").count() == 0


def test_jobs_are_shown_with_what_failed_and_can_be_cancelled(
    own_site: Any, open_page: OpenPage, serious_findings: Callable[[Any], list[str]]
) -> None:
    site = own_site()
    jobs = site.services.library.jobs
    running = jobs.create("documents", name="reports.zip", items=[Given(0, "reports.zip", {})])
    jobs.start(running.id)
    failed = JobItem(0, 1, "reports.zip#scan.pdf", "failed", code="x", message="It has no text.")
    jobs.record(running.id, [failed], total=4)
    page = open_page(site.url)
    line = page.locator("#jobs > li").filter(has_text="reports.zip")
    line.wait_for()
    assert "Indexing, 1 of 4" in line.inner_text()
    assert page.locator("#work-status").inner_text() == "1 at work"
    line.get_by_text("1 could not be used").click()
    line.get_by_text("It has no text.").wait_for()
    assert "reports.zip#scan.pdf" in line.locator("details").inner_text()
    assert serious_findings(page) == []
    page.get_by_role("button", name="Cancel reports.zip").click()
    line.get_by_text("Cancelled").wait_for()
    assert line.get_by_role("button").count() == 0
    assert "It has no text." in line.inner_text()  # it stays open


def test_an_address_that_is_not_fetched_says_why(own_site: Any, open_page: OpenPage) -> None:
    page = open_page(own_site().url)
    page.get_by_text("There are no documents yet.").wait_for()
    page.get_by_label("Or fetch a page or a feed").fill("http://127.0.0.1:1/feed")
    page.get_by_role("button", name="Fetch").click()
    line = page.locator("#jobs .failed")
    line.wait_for()
    assert "127.0.0.1" in line.inner_text()
