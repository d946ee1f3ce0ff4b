"""Every path of a model call, over HTTP on loopback, through LlamaIndex and the real litellm."""

import asyncio
import time
from typing import Any

import pytest

from app.models import errors
from app.models.base import ChatModel, Deadline
from app.models.errors import CutOffError, ModelError
from tests.loopback_model import KEY, Cut, Failure, Hang, LoopbackModel, Raw, Reply, Text
from tests.models.conftest import MESSAGES, heard

TOO_LONG = Failure(400, "maximum context length is 4096 tokens", "context_length_exceeded")

FAILURES = [
    (Failure(400, "no such option"), errors.ModelRequestError),
    (Failure(401, "wrong key", "invalid_api_key"), errors.ModelKeyError),
    (Failure(402, "pay first"), errors.ModelQuotaError),
    (Failure(403, "not allowed"), errors.ModelKeyError),
    (Failure(404, "no such model", "model_not_found"), errors.ModelRequestError),
    (Failure(408, "too slow"), errors.ModelTimeoutError),
    (Failure(413, "request too large"), errors.ContextTooLongError),
    (Failure(422, "not understood"), errors.ModelRequestError),
    (Failure(429, "slow down"), errors.ModelRateLimitedError),
    (Failure(429, "no money", "insufficient_quota"), errors.ModelQuotaError),
    (Failure(500, "oops"), errors.ModelFailedError),
    (Failure(502, body=b"<html>bad gateway</html>"), errors.ModelFailedError),
    (Failure(503, "busy"), errors.ModelFailedError),
    (Failure(504, "upstream too slow"), errors.ModelTimeoutError),
    (Failure(529, "overloaded"), errors.ModelFailedError),
    (TOO_LONG, errors.ContextTooLongError),
    (
        Failure(400, "the request exceeds the available context size", "exceed_context_size_error"),
        errors.ContextTooLongError,
    ),
    (Failure(400, "blocked", "content_policy_violation"), errors.ContentFilteredError),
    (Cut(), errors.ModelUnreachableError),
    (Raw(b"{not json"), errors.GarbledReplyError),
    (Raw(b'{"choices": []}'), errors.EmptyReplyError),
    (Raw(b'{"error": {"message": "broken", "code": 500}}'), errors.ModelFailedError),
    (Text(""), errors.EmptyReplyError),
    (Text(" \n"), errors.EmptyReplyError),
    (Text("no", finish_reason="content_filter"), errors.ContentFilteredError),
]


def failure_of(use: Any, server: LoopbackModel, *, stream: bool, **settings: object) -> ModelError:
    async def work(model: ChatModel) -> ModelError:
        try:
            if stream:
                await heard(model, [])
            else:
                await model.complete(MESSAGES)
        except ModelError as error:
            return error
        raise AssertionError("no failure")

    failure: ModelError = use(server, work, **settings)
    return failure


def test_text_arrives_in_the_pieces_the_server_sends(use: Any) -> None:
    said: list[str] = []
    with LoopbackModel(Text("One two.", chunks=["One ", "two", "."])) as server:
        use(server, lambda model: heard(model, said))
    assert said == ["One ", "two", "."]
    body = server.requests[0].body
    assert body["model"] == "loopback"
    assert body["temperature"] == 0
    assert [message["role"] for message in body["messages"]] == ["system", "user"]


def test_a_whole_reply_is_returned(use: Any) -> None:
    with LoopbackModel(Text("One two.")) as server:
        assert use(server, lambda model: model.complete(MESSAGES)) == "One two."
    assert not server.requests[0].body.get("stream")


