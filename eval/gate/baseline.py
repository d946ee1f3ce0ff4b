"""The run that later ones are compared with, kept small enough to be committed and read in a diff.

Owns the file's form and how it is made from a run; comparing is ``eval.gate.comparing``'s.
"""

import datetime as dt
import json
from pathlib import Path
from typing import Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.results import Run, Tier
from index.errors import InvalidInputError

SHIPPED = Path(__file__).parents[1] / "baseline.json"
_DIGITS = 4
_Model = TypeVar("_Model", bound=BaseModel)


class BaselineError(InvalidInputError):
    """A baseline or a stored run cannot be used."""

    code = "invalid_baseline"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MetricBaseline(_Frozen):
    """One metric: its mean, on how many cases, and each case's score."""

    mean: float
    n: int
    scores: dict[str, float]


class AnswerBefore(_Frozen):
    """What was answered then."""

    status: str
    text: str


class Baseline(_Frozen):
    """What a run found, without its evidence."""

    format: Literal[1] = 1
    made_from: dt.datetime = Field(description="When the run started.")
    tier: Tier
    versions: dict[str, str]
    prompts: dict[str, str]
    stamp: str | None
    models: dict[str, str | None]
    datasets: dict[str, str] = Field(description="sha-256 of each dataset's file.")
    metrics: dict[str, MetricBaseline]
    cases: tuple[str, ...]
    answers: dict[str, AnswerBefore]

    @classmethod
    def of(cls, run: Run) -> Self:
        """Return what of a run others are compared with; see ``refuse_unfit``."""
        scores: dict[str, dict[str, float]] = {}
        for score in run.scores:
            if score.value is not None:
                scores.setdefault(score.metric, {})[score.case_id] = round(score.value, _DIGITS)
        return cls(
            made_from=run.info.started_at,
            tier=run.info.tier,
            versions=run.info.versions,
            prompts=run.info.prompts,
            stamp=run.info.stamp,
            models=run.info.models,
            datasets=run.info.datasets,
            metrics={
                item.metric: MetricBaseline(
                    mean=round(item.mean, 6), n=item.scored, scores=scores[item.metric]
                )
                for item in run.summaries
                if item.mean is not None and item.metric in scores
            },
            cases=run.cases,
            answers={
                item.case_id: AnswerBefore(status=item.answer.status, text=item.answer.answer)
                for item in run.observations
                if item.answer is not None
            },
        )

    def save(self, path: Path) -> None:
        """Write the file, one score a line where that keeps a diff readable."""
        data = self.model_dump(mode="json")
        for metric in data["metrics"].values():
            metric["scores"] = dict(sorted(metric["scores"].items()))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", "utf-8")


def load_baseline(path: Path) -> Baseline:
    """Read a baseline, or make it from a stored run.

    Raises:
        BaselineError: the file is neither, or a run that is not fit to be one.
    """
    data = _read(path)
    if isinstance(data, dict) and "observations" in data:
        refuse_unfit(_validated(Run, data, path))
    return load_unchecked(path)


def load_unchecked(path: Path) -> Baseline:
    """Read a baseline or any run, whole or not, to compare with. Raises BaselineError."""
    data = _read(path)
    if isinstance(data, dict) and "observations" in data:
        return Baseline.of(_validated(Run, data, path))
    return _validated(Baseline, data, path)


def load_run(path: Path) -> Run:
    """Read a stored run. Raises BaselineError."""
    return _validated(Run, _read(path), path)


def refuse_unfit(run: Run) -> None:
    """Refuse to take a run for a baseline that is not whole.

    Raises:
        BaselineError: it has errors or unmeasured scores, or no cases at all.
    """
    broken = [item.case_id for item in run.observations if item.error is not None]
    unmeasured = [item.metric for item in run.summaries if item.scored != item.applicable]
    problem = None
    if not run.cases:
        problem = "it has no cases"
    elif broken:
        problem = f"{len(broken)} of its cases raised, {broken[0]} first"
    elif unmeasured:
        problem = f"it measured {', '.join(unmeasured)} on some cases only"
    if problem:
        raise BaselineError(f"This run cannot be a baseline: {problem}. Mend that and run again.")


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BaselineError(f"{path} cannot be read as JSON: {error}") from None


def _validated(model: type[_Model], data: object, path: Path) -> _Model:
    try:
        return model.model_validate_json(json.dumps(data))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise BaselineError(
            f"{path} is not a {'run' if model is Run else 'baseline'} of this version of Footnote "
            f"({where}: {first['msg']}). Make it with footnote eval run"
            f"{'' if model is Run else ' and footnote eval baseline'}."
        ) from None
