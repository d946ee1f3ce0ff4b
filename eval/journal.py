"""Keeps observations as they are made, so that a run that was cut short can go on where it stopped.

One line an observation, after a line that says of which cases and which service: another of either
starts anew. Observations with errors are not taken up again; they are asked once more.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

from pydantic import ValidationError

from eval.cases.loading import CaseSet
from eval.results import Observation
from index.closing import Closing
from index.errors import InvalidInputError


@dataclass
class Journal(Closing):
    """An open journal; use as a context manager. ``known`` are the observations it had."""

    file: IO[str]
    known: dict[str, Observation] = field(default_factory=dict)

    @classmethod
    def open(
        cls, path: Path, case_set: CaseSet, service: Mapping[str, object], *, resume: bool
    ) -> Self:
        """Start a journal, or go on with the one at ``path``.

        Args:
            path: the file.
            case_set: what is asked.
            service: what is known of who is asked, as JSON can hold it.
            resume: whether to go on.

        Raises:
            InvalidInputError: there is none to go on with, it is of other cases, or it cannot be
                written.
        """
        head = json.dumps({"datasets": case_set.datasets, "service": service}, sort_keys=True)
        known = _read(path, head) if resume else {}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("w", encoding="utf-8")
        except OSError as error:
            raise InvalidInputError(f"{path} cannot be written: {error}") from None
        journal = cls(file, known)
        journal._line(head)
        for observation in known.values():
            journal.add(observation)
        return journal

    def add(self, observation: Observation) -> None:
        """Keep an observation."""
        self._line(observation.model_dump_json())

    def close(self) -> None:
        """Close the file."""
        self.file.close()

    def _line(self, text: str) -> None:
        self.file.write(text + "\n")
        self.file.flush()


def _read(path: Path, head: str) -> dict[str, Observation]:
    try:
        first, *lines = path.read_text("utf-8").split("\n")  # texts may hold other ends of lines
    except OSError as error:
        raise InvalidInputError(
            f"There is nothing to resume in {path.parent} ({error.strerror}); run without --resume."
        ) from None
    if first != head:
        raise InvalidInputError(
            f"{path} is of other cases, documents or models, or of another service; "
            "run without --resume."
        )
    known = {}
    for line in lines:
        try:
            observation = Observation.model_validate_json(line)
        except ValidationError:
            continue  # the last line of a run that was killed may be cut
        if observation.error is None:
            known[observation.case_id] = observation
    return known