def test_the_first_piece_is_handed_on_while_the_rest_is_still_being_written(use: Any) -> None:
    async def work(model: ChatModel) -> str:
        stream = model.stream(MESSAGES)
        first = await asyncio.wait_for(anext(stream), 2)
        await stream.aclose()
        return first

    with LoopbackModel(Text("slow words here", delay=5)) as server:
        assert use(server, work) == "slow "


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
@pytest.mark.parametrize(
    ("reply", "kind"), FAILURES, ids=lambda value: getattr(value, "message", None)
)
def test_each_failure_becomes_an_error_of_ours(
    use: Any, reply: Reply, kind: type[ModelError], stream: bool
) -> None:
    with LoopbackModel(reply) as server:
        failure = failure_of(use, server, stream=stream)
    expected = CutOffError if isinstance(reply, Text) and reply.text.strip() and stream else kind
    assert type(failure) is expected
    assert failure.__context__ is None
    assert len(server.requests) == 1


def test_a_server_that_is_not_there_is_unreachable(use: Any) -> None:
    with LoopbackModel() as server:
        pass
    failure = failure_of(use, server, stream=True)
    assert type(failure) is errors.ModelUnreachableError


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
@pytest.mark.parametrize(
    "first",
    [Failure(503), Failure(429), Cut(), Raw(b"{no"), Text(""), Failure(408)],
    ids=["503", "429", "cut", "garbled", "empty", "408"],
)
def test_what_may_pass_is_tried_again(use: Any, first: Reply, stream: bool) -> None:
    said: list[str] = []

    async def work(model: ChatModel) -> None:
        if stream:
            await heard(model, said)
        else:
            said.append(await model.complete(MESSAGES))

    with LoopbackModel(first, Text("At last.")) as server:
        use(server, work, max_attempts=2)
    assert "".join(said) == "At last."
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 422])
def test_what_will_not_pass_is_not_tried_again(use: Any, status: int) -> None:
    with LoopbackModel(Failure(status)) as server:
        failure_of(use, server, stream=True, max_attempts=3)
    assert len(server.requests) == 1


def test_attempts_are_bounded(use: Any) -> None:
    with LoopbackModel(Failure(503, headers={"retry-after": "0"})) as server:
        failure_of(use, server, stream=True, max_attempts=3)
    assert len(server.requests) == 3


def test_retry_after_is_honoured(use: Any) -> None:
    wait = Failure(429, headers={"retry-after": "1"})
    with LoopbackModel(wait, Text("At last.")) as server:
        use(server, lambda model: heard(model, []), max_attempts=2)
    assert server.requests[1].arrived - server.requests[0].arrived >= 1


def test_a_retry_after_past_the_time_limit_is_not_waited_for(use: Any) -> None:
    with LoopbackModel(Failure(429, headers={"retry-after": "60"})) as server:
        started = time.monotonic()
        failure = failure_of(use, server, stream=True, max_attempts=3)
    assert type(failure) is errors.ModelRateLimitedError
    assert failure.retry_after == 60
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
def test_a_server_that_hangs_is_tried_again_in_time(use: Any, stream: bool) -> None:
    said: list[str] = []

    async def work(model: ChatModel) -> None:
        if stream:
            await heard(model, said)
        else:
            said.append(await model.complete(MESSAGES))

    with LoopbackModel(Hang(), Text("At last.")) as server:
        use(server, work, max_attempts=2, first_token_s=1.5)
        assert server.requests[0].gone.wait(10)
    assert "".join(said) == "At last."


def test_the_time_limit_covers_all_attempts(use: Any) -> None:
    async def work(model: ChatModel) -> float:
        started = time.monotonic()
        with pytest.raises(errors.ModelTimeoutError):
            async for _ in model.stream(MESSAGES, deadline=Deadline.after(3)):
                pass
        return time.monotonic() - started

    with LoopbackModel(Hang()) as server:
        assert use(server, work, max_attempts=10, first_token_s=0.7) < 10
    assert 1 < len(server.requests) < 7


@pytest.mark.parametrize(
    "reply",
    [Hang(2), Cut(2), Raw(b"{not json", before=["word0 ", "word1 "]),
     Text("word0 word1 ", finish_reason=None), Text("word0 word1 ", finish_reason="length")],
    ids=["hang", "cut", "garbled", "no end", "length limit"],
)  # fmt: skip
def test_an_answer_cut_off_keeps_its_beginning_and_is_not_tried_again(
    use: Any, reply: Reply
) -> None:
    said: list[str] = []

    async def work(model: ChatModel) -> None:
        with pytest.raises(CutOffError):
            await heard(model, said)

    with LoopbackModel(reply) as server:
        use(server, work, max_attempts=3, stall_s=0.3)
    assert "".join(said).split() == ["word0", "word1"]
    assert len(server.requests) == 1


