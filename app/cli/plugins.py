"""Commands that other packages bring, found by entry point (group ``footnote.commands``).

This is how what lies above ``app``, such as the benchmarks, joins the command line without being
imported by it. An entry point names a function that takes the arguments after the command's name
and returns the exit status. The first line of its docstring is the help, so its module is imported
whenever the program starts and must leave heavy imports to the function.
"""

import inspect
from collections.abc import Callable, Sequence
from importlib.metadata import entry_points
from typing import TypeAlias

import typer

GROUP = "footnote.commands"

Command: TypeAlias = Callable[[Sequence[str]], int]


def names() -> frozenset[str]:
    """Return the names of the commands that other packages bring."""
    return frozenset(entry.name for entry in entry_points(group=GROUP))


def register(app: typer.Typer) -> None:
    """Add a command to ``app`` for each entry point."""
    for entry in sorted(entry_points(group=GROUP), key=lambda item: item.name):
        function: Command = entry.load()
        app.command(
            entry.name,
            help=(inspect.getdoc(function) or "").partition("\n")[0],
            context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
            add_help_option=False,  # the arguments, --help among them, are the function's
        )(_passing_on(function))


def _passing_on(function: Command) -> Callable[[typer.Context], None]:
    def command(context: typer.Context) -> None:
        raise typer.Exit(function(context.args))

    return command
