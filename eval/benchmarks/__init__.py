"""Benchmarks over data files of the caller's: quality, latency against the raw parts, start-up."""

from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Run ``footnote bench`` and return its exit status."""
    from eval.benchmarks import command  # what is measured takes seconds to import

    return command.run(arguments)
