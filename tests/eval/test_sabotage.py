"""The gate can fail: a service broken in each of these ways is caught, by the metric it concerns.

Everything runs over one index of the sample corpus and a third of the shipped cases, with a
baseline of their own; the tolerances and the hard bounds are the shipped ones.
"""

import asyncio
import datetime as dt
import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from app.answer.model import Answer
from app.answer.quoting import Quoter
from app.api.models import FoundPassage
from app.models.base import Completion
from app.services import Services
from eval.cases.loading import SHIPPED, CaseSet, load
from eval.cases.model import Case
from eval.evaluation import known_metrics, put_together, versions
from eval.gate import Baseline, Threshold, Thresholds, Verdict, decide
from eval.gate.thresholds import SHIPPED as SHIPPED_THRESHOLDS
from eval.judging import JudgeModel, judge
from eval.metrics import score_all
from eval.results import Observation, Run, RunInfo, Score, Tier
from eval.running import observe
from eval.running.local import LocalService
from index.embedding.minilm import MiniLMEmbedder
from index.model import RetrievedPassage, Vector
from index.retrieve import HybridRetriever
from prompts import Message
from tests.scripted_judge import ScriptedJudge, Spoil

KNOWN = known_metrics()
HARD = ("citation_validity", "completed")


@dataclass(frozen=True)
class Bench:
    """What all sabotages share."""

    service: LocalService
    cases: CaseSet
    clean: Sequence[Observation]
    baseline: Baseline
    bounds: Thresholds
    scores: Sequence[Score]
    embedder: MiniLMEmbedder

    def run(
        self,
        observations: Sequence[Observation],
        cases: CaseSet | None = None,
        judged: Sequence[Score] = (),
        tier: Tier = "offline",
    ) -> Run:
        cases = cases or self.cases
        scores = self._scored(cases, observations)
        return put_together(
            RunInfo(
                started_at=dt.datetime(2025, 9, 30, tzinfo=dt.UTC),
                seconds=1.0,
                tier=tier,
                target=None,
                versions=versions(),
                prompts={},
                stamp=None,
                models={},
                datasets=cases.datasets,
            ),
            cases,
            observations,
            [*scores, *judged],
        )

    def _scored(self, cases: CaseSet, observations: Sequence[Observation]) -> list[Score]:
        """Score what is not as it was; the scores of the rest are those that it had."""
        clean = {item.case_id: item for item in self.clean} if self.scores else {}
        same = {item.case_id for item in observations if clean.get(item.case_id) == item}
        anew = [item for item in observations if item.case_id not in same]
        scores = [score for score in self.scores if score.case_id in same]
        wanted = {item.case_id for item in anew}
        todo = [case for case in cases.cases if case.id in wanted]
        return scores + score_all(todo, anew, embedder=self.embedder)

    def judged(self, run: Run) -> Verdict:
        return decide(run, self.bounds, self.baseline, known=KNOWN)

    def altered(self, alter: Callable[[Answer], Answer]) -> Verdict:
        """Judge the answers as a service would give them that alters each."""
        return self.judged(self.run(observe(self.cases, Altering(self, alter))))

    def asked(self) -> Verdict:
        """Judge the service as it is now."""
        return self.judged(self.run(observe(self.cases, self.service)))


class Altering:
    """A service that gives the clean answers, altered; spans are read from the stored texts."""

    def __init__(self, bench: Bench, alter: Callable[[Answer], Answer]) -> None:
        self._clean = {item.case_id: item for item in bench.clean}
        self._service = bench.service
        self._alter = alter
        self._last: Observation | None = None
        self.info = bench.service.info
        self.read_span = bench.service.read_span
        self.text_of = bench.service.text_of

    def ask(self, case: Case) -> tuple[Answer, float]:
        self._last = self._clean[case.id]
        assert self._last.answer is not None
        return self._alter(self._last.answer), self._last.seconds

    def search(self, case: Case, top_k: int) -> tuple[FoundPassage, ...]:
        assert self._last is not None
        return self._last.passages[:top_k]


def red(verdict: Verdict) -> set[str | None]:
    """Return what the gate names."""
    assert not verdict.passed
    return {finding.metric for finding in verdict.findings}


