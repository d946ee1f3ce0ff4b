"""Reports: complete in themselves, hold what a reader needs, and show hostile text as text."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.answer.model import Answer, Turn
from eval.cases.model import Case
from eval.evaluation import known_metrics
from eval.gate import Baseline, Threshold, Thresholds, baseline, decide, thresholds
from eval.reports import Report, junit, markdown, page, write
from eval.reports.figures import DOCUMENTS, with_figures
from eval.results import Run

MakeRun = Callable[..., Run]
MakeCase = Callable[..., Case]
MakeAnswer = Callable[..., Answer]
HOSTILE = '</script><script>alert(1)</script><img src=x onerror="alert(1)">\'"&{{7*7}}`|@someone'
VOID = {"meta", "input", "br", "img", "link", "hr"}


class Outline(HTMLParser):
    """Reads a page: what is open at the end, tags with their attributes, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("script", "style"):
            self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


def read(text: str) -> Outline:
    outline = Outline()
    outline.feed(text)
    outline.close()
    assert not outline.open
    return outline


@pytest.fixture
def report(make_run: MakeRun, make_case: MakeCase, make_answer: MakeAnswer) -> Report:
    """Three cases: one right, one worse than before, one that raised; the gate is closed."""
    before = make_run(
        {"mrr": {"a": 1.0, "b": 1.0, "c": 1.0}, "completed": {"a": 1.0, "b": 1.0, "c": 1.0}},
        answers={"b": make_answer("It ended in June. [1]")},
    )
    run = make_run(
        {
            "hit_at_1": {"a": 1.0, "b": 0.0, "c": 0.0},
            "mrr": {"a": 1.0, "b": 0.25, "c": 0.0},
            "latency_ms": {"a": 10.0, "b": 20.0, "c": 30.0},
            "completed": {"a": 1.0, "b": 1.0, "c": 0.0},
        },
        errors={"c": "RuntimeError: broke"},
        reasons={("mrr", "b"): "gold evidence at rank 4"},
    )
    cases = (
        make_case("a", history=(Turn(role="user", content="Tell me of the mission."),)),
        make_case("b"),
        make_case("c", "What broke?"),
    )
    bounds = Thresholds(
        {"mrr": Threshold(minimum=0.9, tolerance=0.01), "completed": Threshold(minimum=1.0)}
    )
    earlier = Baseline.of(before)
    return Report(run, cases, decide(run, bounds, earlier, known=known_metrics()), earlier)


@pytest.fixture
def hostile(make_run: MakeRun, make_case: MakeCase, make_answer: MakeAnswer) -> Report:
    """A report in which every text is an attack on its reader."""
    answer = make_answer(f"{HOSTILE} [1]", quote=HOSTILE, question=HOSTILE)
    citation = answer.citations[0].model_copy(update={"title": HOSTILE, "source": HOSTILE})
    answer = answer.model_copy(update={"citations": (citation,)})
    scores = {"mrr": {"a": 0.0, "b": 0.0}}
    run = make_run(
        scores,
        answers={"a": answer},
        errors={"b": f"{HOSTILE}\x00\x1b\ud800"},
        reasons={("mrr", "a"): HOSTILE},
        target=f"http://x/{HOSTILE}",
        stamp=HOSTILE,
        models={"answer": HOSTILE, "judge": None},
        datasets={HOSTILE: "0" * 64},
    )
    cases = tuple(
        make_case(name, HOSTILE, history=(Turn(role="user", content=HOSTILE),), reference=HOSTILE)
        for name in ("a", "b")
    )
    verdict = decide(run, Thresholds({"mrr": Threshold(minimum=1)}), known=known_metrics())
    return Report(run, cases, verdict)


def test_the_page_shows_verdict_figures_cases_and_what_changed(report: Report) -> None:
    words = read(page.render(report)).words
    for part in (
        "✗ Failed",
        "3 cases, offline tier",
        "mrr is 0.417",
        "tolerance 0.01",
        "When does it end?",
        "Tell me of the mission.",
        "ends in May",
        "gold evidence at rank 4",
        "RuntimeError: broke",
        "Sources disagree",
        "In the baseline answered",
        "It ended in June.",
        "prompt answer abc",
        "index stamp model/384/1",
        "version of ragas 0.4.3",
        "dataset made sha-256 ffff",
        "3/3",
    ):
        assert part in words, part


def test_citations_over_gold_evidence_are_marked_on_both_sides(report: Report) -> None:
    tags = read(page.render(report)).tags
    golden = [tag for tag, given in tags if "golden" in (given.get("class") or "").split()]
    assert golden.count("li") == 2  # the case that raised cites nothing
    assert golden.count("span") == 2


def test_the_page_needs_nothing_from_elsewhere(report: Report) -> None:
    text = page.render(report)
    assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//""", text)
    assert "@import" not in text
    assert "url(" not in text
    assert "default-src &#39;none&#39;" in text or "default-src 'none'" in text


def test_every_link_within_the_page_leads_somewhere(report: Report) -> None:
    tags = read(page.render(report)).tags
    ids = [given["id"] for _, given in tags if "id" in given]
    assert len(ids) == len(set(ids))
    targets = {given["href"] for tag, given in tags if tag == "a" and given.get("href")}
    assert {target.removeprefix("#") for target in targets if target} <= set(ids)


def test_the_page_has_names_for_those_who_cannot_see_it(report: Report) -> None:
    tags = read(page.render(report)).tags
    assert ("html", {"lang": "en-GB"}) in tags
    for tag, given in tags:
        if tag == "svg":
            assert given.get("role") == "img"
            assert given.get("aria-label")
        if tag == "th":
            assert given.get("scope") in ("col", "row")


