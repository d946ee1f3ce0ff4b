"""What became of the documents of a job, added up, as the command line shows it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.api.job_models import DocumentResult, JobLine

_CHANGES = ("added", "replaced", "unchanged")


@dataclass(slots=True)
class Summary:
    """The ids of what was added, replaced or unchanged, and what failed with the reason."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)
    passed_over: list[dict[str, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many documents were dealt with."""
        return sum(len(getattr(self, name)) for name in (*_CHANGES, "failed"))

    def note(self, result: "DocumentResult", place: Path | None) -> None:
        """Count a document; ``place`` is the folder that its file's name is relative to."""
        if result.change in _CHANGES and result.document_id is not None:
            getattr(self, result.change).append(result.document_id)
        elif result.change == "passed_over":
            self.passed_over.append(failure(result, place))
        elif result.error is not None:
            self.failed.append(failure(result, place))

    def show(self, *, as_json: bool) -> None:
        """Print how many there are of each, and why what failed did."""
        from app.cli.terminal import print_json

        if as_json:
            print_json(self)
            return
        show_counts({name: len(getattr(self, name)) for name in (*_CHANGES, "failed")})
        show_passed_over(self.passed_over)
        show_failures(self.failed)


def failure(result: "DocumentResult", place: Path | None = None) -> dict[str, str]:
    """Return what failed and why, for JSON and for people."""
    name = result.file or result.document_id or ""
    error = result.error
    return {
        "path": str(place / name) if place is not None else name,
        "code": error.code if error else "",
        "reason": error.message if error else "",
    }


def show_counts(counts: dict[str, int]) -> None:
    """Print names and numbers, one below the other."""
    from rich.table import Table
    from rich.text import Text

    from app.cli.terminal import output

    table = Table(box=None, pad_edge=False, show_header=False)
    for name, number in counts.items():
        style = "bold red" if name == "failed" and number else "bold" if number else "dim"
        table.add_row(Text(name, style=style), Text(str(number), style=style, justify="right"))
    output().print(table)


def show_failures(failed: list[dict[str, str]]) -> None:
    """Print what failed and why."""
    from rich.text import Text

    from app.cli.terminal import messages

    for each in failed:
        messages().print(Text.assemble(("failed ", "red"), each["path"], ": ", each["reason"]))


def show_passed_over(files: list[dict[str, str]]) -> None:
    """Print how many files were passed over, and for each format what to do about them."""
    from rich.text import Text

    from app.cli.terminal import messages
    from index.loaders.unread import told

    if files:
        names = [each["path"] for each in files]
        said = f"{len(files):,} passed over: {told(names)}"
        messages().print(Text(said, style="yellow"))


def counts_of(job: "JobLine") -> dict[str, int]:
    """Return a job's numbers in the order in which they are shown."""
    names = ("added", "replaced", "unchanged", "removed", "failed")
    shown = {name: job.counts.get(name, 0) for name in names}
    return shown | ({"cancelled": job.counts["cancelled"]} if "cancelled" in job.counts else {})
