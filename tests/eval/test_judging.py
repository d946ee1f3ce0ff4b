"""The judge tier end to end: real ragas, real litellm, and a judge on a loopback socket."""

import asyncio
import json
import re
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from app.answer.model import Answer, Generator, Timings
from app.api.models import FoundPassage
from app.models.factory import load_provider
from app.models.settings import JudgeSettings
from eval.cases.loading import CaseSet
from eval.cases.model import Case
from eval.judging import (
    JUDGED,
    JudgeLimits,
    JudgeSettingsError,
    Spent,
    judge,
    judge_now,
    open_judge,
)
from eval.judging.limits import Budget
from eval.results import Observation, Score
from index.embedding.minilm import MiniLMEmbedder
from tests.loopback_model import KEY, Failure, Hang, LoopbackModel, Raw, Text
from tests.scripted_judge import ScriptedJudge, Spoil

ANSWER = "The bridge opened in 1932. The toll is 4 dollars."
PASSAGES = ("The bridge opened in 1932.", "The toll is 4 dollars since May.")


@pytest.fixture(scope="session", autouse=True)
def _loaded() -> None:
    """ragas and litellm, imported once: both take seconds."""
    import eval.ragas_bridge.judge  # noqa: F401

    load_provider()


def a_case(name: str = "bridge-1", reference: str | None = ANSWER, **more: Any) -> Case:
    expect = "answer" if reference else "refusal"
    given = {"dataset": "bridge", "kind": "fact", "question": "When did the bridge open?"}
    return Case(id=name, expect=expect, reference=reference, **{**given, **more})


def an_answer(text: str = ANSWER, status: str = "answered") -> Answer:
    return Answer(
        id="ans_1",
        status=status,
        reason="no_evidence" if status == "refused" else None,
        question="When did the bridge open?",
        answer=text,
        sentences=(),
        citations=(),
        conflicts=(),
        dropped=(),
        sources=(),
        generator=Generator(kind="extractive"),
        timings_ms=Timings(retrieve=0, write=0, verify=0, total=0),
    )


def observed(
    name: str = "bridge-1",
    text: str = ANSWER,
    status: str = "answered",
    passages: Sequence[str] = PASSAGES,
) -> Observation:
    found = tuple(
        FoundPassage(
            document_id="d",
            revision="r",
            title="t",
            source=None,
            url=None,
            published_at=None,
            start=0,
            end=len(passage),
            text=passage,
            score=1,
        )
        for passage in passages
    )
    return Observation(case_id=name, answer=an_answer(text, status), passages=found)


def bridges(count: int) -> tuple[list[Case], list[Observation]]:
    """Cases of which no two are asked about in the same words."""
    told = {f"c{number}": f"Bridge {number + 10} opened in 1932." for number in range(count)}
    cases = [a_case(name, reference=text) for name, text in told.items()]
    return cases, [observed(name, text, passages=[text]) for name, text in told.items()]


class Run:
    """Judges with a server, in one cache folder."""

    def __init__(self, embedder: MiniLMEmbedder, cache: Path) -> None:
        self.embedder = embedder
        self.cache = cache
        self.spent: list[Spent] = []

    def __call__(
        self,
        server: LoopbackModel,
        cases: Sequence[Case] = (a_case(),),
        observations: Sequence[Observation] = (observed(),),
        **settings: Any,
    ) -> dict[tuple[str, str], Score]:
        scores = judge_now(
            CaseSet(tuple(cases), {}),
            observations,
            settings=settings_of(server, **settings),
            embedder=self.embedder,
            cache=self.cache,
            progress=self.spent.append,
        )
        return {(score.case_id, score.metric): score for score in scores}


def settings_of(server: LoopbackModel, **settings: Any) -> JudgeSettings:
    given = {
        "model": "openai/judge",
        "api_base": server.url,
        "api_key": KEY,
        "timeout_s": 10,
        "max_attempts": 1,
    }
    return JudgeSettings.model_validate({**given, **settings})


