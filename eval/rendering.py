"""How the command line shows figures and verdicts: a table, findings, notes. Decides nothing."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.gate import Figure, Verdict
from eval.reports import words

_MOST_CHANGES = 20


def figures(console: Console, verdict: Verdict, *, compared: bool) -> None:
    """Print a line for each metric."""
    failed = {finding.metric for finding in verdict.findings}
    table = Table(box=None, pad_edge=False)
    table.add_column("metric")
    for name in ("value", "95 % interval", "cases", "wanted"):
        table.add_column(name, justify="right", no_wrap=True)
    if compared:
        table.add_column("change", justify="right", no_wrap=True)
        table.add_column("95 % interval", justify="right", no_wrap=True)
    for figure in verdict.figures:
        style = "red" if figure.metric in failed else ""
        value = "none" if figure.mean is None else words.value(figure.mean, figure.metric)
        cells = [
            Text(figure.metric, style=style),
            Text(value, style=style or "bold"),
            Text(words.interval(figure.interval, figure.metric), style="dim"),
            Text(
                f"{figure.scored}/{figure.applicable}",
                style="" if figure.scored == figure.applicable else "red",
            ),
            Text(words.bound(figure), style="dim"),
        ]
        if compared:
            interval = words.interval(figure.change_interval, figure.metric, signed=True)
            cells += [Text(words.change(figure)), Text(interval, style="dim")]
        table.add_row(*cells)
    console.print(table)


def changes(console: Console, verdict: Verdict) -> None:
    """Print which cases changed in which metric, the worse ones first."""
    lines = sorted(_changed(verdict.figures), key=lambda item: item[0])
    for _, line in lines[:_MOST_CHANGES]:
        console.print(line)
    if len(lines) > _MOST_CHANGES:
        console.print(Text(f"and {len(lines) - _MOST_CHANGES} more", style="dim"))


def outcome(console: Console, verdict: Verdict, *, gated: bool) -> None:
    """Print whether the run passes, and why not."""
    for finding in verdict.findings:
        console.print(Text.assemble(("✗ ", "bold red"), finding.message))
    for note in verdict.notes:
        console.print(Text.assemble(("· ", "dim"), (note, "dim")))
    if not gated:
        return
    if verdict.passed:
        console.print(Text("passed", style="bold green"))
        return
    number = len(verdict.findings)
    reasons = "one reason" if number == 1 else f"{number} reasons"
    console.print(Text(f"failed, for {reasons}", style="bold red"))


def _changed(all_figures: tuple[Figure, ...]) -> Iterator[tuple[int, Text]]:
    order = {False: 0, None: 1, True: 2}
    for figure in all_figures:
        for change in figure.changed:
            word, style = {
                False: ("worse ", "red"),
                None: ("other ", "dim"),
                True: ("better", "green"),
            }[change.better]
            line = Text.assemble(
                (word, style),
                f" {change.case_id}  {figure.metric} {_or_none(change.before)} → "
                f"{_or_none(change.now)}",
            )
            yield order[change.better], line


def _or_none(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"
