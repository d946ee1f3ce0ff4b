"""Reads ``thresholds.toml``: per metric a minimum or maximum, and how far it may fall.

Checked strictly: a misspelt metric or a minimum where lower is better would gate nothing.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from eval.gate.model import Direction
from eval.results import Run, Tier
from index.errors import InvalidInputError

SHIPPED = Path(__file__).parents[1] / "thresholds.toml"
_FORM = "tables are [offline.METRIC] and [judge.METRIC]"
_PERFECT = ("citation_validity", "completed")


class ThresholdsError(InvalidInputError):
    """A file of thresholds cannot be used."""

    code = "invalid_thresholds"


class Threshold(BaseModel):
    """The bounds of one metric."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    minimum: float | None = Field(None, description="Least mean, where higher is better.")
    maximum: float | None = Field(None, description="Largest mean, where lower is better.")
    tolerance: float | None = Field(
        None,
        ge=0,
        description="How much worse than the baseline the mean may be; None compares nothing.",
    )


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The bounds of all gated metrics, by tier. A judge run holds the offline ones too."""

    offline: Mapping[str, Threshold] = field(default_factory=dict)
    judge: Mapping[str, Threshold] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path, known: Mapping[Tier, Mapping[str, Direction]]) -> Self:
        """Read a file.

        Args:
            path: a TOML file with a table ``[offline.METRIC]`` or ``[judge.METRIC]`` a metric.
            known: the metrics of each tier and which direction is better.

        Raises:
            ThresholdsError: the file is not as it should be; the message lists every problem.
        """
        try:
            tables = tomllib.loads(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ThresholdsError(f"{path} cannot be read as TOML: {error}") from None
        problems: list[str] = []
        read: dict[str, dict[str, Threshold]] = {tier: {} for tier in known}
        for where, tier, metric, bounds in _entries(tables):
            directions = known.get(tier)
            if directions is None:
                problems.append(f"{where}: there is no tier {tier!r}; {_FORM}")
            elif metric not in directions:
                problems.append(f"{where}: the tier knows {', '.join(directions)}")
            else:
                try:
                    threshold = Threshold.model_validate(bounds)
                except ValidationError as error:
                    problems += [f"{where}: {_said(item)}" for item in error.errors()]
                    continue
                problems += [f"{where}: {what}" for what in _faults(threshold, directions[metric])]
                read[tier][metric] = threshold
        if not problems and not any(read.values()):
            problems.append("it names no metric, so nothing could ever fail")
        if problems:
            raise ThresholdsError(f"{path} cannot be used:\n  " + "\n  ".join(problems))
        return cls(**read)

    @classmethod
    def bare(cls, run: Run) -> Self:
        """Return what holds for cases that come without thresholds: no error, no false offset."""
        measured = {summary.metric for summary in run.summaries if summary.applicable}
        return cls({name: Threshold(minimum=1.0) for name in _PERFECT if name in measured})

    def of(self, tier: Tier) -> dict[str, Threshold]:
        """Return what a run of this tier must hold."""
        return {**self.offline, **(self.judge if tier == "judge" else {})}


def _entries(tables: Mapping[str, object]) -> Iterator[tuple[str, Tier, str, object]]:
    """Yield where each metric's bounds stand, its tier, its name and the bounds, all unchecked."""
    for tier, metrics in tables.items():
        of = metrics if isinstance(metrics, dict) else {"": metrics}
        for metric, bounds in of.items():
            yield f"[{tier}.{metric}]".replace(".]", "]"), cast(Tier, tier), metric, bounds


def _said(item: ErrorDetails) -> str:
    return f"{'.'.join(map(str, item['loc']))} {item['msg']}".strip()


def _faults(threshold: Threshold, direction: Direction) -> list[str]:
    wanted, other = ("minimum", "maximum") if direction == "up" else ("maximum", "minimum")
    faults = []
    if getattr(threshold, other) is not None:
        better = "higher" if direction == "up" else "lower"
        faults.append(f"{better} is better here; give a {wanted}, not a {other}")
    if getattr(threshold, wanted) is None and threshold.tolerance is None:
        faults.append(f"give a {wanted} or a tolerance")
    return faults
