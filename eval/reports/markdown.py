"""The report as a short Markdown text for a pull request: verdict, figures, cases to look at.

Whatever documents, questions or errors say is shown as text: no markup of theirs, no mentions.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from eval.reports import words
from eval.reports.model import Report

_MOST_CASES = 20
_LONGEST = 110
_MARKUP = re.compile(r"([\\`*_{}\[\]#|~$])")


def render(report: Report) -> str:
    """Return the summary."""
    return "\n".join(_lines(report)).rstrip() + "\n"


def _lines(report: Report) -> Iterator[str]:
    verdict, run = report.verdict, report.run
    outcome = "not gated" if not report.gated else "passed" if verdict.passed else "failed"
    sign = {"passed": "✅ ", "failed": "❌ "}.get(outcome, "")
    yield f"## {sign}Footnote evaluation: {outcome}"
    yield ""
    yield prose(words.headline(run.info, len(run.cases)))
    yield ""
    if report.gated and verdict.findings:
        yield "**Why it failed**"
        yield ""
        yield from (f"- {prose(finding.message)}" for finding in verdict.findings)
        yield ""
    yield from _table(report)
    if verdict.notes:
        yield ""
        yield from (f"- {prose(note)}" for note in verdict.notes)
    yield from _cases("Worse than in the baseline", report, report.worse)
    yield from _cases("Failing", report, report.failing)
    yield ""
    yield "<details><summary>Versions, prompts, models</summary>"
    yield ""
    yield from (f"- {prose(name)}: {code(value)}" for name, value in words.facts(run))
    yield ""
    yield "</details>"


def _table(report: Report) -> Iterator[str]:
    yield "| metric | value | 95 % interval | cases | wanted | since the baseline |"
    yield "| --- | ---: | ---: | ---: | --- | ---: |"
    failed = {finding.metric for finding in report.verdict.findings} if report.gated else set()
    for figure in report.verdict.figures:
        mark = "❌ " if figure.metric in failed else ""
        yield (
            "| "
            + " | ".join(
                (
                    f"{mark}{code(figure.metric)}",
                    words.value(figure.mean, figure.metric),
                    words.interval(figure.interval, figure.metric),
                    f"{figure.scored}/{figure.applicable}",
                    words.wanted(figure),
                    words.change(figure),
                )
            )
            + " |"
        )


def _cases(title: str, report: Report, metrics_of: Callable[[str], Sequence[str]]) -> Iterator[str]:
    questions = {case.id: case.question for case in report.cases}
    rows = [(case, tuple(metrics_of(case))) for case in report.run.cases]
    rows = [row for row in rows if row[1]]
    if not rows:
        return
    yield ""
    yield f"<details><summary>{title}: {len(rows)} of {len(report.run.cases)} cases</summary>"
    yield ""
    yield "| case | question | in |"
    yield "| --- | --- | --- |"
    for case, metrics in rows[:_MOST_CASES]:
        yield f"| {code(case)} | {code(questions.get(case, ''))} | {_joined(metrics)} |"
    if len(rows) > _MOST_CASES:
        yield ""
        yield f"and {len(rows) - _MOST_CASES} more, in the HTML report."
    yield ""
    yield "</details>"


def _joined(metrics: Sequence[str]) -> str:
    return ", ".join(map(code, metrics))


def code(text: str) -> str:
    """Return a text as a code span that fits a table and cannot be closed from within."""
    plain = " ".join(text.split()).replace("`", "'")
    if len(plain) > _LONGEST:
        plain = plain[: _LONGEST - 1] + "…"
    return f"`{plain}`".replace("|", "\\|") if plain else ""


def prose(text: str) -> str:
    """Return a text in which nothing is markup, HTML or a mention."""
    plain = " ".join(text.split())
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKUP.sub(r"\\\1", plain).replace("@", "@<!-- -->")
