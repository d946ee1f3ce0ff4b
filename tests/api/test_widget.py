"""Sessions, origins and document pages, without a browser."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from app.sessions import Sessions
from app.settings import WidgetSettings

MakeClient = Callable[..., Any]
OWN = "http://127.0.0.1:8000"
LISTED = "https://www.example.org"
OTHER = "https://evil.example"
KEY = "correct-horse-battery"
SESSION = "/v1/widget/session"
DOCUMENT = "/documents/first-phase-complete"


@pytest.fixture
def listed(guarded: MakeClient) -> Any:
    """A service with a key and an origin on its list."""
    return guarded(api_key=SecretStr(KEY), widget=WidgetSettings(origins=(LISTED,)))


def token(client: Any, origin: str = LISTED) -> str:
    return str(client.post(SESSION, headers={"origin": origin}).json()["token"])


def bearer(value: str, origin: str | None = LISTED) -> dict[str, str]:
    headers = {"authorization": f"Bearer {value}"}
    return headers if origin is None else {**headers, "origin": origin}


def ask(client: Any, headers: dict[str, str]) -> Any:
    return client.post("/v1/ask", json={"question": "Who leads the coalition?"}, headers=headers)


# Sessions


def test_a_listed_origin_gets_a_session_and_asks_with_it(listed: Any) -> None:
    opened = listed.post(SESSION, headers={"origin": LISTED, "sec-fetch-site": "cross-site"})
    assert opened.status_code == 200
    assert opened.headers["access-control-allow-origin"] == LISTED
    assert "Origin" in opened.headers["vary"]
    assert opened.json()["expires_in"] == 3600
    answered = ask(listed, {**bearer(opened.json()["token"]), "sec-fetch-site": "cross-site"})
    assert answered.status_code == 200
    assert answered.headers["access-control-allow-origin"] == LISTED


@pytest.mark.parametrize("origin", [OTHER, "null", "", f"{LISTED}.evil.example", "file://"])
def test_other_origins_get_none(listed: Any, origin: str) -> None:
    refused = listed.post(SESSION, headers={"origin": origin})
    assert refused.status_code == 403
    assert "FOOTNOTE_WIDGET__ORIGINS" in refused.json()["detail"]
    assert "access-control-allow-origin" not in refused.headers


def test_an_empty_list_means_this_host_only(guarded: MakeClient) -> None:
    client = guarded()
    assert client.post(SESSION, headers={"origin": OWN}).status_code == 200
    assert client.post(SESSION, headers={"origin": LISTED}).status_code == 403
    assert client.post(SESSION).status_code == 403


def test_a_name_that_only_the_request_claims_is_not_this_host(guarded: MakeClient) -> None:
    headers = {"origin": "http://evil.example", "host": "evil.example"}
    anyone = {"host": "0.0.0.0", "allow_anonymous": True}  # noqa: S104 - nothing is bound here
    assert guarded(**anyone).post(SESSION, headers=headers).status_code == 421
    named = guarded(**anyone, allowed_hosts=("evil.example",))
    assert named.post(SESSION, headers=headers).status_code == 200
    for host in ("192.168.1.5:8000", "[::1]:8000", "localhost"):
        own = {"origin": f"http://{host}", "host": host}
        assert guarded(**anyone).post(SESSION, headers=own).status_code == 200


def test_the_widget_can_be_switched_off(guarded: MakeClient) -> None:
    client = guarded(widget=WidgetSettings(enabled=False))
    assert client.post(SESSION, headers={"origin": OWN}).status_code == 403


def test_a_session_is_for_pages_of_its_origin(listed: Any) -> None:
    assert ask(listed, bearer(token(listed), origin=OTHER)).status_code == 401
    assert ask(listed, bearer(token(listed), origin=None)).status_code == 401


@pytest.mark.parametrize(
    "change", [lambda t: t[:-2], lambda t: t[:8] + "A" + t[9:], lambda t: "fnw_", lambda t: "fnw_é"]
)
def test_a_forged_session_is_refused(listed: Any, change: Callable[[str], str]) -> None:
    headers = {"authorization": f"Bearer {change(token(listed))}".encode("latin-1")}
    refused = listed.post(
        "/v1/ask", json={"question": "Who?"}, headers={**headers, "origin": LISTED}
    )
    assert refused.status_code == 401
    assert refused.json()["code"] == "unauthorized"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/documents"),
        ("POST", "/v1/documents"),
        ("DELETE", "/v1/documents/first-phase-complete"),
        ("GET", "/v1/jobs"),
        ("GET", "/v1/feedback"),
        ("POST", "/v1/search"),
        ("GET", "/openapi.json"),
    ],
)
def test_a_session_opens_nothing_but_the_widgets_own_paths(
    listed: Any, method: str, path: str
) -> None:
    answer = listed.request(method, path, headers=bearer(token(listed)))
    assert answer.status_code in (401, 403)


def test_a_session_ends(guarded: MakeClient) -> None:
    sessions = Sessions(b"k" * 32, seconds=60)
    late = Sessions(b"k" * 32, seconds=60, clock=lambda: time.time() + 61)
    opened = sessions.open(LISTED)
    assert sessions.read(opened, "ask") is not None
    assert sessions.read(opened, "pages") is None
    assert late.read(opened, "ask") is None
    assert Sessions(b"x" * 32, seconds=60).read(opened, "ask") is None


def test_sessions_outlive_a_restart_of_the_service(guarded: MakeClient) -> None:
    opened = token(guarded(), OWN)
    assert ask(guarded(), bearer(opened, OWN)).status_code == 200


# Rates


def test_a_session_may_ask_so_often_a_minute(guarded: MakeClient) -> None:
    client = guarded(widget=WidgetSettings(questions_per_minute=2))
    headers = bearer(token(client, OWN), OWN)
    assert [ask(client, headers).status_code for _ in range(3)] == [200, 200, 429]
    refused = ask(client, headers)
    assert refused.json()["code"] == "rate_limited"
    assert refused.json()["retryable"] is True
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert ask(client, bearer(token(client, OWN), OWN)).status_code == 200


def test_an_address_may_open_so_many_sessions_a_minute(guarded: MakeClient) -> None:
    client = guarded(widget=WidgetSettings(sessions_per_minute=1))
    codes = [client.post(SESSION, headers={"origin": OWN}).status_code for _ in range(2)]
    assert codes == [200, 429]


# Across origins


def test_a_preflight_is_answered_for_the_list_only(listed: Any) -> None:
    wanted = {
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
    }
    allowed = listed.request("OPTIONS", "/v1/ask", headers={"origin": LISTED, **wanted})
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == LISTED
    refused = listed.request("OPTIONS", "/v1/ask", headers={"origin": OTHER, **wanted})
    assert refused.status_code == 400
    assert "access-control-allow-origin" not in refused.headers
    documents = listed.request("OPTIONS", "/v1/documents", headers={"origin": LISTED, **wanted})
    assert "access-control-allow-origin" not in documents.headers


@pytest.mark.parametrize("path", ["/widget.js", "/widget/element.js"])
def test_scripts_are_shared_with_the_list_only(listed: Any, path: str) -> None:
    assert (
        listed.get(path, headers={"origin": LISTED}).headers["access-control-allow-origin"]
        == LISTED
    )
    for headers in ({"origin": OTHER}, {}):
        answer = listed.get(path, headers=headers)
        assert "access-control-allow-origin" not in answer.headers
        assert "Origin" in answer.headers["vary"]


def test_no_origin_asks_without_a_session_even_when_it_is_listed(guarded: MakeClient) -> None:
    client = guarded(widget=WidgetSettings(origins=(LISTED,)))
    refused = ask(client, {"origin": LISTED, "sec-fetch-site": "cross-site"})
    assert refused.status_code == 403


@pytest.mark.parametrize(
    "origin", ["*", "www.example.org", "https://a.example/path", "https://A.b"]
)
def test_what_is_no_origin_is_refused_as_a_setting(origin: str) -> None:
    with pytest.raises(ValidationError, match="is not an origin"):
        WidgetSettings(origins=(origin,))


# Files


def test_a_script_is_packed_and_kept_by_the_browser(reader: Any) -> None:
    first = reader.get("/widget/answer.js", headers={"accept-encoding": "gzip"})
    assert first.headers["content-encoding"] == "gzip"
    assert first.headers["content-type"].startswith("text/javascript")
    again = reader.get("/widget/answer.js", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    ["/widget/none.js", "/widget/tsconfig.json", "/widget/..%2fwidget.js", "/pages/base.html"],
)
def test_only_browser_files_are_served(reader: Any, path: str) -> None:
    assert reader.get(path).status_code == 404


# Document pages


def test_without_a_key_document_pages_are_open(reader: Any) -> None:
    page = reader.get(f"{DOCUMENT}?start=10&end=20")
    assert page.status_code == 200
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert '<mark class="quote" id="quote">' in page.text


def test_with_a_key_a_document_page_wants_access_once_in_the_link_then_a_cookie(
    guarded: MakeClient,
) -> None:
    whole = WidgetSettings(origins=(LISTED,), whole_documents=True)
    listed = guarded(api_key=SecretStr(KEY), widget=whole)
    closed = listed.get(DOCUMENT)
    assert closed.status_code == 401
    assert "Syria" not in closed.text
    access = listed.post(SESSION, headers={"origin": LISTED}).json()["pages"]
    moved = listed.get(f"{DOCUMENT}?start=1&end=9&access={access}")
    assert moved.status_code == 303
    assert moved.headers["location"] == f"{DOCUMENT}?start=1&end=9"
    cookie = moved.headers["set-cookie"]
    for part in ("HttpOnly", "Path=/documents", "SameSite=lax", "Max-Age=3600"):
        assert part in cookie
    page = listed.get(DOCUMENT, headers={"cookie": cookie.partition(";")[0]})
    assert page.status_code == 200


def test_the_two_tokens_do_not_stand_in_for_each_other(listed: Any) -> None:
    both = listed.post(SESSION, headers={"origin": LISTED}).json()
    assert listed.get(f"{DOCUMENT}?access={both['token']}").status_code == 401
    assert ask(listed, bearer(both["pages"])).status_code == 401
    assert (
        listed.get("/v1/documents", headers={"cookie": f"footnote_pages={both['pages']}"})
    ).status_code == 401


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("?start=0&end=99999999", 200, "names a passage that this text does not have"),
        ("?start=5&end=5", 200, "names a passage"),
        ("?start=-1&end=x&mark=a&mark=9-1", 200, ""),
        (f"?revision={'0' * 64}", 404, "This revision is not kept"),
    ],
)
def test_a_link_that_is_wrong_still_gets_a_page(
    reader: Any, query: str, status: int, says: str
) -> None:
    page = reader.get(DOCUMENT + query)
    assert page.status_code == status
    assert says in page.text


def test_an_unknown_document_gets_a_page(reader: Any) -> None:
    page = reader.get("/documents/none")
    assert page.status_code == 404
    assert "This document is not here" in page.text


# Examples


def test_examples_are_questions_that_the_documents_answer(reader: Any) -> None:
    questions = reader.get("/v1/examples").json()["questions"]
    assert 3 <= len(questions) <= 6
    assert all(question.endswith("?") for question in questions)
    for question in questions:
        answer = reader.post("/v1/ask", json={"question": question}).json()
        assert answer["status"] == "answered"
