"""What the HTML page shows, put together from a report: rows, cells, cases. Knows no HTML."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.answer.model import Answer
from eval.cases.model import Case, Gold
from eval.gate import Figure
from eval.reports import plots
from eval.reports.model import Report, fails
from eval.results import Observation

_MARKER = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Cell:
    """One metric over the cases of one kind; ``shade`` is 0 (worst) to 10, None without a value."""

    metric: str
    value: float | None
    shade: int | None


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind of case in the matrix."""

    kind: str
    cases: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One score of a case."""

    metric: str
    value: float | None
    reason: str
    fails: bool
    before: float | None
    better: bool | None
    changed: bool


@dataclass(frozen=True, slots=True)
class GoldRow:
    """A gold quote, and the markers of the citations that lie over it."""

    gold: Gold
    cited: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FactRow:
    """One expected fact with its gold quotes."""

    values: tuple[str, ...]
    evidence: tuple[GoldRow, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """All that the page shows of one case."""

    case: Case
    observation: Observation | None
    runs: tuple[tuple[str, int | None], ...]
    facts: tuple[FactRow, ...]
    golden: frozenset[int]
    found_at: tuple[int, ...]
    scores: tuple[ScoreRow, ...]
    failing: tuple[str, ...]
    changed: tuple[str, ...]
    worse: tuple[str, ...]
    before: tuple[str, str] | None
    is_new: bool

    @property
    def answer(self) -> Answer | None:
        """The answer, None where the case raised."""
        return self.observation.answer if self.observation else None

    @property
    def words(self) -> str:
        """What a search looks through."""
        texts = [self.case.id, self.case.question, self.case.reference or ""]
        if self.answer:
            texts += [self.answer.answer, *(item.title for item in self.answer.citations)]
        if self.observation and self.observation.error:
            texts.append(self.observation.error)
        return " ".join(" ".join(texts).split()).casefold()


@dataclass(frozen=True, slots=True)
class View:
    """The whole page."""

    bars: dict[str, plots.Bar]
    metrics: tuple[str, ...]
    kinds: tuple[KindRow, ...]
    latencies: plots.Histogram | None
    cases: tuple[CaseView, ...]

    @classmethod
    def of(cls, report: Report) -> "View":
        """Put together what the page of a report shows."""
        shares = [figure for figure in report.verdict.figures if figure.metric != "latency_ms"]
        seconds = [item.seconds * 1000 for item in report.run.observations if item.answer]
        return cls(
            bars={figure.metric: plots.bar(figure) for figure in shares},
            metrics=tuple(figure.metric for figure in shares),
            kinds=tuple(_kinds(report, shares)),
            latencies=plots.histogram(seconds),
            cases=tuple(_case(report, case) for case in report.cases),
        )


def _kinds(report: Report, figures: Sequence[Figure]) -> Iterator[KindRow]:
    by_metric = {summary.metric: summary.by_kind for summary in report.run.summaries}
    kinds = dict.fromkeys(report.run.kinds.get(case, "") for case in report.run.cases)
    for kind in kinds:
        cells = []
        for figure in figures:
            value = by_metric.get(figure.metric, {}).get(kind)
            cells.append(Cell(figure.metric, value, _shade(value, figure)))
        number = sum(report.run.kinds.get(case) == kind for case in report.run.cases)
        yield KindRow(kind, number, tuple(cells))


def _shade(value: float | None, figure: Figure) -> int | None:
    if value is None:
        return None
    good = value if figure.direction == "up" else 1 - value
    return int(max(0.0, min(1.0, good)) * 10)


def _case(report: Report, case: Case) -> CaseView:
    observation = report.observations.get(case.id)
    answer = observation.answer if observation else None
    facts = tuple(
        FactRow(fact.values, tuple(GoldRow(gold, _markers(answer, gold)) for gold in fact.evidence))
        for fact in case.facts
    )
    passages = observation.passages if observation else ()
    scores = tuple(_scores(report, case.id))
    baseline = report.baseline
    return CaseView(
        case=case,
        observation=observation,
        runs=tuple(_runs(answer.answer)) if answer else (),
        facts=facts,
        golden=frozenset(marker for fact in facts for row in fact.evidence for marker in row.cited),
        found_at=tuple(
            rank
            for rank, passage in enumerate(passages, 1)
            if any(
                _overlap(gold, passage.document_id, passage.start, passage.end)
                for gold in case.gold
            )
        ),
        scores=scores,
        failing=report.failing(case.id),
        changed=tuple(row.metric for row in scores if row.changed),
        worse=report.worse(case.id),
        before=_before(report, case.id, answer),
        is_new=baseline is not None and case.id not in baseline.cases,
    )


def _scores(report: Report, case_id: str) -> Iterator[ScoreRow]:
    changes = {
        figure.metric: change
        for figure in report.verdict.figures
        for change in figure.changed
        if change.case_id == case_id
    }
    for score in report.scores.get(case_id, ()):
        change = changes.get(score.metric)
        yield ScoreRow(
            metric=score.metric,
            value=score.value,
            reason=score.reason,
            fails=fails(score.value, report.figures.get(score.metric)),
            before=change.before if change else None,
            better=change.better if change else None,
            changed=change is not None,
        )


def _before(report: Report, case_id: str, answer: Answer | None) -> tuple[str, str] | None:
    """Return status and text of the baseline's answer where this run's is another."""
    before = report.baseline.answers.get(case_id) if report.baseline else None
    if before is None:
        return None
    if answer and (before.status, before.text) == (answer.status, answer.answer):
        return None
    return before.status, before.text


def _runs(text: str) -> Iterator[tuple[str, int | None]]:
    """Cut an answer into stretches of text and markers."""
    parts = _MARKER.split(text)
    for number, part in enumerate(parts):
        if number % 2:
            yield f"[{part}]", int(part)
        elif part:
            yield part, None


def _markers(answer: Answer | None, gold: Gold) -> tuple[int, ...]:
    return tuple(
        item.marker
        for item in (answer.citations if answer else ())
        if _overlap(gold, item.document_id, item.start, item.end)
    )


def _overlap(gold: Gold, document_id: str, start: int, end: int) -> bool:
    return gold.document_id == document_id and start < gold.end and gold.start < end
