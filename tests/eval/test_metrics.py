"""Each offline metric on answers made by hand, against values worked out by hand."""

import math
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from app.answer.model import (
    Answer,
    AnswerSentence,
    Citation,
    Claim,
    Conflict,
    Generator,
    Timings,
)
from app.api.models import FoundPassage
from eval.cases.model import Case, Fact, Gold
from eval.metrics import DIRECTION, OFFLINE, score, score_all, summarise
from eval.metrics.facts import says
from eval.metrics.offline import OWN
from eval.results import Observation, Score
from index.embedding.minilm import MiniLMEmbedder

DOCUMENTS = {
    "bridge": "The bridge reopened on 12 March 2025. The repairs took eleven months.",
    "ferry": "The ferry carries 140 passengers. The repairs of the bridge took nine months.",
}
REOPENED = ("bridge", "The bridge reopened on 12 March 2025.")
ELEVEN = ("bridge", "The repairs took eleven months.")
FERRY = ("ferry", "The ferry carries 140 passengers.")
NINE = ("ferry", "The repairs of the bridge took nine months.")

Scored = Callable[[Case, Observation], dict[str, Score]]


@pytest.fixture
def scored(embedder: MiniLMEmbedder) -> Scored:
    def measure(case: Case, observation: Observation) -> dict[str, Score]:
        return {one.metric: one for one in score(case, observation, embedder=embedder)}

    return measure


def gold(quote: tuple[str, str]) -> Gold:
    document, text = quote
    start = DOCUMENTS[document].index(text)
    return Gold(document, text, start, start + len(text))


DURATION = Case(
    id="bridge-1",
    dataset="bridge",
    kind="number",
    question="How long did the repairs take?",
    expect="answer",
    reference="They took eleven months.",
    facts=(Fact(("eleven months", "11 months"), (gold(ELEVEN),)),),
)
TWO_FACTS = replace(
    DURATION,
    kind="list",
    facts=(Fact(("12 March 2025",), (gold(REOPENED),)), Fact(("140",), (gold(FERRY),))),
)
DISPUTED = replace(
    DURATION,
    kind="conflict",
    facts=(Fact(("eleven months",), (gold(ELEVEN),)), Fact(("nine months",), (gold(NINE),))),
    conflicts=("eleven months", "nine months"),
)
UNANSWERABLE = replace(
    DURATION, kind="near-miss", expect="refusal", reference=None, facts=(), question="Who paid?"
)


def citation(marker: int, quote: tuple[str, str]) -> Citation:
    at = gold(quote)
    return Citation(
        marker=marker,
        document_id=at.document_id,
        revision="0" * 64,
        title="A title",
        source=None,
        url=None,
        published_at=None,
        start=at.start,
        end=at.end,
        quote=at.quote,
    )


def answer(
    sentences: Iterable[tuple[str, tuple[int, ...], str]],
    citations: Iterable[tuple[str, str]],
    *,
    conflicts: tuple[Conflict, ...] = (),
    text: str | None = None,
) -> Answer:
    said = tuple(
        AnswerSentence.model_validate({"text": words, "citations": markers, "support": support})
        for words, markers, support in sentences
    )
    shown = " ".join(f"{one.text[:-1]} {''.join(f'[{m}]' for m in one.citations)}." for one in said)
    return Answer(
        id="ans_0",
        status="answered" if said else "refused",
        reason=None if said else "weak_evidence",
        question="?",
        answer=text or shown or "The sources do not answer this question.",
        sentences=said,
        citations=tuple(citation(n, quote) for n, quote in enumerate(citations, start=1)),
        conflicts=conflicts,
        dropped=(),
        sources=(),
        generator=Generator(kind="extractive"),
        timings_ms=Timings(retrieve=1, write=2, verify=3, total=6),
    )


def quoting(*quotes: tuple[str, str]) -> Answer:
    return answer([(text, (n,), "quoted") for n, (_, text) in enumerate(quotes, start=1)], quotes)


def observed(given: Answer, *, passages: Iterable[tuple[str, str]] = ()) -> Observation:
    return Observation(
        case_id=DURATION.id,
        answer=given,
        spans=tuple(DOCUMENTS[c.document_id][c.start : c.end] for c in given.citations),
        passages=tuple(map(passage, passages)),
        seconds=0.25,
    )


def passage(quote: tuple[str, str]) -> FoundPassage:
    fields = citation(1, quote).model_dump(exclude={"marker", "quote"})
    return FoundPassage(**fields, text=quote[1], score=1.0)


