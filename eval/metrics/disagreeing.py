"""Metrics of disagreement: conflicts of the sources that are shown, and those that are none."""

from collections.abc import Mapping, Sequence

from app.answer.model import Conflict
from eval.cases.model import Case
from eval.metrics.facts import says
from eval.metrics.model import Measured, Metric, Subject


def recall(subject: Subject) -> Measured:
    """Score 1 where one conflict of the answer shows at least two of the case's values."""
    wanted = {value: _ways_to_write(value, subject.case) for value in subject.case.conflicts}
    best = max(
        (_shown(conflict, wanted) for conflict in subject.answer.conflicts), key=len, default=()
    )
    if len(best) > 1:
        return Measured(1.0, f"shows {' / '.join(best)}")
    if not subject.answer.conflicts:
        return Measured(0.0, f"shows no conflict, where the sources have {' / '.join(wanted)}")
    return Measured(0.0, f"shows {_told(subject)}, where the sources have {' / '.join(wanted)}")


def false(subject: Subject) -> Measured:
    """Score 1 where a conflict is shown though the sources agree, or do not answer. 0 is right."""
    if subject.answer.conflicts:
        return Measured(1.0, f"shows {_told(subject)}")
    return Measured(0.0, "shows no conflict, and there is none")


def _ways_to_write(value: str, case: Case) -> tuple[str, ...]:
    """Return what the value's fact may be written as; the value alone where a fact has several."""
    for fact in case.facts:
        if value in fact.values and len(set(case.conflicts) & set(fact.values)) == 1:
            return fact.values
    return (value,)


def _shown(conflict: Conflict, wanted: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the wanted values that claims of a conflict have, each claim counting for one."""
    found: list[str] = []
    for claim in conflict.claims:
        for value, ways in wanted.items():
            if value not in found and any(_same(claim.value, way) for way in ways):
                found.append(value)
                break
    return tuple(found)


def _same(claim: str, value: str) -> bool:
    return says(claim, value) or says(value, claim)


def _told(subject: Subject) -> str:
    return "; ".join(
        " / ".join(claim.value for claim in conflict.claims)
        for conflict in subject.answer.conflicts
    )


def has_conflict(case: Case) -> bool:
    """Hold for cases on which the sources disagree."""
    return bool(case.conflicts)


def has_none(case: Case) -> bool:
    """Hold for all other cases."""
    return not case.conflicts


METRICS = (
    Metric(
        "conflict_recall",
        "Share of disagreements of the sources that are shown, with two values at least.",
        has_conflict,
        recall,
        binary=True,
    ),
    Metric(
        "false_conflicts",
        "Share of cases without a disagreement on which one is shown.",
        has_none,
        false,
        binary=True,
        worst=1.0,
        direction="down",
    ),
)
