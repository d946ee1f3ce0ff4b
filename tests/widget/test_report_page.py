"""The report of an evaluation in a browser: it filters, opens what is linked, all can use it."""

from collections.abc import Callable
from typing import Any

import pytest

from eval.evaluation import known_metrics
from eval.gate import Baseline, Threshold, Thresholds, decide
from eval.reports import Report, page
from tests.made_runs import made_answer, made_case, made_run

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page about three cases: one right, one fallen, one that raised."""
    before = made_run({"hit_at_1": {"right": 1.0, "fallen": 1.0, "raised": 1.0}})
    run = made_run(
        {
            "hit_at_1": {"right": 1.0, "fallen": 0.0, "raised": 0.0},
            "completed": {"right": 1.0, "fallen": 1.0, "raised": 0.0},
        },
        errors={"raised": "RuntimeError: <b>broke</b>"},
        answers={"fallen": made_answer("It ended in June. [1]")},
    )
    cases = (
        made_case("right", "When?"),
        made_case("fallen", "Where?"),
        made_case("raised", "Who?"),
    )
    bounds = Thresholds({"hit_at_1": Threshold(minimum=0.9)})
    baseline = Baseline.of(before)
    verdict = decide(run, bounds, baseline, known=known_metrics())
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(page.render(Report(run, cases, verdict, baseline)), "utf-8")
    return path.as_uri()


def shown(opened: Any) -> list[str]:
    return [item.get_attribute("id") for item in opened.locator("details.case:visible").all()]


def test_cases_are_filtered_by_words_metric_and_what_is_wrong(
    open_page: Open, address: str
) -> None:
    opened = open_page(address)
    assert shown(opened) == ["case-right", "case-fallen", "case-raised"]
    opened.get_by_label("Search").fill("JUNE")
    assert shown(opened) == ["case-fallen"]
    assert opened.get_by_role("status").inner_text() == "1 of 3 cases"
    opened.get_by_label("Search").fill("nothing of the kind")
    assert opened.get_by_text("No case fits.").is_visible()
    opened.get_by_role("button", name="Reset").click()
    opened.wait_for_function("document.querySelectorAll('details.case:not([hidden])').length === 3")
    opened.locator("#show").select_option("failing")
    assert shown(opened) == ["case-fallen", "case-raised"]
    opened.locator("#metric").select_option("completed")
    assert shown(opened) == ["case-raised"]


def test_a_metric_leads_to_its_failing_cases(open_page: Open, address: str) -> None:
    opened = open_page(address)
    opened.get_by_role("button", name="hit_at_1").click()
    opened.wait_for_function("document.querySelectorAll('details.case:not([hidden])').length === 2")
    assert shown(opened) == ["case-fallen", "case-raised"]


def test_paper_gets_the_wide_table_and_no_controls(open_page: Open, address: str) -> None:
    opened = open_page(address, viewport={"width": 680, "height": 900})
    heads, filters = opened.locator(".metrics thead"), opened.get_by_label("Search")
    assert not heads.is_visible()
    assert filters.is_visible()
    opened.emulate_media(media="print")
    assert heads.is_visible()
    assert not filters.is_visible()
    assert opened.evaluate("document.documentElement.scrollWidth") <= 680


def test_a_link_to_a_case_opens_it(open_page: Open, address: str) -> None:
    opened = open_page(f"{address}#case-raised")
    assert opened.get_by_text("RuntimeError: <b>broke</b>", exact=True).is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious_in_the_report(
    open_page: Open,
    address: str,
    serious_findings: Callable[[Any], list[str]],
    scheme: str,
    width: int,
) -> None:
    opened = open_page(address, color_scheme=scheme, viewport={"width": width, "height": 900})
    for item in opened.locator("details.case > summary").all():
        item.click()
    assert serious_findings(opened) == []
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
