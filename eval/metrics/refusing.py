"""Metrics of refusing: whether what is refused should be, and what should be is."""

from eval.metrics.model import Measured, Metric, Subject, no_case, to_be_refused


def precision(subject: Subject) -> Measured:
    """Score each refusal: 1 where refusing is right. The mean is the precision of refusals."""
    right = subject.case.expect == "refusal"
    return Measured(float(right), "rightly refused" if right else _why(subject))


def recall(subject: Subject) -> Measured:
    """Score each case that has no answer: 1 where it is refused. The mean is their recall."""
    if subject.refused:
        return Measured(1.0, _why(subject))
    return Measured(0.0, f"answered: “{subject.answer.answer}”")


def is_refused(subject: Subject) -> bool:
    """Hold for refusals."""
    return subject.refused


def _why(subject: Subject) -> str:
    return f"refused: {subject.answer.reason or 'no reason given'}"


METRICS = (
    Metric(
        "refusal_precision",
        "Of what is refused, the share that should be.",
        no_case,
        precision,
        arises=is_refused,
        binary=True,
    ),
    Metric(
        "refusal_recall",
        "Of what should be refused, the share that is.",
        to_be_refused,
        recall,
        binary=True,
    ),
)