@pytest.fixture
def run(embedder: MiniLMEmbedder, tmp_path: Path) -> Run:
    return Run(embedder, tmp_path / "replies")


def value(scores: dict[tuple[str, str], Score], metric: str, case: str = "bridge-1") -> Any:
    return scores[case, metric].value


def spoiling(title: str, spoil: Callable[[dict[str, Any]], str | Any]) -> Spoil:
    """Return what spoils the replies of one kind."""

    def changed(asked: str, inputs: dict[str, Any], right: dict[str, Any]) -> Any:
        return spoil(right) if asked == title else json.dumps(right)

    return changed


def dumped(change: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], str]:
    """Return a spoiler that changes the reply's content in place."""

    def spoil(right: dict[str, Any]) -> str:
        change(right)
        return json.dumps(right)

    return spoil


# What is measured


def test_every_metric_returns_a_number_end_to_end(run: Run) -> None:
    with LoopbackModel(ScriptedJudge(), key=KEY) as server:
        scores = run(server)
    assert [metric for _, metric in scores] == list(JUDGED)
    assert value(scores, "faithfulness") == 1
    assert 0 < value(scores, "answer_relevancy") < 1
    assert value(scores, "context_precision") == pytest.approx(1)
    assert value(scores, "context_recall") == 1
    assert value(scores, "factual_correctness") == 1
    assert value(scores, "noise_sensitivity") == 0
    assert run.spent[-1].done == run.spent[-1].total == len(JUDGED)


def test_an_unsupported_statement_shows_in_every_metric_it_concerns(run: Run) -> None:
    said = "The bridge opened in 1932. The toll is 9 dollars."
    passages = ("The bridge opened in 1932. The toll is 9 dollars.",)
    with LoopbackModel(ScriptedJudge()) as server:
        scores = run(server, observations=[observed(text=said, passages=passages)])
    assert value(scores, "faithfulness") == 1
    assert value(scores, "context_recall") == 0.5
    assert value(scores, "factual_correctness") == 0.5
    assert value(scores, "noise_sensitivity") == 0.5
    assert "9 dollars" in scores["bridge-1", "noise_sensitivity"].reason


# backed and unbacked statements of twenty answers, and the share worked out by hand
SHARES = [
    ("1", 1.0), ("0", 0.0), ("11", 1.0), ("10", 0.5), ("01", 0.5),
    ("00", 0.0), ("111", 1.0), ("110", 2 / 3), ("100", 1 / 3), ("000", 0.0),
    ("1111", 1.0), ("1011", 0.75), ("0101", 0.5), ("0001", 0.25), ("11111", 1.0),
    ("11011", 0.8), ("10101", 0.6), ("01010", 0.4), ("0000001", 1 / 7), ("1111110", 6 / 7),
]  # fmt: skip


def test_faithfulness_is_the_share_worked_out_by_hand(run: Run) -> None:
    places = ["Oslo", "Lima", "Cairo", "Delhi", "Perth", "Quito", "Hanoi"]
    cases, observations, verdicts, expected = [], [], {}, {}
    for number, (pattern, share) in enumerate(SHARES):
        name = f"hand-{number}"
        told = [f"Team {number} met in {places[i]}." for i in range(len(pattern))]
        verdicts |= {told[i]: int(bit) for i, bit in enumerate(pattern)}
        cases.append(a_case(name, reference=None))
        observations.append(observed(name, " ".join(told), passages=["Teams met."]))
        expected[name] = share
    with LoopbackModel(ScriptedJudge(verdicts=verdicts)) as server:
        scores = run(server, cases, observations)
    assert len(expected) == 20
    measured = {
        case: score.value for (case, metric), score in scores.items() if metric == JUDGED[0]
    }
    assert measured == pytest.approx(expected, abs=1e-6)