def test_no_text_of_a_case_becomes_markup(hostile: Report) -> None:
    text = page.render(hostile)
    outline = read(text)
    assert "img" not in {tag for tag, _ in outline.tags}
    assert sum(tag == "script" for tag, _ in outline.tags) == 1
    assert not any(name.startswith("on") for _, given in outline.tags for name in given)
    assert "49" not in re.sub(r"{{7\*7}}", "", outline.words).split()
    assert HOSTILE in outline.words


def test_the_policy_lets_only_the_pages_own_script_run(report: Report) -> None:
    import base64
    import hashlib

    text = page.render(report)
    script = re.search(r"<script>(.*)</script>", text, re.DOTALL)
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    tags = read(text).tags
    policy = next(g["content"] for t, g in tags if g.get("http-equiv") == "Content-Security-Policy")
    assert f"script-src 'sha256-{digest}'" in (policy or "")


def test_the_summary_tells_why_it_failed_and_lists_cases(report: Report) -> None:
    text = markdown.render(report)
    assert text.startswith("## ❌ Footnote evaluation: failed\n")
    assert "- mrr is 0.417" in text.replace("\\", "")
    assert "| ❌ `mrr` | 0.417 |" in text
    assert "Worse than in the baseline: 2 of 3 cases" in text
    assert "| `c` | `What broke?` | `hit_at_1`, `completed` |" in text
    assert "- prompt answer: `abc`" in text
    assert len(text) < 60_000


def test_a_long_list_of_cases_is_cut_in_the_summary(make_run: MakeRun, make_case: MakeCase) -> None:
    run = make_run({"hit_at_1": {f"c{number}": 0.0 for number in range(500)}})
    cases = tuple(make_case(case) for case in run.cases)
    verdict = decide(run, Thresholds(), known=known_metrics())
    text = markdown.render(Report(run, cases, verdict))
    assert "and 480 more" in text
    assert len(text) < 20_000


def test_nothing_in_the_summary_is_markup_of_a_case_or_mentions_anyone(hostile: Report) -> None:
    text = markdown.render(hostile)
    outside = re.sub(r"`[^`\n]*`", "", text)
    assert "<script" not in outside
    assert "<img" not in outside
    assert "@someone" not in outside
    for line in text.splitlines():
        if line.startswith("| `"):
            assert len(re.findall(r"(?<!\\)\|", line)) in (4, 7)


def test_junit_has_a_test_for_each_case_and_each_gated_metric(report: Report) -> None:
    root = ET.fromstring(junit.render(report))  # noqa: S314 - written by ourselves
    assert root.tag == "testsuites"
    gate, made = root
    assert [test.get("name") for test in gate.iter("testcase")][:2] == ["mrr", "completed"]
    names = {test.get("name"): test for test in made.iter("testcase")}
    assert list(names) == ["a", "b", "c"]
    assert names["c"].find("error") is not None
    assert names["a"].find("failure") is None
    for suite in root:
        cases = suite.findall("testcase")
        assert suite.get("tests") == str(len(cases))
        assert suite.get("failures") == str(sum(c.find("failure") is not None for c in cases))
        assert suite.get("errors") == str(sum(c.find("error") is not None for c in cases))
        assert all(case.get("classname") and case.get("time") for case in cases)
        properties = {item.get("name"): item.get("value") for item in suite.iter("property")}
        assert properties["prompt answer"] == "abc"
    assert root.get("tests") == str(len(list(root.iter("testcase"))))


def test_junit_is_green_when_the_gate_is_open(make_run: MakeRun, make_case: MakeCase) -> None:
    run = make_run({"mrr": {"a": 0.2, "b": 1.0}, "completed": {"a": 1.0, "b": 1.0}})
    bounds = Thresholds({"mrr": Threshold(minimum=0.5), "completed": Threshold(minimum=1)})
    verdict = decide(run, bounds, known=known_metrics())
    assert verdict.passed
    root = ET.fromstring(junit.render(Report(run, (make_case("a"), make_case("b")), verdict)))  # noqa: S314 - ours
    assert root.get("failures") == root.get("errors") == "0"


def test_junit_takes_what_xml_cannot_hold(hostile: Report) -> None:
    root = ET.fromstring(junit.render(hostile))  # noqa: S314 - written by ourselves
    assert root.get("errors") == "1"


def test_all_forms_are_written_and_the_json_is_the_run(report: Report, tmp_path: Path) -> None:
    written = write(report, tmp_path / "deep" / "report")
    assert Run.model_validate_json(written.run.read_text("utf-8")) == report.run
    verdict = json.loads(written.verdict.read_text("utf-8"))
    assert verdict["passed"] is False
    assert verdict["findings"][0]["metric"]
    assert {path.name for path in written.html.parent.iterdir()} == {
        "report.html",
        "summary.md",
        "run.json",
        "verdict.json",
        "junit.xml",
    }


def test_the_figures_in_the_documents_are_those_of_the_baseline() -> None:
    reached = baseline.load_baseline(baseline.SHIPPED)
    bounds = Thresholds.load(thresholds.SHIPPED, known_metrics())
    for path in DOCUMENTS:
        text = path.read_text("utf-8")
        assert text == with_figures(text, reached, bounds), "run python -m eval.reports"
    page_of_docs = DOCUMENTS[1].read_text("utf-8")
    assert (
        f"| `mrr` | {reached.metrics['mrr'].mean:.3f} | {reached.metrics['mrr'].n} |"
        in page_of_docs
    )


def test_a_run_that_was_not_gated_is_called_neither_passed_nor_failed(report: Report) -> None:
    free = Report(report.run, report.cases, report.verdict, report.baseline, gated=False)
    assert "Not gated" in read(page.render(free)).words
    assert "not gated" in markdown.render(free)
    assert "Why it failed" not in markdown.render(free)
