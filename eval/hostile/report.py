"""The table of a run: what became of each group, and what is wrong where something is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eval.hostile.model import Hostile, Verdict

Row = tuple[Hostile, Verdict]
_COLUMNS = ("accepted", "refused", "crash", "hang")


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the inputs."""

    rows: Sequence[Row]

    @property
    def failures(self) -> list[Row]:
        """The inputs that crashed or hung."""
        return [row for row in self.rows if row[1].outcome in ("crash", "hang")]

    def table(self) -> str:
        """Return a line for each group and one for all."""
        groups = list(dict.fromkeys(hostile.group for hostile, _ in self.rows))
        lines = [_line("group", "n", *_COLUMNS, "longest")]
        for group in groups:
            lines.append(_counts(group, [v for h, v in self.rows if h.group == group]))
        lines.append(_counts("all", [verdict for _, verdict in self.rows]))
        return "\n".join(lines)

    def details(self) -> str:
        """Return what is wrong with each input that crashed or hung."""
        parts = (f"{v.outcome.upper()} {h.title}\n    {v.says}" for h, v in self.failures)
        return "\n".join(part.replace("\n", "\n    ") for part in parts)


def _counts(name: str, verdicts: Iterable[Verdict]) -> str:
    found = list(verdicts)
    numbers = [sum(v.outcome == column for v in found) for column in _COLUMNS]
    return _line(name, len(found), *numbers, f"{max(v.seconds for v in found):.2f} s")


def _line(name: str, *cells: object) -> str:
    return f"{name:<22}" + "".join(f"{cell!s:>10}" for cell in cells)
