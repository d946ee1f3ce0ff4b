"""Metrics of what an answer says, against what a right one does."""

import datetime as dt

from app.answer.question.words import content
from app.answer.values import Value, compatible
from eval.cases.model import Case, Fact
from eval.metrics.facts import counted, says, values_of
from eval.metrics.model import Measured, Metric, Subject, to_be_answered
from eval.metrics.statements import Statement

_OF_THE_SAME = 0.6
"""Share of a statement's words that gold evidence must have for both to be of the same matter."""


def correctness(subject: Subject) -> Measured:
    """Score the share of the case's facts that the answer says, less what contradicts them.

    A fact is said by a statement that says one of its values (``eval.metrics.facts.says``). The
    share is multiplied by said / (said + contradictions). A contradiction is a statement with a
    date, number or duration that cannot hold beside the gold one, and is about the same matter:
    the value of a disagreement that the answer shows, or a sentence that shares six of ten words
    with the reference or a gold quote. Only where the case has one fact and no conflict is there a
    gold value that contradicts others. 0 where nothing is said.
    """
    case = subject.case
    missing = [fact for fact in case.facts if not _is_said(subject, fact)]
    said = len(case.facts) - len(missing)
    against = _contradictions(subject) if len(case.facts) == 1 and not case.conflicts else []
    value = said / len(case.facts) * (said / (said + len(against)) if said else 0.0)
    reasons = []
    if subject.refused:
        reasons.append("refused")
    elif missing:
        reasons.append(f"does not say {' / '.join(fact.values[0] for fact in missing)}")
    if against:
        reasons.append(f"says “{against[0].text}” besides")
    return Measured(value, "; ".join(reasons) or f"says all {said} facts")


def _is_said(subject: Subject, fact: Fact) -> bool:
    return any(
        says(statement.text, value, _reference(subject, statement))
        for statement in subject.statements
        for value in fact.values
    )


def _contradictions(subject: Subject) -> list[Statement]:
    case = subject.case
    gold = [value for text in case.facts[0].values for value in counted(values_of(text))]
    if not gold:
        return []
    return [s for s in subject.statements if _contradicts(subject, s, gold)]


def _contradicts(subject: Subject, statement: Statement, gold: list[Value]) -> bool:
    stated = counted(values_of(statement.text, _reference(subject, statement)))
    alike = [value for value in stated if any(_comparable(value, other) for other in gold)]
    if not alike or any(compatible(value, other) for value in alike for other in gold):
        return False
    return statement.kind == "value" or _is_of_the_matter(subject.case, statement)


def _comparable(a: Value, b: Value) -> bool:
    return a.kind is b.kind and (a.unit == b.unit or None in (a.unit, b.unit))


def _is_of_the_matter(case: Case, statement: Statement) -> bool:
    said = _words(statement.text)
    sources = [_words(gold.quote) for gold in case.gold] + [_words(case.reference or "")]
    return bool(said) and max(len(said & words) / len(said) for words in sources) >= _OF_THE_SAME


def _words(text: str) -> set[str]:
    values = counted(values_of(text))
    return {
        token.stem
        for token in content(text)
        if not any(value.start <= token.start < value.end for value in values)
    }


def _reference(subject: Subject, statement: Statement) -> dt.date | None:
    """Return the day by which a statement's "next month" is placed, where its sources have one."""
    days = {
        subject.citations[marker].published_at
        for marker in statement.markers
        if marker in subject.citations
    }
    return days.pop() if len(days) == 1 else None


def has_facts(case: Case) -> bool:
    """Hold for cases that say what a complete answer has."""
    return to_be_answered(case) and bool(case.facts)


METRICS = (
    Metric(
        "answer_correctness",
        "Share of the case's facts that the answer says, less what contradicts them.",
        has_facts,
        correctness,
    ),
)
