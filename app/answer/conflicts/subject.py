"""Whether two sentences speak of the same event, so that their values can contradict each other."""

from collections.abc import Sequence

from app.answer.conflicts.candidates import Candidate
from app.answer.conflicts.stages import stage_near
from app.answer.question.words import tokens


def same_subject(a: Candidate, b: Candidate) -> bool:
    """Tell whether nothing sets the events of two candidates apart.

    They are apart where each belongs to another stage ("the first phase", "the second one").
    """
    first, second = _stage(a), _stage(b)
    return first is None or second is None or first == second


def at_stage(stage: int | None, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates that speak of the stage asked about, where one is asked about.

    Where none says its stage, those that speak of no stage at all remain.
    """
    if stage is None:
        return list(candidates)
    stages = [_stage(candidate) for candidate in candidates]
    wanted = stage if stage in stages else None
    return [c for c, other in zip(candidates, stages, strict=True) if other == wanted]


def _stage(candidate: Candidate) -> int | None:
    return stage_near(tokens(candidate.evidence.text), candidate.first)
