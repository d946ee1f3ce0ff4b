"""Writes the files of a report into a folder. Each is complete in itself."""

from dataclasses import dataclass
from pathlib import Path

from eval.reports import junit, markdown
from eval.reports.model import Report
from eval.reports.page import render as render_page


@dataclass(frozen=True, slots=True)
class Written:
    """Where each form of the report lies."""

    html: Path
    markdown: Path
    run: Path
    verdict: Path
    junit: Path


def write(report: Report, folder: Path) -> Written:
    """Write all forms of a report, and make the folder where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    written = Written(
        html=folder / "report.html",
        markdown=folder / "summary.md",
        run=folder / "run.json",
        verdict=folder / "verdict.json",
        junit=folder / "junit.xml",
    )
    written.run.write_text(report.run.model_dump_json(indent=1) + "\n", "utf-8")
    written.verdict.write_text(report.verdict.model_dump_json(indent=1) + "\n", "utf-8")
    written.html.write_text(render_page(report), "utf-8")
    written.markdown.write_text(markdown.render(report), "utf-8")
    written.junit.write_bytes(junit.render(report))
    return written
