"""Where the command line writes: results on standard output, everything else on standard error.

On a terminal lines are wrapped at a width that reads well; into a file or a pipe they are plain and
whole, so that other programs can take them apart.
"""

import sys
from collections.abc import Iterable

from pydantic import BaseModel
from pydantic_core import to_json
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from app.plain import escaped, plain

READING_WIDTH = 96
_UNWRAPPED = 100_000


class PlainConsole(Console):
    """Shows what texts of others hold, and obeys none of it: styles are ours alone."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Yield the segments of something to be shown."""
        for segment in super().render(renderable, options):
            if segment.control:
                yield segment
            else:
                yield Segment(plain(segment.text), segment.style)


def output() -> Console:
    """Return the console of results."""
    return _console(stderr=False)


def messages() -> Console:
    """Return the console of progress, notes and errors."""
    return _console(stderr=True)


def print_error(message: str) -> None:
    """Print what went wrong, as every command does."""
    messages().print(Text.assemble(("error: ", "bold red"), (message, "red")))


def _console(*, stderr: bool) -> Console:
    console = PlainConsole(stderr=stderr, highlight=False, emoji=False, markup=False)
    console.width = min(console.width, READING_WIDTH) if console.is_terminal else _UNWRAPPED
    return console


def print_json(value: BaseModel | object) -> None:
    """Print a value as indented JSON, whatever the width of the terminal."""
    sys.stdout.write(escaped(to_json(value, indent=2).decode()) + "\n")


def takes_unicode(console: Console) -> bool:
    """Tell whether signs outside ASCII can be written to this console."""
    return console.encoding.lower().startswith("utf")
