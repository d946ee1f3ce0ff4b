"""What the gate says: a verdict, its findings, and each metric's figures. Plain data."""

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Direction: TypeAlias = Literal["up", "down"]
"""Whether higher (``up``) or lower (``down``) values of a metric are better."""

Rule: TypeAlias = Literal["measured", "threshold", "fall", "cases", "definitions"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Interval(_Frozen):
    """A 95 % bootstrap interval over cases."""

    low: float
    high: float


class CaseChange(_Frozen):
    """One case's score in one metric, before and now; None where it has none."""

    case_id: str
    before: float | None
    now: float | None
    better: bool | None = Field(description="None where one of the two is missing.")


class Figure(_Frozen):
    """One metric of the run beside its thresholds and the baseline.

    ``before`` and ``change`` are over the cases that run and baseline share; a ``change`` above
    zero is a higher value, which is better or worse as ``direction`` says.
    """

    metric: str
    direction: Direction
    mean: float | None
    interval: Interval | None
    scored: int
    applicable: int
    minimum: float | None = None
    maximum: float | None = None
    tolerance: float | None = None
    before: float | None = None
    change: float | None = None
    change_interval: Interval | None = None
    shared: int = 0
    changed: tuple[CaseChange, ...] = ()
    gated: bool = Field(False, description="Whether the thresholds name it.")


class Finding(_Frozen):
    """One reason why the gate is closed."""

    metric: str | None
    rule: Rule
    message: str
    cases: tuple[str, ...] = ()


class Verdict(_Frozen):
    """Whether the run passes. ``notes`` tell what a reader should know and does not fail it."""

    passed: bool
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    figures: tuple[Figure, ...]
