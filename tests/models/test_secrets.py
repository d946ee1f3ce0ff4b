import io
import logging
import traceback
from typing import Any

import pytest
from llama_index.core.instrumentation import get_dispatcher
from llama_index.core.instrumentation.event_handlers import BaseEventHandler
from llama_index.core.instrumentation.events import BaseEvent
from pydantic import PrivateAttr

from app.models.base import ChatModel
from app.models.errors import ModelError
from app.models.factory import open_llm
from app.models.redaction import scrub
from app.models.settings import LLMSettings
from tests.loopback_model import KEY, Cut, Failure, Hang, LoopbackModel, Raw, Reply, Text
from tests.models.conftest import MESSAGES

ECHO = f"Bad key {KEY} (Authorization: Bearer {KEY}) at http://user:{KEY}@host/?api_key={KEY}"


class Recorder(BaseEventHandler):
    """Keeps everything that LlamaIndex's instrumentation reports."""

    _seen: list[str] = PrivateAttr(default_factory=list)

    def handle(self, event: BaseEvent, **_: Any) -> None:
        self._seen.append(repr(event))


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
@pytest.mark.parametrize(
    "reply",
    [
        Failure(401, ECHO, "invalid_api_key"),
        Failure(400, ECHO),
        Failure(500, ECHO),
        Failure(429, ECHO),
        Raw(f'{{"error": {{"message": "{ECHO}"}}}}'.encode()),
        Raw(ECHO.encode()),
        Cut(),
        Hang(),
        Text("fine"),
    ],
    ids=["401", "400", "500", "429", "error event", "garbled", "cut", "hang", "fine"],
)
def test_the_key_is_nowhere_to_be_read(use: Any, reply: Reply, stream: bool) -> None:
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    recorder = Recorder()
    dispatcher = get_dispatcher()
    dispatcher.add_event_handler(recorder)
    shown: list[str] = []

    async def work(model: ChatModel) -> None:
        shown.append(repr(model.llm) + str(model.llm.to_dict()) + str(vars(model)))
        try:
            if stream:
                async for _ in model.stream(MESSAGES):
                    pass
            else:
                await model.complete(MESSAGES)
        except ModelError as error:
            shown.extend([str(error), repr(error), error.message, str(vars(error))])
            shown.append(traceback.format_exc())
            chain = traceback.TracebackException.from_exception(error, capture_locals=True)
            shown.append("".join(chain.format(chain=True)))

    try:
        with LoopbackModel(reply) as server:
            use(server, work, first_token_s=0.3)
        assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        dispatcher.event_handlers.remove(recorder)
    for text in (*shown, log.getvalue(), *recorder._seen):
        assert KEY not in text


def test_a_key_of_the_environment_is_not_sent_to_an_address_of_ones_own(
    use: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with LoopbackModel(Text("Hello.")) as server:
        use(server, lambda model: model.complete(MESSAGES), api_key=None)
    assert KEY not in str(server.requests[0].headers)


def test_settings_do_not_show_the_key_or_the_address() -> None:
    base = "http://user:password@127.0.0.1/v1"
    settings = LLMSettings(model="openai/x", api_key=KEY, api_base=base)
    assert KEY not in repr(settings)
    assert "password" not in repr(settings)
    assert KEY not in repr(open_llm(settings))


@pytest.mark.parametrize(
    "text",
    [
        f"key {KEY}",
        "Authorization: Bearer abc.def",
        "authorization: Basic dXNlcjpwYXNz",
        "http://user:hunter22@host/v1",
        "https://host/v1?api_key=hunter22&x=1",
        '{"api_key": "hunter22"}',
        "Incorrect key sk-proj-abcdefghijk",
    ],
)
def test_secrets_are_scrubbed(text: str) -> None:
    scrubbed = scrub(text, [KEY])
    for secret in (KEY, "abc.def", "dXNlcjpwYXNz", "hunter22", "sk-proj-abcdefghijk"):
        assert secret not in scrubbed


def test_scrubbing_keeps_what_helps() -> None:
    assert scrub("model  gpt-9 does not\nexist at http://127.0.0.1:8000/v1") == (
        "model gpt-9 does not exist at http://127.0.0.1:8000/v1"
    )
    assert len(scrub("x" * 1000)) == 300


def test_options_that_hold_secrets_are_hidden_too() -> None:
    options = {"extra_headers": {"X-Auth": "hunter22"}, "azure_ad_token": "hunter33", "n": 1}
    settings = LLMSettings.model_validate({"model": "openai/x", "options": options})
    assert set(settings.secrets()) == {"hunter22", "hunter33"}
    assert "hunter" not in repr(settings)


def test_an_empty_variable_is_as_good_as_none() -> None:
    values = {"model": "", "api_key": "", "api_base": "", "temperature": ""}
    settings = LLMSettings.model_validate(values)
    assert settings.model is None
    assert settings.temperature is None
    assert settings.secrets() == ()
