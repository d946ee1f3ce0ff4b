"""Metrics of retrieval: how far up the first passage with gold evidence stands."""

from collections.abc import Callable
from functools import partial

from app.api.models import FoundPassage
from eval.cases.model import Case
from eval.metrics.citing import overlaps
from eval.metrics.model import Measured, Metric, Subject


def hit(subject: Subject, within: int) -> Measured:
    """Score 1 where one of the first ``within`` passages has gold evidence."""
    rank = _rank(subject)
    return Measured(float(rank is not None and rank <= within), _told(subject, rank))


def reciprocal_rank(subject: Subject) -> Measured:
    """Score 1 / the place of the first passage with gold evidence; 0 where none was found."""
    rank = _rank(subject)
    return Measured(1 / rank if rank else 0.0, _told(subject, rank))


def has_gold(case: Case) -> bool:
    """Hold for cases with gold evidence."""
    return bool(case.gold)


def _rank(subject: Subject) -> int | None:
    passages = enumerate(subject.observation.passages, start=1)
    return next((rank for rank, passage in passages if _is_gold(subject.case, passage)), None)


def _is_gold(case: Case, passage: FoundPassage) -> bool:
    return any(
        overlaps(gold, passage.document_id, passage.start, passage.end) for gold in case.gold
    )


def _told(subject: Subject, rank: int | None) -> str:
    if rank is None:
        return f"not among {len(subject.observation.passages)} passages"
    return f"first found as passage {rank}"


def _hit_at(within: int) -> Callable[[Subject], Measured]:
    return partial(hit, within=within)


METRICS = (
    Metric(
        "hit_at_1",
        "Share of questions whose first passage has gold evidence.",
        has_gold,
        _hit_at(1),
        binary=True,
    ),
    Metric(
        "hit_at_4",
        "Share of questions with gold evidence among the first four passages.",
        has_gold,
        _hit_at(4),
        binary=True,
    ),
    Metric(
        "mrr",
        "Mean reciprocal rank of the first passage with gold evidence.",
        has_gold,
        reciprocal_rank,
    ),
)
