"""Metrics of the service as such: how long an answer takes, and whether there is one."""

import math

from eval.metrics.model import Measured, Metric, Subject, every_case, no_case


def latency(subject: Subject) -> Measured:
    """Return the milliseconds from the question to the whole answer, as its asker sees them."""
    spent = subject.answer.timings_ms
    return Measured(
        subject.observation.seconds * 1000,
        f"retrieve {spent.retrieve:.1f}, write {spent.write:.1f}, verify {spent.verify:.1f} ms",
    )


def is_answer(subject: Subject) -> bool:
    """Hold for all that did not raise."""
    return True


def completed(subject: Subject) -> Measured:
    """Score 1: a case that raised never comes here."""
    return Measured(1.0, subject.answer.status)


METRICS = (
    # A case that raised has no latency: counted, it would make a service that fails fast look fast.
    Metric(
        "latency_ms",
        "Median milliseconds from a question to its whole answer.",
        no_case,
        latency,
        arises=is_answer,
        most=math.inf,
        direction="down",
    ),
    Metric("completed", "Share of cases that did not raise.", every_case, completed, binary=True),
)