def test_markers_are_no_part_of_what_is_judged(run: Run) -> None:
    said: list[str] = []

    def listen(title: str, inputs: dict[str, Any], right: dict[str, Any]) -> str:
        said.append(inputs.get("response", ""))
        return json.dumps(right)

    answer = an_answer("It opened in 1932 [1][2]. See [sic] and [7].")
    citation = {
        "document_id": "d", "revision": "r", "title": "t", "source": None, "url": None,
        "published_at": None, "start": 0, "end": 1, "quote": "T",
    }  # fmt: skip
    cited = answer.model_dump() | {
        "citations": [{**citation, "marker": 1}, {**citation, "marker": 2}]
    }
    seen = observed().model_copy(update={"answer": Answer.model_validate(cited)})
    with LoopbackModel(ScriptedJudge(spoil=listen)) as server:
        run(server, observations=[seen])
    assert "It opened in 1932. See [sic] and [7]." in said


# Which metrics apply


def test_a_refusal_where_the_sources_answer_is_worth_nothing(run: Run) -> None:
    with LoopbackModel(ScriptedJudge()) as server:
        scores = run(server, observations=[observed(text="No answer.", status="refused")])
    assert value(scores, "answer_relevancy") == value(scores, "factual_correctness") == 0
    assert value(scores, "context_recall") == 1
    assert {metric for _, metric in scores} == set(JUDGED) - {"faithfulness", "noise_sensitivity"}


def test_a_right_refusal_has_no_judged_score_and_a_wrong_answer_has_those_without_reference(
    run: Run,
) -> None:
    cases = [a_case("right", None), a_case("wrong", None)]
    seen = [observed("right", "No answer.", "refused"), observed("wrong")]
    with LoopbackModel(ScriptedJudge()) as server:
        scores = run(server, cases, seen)
    assert list(scores) == [("wrong", "faithfulness"), ("wrong", "answer_relevancy")]


def test_a_case_that_raised_or_was_never_observed_is_not_measured(run: Run) -> None:
    with LoopbackModel(ScriptedJudge()) as server:
        scores = run(
            server,
            [a_case("raised"), a_case("lost")],
            [Observation(case_id="raised", error="storage: broken")],
        )
    assert len(scores) == 12
    assert all(score.value is None for score in scores.values())
    assert "broken" in scores["raised", "faithfulness"].reason
    assert server.requests == []


# A judge that cannot be trusted


def drop_unbacked(right: dict[str, Any]) -> None:
    right["statements"] = [each for each in right["statements"] if each["verdict"]]


BAD_VERDICTS = {
    "one left out": dumped(lambda right: right["statements"].pop()),
    "the unsupported one left out": dumped(drop_unbacked),
    "one too many": dumped(lambda right: right["statements"].append(right["statements"][0])),
    "none": dumped(lambda right: right["statements"].clear()),
    "another statement": dumped(lambda right: right["statements"][0].update(statement="Yes.")),
    "one of them twice": dumped(
        lambda right: right["statements"].__setitem__(0, right["statements"][1])
    ),
    "two": dumped(lambda right: right["statements"][0].update(verdict=2)),
    "minus one": dumped(lambda right: right["statements"][0].update(verdict=-1)),
    "a half": dumped(lambda right: right["statements"][0].update(verdict=0.5)),
    "nan": dumped(lambda right: right["statements"][0].update(verdict=float("nan"))),
    "infinity": dumped(lambda right: right["statements"][0].update(verdict=float("inf"))),
    "null": dumped(lambda right: right["statements"][0].update(verdict=None)),
    "no verdict": dumped(lambda right: right["statements"][0].pop("verdict")),
    "garbage": lambda right: "I would rather not say.",
    "nothing but blanks": lambda right: " \n ",
    "cut off": lambda right: json.dumps(right)[:-30],
    "two answers": lambda right: json.dumps(right) + json.dumps(right).replace("1", "0"),
    "a name twice": lambda right: json.dumps(right).replace(
        '"verdict": ', '"verdict": 0, "verdict": '
    ),
    "at its length limit": lambda right: Text(json.dumps(right), finish_reason="length"),
    "not in the protocol": lambda right: Raw(b"<html>"),
    "an error": lambda right: Failure(500),
}


