"""Answers, cases and runs made by hand, for tests of the gate and the reports."""

import datetime as dt
from collections.abc import Mapping
from statistics import fmean, median
from typing import TypeAlias

from app.answer.model import Answer, AnswerSentence, Citation, Claim, Conflict, Generator, Timings
from eval.cases.model import Case, Fact, Gold
from eval.results import MetricSummary, Observation, Run, RunInfo, Score

Values: TypeAlias = Mapping[str, Mapping[str, float | None]]
"""Metric → case → value."""


def made_answer(
    text: str = "It ends in May. [1]", quote: str = "ends in May", **fields: object
) -> Answer:
    citation = Citation(
        marker=1,
        document_id="brief",
        revision="0" * 64,
        title="A brief",
        source="A paper",
        url=None,
        published_at=dt.date(2024, 9, 27),
        start=10,
        end=10 + len(quote),
        quote=quote,
    )
    answer = Answer(
        id="ans_1",
        status="answered",
        reason=None,
        question="When does it end?",
        answer=text,
        sentences=(AnswerSentence(text="It ends in May.", citations=(1,), support="quoted"),),
        citations=(citation,),
        conflicts=(Conflict(claims=(Claim(value="May", citations=(1,)),)),),
        dropped=(),
        sources=(),
        generator=Generator(kind="extractive"),
        timings_ms=Timings(retrieve=1, write=1, verify=1, total=3),
    )
    return answer.model_copy(update=fields)


def made_case(case_id: str = "a", question: str = "When does it end?", **fields: object) -> Case:
    quote = "ends in May"
    known: dict[str, object] = {
        "dataset": "made",
        "kind": "date",
        "expect": "answer",
        "reference": "It ends in May.",
        "facts": (Fact(("May",), (Gold("brief", quote, 10, 10 + len(quote)),)),),
    }
    return Case(id=case_id, question=question, **{**known, **fields})  # type: ignore[arg-type]  # a test's own fields


def made_run(
    scores: Values,
    *,
    errors: Mapping[str, str] | None = None,
    applicable: Mapping[str, int] | None = None,
    answers: Mapping[str, Answer] | None = None,
    reasons: Mapping[tuple[str, str], str] | None = None,
    **info: object,
) -> Run:
    cases = tuple(dict.fromkeys(case for values in scores.values() for case in values))
    facts: dict[str, object] = {
        "started_at": dt.datetime(2025, 9, 30, 12, 0, tzinfo=dt.UTC),
        "seconds": 1.5,
        "tier": "offline",
        "target": None,
        "versions": {"footnote": "0.1.0", "metrics": "1", "ragas": "0.4.3", "rapidfuzz": "3"},
        "prompts": {"answer": "abc"},
        "stamp": "model/384/1",
        "models": {"answer": None, "judge": None, "embedding": "MiniLM"},
        "datasets": {"made": "f" * 64},
    }
    return Run(
        info=RunInfo(**{**facts, **info}),  # type: ignore[arg-type]  # a test's own fields
        cases=cases,
        kinds=dict.fromkeys(cases, "date"),
        observations=tuple(
            Observation(case_id=case, error=(errors or {})[case])
            if case in (errors or {})
            else Observation(
                case_id=case,
                answer=(answers or {}).get(case, made_answer()),
                spans=("ends in May",),
                seconds=0.02,
            )
            for case in cases
        ),
        scores=tuple(
            Score(
                metric=metric,
                case_id=case,
                value=value,
                reason=(reasons or {}).get((metric, case), ""),
            )
            for metric, values in scores.items()
            for case, value in values.items()
        ),
        summaries=tuple(
            _summary(metric, values, (applicable or {}).get(metric))
            for metric, values in scores.items()
        ),
    )


def _summary(
    metric: str, values: Mapping[str, float | None], applicable: int | None
) -> MetricSummary:
    measured = [value for value in values.values() if value is not None]
    middle = median if metric == "latency_ms" else fmean
    mean = middle(measured) if measured else None
    return MetricSummary(
        metric=metric,
        mean=mean,
        applicable=len(values) if applicable is None else applicable,
        scored=len(measured),
        by_kind={"date": mean},
    )