REFUSAL = observed(answer([], []))
RIGHT = observed(quoting(ELEVEN))


def disputed(markers: tuple[int, int] = (1, 2), shown: str | None = None) -> Observation:
    """An answer that says only that eleven and nine months are disputed."""
    claims = (
        Claim(value="eleven months", citations=(markers[0],)),
        Claim(value="nine months", citations=(markers[1],)),
    )
    said = "The sources disagree: eleven months or nine months."
    text = f"The sources disagree: eleven months [{markers[0]}] or nine months [{markers[1]}]."
    given = answer(
        [(said, markers, "supported")],
        [ELEVEN, NINE],
        conflicts=(Conflict(claims=claims),),
        text=shown or text,
    )
    return observed(given)


def test_a_right_quote_gets_full_marks_everywhere(scored: Scored) -> None:
    scores = scored(DURATION, RIGHT)
    full = ("citation_validity", "citation_precision", "citation_recall", "answer_correctness")
    assert {name: scores[name].value for name in full} == dict.fromkeys(full, 1.0)
    assert scores["sentence_support"].value == scores["completed"].value == 1.0
    assert scores["false_conflicts"].value == 0.0
    assert scores["latency_ms"].value == 250.0


def test_scores_come_in_the_order_of_reports_and_only_where_they_apply(scored: Scored) -> None:
    names = list(scored(DURATION, RIGHT))
    assert names == [name for name in OFFLINE if name in names]
    assert not {"refusal_precision", "refusal_recall", "conflict_recall"} & set(names)
    assert list(scored(UNANSWERABLE, REFUSAL)) == [
        "citation_validity",
        "refusal_precision",
        "refusal_recall",
        "false_conflicts",
        "latency_ms",
        "completed",
    ]


def test_offsets_one_character_off_are_no_valid_citation(scored: Scored) -> None:
    shifted = RIGHT.model_copy(update={"spans": (DOCUMENTS["bridge"][39:70],)})
    scores = scored(DURATION, shifted)
    assert scores["citation_validity"].value == 0.0
    assert "bridge 38-69" in scores["citation_validity"].reason
    assert scores["citation_recall"].value == scores["sentence_support"].value == 0.0


def test_offsets_at_which_nothing_is_stored_are_no_valid_citation(scored: Scored) -> None:
    lost = RIGHT.model_copy(update={"spans": (None,)})
    assert "nothing is stored" in scored(DURATION, lost)["citation_validity"].reason


def test_markers_that_the_text_swaps_are_not_valid(scored: Scored) -> None:
    whole = quoting(ELEVEN, REOPENED)
    text = whole.answer.replace("[1]", "[0]").replace("[2]", "[1]").replace("[0]", "[2]")
    swapped = observed(whole.model_copy(update={"answer": text}))
    assert scored(DURATION, observed(whole))["citation_validity"].value == 1.0
    assert scored(DURATION, swapped)["citation_validity"].value == 0.0


def test_markers_that_sentences_swap_are_not_backed(scored: Scored) -> None:
    sentences = [(ELEVEN[1], (2,), "quoted"), (REOPENED[1], (1,), "quoted")]
    scores = scored(TWO_FACTS, observed(answer(sentences, [ELEVEN, REOPENED])))
    assert scores["citation_validity"].value == 1.0
    assert scores["citation_recall"].value == scores["citation_precision"].value == 0.0
    assert scores["sentence_support"].value == 0.0


@pytest.mark.parametrize(
    ("markers", "quotes", "text", "why"),
    [
        ((1, 2), [ELEVEN], None, "[2] has no citation"),
        ((1,), [ELEVEN, NINE], None, "[2] is cited by no sentence"),
        ((1,), [ELEVEN], "The repairs took eleven months.", "marks"),
        ((1,), [ELEVEN], "The repairs took eleven months [1]. So it was.", "is in no sentence"),
        ((1,), [ELEVEN], "The repairs took ten months [1].", "does not hold the sentence"),
        ((), [], "The repairs took eleven months.", "cites nothing"),
    ],
)
def test_markers_must_agree_both_ways(
    scored: Scored,
    markers: tuple[int, ...],
    quotes: list[tuple[str, str]],
    text: str | None,
    why: str,
) -> None:
    given = answer([(ELEVEN[1], markers, "quoted")], quotes, text=text)
    validity = scored(DURATION, observed(given))["citation_validity"]
    assert validity.value == 0.0
    assert why in validity.reason