@pytest.mark.parametrize("spoil", BAD_VERDICTS.values(), ids=BAD_VERDICTS.keys())
def test_verdicts_that_cannot_be_trusted_are_not_measured(run: Run, spoil: Any) -> None:
    said = "The bridge opened in 1932. The toll is 9 dollars."
    spoiled = ScriptedJudge(spoil=spoiling("NLIStatementOutput", spoil))
    with LoopbackModel(spoiled) as server:
        scores = run(server, observations=[observed(text=said)])
    for metric in ("faithfulness", "factual_correctness", "noise_sensitivity"):
        assert value(scores, metric) is None
        assert scores["bridge-1", metric].reason.startswith("not measured: ")
    for metric in ("answer_relevancy", "context_precision", "context_recall"):
        assert value(scores, metric) is not None


@pytest.mark.parametrize(
    ("title", "field", "metrics"),
    [
        ("StatementGeneratorOutput", "statements", ("faithfulness", "noise_sensitivity")),
        ("ClaimDecompositionOutput", "claims", ("factual_correctness",)),
        ("ContextRecallOutput", "classifications", ("context_recall",)),
    ],
)
@pytest.mark.parametrize("keep", [0, 1])
def test_a_sentence_left_out_before_it_is_judged_is_noticed(
    run: Run, title: str, field: str, metrics: tuple[str, ...], keep: int
) -> None:
    spoil = dumped(lambda right: right.update({field: right[field][:keep]}))
    with LoopbackModel(ScriptedJudge(spoil=spoiling(title, spoil))) as server:
        scores = run(server)
    for metric in JUDGED:
        assert (value(scores, metric) is None) == (metric in metrics)


def test_statements_that_the_judge_made_up_are_noticed(run: Run) -> None:
    spoil = dumped(lambda right: right["statements"].append("Paris belongs to France."))
    judged = ScriptedJudge(spoil=spoiling("StatementGeneratorOutput", spoil))
    with LoopbackModel(judged) as server:
        scores = run(server)
    assert value(scores, "faithfulness") is None
    assert "Paris" in scores["bridge-1", "faithfulness"].reason


@pytest.mark.parametrize(
    ("title", "change", "metric"),
    [
        ("AnswerRelevanceOutput", {"question": " "}, "answer_relevancy"),
        ("AnswerRelevanceOutput", {"noncommittal": 3}, "answer_relevancy"),
        ("ContextPrecisionOutput", {"verdict": 7}, "context_precision"),
        ("ContextPrecisionOutput", {"verdict": float("nan")}, "context_precision"),
    ],
)
def test_single_verdicts_are_checked_too(
    run: Run, title: str, change: dict[str, Any], metric: str
) -> None:
    spoil = spoiling(title, dumped(lambda right: right.update(change)))
    with LoopbackModel(ScriptedJudge(spoil=spoil)) as server:
        scores = run(server)
    assert [name for (_, name), score in scores.items() if score.value is None] == [metric]


FORGIVEN = {
    "a fence": lambda text: f"```json\n{text}\n```",
    "text around": lambda text: f"Here is {{my}} verdict [as asked]:\n{text}\nAnything else?",
    "trailing commas": lambda text: re.sub(r'("verdict": \d)', r"\1,", text).replace("]", ",]"),
    "a line end in a string": lambda text: text.replace("by rule", "by\nrule"),
    "thinking": lambda text: f'<think>{{"verdict": 0}} maybe</think>{text}',
    "the same twice": lambda text: f"{text}\n{text}",
    "another order": lambda text: json.dumps({"statements": json.loads(text)["statements"][::-1]}),
    "a bare list": lambda text: json.dumps(json.loads(text)["statements"]),
    "other punctuation": lambda text: text.replace("1932.", "1932").replace("The toll", "the toll"),
}


