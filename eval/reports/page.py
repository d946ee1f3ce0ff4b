"""The report as one HTML page that needs nothing else: style, plots and script stand in it.

Everything that questions, documents, answers and errors say is escaped; the page's policy lets no
script run but its own.
"""

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

from eval.reports import view, words
from eval.reports.model import Report


def render(report: Report) -> str:
    """Return the page."""
    environment = _templates()
    script = _read("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return environment.get_template("page.html").render(
        report=report,
        run=report.run,
        verdict=report.verdict,
        view=view.View.of(report),
        words=words,
        facts=words.facts(report.run),
        headline=words.headline(report.run.info, len(report.run.cases)),
        style=_read("page.css"),
        script=script,
        policy=(
            f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
            "img-src data:; base-uri 'none'; form-action 'none'"
        ),
    )


def _read(name: str) -> str:
    return files("eval").joinpath("reports", name).read_text("utf-8")


@cache
def _templates() -> Environment:
    return Environment(
        loader=FunctionLoader(_read),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
