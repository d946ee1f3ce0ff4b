"""The report as JUnit XML, which every CI shows: one test a case, one a gated metric or finding.

A case fails here only where it closes the gate by itself: it raised, a score of it is missing, or a
metric that must be perfect is not. So the file is green exactly when the gate is open.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator

from eval.gate import Finding
from eval.reports import words
from eval.reports.model import Report, fails
from eval.results import Score

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> bytes:
    """Return the XML, encoded."""
    root = ET.Element("testsuites", name="footnote eval")
    _suite(root, report, "gate", _gate(report))
    for dataset in dict.fromkeys(case.dataset for case in report.cases):
        _suite(root, report, dataset, _cases(report, dataset))
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", f"{report.run.info.seconds:.3f}")
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, "unicode")}\n'.encode()


def _suite(root: ET.Element, report: Report, name: str, tests: Iterable[ET.Element]) -> None:
    suite = ET.SubElement(root, "testsuite", name=f"footnote eval: {_clean(name)}")
    properties = ET.SubElement(suite, "properties")
    for key, value in words.facts(report.run):
        ET.SubElement(properties, "property", name=_clean(key), value=_clean(value))
    suite.extend(tests)
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("errors", str(sum(case.find("error") is not None for case in cases)))
    suite.set("skipped", "0")
    suite.set("time", f"{sum(float(case.get('time', '0')) for case in cases):.3f}")
    suite.set("timestamp", f"{report.run.info.started_at:%Y-%m-%dT%H:%M:%S}")


def _gate(report: Report) -> Iterator[ET.Element]:
    if not report.gated:
        return
    by_metric: dict[str | None, list[Finding]] = {}
    for finding in report.verdict.findings:
        by_metric.setdefault(finding.metric, []).append(finding)
    gated = [figure for figure in report.verdict.figures if figure.gated]
    for figure in gated:
        findings = by_metric.pop(figure.metric, [])
        test = _test("gate", figure.metric)
        if findings:
            _failure(test, findings[0].rule, [item.message for item in findings])
        _said(test, f"{words.value(figure.mean, figure.metric)} (wanted: {words.wanted(figure)})")
        yield test
    for findings in by_metric.values():
        for finding in findings:
            test = _test("gate", f"{finding.metric or 'run'}: {finding.message}"[:200])
            _failure(test, finding.rule, [finding.message])
            yield test


def _cases(report: Report, dataset: str) -> Iterator[ET.Element]:
    for case in report.cases:
        if case.dataset != dataset:
            continue
        observation = report.observations.get(case.id)
        scores = report.scores.get(case.id, ())
        test = _test(f"{dataset}.{case.kind}", case.id, observation.seconds if observation else 0.0)
        if observation is None or observation.error is not None:
            message = observation.error if observation else "it was not asked"
            ET.SubElement(test, "error", message=_clean(message or "")).text = _clean(case.question)
        elif closing := [score for score in scores if _closes(report, score)]:
            _failure(test, "score", [_line(score) for score in closing])
        _said(test, "\n".join([case.question, *map(_line, scores)]))
        yield test


def _closes(report: Report, score: Score) -> bool:
    figure = report.figures.get(score.metric)
    perfect = figure is not None and (figure.minimum == 1 or figure.maximum == 0)
    return score.value is None or (perfect and fails(score.value, figure))


def _line(score: Score) -> str:
    return f"{score.metric}: {words.value(score.value, score.metric)} {score.reason}".rstrip()


def _test(classname: str, name: str, seconds: float = 0.0) -> ET.Element:
    return ET.Element(
        "testcase", classname=_clean(classname), name=_clean(name), time=f"{seconds:.3f}"
    )


def _failure(test: ET.Element, kind: str, messages: list[str]) -> None:
    failure = ET.SubElement(test, "failure", type=kind, message=_clean(messages[0]))
    failure.text = _clean("\n".join(messages))


def _said(test: ET.Element, text: str) -> None:
    ET.SubElement(test, "system-out").text = _clean(text)


def _clean(text: str) -> str:
    """Take out what XML cannot hold."""
    return _NOT_XML.sub("�", text)
