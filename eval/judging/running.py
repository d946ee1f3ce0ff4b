"""Judges a run: every metric on every case it applies to, several at a time.

Owns the order, the workers and the progress. A score that cannot be measured is None with a reason,
whatever went wrong; nothing is dropped. Cancelling stops all calls at once and loses no reply.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from eval.judging.asking import Asker, Session
from eval.judging.cache import ReplyCache
from eval.judging.errors import UnmeasuredError
from eval.judging.limits import Budget, JudgeLimits
from eval.judging.model import JudgeModel, open_judge
from eval.judging.reasons import reason
from eval.judging.samples import Sample, Task, tasks
from eval.results import Observation, Score
from index.embedding.base import Embedder

if TYPE_CHECKING:
    from app.models.settings import JudgeSettings
    from eval.cases.loading import CaseSet

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Spent:
    """How far the judging is. ``cost_usd`` is None where no price is known."""

    done: int
    total: int
    calls: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    reply_tokens: int = 0
    cost_usd: float | None = None
    stopped: str | None = None


Progress: TypeAlias = Callable[[Spent], None]
_Measure: TypeAlias = Callable[[str, Sample, Any], Awaitable[float]]


def judge_now(
    case_set: "CaseSet",
    observations: Sequence[Observation],
    *,
    settings: "JudgeSettings",
    embedder: Embedder,
    cache: Path,
    progress: Progress | None = None,
) -> list[Score]:
    """Open the judge that the settings name, judge, and close it. For programs without a loop.

    Raises:
        JudgeSettingsError: the settings name no judge, or limit a cost that nobody can know.
        ModelSettingsError: they name one that cannot be opened.
    """
    model = open_judge(settings)

    async def work() -> list[Score]:
        try:
            return await judge(
                case_set,
                observations,
                model=model,
                embedder=embedder,
                cache=cache,
                limits=JudgeLimits.of(settings),
                progress=progress,
            )
        finally:
            await model.chat.aclose()

    return asyncio.run(work())


async def judge(
    case_set: "CaseSet",
    observations: Sequence[Observation],
    *,
    model: JudgeModel,
    embedder: Embedder,
    cache: Path,
    limits: JudgeLimits | None = None,
    progress: Progress | None = None,
) -> list[Score]:
    """Return the judged scores, case by case and for each in the order of ``JUDGED``.

    Args:
        case_set: the cases.
        observations: what the service did with them.
        model: the judge.
        embedder: compares questions for ``answer_relevancy``.
        cache: folder of replies; what is there is not asked again.
        limits: what it may take.
        progress: called after each score, on the event loop.

    Raises:
        EvaluationMissingError: ragas is not installed.
    """
    from eval.ragas_bridge.judge import measure  # takes seconds, so not before there is work

    limits = limits or JudgeLimits()
    observed = {observation.case_id: observation for observation in observations}
    todo = [task for case in case_set.cases for task in tasks(case, observed.get(case.id))]
    asker = Asker(model, ReplyCache(cache), Budget(limits, model.price))
    run = _Run(asker, partial(measure, embedder=embedder), todo)
    waiting = iter(enumerate(todo))
    async with asyncio.TaskGroup() as group:
        for _ in range(max(1, limits.concurrency)):
            group.create_task(run.work(waiting, progress))
    return [score for score in run.scores if score is not None]


class _Run:
    def __init__(self, asker: Asker, measure: _Measure, todo: Sequence[Task]) -> None:
        self.scores: list[Score | None] = [None] * len(todo)
        self._asker = asker
        self._measure = measure
        self._done = 0

    async def work(self, waiting: Iterator[tuple[int, Task]], progress: Progress | None) -> None:
        """Score one task after the other until none waits."""
        for place, task in waiting:
            self.scores[place] = task.known or await self._score(task)
            self._done += 1
            if progress is not None:
                progress(self._spent())

    async def _score(self, task: Task) -> Score:
        session = Session(self._asker)
        if task.sample is None:
            raise ValueError(f"{task.metric} of {task.case_id} has neither sample nor score")
        value: float | None = None
        try:
            value = await self._measure(task.metric, task.sample, session.ask)
            why = reason(task.metric, session.exchanges)
            if not math.isfinite(value):
                value, why = None, "not measured: the metric has no value"
        except UnmeasuredError as error:
            why = f"not measured: {error}"
        except Exception as error:  # noqa: BLE001 - whatever ragas raises, the score is not measured
            value, why = None, f"not measured: {type(error).__name__}: {error}"
        value = None if value is None else round(min(1.0, max(0.0, value)), _DIGITS)
        return Score(metric=task.metric, case_id=task.case_id, value=value, reason=why)

    def _spent(self) -> Spent:
        budget = self._asker.budget
        return Spent(
            done=self._done,
            total=len(self.scores),
            calls=budget.calls,
            cached=budget.cached,
            prompt_tokens=budget.prompt_tokens,
            reply_tokens=budget.reply_tokens,
            cost_usd=budget.cost_usd,
            stopped=budget.stopped,
        )
