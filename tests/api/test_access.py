"""What each kind of caller may do, where a key is set: the key protects reading too."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr

from app.settings import WidgetSettings

MakeClient = Callable[..., Any]
OWN = "http://127.0.0.1:8000"
LISTED = "https://www.example.org"
KEY = "correct-horse-battery"
SESSION = "/v1/widget/session"
DOCUMENT = "/documents/first-phase-complete"
QUESTION = {"question": "When does the Syria phase end?"}
WITH_KEY = {"authorization": f"Bearer {KEY}"}


def keyed(guarded: MakeClient, *origins: str, **widget: Any) -> Any:
    """A service with a key; the chat may be embedded in pages of the origins, if there are any."""
    return guarded(api_key=SecretStr(KEY), widget=WidgetSettings(origins=origins, **widget))


def session(client: Any, **headers: str) -> Any:
    return client.post(SESSION, headers={"origin": LISTED, **headers})


def as_session(client: Any) -> dict[str, str]:
    return {"authorization": f"Bearer {session(client).json()['token']}", "origin": LISTED}


# Who gets a session


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "192.168.1.5", "[::1]"])
@pytest.mark.parametrize("origins", [(), (LISTED,)])
def test_with_a_key_no_host_name_gives_a_session_to_whoever_asks(
    guarded: MakeClient, host: str, origins: tuple[str, ...]
) -> None:
    client = keyed(guarded, *origins)
    refused = client.post(SESSION, headers={"origin": f"http://{host}", "host": host})
    assert refused.status_code == 401
    assert "FOOTNOTE_WIDGET__ORIGINS" in refused.json()["detail"]
    assert "token" not in refused.text


def test_the_holder_of_the_key_opens_a_session_for_pages_of_this_host(guarded: MakeClient) -> None:
    opened = keyed(guarded).post(SESSION, headers={"origin": OWN, **WITH_KEY})
    assert opened.status_code == 200
    wrong = {"origin": OWN, "authorization": "Bearer wrong"}
    assert keyed(guarded).post(SESSION, headers=wrong).status_code == 401
    foreign = {"origin": "https://evil.example", **WITH_KEY}
    assert keyed(guarded).post(SESSION, headers=foreign).status_code == 403


# What a session may ask


@pytest.mark.parametrize(
    "more",
    [
        {"top_k": 50},
        {"filters": {"document_ids": ["first-phase-complete"]}},
        {"filters": {"published_from": "2024-01-01"}},
    ],
)
def test_a_session_does_not_choose_what_is_searched(
    guarded: MakeClient, more: dict[str, Any]
) -> None:
    client = keyed(guarded, LISTED)
    refused = client.post("/v1/ask", json={**QUESTION, **more}, headers=as_session(client))
    assert refused.status_code == 403
    assert refused.json()["code"] == "not_allowed"
    assert "citations" not in refused.json()
    assert client.post("/v1/ask", json=QUESTION, headers=as_session(client)).status_code == 200
    assert client.post("/v1/ask", json={**QUESTION, **more}, headers=WITH_KEY).status_code == 200


# What a session may read


def cited(client: Any, **headers: str) -> Any:
    answer = client.post("/v1/ask", json=QUESTION, headers={**as_session(client), **headers})
    if headers:
        return answer
    return answer.json()["citations"][0]


def link(citation: dict[str, Any], access: str, **changes: Any) -> str:
    place = {name: citation[name] for name in ("revision", "start", "end")} | changes
    query = "&".join(f"{name}={value}" for name, value in place.items())
    return f"/documents/{citation['document_id']}?{query}&access={access}"


def opened(client: Any, path: str) -> Any:
    """Follow the redirect that puts the access of a link into a cookie."""
    moved = client.get(path)
    if moved.status_code != 303:
        return moved
    cookie = moved.headers["set-cookie"].partition(";")[0]
    return client.get(moved.headers["location"], headers={"cookie": cookie})


def test_a_citation_shows_its_quote_with_some_sentences_and_not_the_document(
    guarded: MakeClient, sample_services: Any
) -> None:
    client = keyed(guarded, LISTED)
    access = session(client).json()["pages"]
    citation = cited(client)
    page = opened(client, link(citation, access))
    text = sample_services.library.revision(citation["document_id"]).text
    assert page.status_code == 200
    assert '<mark class="quote" id="quote">' in page.text
    sentences = [line for line in text.split("\n\n") if len(line) > 40 and "#" not in line]
    shown = [line for line in sentences if line in page.text.replace("&#39;", "'")]
    assert len(shown) < len(sentences) / 2
    assert "The whole document is not shown here" in page.text


def test_a_span_that_no_answer_cited_is_not_shown(guarded: MakeClient) -> None:
    client = keyed(guarded, LISTED)
    access = session(client).json()["pages"]
    citation = cited(client)
    elsewhere = link(citation, access, start=0, end=5000)
    shifted = link(citation, access, start=citation["start"] + 40, end=citation["end"] + 400)
    bare = f"/documents/{citation['document_id']}?access={access}"
    for path in (elsewhere, shifted, bare):
        page = opened(client, path)
        assert page.status_code == 403
        assert "<article" not in page.text
        assert citation["quote"] not in page.text


def test_quotes_of_a_stream_open_too(guarded: MakeClient) -> None:
    client = keyed(guarded, LISTED)
    access = session(client).json()["pages"]
    stream = cited(client, accept="text/event-stream").text
    done = json.loads(stream.split("event: done\ndata: ")[1].split("\n")[0])
    assert opened(client, link(done["citations"][0], access)).status_code == 200


def test_a_setting_lets_sessions_read_whole_documents(guarded: MakeClient) -> None:
    client = keyed(guarded, LISTED, whole_documents=True)
    access = session(client).json()["pages"]
    assert "Syria" in opened(client, f"{DOCUMENT}?access={access}").text


def test_the_holder_of_the_key_reads_whole_documents(guarded: MakeClient) -> None:
    client = keyed(guarded)
    access = client.post(SESSION, headers={"origin": OWN, **WITH_KEY}).json()["pages"]
    page = opened(client, f"{DOCUMENT}?access={access}")
    assert page.status_code == 200
    assert "The whole document is not shown here" not in page.text
