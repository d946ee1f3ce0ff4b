import asyncio
import contextlib
import datetime as dt
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from llama_index.core.llms import ChatMessage

from app.models import errors
from app.models.base import ChatModel
from app.models.errors import ModelError, ModelSettingsError
from app.models.factory import open_llm, open_model
from app.models.settings import LLMSettings
from prompts import Message, Prompts


@dataclass(frozen=True)
class Passage:
    text: str
    title: str = "A title"
    source: str | None = None
    published_at: dt.date | None = None


PASSAGES = [Passage("The bridge was closed in May."), Passage("The bridge reopened in June.")]


def ask(question: str) -> list[Message]:
    return Prompts.load().answer(
        question, PASSAGES, today=dt.date(2026, 1, 2), refusal="No answer."
    )


@pytest.fixture
def script(tmp_path: Path) -> Path:
    return tmp_path / "script.yaml"


def open_script(path: Path, text: str, **settings: object) -> ChatModel:
    path.write_text(text)
    values = {"model": f"scripted:{path}", "max_attempts": 1, **settings}
    model = open_model(LLMSettings.model_validate(values))
    assert model is not None
    return model


async def listen(model: ChatModel, question: str) -> list[str]:
    return [delta async for delta in model.stream(ask(question))]


def test_the_question_chooses_the_reply_and_passages_do_not(script: Path) -> None:
    model = open_script(
        script,
        """
        replies:
          - match: closed
            reply: It closed {cite:was closed}.
          - match: reopen
            reply: It reopened {cite:reopened} after it closed {cite:closed}.
        """,
    )
    assert asyncio.run(model.complete(ask("When did it reopen?"))) == (
        "It reopened [2] after it closed [1]."
    )


def test_a_reply_is_streamed_in_pieces_that_make_it_whole(script: Path) -> None:
    model = open_script(script, 'replies: [{reply: " One two,\\n three. "}]')
    pieces = asyncio.run(listen(model, "?"))
    assert "".join(pieces) == "One two,\n three. "
    assert len(pieces) > 2
    model = open_script(script, "replies: [{reply: One two., chunk: 3}]")
    assert asyncio.run(listen(model, "?")) == ["One", " tw", "o."]


def test_a_reply_can_be_meant_for_one_kind_of_prompt(script: Path) -> None:
    model = open_script(
        script,
        """
        replies:
          - system: rewrite the last question
            reply: "{question} Really?"
          - reply: An answer.
        """,
    )
    rewrite = Prompts.load().rewrite("And then?", [])
    assert asyncio.run(model.complete(rewrite)) == "And then? Really?"
    assert asyncio.run(model.complete(ask("And then?"))) == "An answer."


@pytest.mark.parametrize("code", [k.code for k in ModelError.__subclasses__()])
def test_every_failure_can_be_scripted(script: Path, code: str) -> None:
    model = open_script(script, f"replies: [{{error: {code}}}]")
    with pytest.raises(ModelError) as caught:
        asyncio.run(listen(model, "?"))
    assert caught.value.code == code


def test_a_failure_can_pass(script: Path) -> None:
    model = open_script(
        script,
        """
        replies:
          - {error: model_rate_limited, retry_after: 0, times: 2}
          - {reply: At last.}
        """,
        max_attempts=3,
    )
    assert "".join(asyncio.run(listen(model, "?"))) == "At last."


def test_a_reply_can_break_off(script: Path) -> None:
    model = open_script(script, "replies: [{reply: One two, error: model_unreachable}]")
    said: list[str] = []

    async def work() -> None:
        async for delta in model.stream(ask("?")):
            said.append(delta)

    with pytest.raises(errors.CutOffError):
        asyncio.run(work())
    assert "".join(said) == "One two"


def test_a_reply_can_hang(script: Path) -> None:
    model = open_script(script, "replies: [{reply: One, hang: true}]", stall_s=0.1)
    with pytest.raises(errors.CutOffError):
        asyncio.run(listen(model, "?"))


def test_a_question_without_a_reply_is_said_to_have_none(script: Path) -> None:
    model = open_script(script, "replies: [{match: bridge, reply: Yes.}]")
    with pytest.raises(errors.ModelRequestError, match="no reply"):
        asyncio.run(listen(model, "And the tunnel?"))


@pytest.mark.parametrize(
    "text",
    ["", "replies: []", "[", "replies: [{match: '['}]", "replies: [{error: nothing}]",
     "replies: [{reply: '{cite:[}'}]", "other: 1"],
)  # fmt: skip
def test_a_script_that_cannot_be_played_is_refused_at_once(script: Path, text: str) -> None:
    with pytest.raises(ModelSettingsError, match="cannot be used"):
        open_script(script, text)


def test_a_script_that_is_not_there_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ModelSettingsError, match=r"missing\.yaml"):
        open_model(LLMSettings(model=f"scripted:{tmp_path / 'missing.yaml'}"))


def test_it_works_in_llama_index_without_an_event_loop(script: Path) -> None:
    script.write_text("replies: [{match: bridge, reply: Yes it did.}]")
    llm = open_llm(LLMSettings(model=f"scripted:{script}"))
    assert llm.complete("The bridge?").text == "Yes it did."
    messages = [ChatMessage(role="user", content="The bridge?")]
    assert [r.delta for r in llm.stream_chat(messages)] == ["Yes", " it", " did."]


def test_many_conversations_at_once_do_not_wait_for_each_other(script: Path) -> None:
    model = open_script(script, "replies: [{reply: one two three four five, delay: 0.2}]")

    async def work() -> list[list[str]]:
        return await asyncio.gather(*(listen(model, "?") for _ in range(50)))

    started = time.monotonic()
    texts = asyncio.run(work())
    assert time.monotonic() - started < 20  # one after the other they take 50
    assert {"".join(pieces) for pieces in texts} == {"one two three four five"}


def test_leaving_early_is_no_error(script: Path) -> None:
    model = open_script(script, "replies: [{reply: one two three, hang: true}]")

    async def work() -> str:
        async with contextlib.aclosing(model.stream(ask("?"))) as stream:
            return await anext(stream)

    assert asyncio.run(work()) == "one"