@pytest.fixture(scope="module")
def bench(sample_services: Services, embedder: MiniLMEmbedder) -> Bench:
    service = LocalService(sample_services)
    shipped = load([SHIPPED], service.text_of)
    chosen = tuple(
        case for n, case in enumerate(shipped.cases) if n % 3 == 0 or case.kind == "conflict"
    )
    cases = replace(shipped, cases=chosen)
    clean = observe(cases, service)
    loaded = Thresholds.load(SHIPPED_THRESHOLDS, KNOWN)
    bounds = Thresholds(
        {
            name: bound if name in HARD else Threshold(tolerance=bound.tolerance)
            for name, bound in loaded.offline.items()
            if name in HARD or bound.tolerance is not None
        },
        {"faithfulness": Threshold(minimum=0.5)},
    )
    empty = Bench(service, cases, clean, None, bounds, (), embedder)  # type: ignore[arg-type]  # set below
    run = empty.run(clean)
    return replace(empty, baseline=Baseline.of(run), scores=run.scores)


def test_the_unsabotaged_service_passes(bench: Bench) -> None:
    verdict = bench.asked()
    assert verdict.passed, [finding.message for finding in verdict.findings]


def test_citations_shifted_by_one_character(bench: Bench) -> None:
    def shifted(answer: Answer) -> Answer:
        citations = tuple(
            item.model_copy(update={"start": item.start + 1, "end": item.end + 1})
            for item in answer.citations
        )
        return answer.model_copy(update={"citations": citations})

    assert "citation_validity" in red(bench.altered(shifted))


def test_citations_and_their_quotes_shifted_by_one_character(bench: Bench) -> None:
    def shifted(answer: Answer) -> Answer:
        citations = []
        for item in answer.citations:
            text = bench.service.text_of(item.document_id)
            start, end = item.start + 1, item.end + 1
            quote = text[start:end]
            citations.append(item.model_copy(update={"start": start, "end": end, "quote": quote}))
        return answer.model_copy(update={"citations": tuple(citations)})

    assert red(bench.altered(shifted)) & {"citation_validity", "sentence_support"}


def test_markers_swapped(bench: Bench) -> None:
    def swapped(answer: Answer) -> Answer:
        count = len(answer.citations)
        citations = tuple(
            item.model_copy(update={"marker": count + 1 - item.marker}) for item in answer.citations
        )
        return answer.model_copy(
            update={"citations": tuple(sorted(citations, key=lambda item: item.marker))}
        )

    assert {"citation_precision", "citation_recall", "sentence_support"} <= red(
        bench.altered(swapped)
    )


def test_retrieval_returning_random_passages(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    library = bench.service._services.library
    everything = library.retriever(top_k=50).search("coalition")
    generator = random.Random(7)  # noqa: S311 - nothing secret

    def scrambled(
        self: HybridRetriever, question: str, vector: Vector | None = None
    ) -> list[RetrievedPassage]:
        return generator.sample(everything, self._top_k)

    monkeypatch.setattr(HybridRetriever, "search", scrambled)
    assert {"hit_at_1", "mrr"} <= red(bench.asked())


def test_refusal_switched_off(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Quoter, "refusal", lambda self, selection: None)
    assert "refusal_recall" in red(bench.asked())


def test_refusing_everything(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Quoter, "refusal", lambda self, selection: "weak_evidence")
    assert {"refusal_precision", "answer_correctness"} <= red(bench.asked())


def test_numbers_in_answers_changed(bench: Bench) -> None:
    def changed(text: str) -> str:
        return re.sub(r"(?<!\[)\d+(?!\])", lambda found: str(int(found[0]) + 1), text)

    def miscounted(answer: Answer) -> Answer:
        sentences = tuple(
            item.model_copy(update={"text": changed(item.text)}) for item in answer.sentences
        )
        return answer.model_copy(update={"answer": changed(answer.answer), "sentences": sentences})

    assert {"answer_correctness", "sentence_support"} <= red(bench.altered(miscounted))


def test_conflicts_hidden(bench: Bench) -> None:
    verdict = bench.altered(lambda answer: answer.model_copy(update={"conflicts": ()}))
    assert "conflict_recall" in red(verdict)


def test_conflicts_made_up(bench: Bench) -> None:
    told = next(item.answer for item in bench.clean if item.answer and item.answer.conflicts)
    assert told is not None
    verdict = bench.altered(lambda answer: answer.model_copy(update={"conflicts": told.conflicts}))
    assert "false_conflicts" in red(verdict)


def test_a_case_that_raises(bench: Bench) -> None:
    broken = bench.cases.cases[3].id

    class Failing(Altering):
        def ask(self, case: Case) -> tuple[Answer, float]:
            if case.id == broken:
                raise RuntimeError("it broke")
            return super().ask(case)

    verdict = bench.judged(bench.run(observe(bench.cases, Failing(bench, lambda answer: answer))))
    assert "completed" in red(verdict)
    assert any(broken in finding.message for finding in verdict.findings)


def test_a_dataset_with_a_case_silently_removed(bench: Bench, tmp_path: Path) -> None:
    removed = bench.cases.cases[0]
    for path in SHIPPED.glob("*.jsonl"):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if f'"{removed.id}"' not in line]
        (tmp_path / path.name).write_text("".join(kept), "utf-8")
    present = {case.id for case in bench.cases.cases}
    loaded = load([tmp_path], bench.service.text_of)
    cases = CaseSet(tuple(case for case in loaded.cases if case.id in present), loaded.datasets)
    clean = [item for item in bench.clean if item.case_id != removed.id]
    verdict = bench.judged(bench.run(clean, cases))
    assert not verdict.passed
    assert [finding.cases for finding in verdict.findings] == [(removed.id,)]
    assert removed.id in verdict.findings[0].message


