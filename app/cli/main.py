"""The ``footnote`` program: puts the commands together and turns errors into one line.

Knows no command's work. Every error that is the user's to see ends in exit status 1 and a message
that says what to do; wrong usage ends in 2; Ctrl-C in 130.
"""

import os
import sys
from collections.abc import Sequence
from functools import partial
from typing import Annotated

import typer

from app.cli import (
    ask,
    backup,
    doctor,
    documents,
    feedback,
    index,
    jobs,
    keys,
    plugins,
    serve,
    sync,
    version,
)
from index.errors import FootnoteError

DEBUG = "--debug"
_OWNER_ONLY = 0o077


def main() -> None:
    """Run the program with the arguments it was started with, and exit."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status."""
    command = typer.main.get_command(build())
    try:
        command(args=list(arguments), prog_name="footnote", windows_expand_args=False)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    except FootnoteError as error:
        if DEBUG in arguments:
            raise
        _report(error.message)
        return 1
    except Exception as error:
        if DEBUG in arguments:
            raise
        _report(
            f"This is a fault of Footnote ({type(error).__name__}: {error}). To see where, run: "
            f"footnote {DEBUG} {' '.join(arguments)}"
        )
        return 1
    return 0


def build() -> typer.Typer:
    """Return the program with all its commands."""
    app = typer.Typer(
        name="footnote",
        help="Ask your documents a question; every sentence of the answer is an exact quote.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # rich's help takes three times as long to appear
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback()(_common)
    app.command("serve")(serve.serve)
    app.command("index")(index.index)
    app.command("sync")(sync.sync)
    app.command("ask")(ask.ask)
    app.add_typer(documents.build(), name="documents")
    app.add_typer(jobs.build(), name="jobs")
    app.add_typer(keys.build(), name="keys")
    app.command("feedback")(feedback.feedback)
    app.command("doctor")(doctor.doctor)
    app.command("backup")(backup.backup)
    app.command("restore")(backup.restore)
    plugins.register(app)
    app.command("version")(version.version)
    return app


def _common(
    context: typer.Context,
    debug: Annotated[
        bool, typer.Option(DEBUG, help="Show where an error was raised.", show_default=False)
    ] = False,
) -> None:
    """Take the options that stand before a command, and keep what it writes to its user.

    The commands of other packages write reports, which are for others to read.
    """
    if context.invoked_subcommand not in plugins.names():
        context.call_on_close(partial(os.umask, os.umask(_OWNER_ONLY)))


def _report(message: str) -> None:
    from app.cli.terminal import print_error

    print_error(message)