@pytest.mark.parametrize("change", FORGIVEN.values(), ids=FORGIVEN.keys())
def test_what_does_not_change_the_meaning_of_a_reply_is_forgiven(
    run: Run, change: Callable[[str], str]
) -> None:
    spoil = spoiling("NLIStatementOutput", lambda right: change(json.dumps(right)))
    judged = ScriptedJudge(spoil=spoil)
    with LoopbackModel(judged) as server:
        scores = run(server)
    assert value(scores, "faithfulness") == 1
    assert value(scores, "noise_sensitivity") == 0
    assert len(judged.asked) == run.spent[-1].calls == 2 + 3 + 2 + 1 + 4 + 7


def test_a_judge_is_told_once_what_is_wrong_and_may_mend_it(run: Run) -> None:
    told: list[str] = []

    def reply(body: dict[str, Any]) -> Any:
        right = ScriptedJudge()(body)
        if len(body["messages"]) == 1:
            return Text("Well …")
        told.append(body["messages"][-1]["content"])
        return right

    with LoopbackModel(reply) as server:
        scores = run(server)
    assert all(score.value is not None for score in scores.values())
    assert all("no complete JSON object" in text for text in told)


# A judge that is hard to reach


def test_too_many_requests_are_sent_again(run: Run) -> None:
    busy = Failure(429, headers={"retry-after": "0"})
    with LoopbackModel(busy, busy, ScriptedJudge()) as server:
        scores = run(server, max_attempts=3, concurrency=1)
    assert all(score.value is not None for score in scores.values())


def test_a_judge_that_hangs_is_given_up(run: Run) -> None:
    with LoopbackModel(Hang()) as server:
        scores = run(server, [a_case(reference=None)], timeout_s=0.2)
    assert [score.value for score in scores.values()] == [None, None]
    assert "did not answer in time" in scores["bridge-1", "faithfulness"].reason


def test_a_refused_key_stops_the_run_at_once_and_stays_secret(run: Run) -> None:
    with LoopbackModel(ScriptedJudge(), key="another") as server:
        scores = run(server, *bridges(20), concurrency=2)
    assert len(server.requests) <= 2
    assert len(scores) == 120
    assert all(score.value is None for score in scores.values())
    assert not any(KEY in score.reason for score in scores.values())
    assert "does not accept the key" in scores["c19", "faithfulness"].reason
    assert "FOOTNOTE_JUDGE__API_KEY" in scores["c19", "faithfulness"].reason


def test_a_judge_that_only_fails_is_left_alone_after_some_calls(run: Run) -> None:
    with LoopbackModel(Failure(500)) as server:
        scores = run(server, *bridges(10), concurrency=1)
    assert len(server.requests) == 8
    assert "8 calls in a row" in scores["c9", "faithfulness"].reason


# Limits


def test_no_call_is_made_past_the_limit_of_calls(run: Run) -> None:
    cases, seen = bridges(3)
    with LoopbackModel(ScriptedJudge()) as server:
        scores = run(server, cases, seen, max_calls=25, concurrency=3)
        assert len(server.requests) == 25
        left = [score for score in scores.values() if score.value is None]
        assert left
        assert all("stopped by the cost limit" in score.reason for score in left)
        # The replies that there were are not paid for again.
        again = run(server, cases, seen)
    assert all(score.value is not None for score in again.values())
    assert run.spent[-1].cached == 25


@pytest.mark.parametrize(
    "limit",
    [
        {"max_total_tokens": 20},
        {"max_cost_usd": 0.02, "input_price": 1000, "output_price": 1000},
    ],
)
def test_tokens_and_money_are_limited(run: Run, limit: dict[str, Any]) -> None:
    # The server counts one token of each kind for each call.
    with LoopbackModel(ScriptedJudge()) as server:
        scores = run(server, concurrency=1, **limit)
    assert len(server.requests) == 10
    assert run.spent[-1].prompt_tokens + run.spent[-1].reply_tokens == 20
    assert "stopped by the cost limit" in scores["bridge-1", "noise_sensitivity"].reason


