"""``footnote doctor``: what is configured, what works, and what mends what does not.

The checks are in ``app.cli.checks``; this shows them, and runs the repair that they name.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import AsJson, DataDir

if TYPE_CHECKING:
    from app.cli.checks import Check

_SIGNS = {"ok": ("✓", "green"), "note": ("•", "yellow"), "failed": ("✗", "bold red")}
_PLAIN = {"ok": "ok    ", "note": "note  ", "failed": "FAILED"}


def doctor(
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="First bring vectors and word index into agreement with the catalog.",
            show_default=False,
        ),
    ] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Check the set-up and say how to mend it."""
    from app.cli import checks
    from app.cli.terminal import print_json
    from app.settings import Settings

    settings = Settings.load(data_dir=data_dir)
    found = [checks.repair(settings)] if repair else []
    found += checks.run(settings)
    if as_json:
        print_json(found)
    else:
        _print(found)
    if any(check.state == "failed" for check in found):
        raise typer.Exit(1)


def _print(found: "list[Check]") -> None:
    from rich.text import Text

    from app.cli.terminal import output, takes_unicode

    console = output()
    pretty = console.is_terminal and takes_unicode(console)
    width = max(len(check.name) for check in found)
    for check in found:
        sign, style = _SIGNS[check.state]
        lead = Text(sign if pretty else _PLAIN[check.state], style=style)
        console.print(Text.assemble(lead, f"  {check.name:<{width}}  ", check.detail))
        if check.mend:
            indent = len(lead) + width + 4
            console.print(Text.assemble(" " * indent, ("mend: ", "dim"), check.mend))
