"""What ``eval`` adds to the ``footnote`` program, by entry point: ``app`` never imports ``eval``.

Imported at every start of the program, so the work is imported where it is called for.
"""

from collections.abc import Sequence


def evaluate(arguments: Sequence[str]) -> int:
    """Measure how faithful answers are; fail when they drift."""
    from eval import command

    return command.main(arguments)


def bench(arguments: Sequence[str]) -> int:
    """Measure quality and speed on data files of your own."""
    from eval import benchmarks

    return benchmarks.main(list(arguments))
