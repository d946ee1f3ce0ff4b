"""Metrics of the short answer: whether it says what is right, and how often there is one."""

from eval.cases.model import Case
from eval.metrics.correctness import has_facts
from eval.metrics.facts import agrees, facts_of, folded
from eval.metrics.model import Measured, Metric, Subject, no_case


def correctness(subject: Subject) -> Measured:
    """Score 1 where the short answer agrees with a fact of the case, else 0.

    It agrees with a fact in one of whose values it is, or that it says
    (``eval.metrics.facts.agrees``). Of several facts one will do, and so will one side of a
    disagreement: a few words cannot say all. Yes and no also agree with a reference that begins
    with the same word.
    """
    short = subject.answer.short
    if short is None:  # never scored: ``answers_shortly``
        return Measured(0.0, "there is no short answer")
    citation = subject.citations.get(short.citation)
    day = citation.published_at if citation else None
    for value in (value for fact in facts_of(subject.case) for value in fact.values):
        if agrees(short.text, value, day):
            return Measured(1.0, f"“{short.text}” agrees with {value}")
    if short.start is None and _begins(subject.case, short.text):
        return Measured(1.0, f"the reference, too, begins with {short.text}")
    wanted = " / ".join(fact.values[0] for fact in subject.case.facts)
    return Measured(0.0, f"says “{short.text}”, where right is {wanted}")


def coverage(subject: Subject) -> Measured:
    """Score 1 where an answer has a short one."""
    short = subject.answer.short
    if short is None:
        return Measured(0.0, "has no short answer")
    return Measured(1.0, f"“{short.text}”")


def answers_shortly(subject: Subject) -> bool:
    """Hold for answers that have a short one, where the case says what is right."""
    return has_facts(subject.case) and subject.answer.short is not None


def is_answered(subject: Subject) -> bool:
    """Hold for all that is not refused."""
    return not subject.refused


def _begins(case: Case, word: str) -> bool:
    first = (case.reference or "").split(maxsplit=1)[:1]
    return bool(first) and folded(first[0]).strip(".,:;") == folded(word)


METRICS = (
    Metric(
        "short_correctness",
        "Of short answers to questions that have one, the share that agree with a gold fact.",
        no_case,
        correctness,
        arises=answers_shortly,
        binary=True,
    ),
    Metric(
        "short_coverage",
        "Share of answers that have a short one.",
        no_case,
        coverage,
        arises=is_answered,
        binary=True,
    ),
)
