"""The metrics of the short answer on answers made by hand."""

from dataclasses import replace

import pytest

from app.answer.model import (
    Answer,
    AnswerSentence,
    Citation,
    Generator,
    ShortAnswer,
    Timings,
)
from eval.cases.model import Case, Fact
from eval.metrics import score, summarise
from eval.metrics.facts import agrees
from eval.results import Observation, Score
from index.embedding.minilm import MiniLMEmbedder

QUOTE = "The repairs took eleven months and ended in March 2025, Hussein Alawi said."
CASE = Case(
    id="bridge-1",
    dataset="bridge",
    kind="number",
    question="How long did the repairs take?",
    expect="answer",
    facts=(Fact(("eleven months", "11 months"), ()), Fact(("the end of March 2025",), ())),
)
YES = replace(CASE, reference="Yes, they did.", facts=(Fact(("ended",), ()),))
UNANSWERABLE = replace(CASE, expect="refusal", facts=(), kind="near-miss")


def answer(text: str | None, *, refused: bool = False) -> Answer:
    """An answer of one quote; ``text`` is the short answer."""
    start = None if text in (None, "yes", "no") else QUOTE.index(str(text))
    end = None if start is None else start + len(str(text))
    cited = Citation(
        marker=1,
        document_id="bridge",
        revision="0" * 64,
        title="A title",
        source=None,
        url=None,
        published_at=None,
        start=0,
        end=len(QUOTE),
        quote=QUOTE,
    )
    return Answer(
        id="ans_0",
        status="refused" if refused else "answered",
        reason="language" if refused else None,
        question="?",
        answer="The sources do not answer this question." if refused else f"{QUOTE[:-1]} [1].",
        short=ShortAnswer(text=text, citation=1, start=start, end=end) if text else None,
        sentences=()
        if refused
        else (AnswerSentence(text=QUOTE, citations=(1,), support="quoted"),),
        citations=() if refused else (cited,),
        conflicts=(),
        dropped=(),
        sources=(),
        generator=Generator(kind="extractive"),
        timings_ms=Timings(retrieve=1, write=2, verify=3, total=6),
    )


def observed(given: Answer) -> Observation:
    spans = tuple(citation.quote for citation in given.citations)
    return Observation(case_id=CASE.id, answer=given, spans=spans, passages=(), seconds=0.25)


def scored(case: Case, given: Answer, embedder: MiniLMEmbedder) -> dict[str, Score]:
    found = score(case, observed(given), embedder=embedder)
    return {one.metric: one for one in found if one.metric.startswith("short_")}


@pytest.mark.parametrize(
    ("said", "wanted", "same"),
    [
        ("September 2026", "the end of September 2026", True),
        ("end of September 2026", "September 2026", True),
        ("11 months", "eleven months", True),
        ("about 2,500 troops", "2,500", True),
        ("nine months", "eleven months", False),
        ("12", "12 March 2025", False),
        ("Alawi", "Hussein Alawi", True),
        ("Prime Minister Hussein Alawi", "Hussein Alawi", True),
        ("from Iraq", "Iraq", True),
        ("Iran", "Iraq", False),
        ("the bridge", "eleven months", False),
    ],
)
def test_a_few_words_agree_with_a_fact_by_value_or_by_words(
    said: str, wanted: str, same: bool
) -> None:
    assert agrees(said, wanted) is same


@pytest.mark.parametrize(
    ("text", "value"), [("eleven months", 1.0), ("March 2025", 1.0), ("Hussein Alawi", 0.0)]
)
def test_a_short_answer_is_right_when_it_agrees_with_one_of_the_facts(
    text: str, value: float, embedder: MiniLMEmbedder
) -> None:
    found = scored(CASE, answer(text), embedder)["short_correctness"]
    assert found.value == value
    assert text in found.reason


@pytest.mark.parametrize(("text", "value"), [("yes", 1.0), ("no", 0.0)])
def test_yes_agrees_with_a_reference_that_begins_so(
    text: str, value: float, embedder: MiniLMEmbedder
) -> None:
    assert scored(YES, answer(text), embedder)["short_correctness"].value == value


def test_only_answers_count_and_only_short_ones_can_be_right(embedder: MiniLMEmbedder) -> None:
    without = scored(CASE, answer(None), embedder)
    assert {name: one.value for name, one in without.items()} == {"short_coverage": 0.0}
    beside = scored(UNANSWERABLE, answer("March 2025"), embedder)
    assert {name: one.value for name, one in beside.items()} == {"short_coverage": 1.0}
    assert scored(CASE, answer(None, refused=True), embedder) == {}


def test_each_figure_has_its_own_number_of_cases(embedder: MiniLMEmbedder) -> None:
    given = {
        "a": answer("eleven months"),
        "b": answer("Hussein Alawi"),
        "c": answer(None),
        "d": answer(None, refused=True),
    }
    cases = [replace(CASE, id=name) for name in given]
    scores = [
        one
        for case in cases
        for one in score(
            case,
            observed(given[case.id]).model_copy(update={"case_id": case.id}),
            embedder=embedder,
        )
    ]
    found = {one.metric: one for one in summarise(cases, scores)}
    right, covered = found["short_correctness"], found["short_coverage"]
    assert (right.mean, right.scored, right.applicable) == (0.5, 2, 2)
    assert (round(covered.mean or 0, 3), covered.scored, covered.applicable) == (0.667, 3, 3)