def test_thinking_counts_as_life_but_not_as_text(use: Any) -> None:
    said: list[str] = []
    reply = Text("Answer.", thinking=["hm "] * 6, delay=0)
    with LoopbackModel(reply) as server:
        use(server, lambda model: heard(model, said), first_token_s=2)
    assert said == ["Answer."]


def test_thinking_written_as_text_is_left_out(use: Any) -> None:
    said: list[str] = []
    chunks = ["<thi", "nk>one", " two</th", "ink>\n\n", "Answer", "."]
    with LoopbackModel(Text("", chunks=chunks)) as server:
        use(server, lambda model: heard(model, said))
    assert said == ["Answer", "."]


@pytest.mark.parametrize("how", ["cancel", "close", "leave"])
@pytest.mark.parametrize("reply", [Hang(2), Text("word " * 100, delay=0.05)], ids=["hang", "slow"])
def test_a_client_that_goes_away_closes_the_call(use: Any, reply: Reply, how: str) -> None:
    async def work(model: ChatModel) -> None:
        stream = model.stream(MESSAGES)
        await anext(stream)
        if how == "cancel":
            reading = asyncio.ensure_future(_drain(stream))
            await asyncio.sleep(0.1)
            reading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reading
        elif how == "close":
            await stream.aclose()
        else:
            del stream
        assert await asyncio.to_thread(server.requests[0].gone.wait, 1)

    with LoopbackModel(reply) as server:
        use(server, work)


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
def test_a_client_that_goes_away_before_the_answer_closes_the_call(use: Any, stream: bool) -> None:
    async def work(model: ChatModel) -> None:
        call = heard(model, []) if stream else model.complete(MESSAGES)
        calling = asyncio.ensure_future(call)
        await asyncio.sleep(0.2)
        calling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await calling
        assert await asyncio.to_thread(server.requests[0].gone.wait, 1)

    with LoopbackModel(Hang()) as server:
        use(server, work)


def test_a_model_works_on_one_event_loop_after_another(use: Any) -> None:
    with LoopbackModel(Text("Hello.")) as server:
        for _ in range(3):
            said: list[str] = []
            use(server, lambda model, said=said: heard(model, said))
            assert said == ["Hello."]


def test_streams_side_by_side_do_not_mix(use: Any) -> None:
    async def one(model: ChatModel) -> str:
        return "".join([delta async for delta in model.stream(MESSAGES)])

    async def work(model: ChatModel) -> list[str]:
        return await asyncio.gather(*(one(model) for _ in range(20)))

    replies = [Text(f"{number} " * 20 + ".") for number in range(20)]
    with LoopbackModel(*replies) as server:
        texts = use(server, work)
    assert sorted(texts) == sorted(reply.text for reply in replies)


def test_a_finished_stream_leaves_no_task_behind(use: Any) -> None:
    async def work(model: ChatModel) -> int:
        before = len(asyncio.all_tasks())
        for _ in range(5):
            await heard(model, [])
        for _ in range(5):  # abandoned generators are finished by tasks of their own
            await asyncio.sleep(0)
        return len(asyncio.all_tasks()) - before

    with LoopbackModel(Text("Hello.")) as server:
        assert use(server, work) == 0


def test_a_name_without_a_provider_means_an_openai_compatible_server(use: Any) -> None:
    with LoopbackModel(Text("Hello."), key=KEY) as server:
        reply = use(server, lambda m: m.complete(MESSAGES), model="some-org/some-model:7b")
    assert reply == "Hello."
    assert server.requests[0].body["model"] == "some-org/some-model:7b"


async def _drain(stream: Any) -> None:
    async for _ in stream:
        pass
