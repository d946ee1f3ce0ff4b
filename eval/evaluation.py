"""One whole evaluation: opens the service, asks, scores, judges, and puts the run together.

Owns the order of the steps and the facts of a run. Knows no thresholds, no reports, no terminal.
"""

import datetime as dt
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from app.settings import Settings
from eval.cases.loading import SHIPPED, CaseSet, load
from eval.gate import definitions
from eval.gate.model import Direction
from eval.journal import Journal
from eval.metrics import DIRECTION, OFFLINE, score_all, summarise
from eval.results import Observation, Run, RunInfo, Score, Tier
from eval.running import Service, in_process, observe, remote

Progress: TypeAlias = Callable[[str, int, int, str], None]
"""Called with what is being done, how many are done, how many there are, and a remark."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to evaluate.

    Attributes:
        tier: ``judge`` adds the judged metrics to the offline ones.
        cases: files and folders of cases; empty means the shipped ones.
        corpus: what the service in this process indexes; empty means the sample corpus.
        target: URL of a running service; None means one in this process.
        limit: only so many cases, the first ones.
        journal: file in which observations are kept as they are made.
        resume: take the observations that the journal has.
        cache: folder of the judge's replies.
    """

    journal: Path
    cache: Path
    tier: Tier = "offline"
    cases: Sequence[Path] = ()
    corpus: Sequence[Path] = ()
    target: str | None = None
    limit: int | None = None
    resume: bool = False


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A run and the cases that it was made with."""

    run: Run
    case_set: CaseSet


def known_metrics() -> Mapping[Tier, Mapping[str, Direction]]:
    """Return the metrics of each tier and which direction is better."""
    from eval.judging.samples import JUDGED

    return {
        "offline": {name: DIRECTION[name] for name in OFFLINE},
        "judge": {name: DIRECTION[name] for name in JUDGED},
    }


def evaluate(plan: Plan, settings: Settings, progress: Progress) -> Evaluated:
    """Make a run.

    What a case raises is in its observation. The reply of a judge that cannot be used makes its
    score unmeasured.

    Raises:
        FootnoteError: the run cannot be made at all; the message says what to do.
    """
    started, clock = dt.datetime.now(dt.UTC), time.perf_counter()
    if plan.tier == "judge":
        _refuse_without_judge(settings)
    progress("Preparing", 0, 0, "")
    import eval.ragas_bridge  # noqa: F401 - says at once if it is not installed

    with _service(plan, settings) as service:
        case_set = load(plan.cases or [SHIPPED], service.text_of)
        case_set = replace(case_set, cases=case_set.cases[: plan.limit])
        observations = _observe(plan, case_set, service, progress)
        info = service.info  # after the questions, when a remote service has told most
    scores = _score(plan, case_set, observations, settings, progress)
    facts = RunInfo(
        started_at=started,
        seconds=round(time.perf_counter() - clock, 3),
        tier=plan.tier,
        target=info.target,
        versions={**info.versions, **versions()},
        prompts=dict(info.prompts),
        stamp=info.stamp,
        models={**info.models, "judge": settings.judge.model if plan.tier == "judge" else None},
        datasets=case_set.datasets,
    )
    return Evaluated(put_together(facts, case_set, observations, scores), case_set)


def put_together(
    info: RunInfo, case_set: CaseSet, observations: Sequence[Observation], scores: Sequence[Score]
) -> Run:
    """Return the run that cases, observations and scores make."""
    return Run(
        info=info,
        cases=tuple(case.id for case in case_set.cases),
        kinds={case.id: case.kind for case in case_set.cases},
        observations=tuple(observations),
        scores=tuple(scores),
        summaries=summarise(case_set.cases, scores),
    )


def versions() -> dict[str, str]:
    """Return the versions of what scores, and the digest of how."""
    from app.cli.version import installed

    return {
        "ragas": installed("ragas"),
        "rapidfuzz": installed("rapidfuzz"),
        "python": platform.python_version(),
        definitions.KEY: definitions.digest(),
    }


@contextmanager
def _service(plan: Plan, settings: Settings) -> Iterator[Service]:
    if plan.target is None:
        with in_process(list(plan.corpus) or None, settings) as local:
            yield local
        return
    key = settings.api_key.get_secret_value() if settings.api_key else None
    with remote(plan.target, key) as service:
        yield service


def _observe(
    plan: Plan, case_set: CaseSet, service: Service, progress: Progress
) -> list[Observation]:
    """Return all observations; each is in the journal as soon as it is made."""
    total = len(case_set.cases)
    observations = []
    asked = _asked(plan, service)
    with Journal.open(plan.journal, case_set, asked, resume=plan.resume) as journal:
        for done, case in enumerate(case_set.cases):
            progress("Asking", done, total, "")
            observation = journal.known.get(case.id)
            if observation is None:
                (observation,) = observe(CaseSet((case,), {}), service)
                journal.add(observation)
            observations.append(observation)
    progress("Asking", total, total, "")
    return observations


def _asked(plan: Plan, service: Service) -> dict[str, object]:
    """Return what must be the same when a run goes on; a remote service has told nothing yet."""
    if plan.target is not None:
        return {"target": plan.target}
    info = service.info
    return {
        "corpus": [str(path.resolve()) for path in plan.corpus],
        "stamp": info.stamp,
        "models": dict(info.models),
        "prompts": dict(info.prompts),
        "versions": dict(info.versions),
    }


def _score(
    plan: Plan,
    case_set: CaseSet,
    observations: Sequence[Observation],
    settings: Settings,
    progress: Progress,
) -> list[Score]:
    from index.embedding.minilm import MiniLMEmbedder

    embedder = MiniLMEmbedder()
    scores = score_all(
        case_set.cases,
        observations,
        embedder=embedder,
        progress=lambda done, total: progress("Scoring", done, total, ""),
    )
    if plan.tier == "judge":
        from eval.judging import Spent, judge_now

        def spent(so_far: Spent) -> None:
            progress("Judging", so_far.done, so_far.total, _remark(so_far))

        scores += judge_now(
            case_set,
            observations,
            settings=settings.judge,
            embedder=embedder,
            cache=plan.cache,
            progress=spent,
        )
    return scores


def _remark(spent: object) -> str:
    calls, cached = getattr(spent, "calls", 0), getattr(spent, "cached", 0)
    cost, stopped = getattr(spent, "cost_usd", None), getattr(spent, "stopped", None)
    parts = [f"{calls} calls, {cached} from the cache"]
    if cost is not None:
        parts.append(f"${cost:.2f}")
    if stopped:
        parts.append(stopped)
    return ", ".join(parts)


def _refuse_without_judge(settings: Settings) -> None:
    """Say at once, not after all questions, that there is no judge. Raises JudgeSettingsError."""
    if settings.judge.model is None:
        from eval.judging import open_judge

        open_judge(settings.judge)