class InProcess:
    """A scripted judge without a socket."""

    name = "scripted"

    def __init__(self, spoil: Spoil | None) -> None:
        self._judge = ScriptedJudge(spoil=spoil)

    async def completion(self, messages: Sequence[Message], **options: Any) -> Completion:
        body = {"messages": [{"content": message.content} for message in messages]}
        return Completion(self._judge(body).text)  # type: ignore[union-attr]  # it replies in text

    async def aclose(self) -> None:
        pass


def no_verdict(title: str, inputs: dict[str, Any], right: dict[str, Any]) -> str:
    """Find the first statement unsupported, and leave it out instead of saying so."""
    if title == "NLIStatementOutput":
        right = {"statements": right["statements"][1:]}
    return json.dumps(right)


def not_stated(title: str, inputs: dict[str, Any], right: dict[str, Any]) -> str:
    """Never take the unsupported statement from the answer in the first place."""
    if title == "StatementGeneratorOutput":
        right = {"statements": right["statements"][1:]}
    return json.dumps(right)


def nan(title: str, inputs: dict[str, Any], right: dict[str, Any]) -> str:
    if title == "NLIStatementOutput":
        right = {"statements": [{**item, "verdict": float("nan")} for item in right["statements"]]}
    return json.dumps(right)


def garbage(title: str, inputs: dict[str, Any], right: dict[str, Any]) -> str:
    return "It all looks fine to me."


SPOILT: Mapping[str, Spoil] = MappingProxyType(
    {
        "garbage": garbage,
        "nan": nan,
        "leaves out the unsupported verdict": no_verdict,
        "leaves out the unsupported statement": not_stated,
    }
)


@pytest.fixture(scope="module")
def judged_bench(bench: Bench) -> Bench:
    """A few answered cases are enough for a judge."""
    answered = [item for item in bench.clean if item.answer and item.answer.status == "answered"]
    few = {item.case_id for item in answered[:3]}
    cases = replace(bench.cases, cases=tuple(c for c in bench.cases.cases if c.id in few))
    clean = [item for item in bench.clean if item.case_id in few]
    smaller = replace(bench, cases=cases, clean=clean)
    bounds = Thresholds({}, bench.bounds.judge)
    return replace(smaller, bounds=bounds, baseline=Baseline.of(smaller.run(clean)))


@pytest.fixture
def run_judge(judged_bench: Bench, tmp_path: Path) -> Callable[[Spoil | None], Verdict]:
    """Judge the clean answers with a judge that is spoilt in some way, and ask the gate."""

    def run(spoil: Spoil | None) -> Verdict:
        judging = judge(
            judged_bench.cases,
            judged_bench.clean,
            model=JudgeModel(InProcess(spoil), "scripted"),
            embedder=judged_bench.embedder,
            cache=tmp_path,
        )
        scores = asyncio.run(judging)
        return judged_bench.judged(
            judged_bench.run(judged_bench.clean, judged=scores, tier="judge")
        )

    return run


def test_an_honest_judge_passes(run_judge: Callable[[Spoil | None], Verdict]) -> None:
    verdict = run_judge(None)
    assert verdict.passed, [finding.message for finding in verdict.findings]


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=list(SPOILT))
def test_a_judge_whose_reply_is_no_verdict(
    run_judge: Callable[[Spoil | None], Verdict], spoil: Spoil
) -> None:
    verdict = run_judge(spoil)
    assert "faithfulness" in red(verdict)
    message = next(f.message for f in verdict.findings if f.metric == "faithfulness")
    assert "measured on 0 of 3 cases" in message