def test_a_number_in_brackets_that_is_quoted_is_no_marker(
    monkeypatch: pytest.MonkeyPatch, scored: Scored
) -> None:
    monkeypatch.setitem(DOCUMENTS, "note", "The repairs [2] took eleven months.")
    given = quoting(("note", "The repairs [2] took eleven months."))
    assert scored(DURATION, observed(given))["citation_validity"].value == 1.0


def test_precision_is_the_share_of_citations_that_show_a_fact(scored: Scored) -> None:
    # Of four citations two show a fact that their statement says: 12 March 2025 and 140.
    scores = scored(TWO_FACTS, observed(quoting(REOPENED, ELEVEN, FERRY, NINE)))
    assert scores["citation_precision"].value == 0.5
    assert "2 of 4" in scores["citation_precision"].reason


def test_a_second_citation_that_shows_nothing_of_it_costs_precision(scored: Scored) -> None:
    given = answer([(ELEVEN[1], (1, 2), "quoted")], [ELEVEN, FERRY])
    scores = scored(DURATION, observed(given))
    assert scores["citation_precision"].value == 0.5
    assert scores["citation_recall"].value == 1.0


def test_a_citation_elsewhere_that_says_the_fact_is_right(
    monkeypatch: pytest.MonkeyPatch, scored: Scored
) -> None:
    monkeypatch.setitem(DOCUMENTS, "other", "After 11 months the repairs were over.")
    given = quoting(("other", "After 11 months the repairs were over."))
    scores = scored(DURATION, observed(given))
    assert scores["citation_precision"].value == scores["answer_correctness"].value == 1.0


def test_recall_is_the_share_of_statements_that_are_backed(scored: Scored) -> None:
    invented = ("The repairs cost two million euros.", (1,), "supported")
    given = answer([(ELEVEN[1], (1,), "quoted"), invented], [ELEVEN])
    scores = scored(DURATION, observed(given))
    assert scores["citation_recall"].value == scores["sentence_support"].value == 0.5
    assert "two million" in scores["sentence_support"].reason


def test_a_sentence_in_words_of_its_own_is_backed_by_what_says_it(scored: Scored) -> None:
    own = answer([("Repairs took 11 months.", (1,), "supported")], [ELEVEN])
    wrong = answer([("Repairs took 12 months.", (1,), "supported")], [ELEVEN])
    assert scored(DURATION, observed(own))["sentence_support"].value == 1.0
    assert scored(DURATION, observed(wrong))["sentence_support"].value == 0.0


def test_a_sentence_called_a_quote_must_be_one(scored: Scored) -> None:
    given = answer([("Repairs took 11 months.", (1,), "quoted")], [ELEVEN])
    assert scored(DURATION, observed(given))["sentence_support"].value == 0.0


def test_refusing_what_has_an_answer_scores_nothing(scored: Scored) -> None:
    scores = scored(DURATION, REFUSAL)
    zero = ("citation_precision", "citation_recall", "answer_correctness", "semantic_similarity")
    assert {name: scores[name].value for name in zero} == dict.fromkeys(zero, 0.0)
    assert scores["citation_validity"].value == 1.0
    assert scores["refusal_precision"].value == 0.0
    assert "sentence_support" not in scores
    assert "refusal_recall" not in scores


def test_refusals_are_scored_by_what_should_be_refused(scored: Scored) -> None:
    right = scored(UNANSWERABLE, REFUSAL)
    assert right["refusal_precision"].value == right["refusal_recall"].value == 1.0
    wrong = scored(UNANSWERABLE, RIGHT)
    assert wrong["refusal_recall"].value == 0.0
    assert "refusal_precision" not in wrong
    assert wrong["sentence_support"].value == 1.0


def test_correctness_is_the_share_of_facts_said(scored: Scored) -> None:
    half = scored(TWO_FACTS, observed(quoting(REOPENED)))["answer_correctness"]
    assert half.value == 0.5
    assert half.reason == "does not say 140"
    assert scored(TWO_FACTS, observed(quoting(REOPENED, FERRY)))["answer_correctness"].value == 1.0


def test_another_value_for_the_same_thing_halves_correctness(scored: Scored) -> None:
    assert scored(DURATION, observed(quoting(ELEVEN, NINE)))["answer_correctness"].value == 0.5
    assert scored(DURATION, disputed())["answer_correctness"].value == 0.5
    assert scored(DURATION, observed(quoting(ELEVEN, FERRY)))["answer_correctness"].value == 1.0