def test_tokens_that_nobody_counted_are_estimated() -> None:
    budget = Budget(JudgeLimits(), price=(0.5, 2))
    budget.succeeded(None, (400, 41))
    assert (budget.prompt_tokens, budget.reply_tokens, budget.cost_usd) == (100, 11, 72)


def test_time_is_limited(run: Run) -> None:
    with LoopbackModel(Hang()) as server:
        scores = run(server, total_s=0.3)
    assert all(score.value is None for score in scores.values())
    assert "stopped by the time limit" in scores["bridge-1", "noise_sensitivity"].reason


def test_a_cost_limit_without_a_price_is_refused() -> None:
    with LoopbackModel() as server, pytest.raises(JudgeSettingsError, match="INPUT_PRICE"):
        open_judge(settings_of(server, max_cost_usd=1))


def test_a_price_that_is_listed_need_not_be_given() -> None:
    opened = open_judge(JudgeSettings(model="gpt-4o-mini", api_key=KEY, max_cost_usd=1))
    assert opened.price is not None
    assert all(0 < price < 0.001 for price in opened.price)


def test_without_a_model_it_is_said_which_setting_is_missing() -> None:
    with pytest.raises(JudgeSettingsError, match="FOOTNOTE_JUDGE__MODEL"):
        open_judge(JudgeSettings())


# Keeping replies


def test_a_second_run_asks_nothing_and_says_the_same(run: Run) -> None:
    with LoopbackModel(ScriptedJudge()) as server:
        first = run(server)
        asked = len(server.requests)
        second = run(server)
        assert len(server.requests) == asked
    assert second == first
    assert run.spent[-1].calls == 0


def test_replies_of_another_model_or_temperature_do_not_count(run: Run) -> None:
    with LoopbackModel(ScriptedJudge()) as server:
        run(server)
        asked = len(server.requests)
        run(server, model="openai/other")
        assert len(server.requests) == 2 * asked
        run(server, temperature=1)
        assert len(server.requests) == 3 * asked


def test_a_damaged_reply_is_asked_for_again(run: Run) -> None:
    damages = [b"", b"{", b'"text"', b'{"sha256": "0", "reply": "{}"}', b"\xff\xfe"]
    with LoopbackModel(ScriptedJudge()) as server:
        first = run(server)
        for file, damage in zip(sorted(run.cache.rglob("*.json")), damages, strict=False):
            file.write_bytes(damage)
        assert run(server) == first
    assert run.spent[-1].calls == len(damages)


def test_no_key_address_or_question_is_kept(run: Run) -> None:
    with LoopbackModel(ScriptedJudge(), key=KEY) as server:
        run(server)
        port = str(server.port)
    kept = "".join(file.read_text() for file in run.cache.rglob("*") if file.is_file())
    assert KEY not in kept
    assert f":{port}" not in kept


def test_a_run_that_is_cancelled_goes_on_where_it_stopped(run: Run) -> None:
    cases, seen = bridges(5)

    async def interrupted(server: LoopbackModel) -> None:
        settings = settings_of(server)
        model = open_judge(settings)
        enough = asyncio.Event()

        def progress(spent: Spent) -> None:
            if spent.done == 7:
                enough.set()

        work = asyncio.create_task(
            judge(
                CaseSet(tuple(cases), {}),
                seen,
                model=model,
                embedder=run.embedder,
                cache=run.cache,
                limits=JudgeLimits(concurrency=2),
                progress=progress,
            )
        )
        try:
            await asyncio.wait_for(enough.wait(), 20)
            work.cancel()
            with pytest.raises(asyncio.CancelledError):
                await work
        finally:
            await model.chat.aclose()

    with LoopbackModel(ScriptedJudge()) as server:
        asyncio.run(interrupted(server))
        kept = len(list(run.cache.rglob("*.json")))
        before = len(server.requests)
        scores = run(server, cases, seen)
        # What was under way when it was cancelled is all that is asked twice.
        assert before - kept <= 2
        assert run.spent[-1].cached >= kept
    assert all(score.value is not None for score in scores.values())
    assert not list(run.cache.rglob(".*"))


