"""The loopback server speaks the protocol: the official client understands it."""

import openai
import pytest

from tests.loopback_model import KEY, Failure, LoopbackModel, Text


def client(server: LoopbackModel, key: str = KEY) -> openai.OpenAI:
    return openai.OpenAI(base_url=server.url, api_key=key, max_retries=0)


def test_chat_models_and_embeddings_are_served() -> None:
    with LoopbackModel(Text("One two."), key=KEY) as server, client(server) as api:
        whole = api.chat.completions.create(model="m", messages=[])
        assert whole.choices[0].message.content == "One two."
        chunks = list(api.chat.completions.create(model="m", messages=[], stream=True))
        assert "".join(c.choices[0].delta.content or "" for c in chunks) == "One two."
        assert chunks[-1].choices[0].finish_reason == "stop"
        assert [model.id for model in api.models.list()] == ["loopback"]
        assert len(api.embeddings.create(model="m", input=["a", "b"]).data) == 2


def test_errors_have_the_protocol_s_form() -> None:
    slow_down = Failure(429, "slow down", "too_many", {"retry-after": "2"})
    with (
        LoopbackModel(slow_down) as server,
        client(server) as api,
        pytest.raises(openai.RateLimitError) as caught,
    ):
        api.chat.completions.create(model="m", messages=[])
    assert caught.value.code == "too_many"
    assert caught.value.response.headers["retry-after"] == "2"


def test_a_wrong_key_is_refused() -> None:
    with (
        LoopbackModel(key=KEY) as server,
        client(server, "wrong") as api,
        pytest.raises(openai.AuthenticationError),
    ):
        api.models.list()
