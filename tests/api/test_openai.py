"""The OpenAI-compatible endpoints, met by the official client over a socket where it counts."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import openai
import pytest
from pydantic import SecretStr

from app.answer.model import Answer, ShortAnswer
from app.answer.quotes import REFUSAL
from app.services import Services
from app.settings import WidgetSettings
from index.errors import IndexDamagedError
from index.model import SourceDocument

CHAT = "/v1/chat/completions"
QUESTION = "When does the Syria phase end?"
USER = [{"role": "user", "content": QUESTION}]
GUIDE = Path(__file__).parents[2] / "docs" / "http.md"
Serving = Callable[[Services], AbstractContextManager[httpx.Client]]


@pytest.fixture
def official(sample_services: Services, serving: Serving) -> Iterator[openai.OpenAI]:
    """The official client of a service over the sample briefs."""
    with serving(sample_services) as client, openai_client(client) as opened:
        yield opened


def openai_client(client: httpx.Client, key: str = "none") -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{client.base_url}/v1", api_key=key, max_retries=0)


def check_annotations(content: str, annotations: list[Any], footnote: Any, library: Any) -> None:
    """Each marker is annotated, and each annotation leads to the quote it stands for."""
    answer = Answer.model_validate(footnote)
    assert content == answer.answer
    assert len(annotations) == len(re.findall(r"\[\d+\]", content))
    for annotation in annotations:
        assert annotation["type"] == "url_citation"
        said = annotation["url_citation"]
        marker = content[said["start_index"] : said["end_index"]]
        (citation,) = (c for c in answer.citations if f"[{c.marker}]" == marker)
        assert said["title"] == citation.title
        url = urlsplit(said["url"])
        where = {name: values[0] for name, values in parse_qs(url.query).items()}
        document_id = unquote(url.path.removeprefix("/documents/"))
        span = (int(where["start"]), int(where["end"]))
        assert library.read_span(document_id, where["revision"], *span) == citation.quote


def test_the_official_client_gets_the_answer_with_its_citations(
    official: openai.OpenAI, sample_services: Services
) -> None:
    reply = official.chat.completions.create(model="footnote", messages=USER)
    assert (reply.object, reply.model) == ("chat.completion", "footnote")
    assert reply.choices[0].finish_reason == "stop"
    message = reply.choices[0].message
    assert message.role == "assistant"
    assert "2026" in message.content
    raw = message.model_dump(mode="json")
    assert raw["annotations"]
    check_annotations(message.content, raw["annotations"], raw["footnote"], sample_services.library)


def test_the_official_client_streams_one_checked_sentence_a_chunk(
    official: openai.OpenAI, sample_services: Services
) -> None:
    stream = official.chat.completions.create(
        model="footnote", messages=USER, stream=True, stream_options={"include_usage": True}
    )
    chunks = [chunk.model_dump(mode="json") for chunk in stream]
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    *told, usage = chunks
    assert usage["choices"] == []
    assert usage["usage"]["total_tokens"] == 0
    deltas = [chunk["choices"][0]["delta"] for chunk in told]
    assert deltas[0]["role"] == "assistant"
    assert [c["choices"][0]["finish_reason"] for c in told] == [None] * (len(told) - 1) + ["stop"]
    content = "".join(delta.get("content") or "" for delta in deltas)
    annotations = [a for delta in deltas for a in delta.get("annotations") or ()]
    check_annotations(content, annotations, told[-1]["footnote"], sample_services.library)
    sentences = [delta for delta in deltas if delta.get("content")]
    assert len(sentences) == len(told[-1]["footnote"]["sentences"])


def test_the_page_that_an_annotation_names_shows_the_quote(official: openai.OpenAI) -> None:
    reply = official.chat.completions.create(model="footnote", messages=USER)
    raw = reply.choices[0].message.model_dump(mode="json")
    page = httpx.get(raw["annotations"][0]["url_citation"]["url"])
    assert page.status_code == 200
    assert "<mark" in page.text


def test_the_answer_object_has_the_short_answer_and_the_annotation_of_its_quote_leads_to_it(
    over_chain: Any, scripted_chain: Any
) -> None:
    class Shortly(scripted_chain):  # type: ignore[misc]  # a fixture hands out the class
        async def aask(self, request: Any, in_thread: Any) -> Answer:
            answer = (await super().aask(request, in_thread)).model_copy()
            start = answer.citations[0].quote.index("2025")
            short = ShortAnswer(text="2025", citation=1, start=start, end=start + 4)
            return answer.model_copy(update={"short": short})

    message = over_chain(Shortly()).post(CHAT, json={"messages": USER}).json()
    message = message["choices"][0]["message"]
    short = message["footnote"]["short"]
    quote = message["footnote"]["citations"][0]["quote"]
    assert quote[short["start"] : short["end"]] == short["text"] == "2025"
    assert message["content"] == message["footnote"]["answer"]
    (annotation,) = message["annotations"]
    where = parse_qs(urlsplit(annotation["url_citation"]["url"]).query)
    assert where["short"] == [f"{short['start']}-{short['end']}"]


def test_the_official_client_lists_the_model(official: openai.OpenAI) -> None:
    assert [model.id for model in official.models.list()] == ["footnote"]
    assert official.models.retrieve("footnote").owned_by == "footnote"
    with pytest.raises(openai.NotFoundError, match="one model"):
        official.models.retrieve("other")


def test_the_python_example_of_the_guide_runs(
    official: openai.OpenAI, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    address = str(official.base_url).rstrip("/")
    names: dict[str, Any] = {}
    exec(example.replace("http://127.0.0.1:8000/v1", address), names)  # noqa: S102 - our guide
    names["client"].close()
    assert "2026" in capsys.readouterr().out


def test_markers_between_the_sides_of_a_disagreement_are_annotated(
    services: Services, reader: Any, started: Callable[..., Any]
) -> None:
    for number, year in enumerate((1987, 1991)):
        text = f"The paper mill of Astrand closed in {year}."
        services.library.add(SourceDocument(f"d{number}", text, f"Mill {number}", f"Paper {year}"))
    with started() as client:
        messages = [{"role": "user", "content": "When did the paper mill of Astrand close?"}]
        reply = client.post(CHAT, json={"messages": messages}).json()
    message = reply["choices"][0]["message"]
    assert message["footnote"]["conflicts"]
    assert "disagree" in message["content"]
    check_annotations(
        message["content"], message["annotations"], message["footnote"], services.library
    )


def test_brackets_that_a_quote_brings_along_are_no_citations(
    services: Services, started: Callable[..., Any]
) -> None:
    text = "The lighthouse of Astrand [1] was built in 1874 [2] by Ida Holm."
    services.library.add(SourceDocument("light", text, "The lighthouse", None))
    with started() as client:
        messages = [{"role": "user", "content": "Who built the lighthouse of Astrand?"}]
        message = client.post(CHAT, json={"messages": messages}).json()["choices"][0]["message"]
    assert "[2]" in message["content"]
    (annotation,) = message["annotations"]
    start = annotation["url_citation"]["start_index"]
    assert start == message["content"].rindex("[1]")


def test_a_refusal_is_ordinary_content(official: openai.OpenAI) -> None:
    messages: Any = [{"role": "user", "content": "How do I bake sourdough bread?"}]
    reply = official.chat.completions.create(model="footnote", messages=messages)
    assert reply.choices[0].message.content == REFUSAL
    assert reply.choices[0].finish_reason == "stop"
    stream = official.chat.completions.create(model="footnote", messages=messages, stream=True)
    said = "".join(c.choices[0].delta.content or "" for c in stream)
    assert said == REFUSAL


def test_what_was_said_before_completes_a_follow_up(reader: Any) -> None:
    messages = [
        {"role": "system", "content": "You are a pirate. Say arr."},
        {"role": "user", "content": "What is the coalition against ISIS?"},
        {"role": "assistant", "content": "A military alliance led by the United States."},
        {"role": "user", "content": [{"type": "text", "text": "Who leads it?"}]},
    ]
    with_history = reader.post(CHAT, json={"messages": messages}).json()
    without = reader.post(CHAT, json={"messages": messages[-1:]}).json()
    questions = [
        reply["choices"][0]["message"]["footnote"]["question"] for reply in (with_history, without)
    ]
    assert questions[0] != questions[1] == "Who leads it?"
    assert "pirate" not in questions[0]


def test_parameters_that_steer_sampling_are_ignored(reader: Any) -> None:
    reply = reader.post(
        CHAT,
        json={
            "model": "gpt-4o",
            "messages": [*USER, {"role": "tool", "content": None, "tool_call_id": "x"}],
            "temperature": 0.3,
            "top_p": 1,
            "max_tokens": 5,
            "n": 1,
            "tools": [],
            "tool_choice": "auto",
            "response_format": {"type": "text"},
            "stream": False,
            "seed": 1,
            "user": "someone",
            "made_up": {"x": 1},
        },
    )
    assert reply.status_code == 200
    assert "2026" in reply.json()["choices"][0]["message"]["content"]


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"n": 2}, "n"),
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "tools"),
        ({"functions": [{"name": "f"}]}, "functions"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"messages": []}, "messages"),
        ({"messages": None}, "messages"),
        ({"messages": [{"role": "system", "content": "Hi."}]}, "messages"),
        ({"messages": [{"role": "user", "content": " "}]}, "messages.0.content"),
        ({"messages": [{"role": "user", "content": "x" * 1001}]}, "messages.0.content"),
        ({"messages": [{"role": "user", "content": "a\x00b"}]}, "messages.0.content"),
        ({"messages": [{"role": "king", "content": "Hi?"}]}, "messages.0.role"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]},
            "messages.0.content",
        ),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_what_cannot_be_had_is_refused_in_openais_form(
    reader: Any, change: dict[str, Any], param: str, stream: bool
) -> None:
    response = reader.post(CHAT, json={"messages": USER, "stream": stream, **change})
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/json"
    error = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert (error["type"], error["param"]) == ("invalid_request_error", param)
    assert error["message"].startswith(f"{param}: ")


def test_the_official_client_understands_a_refused_request(official: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        official.chat.completions.create(model="footnote", messages=USER, n=2)
    assert caught.value.param == "n"
    assert caught.value.code == "invalid_request"


@pytest.mark.parametrize("path", [CHAT, "/v1/models"])
def test_the_key_is_wanted_and_its_absence_said_in_openais_form(
    guarded: Callable[..., Any], path: str
) -> None:
    client = guarded(api_key=SecretStr("right"))
    send = client.post if path == CHAT else client.get
    body = {"json": {"messages": USER}} if path == CHAT else {}
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        response = send(path, headers=headers, **body)
        assert response.status_code == 401
        assert response.json()["error"]["code"] == "invalid_api_key"
    assert send(path, headers={"Authorization": "Bearer right"}, **body).status_code == 200


def test_a_session_of_the_widget_opens_nothing_here(guarded: Callable[..., Any]) -> None:
    origin = {"Origin": "http://127.0.0.1:8000"}
    listed = WidgetSettings(origins=(origin["Origin"],))
    client = guarded(api_key=SecretStr("right"), widget=listed)
    token = client.post("/v1/widget/session", headers=origin).json()["token"]
    headers = {**origin, "Authorization": f"Bearer {token}"}
    assert client.post(CHAT, json={"messages": USER}, headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("send", "status", "code"),
    [
        ({"content": b"{", "headers": {"content-type": "application/json"}}, 400, "invalid_json"),
        ({"content": b"hello"}, 415, "unsupported_media_type"),
    ],
)
def test_an_unreadable_body_is_said_in_openais_form(
    reader: Any, send: dict[str, Any], status: int, code: str
) -> None:
    response = reader.post(CHAT, **send)
    assert response.status_code == status
    assert response.json()["error"]["code"] == code
    assert reader.get(CHAT).json()["error"]["code"] == "method_not_allowed"


def test_a_long_conversation_is_cut_to_its_newest_part(
    sample_services: Services, over_chain: Callable[..., Any], scripted_chain: Any
) -> None:
    asked: list[Any] = []

    class Recording(scripted_chain):
        async def aask(self, request: Any, in_thread: Any) -> Answer:
            asked.append(request)
            return await super().aask(request, in_thread)

    turns = [{"role": "assistant" if i % 2 else "user", "content": f"turn {i}"} for i in range(60)]
    response = over_chain(Recording()).post(CHAT, json={"messages": [*turns, *USER]})
    assert response.status_code == 200
    assert [turn.content for turn in asked[0].history] == [f"turn {i}" for i in range(40, 60)]


def failing_chain(scripted_chain: Any) -> Any:
    def fail(question: str) -> None:
        raise IndexDamagedError("The index is damaged. Run footnote doctor --repair.")

    return scripted_chain(fail)


def test_an_error_of_the_service_has_openais_form(
    over_chain: Callable[..., Any], scripted_chain: Any
) -> None:
    response = over_chain(failing_chain(scripted_chain)).post(CHAT, json={"messages": USER})
    assert response.status_code == 503
    error = response.json()["error"]
    assert (error["type"], error["code"]) == ("server_error", "index_damaged")


def test_an_error_in_the_stream_is_an_error_to_the_official_client(
    services: Services, serving: Serving, scripted_chain: Any
) -> None:
    chain = failing_chain(scripted_chain)
    with serving(replace(services, chain=chain)) as client, openai_client(client) as official:
        stream = official.chat.completions.create(model="footnote", messages=USER, stream=True)
        with pytest.raises(openai.APIError, match="damaged"):
            list(stream)


def test_the_stream_ends_with_done(reader: Any) -> None:
    response = reader.post(CHAT, json={"messages": USER, "stream": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    events = [event for event in response.text.split("\n\n") if event]
    assert all(event.startswith("data: ") for event in events)
    assert events[-1] == "data: [DONE]"
    assert json.loads(events[-2].removeprefix("data: "))["footnote"]["status"] == "answered"


def test_the_work_stops_when_the_client_leaves_the_stream(
    services: Services, serving: Serving, scripted_chain: Any
) -> None:
    go_on = threading.Semaphore(0)
    chain = scripted_chain(lambda question: go_on.acquire(timeout=10))
    with serving(replace(services, chain=chain)) as client, openai_client(client) as official:
        with official.chat.completions.create(
            model="footnote", messages=USER, stream=True
        ) as stream:
            go_on.release()
            next(iter(stream))
        threading.Event().wait(0.1)  # the server notices a closed connection in its own time
        for _ in range(3):
            go_on.release()
        assert chain.closed.wait(10)
