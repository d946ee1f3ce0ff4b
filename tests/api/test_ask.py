import json
from collections.abc import Callable
from typing import Any

import pytest

from app.answer.model import Answer
from index.errors import IndexDamagedError

QUESTION = {"question": "When does the Syria phase end?"}
AS_EVENTS = {"accept": "text/event-stream"}


def events_of(text: str) -> list[tuple[str, Any]]:
    """Parse an event stream; comments are left out."""
    events = []
    for block in text.split("\n\n"):
        fields = dict(
            line.split(": ", 1) for line in block.splitlines() if not line.startswith(":")
        )
        if fields:
            events.append((fields["event"], json.loads(fields["data"])))
    return events


def test_a_question_is_answered_with_quotes_that_stand_in_the_documents(reader: Any) -> None:
    answer = Answer.model_validate_json(reader.post("/v1/ask", json=QUESTION).content)
    assert answer.status == "answered"
    assert "2026" in answer.answer
    assert answer.citations
    for citation in answer.citations:
        document = reader.get(
            f"/v1/documents/{citation.document_id}", params={"revision": citation.revision}
        ).json()
        assert document["text"][citation.start : citation.end] == citation.quote


def test_a_question_off_the_subject_is_a_refusal_and_no_error(reader: Any) -> None:
    response = reader.post("/v1/ask", json={"question": "How do I bake sourdough bread?"})
    assert response.status_code == 200
    assert response.json()["status"] == "refused"
    assert response.json()["reason"]


def test_filters_narrow_the_sources(reader: Any) -> None:
    some = reader.get("/v1/documents").json()["items"][0]["id"]
    answer = reader.post("/v1/ask", json={**QUESTION, "filters": {"document_ids": [some]}}).json()
    assert {source["document_id"] for source in answer["sources"]} <= {some}


def test_events_come_in_order_and_end_with_the_whole_answer(reader: Any) -> None:
    response = reader.post("/v1/ask", json=QUESTION, headers=AS_EVENTS)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-store"
    events = events_of(response.text)
    names = [name for name, _ in events]
    assert names[0] == "sources"
    assert names[-1] == "done"
    assert set(names[1:-1]) == {"sentence"}
    done = Answer.model_validate(events[-1][1])
    assert [data["sentence"] for name, data in events if name == "sentence"] == [
        sentence.model_dump(mode="json") for sentence in done.sentences
    ]
    whole = Answer.model_validate(reader.post("/v1/ask", json=QUESTION).json())
    assert done.answer == whole.answer
    assert done.citations == whole.citations


@pytest.mark.parametrize(
    ("accept", "streams"),
    [
        ("text/event-stream", True),
        ("application/json, text/event-stream;q=0.5", True),
        ("text/event-stream;q=0", False),
        ("*/*", False),
        ("application/json", False),
    ],
)
def test_the_form_follows_the_accept_header(reader: Any, accept: str, streams: bool) -> None:
    response = reader.post("/v1/ask", json=QUESTION, headers={"accept": accept})
    assert response.headers["content-type"].startswith("text/event-stream") is streams


def test_a_bad_question_is_a_problem_before_the_stream_begins(reader: Any) -> None:
    response = reader.post("/v1/ask", json={"question": " "}, headers=AS_EVENTS)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"


def test_an_error_in_the_stream_is_an_event_with_a_problem(
    over_chain: Callable[..., Any], scripted_chain: Callable[..., Any]
) -> None:
    def fail(question: str) -> None:
        raise IndexDamagedError("The index is damaged. Run footnote doctor --repair.")

    client = over_chain(scripted_chain(fail))
    events = events_of(client.post("/v1/ask", json=QUESTION, headers=AS_EVENTS).text)
    assert [name for name, _ in events] == ["error"]
    assert events[0][1]["code"] == "index_damaged"
    assert client.post("/v1/ask", json=QUESTION).status_code == 503


def test_a_crash_tells_a_request_id_and_nothing_else(
    over_chain: Callable[..., Any],
    scripted_chain: Callable[..., Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def crash(question: str) -> None:
        raise RuntimeError("hunter2")

    client = over_chain(scripted_chain(crash))
    for headers in ({}, AS_EVENTS):
        response = client.post("/v1/ask", json=QUESTION, headers=headers)
        assert "hunter2" not in response.text
        assert "internal_error" in response.text
        assert response.headers["x-request-id"] in response.text
        assert response.headers["x-request-id"] in caplog.text
        assert "hunter2" in caplog.text  # the log has what the reader does not get
        caplog.clear()


def test_search_returns_passages_best_first_with_offsets(reader: Any) -> None:
    response = reader.post("/v1/search", json={**QUESTION, "top_k": 3})
    passages = response.json()["passages"]
    assert 1 <= len(passages) <= 3
    assert [p["score"] for p in passages] == sorted((p["score"] for p in passages), reverse=True)
    for passage in passages:
        document = reader.get(f"/v1/documents/{passage['document_id']}").json()
        assert document["revision"] == passage["revision"]
        assert document["text"][passage["start"] : passage["end"]] == passage["text"]


def test_search_refuses_what_ask_refuses(reader: Any) -> None:
    assert reader.post("/v1/search", json={"question": " "}).status_code == 422
    assert reader.post("/v1/search", json={**QUESTION, "history": []}).status_code == 422