def test_cancelling_closes_the_calls_that_are_under_way(run: Run) -> None:
    arrived = threading.Event()

    def hang(body: dict[str, Any]) -> Hang:
        arrived.set()
        return Hang()

    async def interrupted(server: LoopbackModel) -> None:
        model = open_judge(settings_of(server))
        given = {"model": model, "embedder": run.embedder, "cache": run.cache}
        work = asyncio.create_task(judge(CaseSet((a_case(),), {}), [observed()], **given))
        try:
            assert await asyncio.to_thread(arrived.wait, 20)
            work.cancel()
            with pytest.raises(asyncio.CancelledError):
                await work
        finally:
            await model.chat.aclose()

    with LoopbackModel(hang) as server:
        asyncio.run(interrupted(server))
        assert all(request.gone.wait(5) for request in server.requests)


def test_a_folder_that_cannot_be_written_costs_no_score(
    run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    run.cache.write_text("a file where the folder should be")
    with LoopbackModel(ScriptedJudge()) as server:
        scores = run(server)
    assert all(score.value is not None for score in scores.values())
    assert caplog.text.count("cannot be kept") == 1


# Nothing leaves


_watching: list[str] | None = None


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching is not None and event in ("socket.connect", "socket.getaddrinfo"):
        address = arguments[1] if event == "socket.connect" else arguments[0]
        _watching.append(str(address[0] if isinstance(address, tuple) else address))


@pytest.fixture
def addresses() -> Iterator[list[str]]:
    """All that is connected to or looked up; ragas swallows what refuses it."""
    global _watching  # an audit hook cannot be taken away again
    sys.addaudithook(_watch)
    _watching = seen = []
    yield seen
    _watching = None


def test_nothing_but_the_judge_is_called(run: Run, addresses: list[str]) -> None:
    with LoopbackModel(ScriptedJudge()) as server:
        run(server)
    assert set(addresses) == {"127.0.0.1"}


def test_usage_data_of_ragas_is_switched_off(addresses: list[str]) -> None:
    from ragas._analytics import LLMUsageEvent, do_not_track, track

    assert do_not_track()
    event = {"provider": "p", "model": "m", "llm_type": "t", "num_requests": 1, "is_async": True}
    track(LLMUsageEvent(user_id="u", event_type="llm_usage", **event))
    assert addresses == []


def test_prompts_have_shas() -> None:
    from eval.ragas_bridge.judge import prompt_shas

    shas = prompt_shas()
    assert list(shas) == [f"judge/{metric}" for metric in JUDGED]
    assert all(re.fullmatch("[0-9a-f]{64}", sha) for sha in shas.values())
    assert len(set(shas.values())) == len(JUDGED)


def test_the_examples_of_ragas_pass_our_checks() -> None:
    """A judge that does as it is shown is never turned away."""
    from ragas.metrics.collections.context_recall.util import ContextRecallPrompt
    from ragas.metrics.collections.factual_correctness.util import ClaimDecompositionPrompt
    from ragas.metrics.collections.faithfulness.util import (
        NLIStatementPrompt,
        StatementGeneratorPrompt,
    )

    from eval.judging.checks import check

    whole = ClaimDecompositionPrompt._all_examples["low", "high"]
    shown = [*StatementGeneratorPrompt.examples, *NLIStatementPrompt.examples, *whole]
    for given, reply in [*shown, *ContextRecallPrompt.examples]:
        assert check(given.model_dump(), reply) == reply
