"""What a process that is killed had reported: a file of short lines, read by its successor.

A line is written in one call before a change is begun and after it was reported as done, so what is
in the file when the process dies is what a user of it could know.
"""

import os
from collections.abc import Mapping
from pathlib import Path

ABSENT = 0
"""The version of a document that is not there."""


class Notes:
    """Appends to the file; ``possible`` reads it.

    Args:
        path: the file; it is made when it is missing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY)

    def begin(self, document: str, version: int) -> None:
        """Note that a document is about to become a version."""
        self._write(f"begin {document} {version}\n")

    def end(self, document: str, version: int) -> None:
        """Note that it has."""
        self._write(f"end {document} {version}\n")

    def phase(self, name: str) -> None:
        """Note what the process does from now on, for the report."""
        self._write(f"phase {name} 0\n")

    def settle(self, versions: Mapping[str, int], begun: Mapping[str, int]) -> None:
        """Begin the file anew with what was found to be there, and what may still come of it."""
        lines = [f"end {name} {version}\n" for name, version in versions.items()]
        lines += [f"begin {name} {version}\n" for name, version in begun.items()]
        part = self._path.with_suffix(".part")
        part.write_text("".join(lines))
        part.replace(self._path)
        os.close(self._file)
        self._file = os.open(self._path, os.O_APPEND | os.O_WRONLY)

    def _write(self, line: str) -> None:
        os.write(self._file, line.encode())


def possible(path: Path) -> dict[str, set[int]]:
    """Return the versions each document may have: the last one reported and those begun since."""
    versions: dict[str, set[int]] = {}
    for line in path.read_text().splitlines():
        what, name, number = line.split()
        if what == "begin":
            versions.setdefault(name, {ABSENT}).add(int(number))
        elif what == "end":
            versions[name] = {int(number)}
    return versions


def last_phase(path: Path) -> str:
    """Return what the process did when it died."""
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line.split()[1] for line in reversed(lines) if line.startswith("phase")), "start")
