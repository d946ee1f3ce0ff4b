"""What a run of the evaluation is made of: observations, scores, and the facts about the run.

Plain data that goes to JSON and back. How answers are got is ``eval.running``'s, how they are
scored ``eval.metrics``'s and ``eval.judging``'s; gate and reports read what stands here, no more.
"""

import datetime as dt
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from app.answer.model import Answer
from app.api.models import FoundPassage

Tier: TypeAlias = Literal["offline", "judge"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Observation(_Frozen):
    """What the service did with one case. Exactly one of ``answer`` and ``error`` is set.

    ``spans`` is what stands in the stored revision at each citation's offsets, in their order, read
    apart from the answer; None where nothing could be read there. ``passages`` is what a search
    for the question returns, best first.
    """

    case_id: str
    answer: Answer | None = None
    error: str | None = None
    spans: tuple[str | None, ...] = ()
    passages: tuple[FoundPassage, ...] = ()
    seconds: float = 0.0


class Score(_Frozen):
    """One metric's value for one case.

    ``value`` is None where the metric could not be measured, which is never a pass; a metric that
    does not apply to a case has no score at all.
    """

    metric: str
    case_id: str
    value: float | None = Field(allow_inf_nan=False)
    reason: str = ""


class RunInfo(_Frozen):
    """What a report must carry so that it can be understood later."""

    started_at: dt.datetime
    seconds: float
    tier: Tier
    target: str | None = Field(description="URL of the service, None in process.")
    versions: dict[str, str] = Field(description="Footnote, ragas, Python and what else counts.")
    prompts: dict[str, str] = Field(description="sha of each prompt.")
    stamp: str | None = Field(description="The index's stamp; None where a service hides it.")
    models: dict[str, str | None] = Field(description="answer, judge, embedding.")
    datasets: dict[str, str] = Field(description="sha-256 of each dataset's file.")


class MetricSummary(_Frozen):
    """One metric over all cases it applies to.

    ``scored`` must equal ``applicable`` for the metric to count as measured. ``mean`` is over the
    scored ones, None when there are none. For latency ``mean`` is the median in milliseconds.
    """

    metric: str
    mean: float | None
    applicable: int
    scored: int
    by_kind: dict[str, float | None]


class Run(_Frozen):
    """A whole run."""

    info: RunInfo
    cases: tuple[str, ...] = Field(description="Ids of all cases, in order.")
    kinds: dict[str, str] = Field(description="Kind of each case, by id.")
    observations: tuple[Observation, ...]
    scores: tuple[Score, ...]
    summaries: tuple[MetricSummary, ...]