def test_a_conflict_needs_two_of_its_values(scored: Scored) -> None:
    assert scored(DISPUTED, disputed())["conflict_recall"].value == 1.0
    assert scored(DISPUTED, observed(quoting(ELEVEN, NINE)))["conflict_recall"].value == 0.0
    others = replace(DISPUTED, conflicts=("eleven months", "ten months"))
    assert scored(others, disputed())["conflict_recall"].value == 0.0
    assert "false_conflicts" not in scored(DISPUTED, disputed())


def test_a_value_of_a_conflict_may_be_shown_in_any_way_its_fact_is_written(
    scored: Scored,
) -> None:
    eleven = Fact(("nearly a year", "eleven months"), (gold(ELEVEN),))
    otherwise = replace(
        DISPUTED, facts=(eleven, DISPUTED.facts[1]), conflicts=("nearly a year", "nine months")
    )
    assert scored(otherwise, disputed())["conflict_recall"].value == 1.0


def test_a_conflict_without_a_disagreement_is_false(scored: Scored) -> None:
    assert scored(DURATION, disputed())["false_conflicts"].value == 1.0
    assert DIRECTION["false_conflicts"] == "down"


def test_each_side_of_a_disagreement_rests_on_its_own_citations(scored: Scored) -> None:
    right = scored(DISPUTED, disputed())
    assert right["citation_validity"].value == right["citation_recall"].value == 1.0
    assert right["citation_precision"].value == 1.0
    swapped = scored(DISPUTED, disputed(markers=(2, 1)))
    assert swapped["citation_recall"].value == swapped["citation_precision"].value == 0.0
    shown = "The sources disagree: eleven months [2] or nine months [1]."
    assert scored(DISPUTED, disputed(shown=shown))["citation_validity"].value == 0.0


@pytest.mark.parametrize(
    ("passages", "values"),
    [
        ([ELEVEN, FERRY], (1.0, 1.0, 1.0)),
        ([FERRY, NINE, REOPENED, ELEVEN], (0.0, 1.0, 0.25)),
        ([FERRY, NINE, REOPENED, FERRY, ELEVEN], (0.0, 0.0, 0.2)),
        ([FERRY], (0.0, 0.0, 0.0)),
        ([], (0.0, 0.0, 0.0)),
    ],
)
def test_retrieval_is_scored_by_the_first_passage_with_evidence(
    scored: Scored, passages: list[tuple[str, str]], values: tuple[float, ...]
) -> None:
    scores = scored(DURATION, observed(quoting(ELEVEN), passages=passages))
    assert tuple(scores[name].value for name in ("hit_at_1", "hit_at_4", "mrr")) == values


def test_similarities_compare_the_answer_without_markers(scored: Scored) -> None:
    case = replace(DURATION, reference=ELEVEN[1])
    scores = scored(case, RIGHT)
    assert scores["semantic_similarity"].value == pytest.approx(1.0)
    assert scores["string_similarity"].value == 1.0
    other = replace(DURATION, reference="Ten eels.")
    assert scored(other, RIGHT)["string_similarity"].value == pytest.approx(7 / 31)


def test_a_case_that_raised_is_scored_the_worst_everywhere(scored: Scored) -> None:
    raised = Observation(case_id=DURATION.id, error="storage_error: gone")
    scores = scored(DURATION, raised)
    assert scores["completed"].value == scores["answer_correctness"].value == 0.0
    assert scores["false_conflicts"].value == 1.0
    assert "latency_ms" not in scores
    assert all("storage_error: gone" in one.reason for one in scores.values())


@pytest.mark.parametrize("broken", [math.nan, math.inf, -1.0, 2.0])
def test_a_value_that_is_none_is_not_measured(
    monkeypatch: pytest.MonkeyPatch, scored: Scored, broken: float
) -> None:
    from eval.ragas_bridge import offline

    bridged = offline._bridged(replace(OWN["mrr"], measure=lambda subject: (broken, "odd")))
    monkeypatch.setattr(offline, "metrics", lambda: {**ours, "mrr": bridged})
    ours = {name: offline._bridged(metric) for name, metric in OWN.items()}
    found = scored(DURATION, RIGHT)["mrr"]
    assert found.value is None
    assert found.reason.startswith("not measured")


def test_a_metric_that_raises_is_not_measured(scored: Scored) -> None:
    lost = RIGHT.model_copy(update={"spans": ()})  # a span short: the zip is strict
    found = scored(DURATION, lost)["citation_validity"]
    assert found.value is None
    assert "Error executing metric citation_validity" in found.reason


def test_a_summary_counts_every_case_that_a_metric_applies_to() -> None:
    cases = [replace(DURATION, id="a"), replace(TWO_FACTS, id="b"), replace(UNANSWERABLE, id="c")]
    scores = [
        Score(metric="answer_correctness", case_id="a", value=1.0),
        Score(metric="citation_recall", case_id="a", value=None),
        Score(metric="citation_recall", case_id="b", value=0.5),
        Score(metric="refusal_precision", case_id="c", value=1.0),
        *(
            Score(metric="latency_ms", case_id=case, value=ms)
            for case, ms in [("a", 10.0), ("b", 30.0), ("c", 1000.0)]
        ),
    ]
    found = {summary.metric: summary for summary in summarise(cases, scores)}
    assert tuple(found) == OFFLINE
    correctness, recall = found["answer_correctness"], found["citation_recall"]
    assert (correctness.mean, correctness.scored, correctness.applicable) == (1.0, 1, 2)
    assert correctness.by_kind == {"number": 1.0, "list": None}
    assert (recall.mean, recall.scored, recall.applicable) == (0.5, 1, 2)
    assert found["refusal_precision"].applicable == 1
    assert (found["conflict_recall"].mean, found["conflict_recall"].applicable) == (None, 0)
    assert found["latency_ms"].mean == 30.0


def test_scores_of_other_metrics_are_summarised_over_their_cases() -> None:
    scores = [Score(metric="faithfulness", case_id=DURATION.id, value=0.5)]
    (found,) = summarise([DURATION], scores)
    assert (found.metric, found.mean, found.applicable) == ("faithfulness", 0.5, 1)


@pytest.mark.parametrize("case_id", [DURATION.id, "stranger"])
def test_scores_that_fit_no_case_are_an_error(case_id: str) -> None:
    scores = [Score(metric="mrr", case_id=name, value=1.0) for name in (DURATION.id, case_id)]
    with pytest.raises(ValueError, match=case_id):
        summarise([DURATION], scores)


def test_every_case_must_have_been_observed(embedder: MiniLMEmbedder) -> None:
    with pytest.raises(KeyError, match=DURATION.id):
        score_all([DURATION], [], embedder=embedder)
    with pytest.raises(ValueError, match="unknown"):
        score_all([], [RIGHT], embedder=embedder)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It ends at the end of September 2026.", "September 2026"),
        ("About 2,500 troops remain.", "2500"),
        ("Hussein Allawi spoke.", "Hussein Alawi"),
        ("The repairs took 11 months.", "eleven months"),
        ("It was on 3 January 2020.", "January 3, 2020"),
        ("The aim is advising and the building of capacities.", "advise, capacity"),
        ("It “stays” open.", '"stays"'),
    ],
)
def test_a_fact_is_said_in_other_words(text: str, wanted: str) -> None:
    assert says(text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It ends in September 2025.", "September 2026"),
        ("12,500 troops remain.", "2,500"),
        ("2,500.5 tonnes", "2,500"),
        ("Hassan Alawi spoke.", "Hussein Alawi"),
        ("The repairs took 11 weeks.", "eleven months"),
        ("The aim is training.", "advise, capacity"),
        ("", "12"),
        ("Anything.", ""),
    ],
)
def test_a_fact_is_not_said_by_another_value(text: str, wanted: str) -> None:
    assert not says(text, wanted)


def test_directions_and_worst_values_fit() -> None:
    assert set(OFFLINE) <= set(DIRECTION)
    down = {name for name, direction in DIRECTION.items() if direction == "down"}
    assert down == {"false_conflicts", "latency_ms", "noise_sensitivity"}


def test_importing_the_metrics_imports_no_ragas() -> None:
    program = "import sys, eval.metrics, eval.running; print('ragas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr


def test_ragas_sends_no_usage_data() -> None:
    from eval.ragas_bridge import offline

    assert offline.metrics()
    from ragas._analytics import do_not_track  # the bridge first: it is what switches it off

    assert do_not_track()


def test_what_is_not_installed_is_said_with_the_command_that_installs_it() -> None:
    program = """
import sys
sys.modules["ragas"] = None
from index.errors import FootnoteError
try:
    import eval.ragas_bridge.offline
except FootnoteError as error:
    print(error.code, error.message)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "evaluation_missing" in done.stdout, done.stderr
    assert "scripts/setup --eval" in done.stdout
