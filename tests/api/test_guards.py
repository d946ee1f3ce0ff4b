import base64
import logging
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr

from app.api.exposure import check_exposure
from app.settings import Settings, SettingsError

MakeClient = Callable[..., Any]
KEY = "correct-horse-battery"
DOCUMENTS = "/v1/documents"
EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - nothing is bound here


def settings_with(**values: object) -> Settings:
    return Settings(_env_file=None, **values)


# Starting


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.3.2.1"])
def test_loopback_is_served_without_a_key(host: str) -> None:
    check_exposure(host, settings_with())


@pytest.mark.parametrize("host", [EVERY_ADDRESS, "::", "", "192.168.1.5", "footnote.example"])
def test_other_addresses_are_not_served_and_the_three_ways_out_are_named(host: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        check_exposure(host, settings_with())
    for way in ("127.0.0.1", "FOOTNOTE_API_KEY", "FOOTNOTE_ALLOW_ANONYMOUS=true"):
        assert way in refusal.value.message


@pytest.mark.parametrize("values", [{"api_key": KEY}, {"allow_anonymous": True}])
def test_other_addresses_are_served_with_a_key_or_the_wish(values: dict[str, object]) -> None:
    check_exposure(EVERY_ADDRESS, settings_with(**values))


def test_a_blank_key_is_no_key() -> None:
    with pytest.raises(SettingsError):
        check_exposure(EVERY_ADDRESS, settings_with(api_key=" "))


# Hosts and origins


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000", "LOCALHOST"])
def test_loopback_names_are_ours(guarded: MakeClient, host: str) -> None:
    assert guarded().get(DOCUMENTS, headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "192.168.1.5", "localhost.evil.example"]
)
def test_a_rebound_name_is_refused(guarded: MakeClient, host: str) -> None:
    response = guarded().get(DOCUMENTS, headers={"host": host})
    assert response.status_code == 421
    assert response.json()["code"] == "host_not_allowed"
    assert "FOOTNOTE_ALLOWED_HOSTS" in response.json()["detail"]


def test_hosts_can_be_allowed(guarded: MakeClient) -> None:
    client = guarded(allowed_hosts=("docs.example",))
    assert client.get(DOCUMENTS, headers={"host": "docs.example:8000"}).status_code == 200
    assert client.get(DOCUMENTS, headers={"host": "other.example"}).status_code == 421
    anyone = guarded(allowed_hosts=("*",))
    assert anyone.get(DOCUMENTS, headers={"host": "other.example"}).status_code == 200


def test_on_every_address_an_address_is_a_fine_host_but_a_name_is_not(guarded: MakeClient) -> None:
    client = guarded(host=EVERY_ADDRESS, allow_anonymous=True)
    assert client.get(DOCUMENTS, headers={"host": "192.168.1.5:8000"}).status_code == 200
    assert client.get(DOCUMENTS, headers={"host": "evil.example"}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/ask"), ("DELETE", f"{DOCUMENTS}/x")])
def test_writes_from_other_origins_are_refused(
    guarded: MakeClient, method: str, path: str, headers: dict[str, str]
) -> None:
    response = guarded().request(method, path, headers=headers)
    assert response.status_code == 403
    assert response.json()["code"] == "cross_origin"


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "http://127.0.0.1:8000"}, {"sec-fetch-site": "same-origin"}],
)
def test_writes_from_our_own_pages_and_from_programs_pass(
    guarded: MakeClient, headers: dict[str, str]
) -> None:
    response = guarded().delete(f"{DOCUMENTS}/no-such-document", headers=headers)
    assert response.json()["code"] == "not_found"


# The key


def keyed(guarded: MakeClient) -> Any:
    return guarded(api_key=SecretStr(KEY))


@pytest.mark.parametrize("path", [DOCUMENTS, "/v1/jobs", "/docs", "/openapi.json", "/nothing"])
def test_without_the_key_nothing_is_served(guarded: MakeClient, path: str) -> None:
    response = keyed(guarded).get(path)
    assert response.status_code == 401
    assert response.json()["code"] == "unauthorized"
    assert "Bearer" in response.headers["www-authenticate"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_needs_no_key_and_no_known_host(guarded: MakeClient, path: str) -> None:
    assert keyed(guarded).get(path, headers={"host": "10.0.0.7"}).status_code == 200


@pytest.mark.parametrize(
    "header",
    ["Bearer wrong", "Bearer", "Bearer ", f"Basic {KEY}", KEY, f"Token {KEY}", f"Bearer {KEY}x"],
)
def test_a_wrong_key_is_refused(guarded: MakeClient, header: str) -> None:
    response = keyed(guarded).get(DOCUMENTS, headers={"authorization": header})
    assert response.status_code == 401
    assert 'error="invalid_token"' in response.headers["www-authenticate"]
    assert KEY not in response.text


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_the_key_opens(guarded: MakeClient, scheme: str) -> None:
    response = keyed(guarded).get(DOCUMENTS, headers={"authorization": f"{scheme} {KEY}"})
    assert response.status_code == 200


def test_with_a_key_any_host_name_is_served(guarded: MakeClient) -> None:
    headers = {"authorization": f"Bearer {KEY}", "host": "footnote.example"}
    assert keyed(guarded).get(DOCUMENTS, headers=headers).status_code == 200


def test_a_browser_can_open_the_docs_with_the_key_as_password_and_nothing_else(
    guarded: MakeClient,
) -> None:
    password = base64.b64encode(f"me:{KEY}".encode()).decode()
    headers = {"authorization": f"Basic {password}"}
    client = keyed(guarded)
    assert client.get("/docs", headers=headers).status_code == 200
    assert client.get("/docs/docs.js", headers=headers).status_code == 200
    assert client.get(DOCUMENTS, headers=headers).status_code == 401
    assert client.delete(f"{DOCUMENTS}/x", headers=headers).status_code == 401


# What every answer carries


def test_every_answer_has_a_request_id_and_security_headers(reader: Any) -> None:
    for path in ("/healthz", DOCUMENTS, "/v1/nothing", "/docs"):
        headers = reader.get(path).headers
        assert len(headers["x-request-id"]) == 16
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-frame-options"] == "DENY"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "access-control-allow-origin" not in headers


def test_a_given_request_id_is_kept_when_harmless(reader: Any) -> None:
    kept = reader.get("/v1/nothing", headers={"x-request-id": "trace-7.b"})
    assert kept.headers["x-request-id"] == "trace-7.b"
    assert kept.json()["request_id"] == "trace-7.b"
    for hostile in ("a b", "x" * 65, "é"):
        response = reader.get("/healthz", headers={"x-request-id": hostile.encode("latin-1")})
        assert response.headers["x-request-id"] != hostile


def test_health_is_logged_for_debugging_only(reader: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "footnote.access"):
        reader.get("/healthz")
        assert not caplog.records
        reader.get("/v1/nothing")
        assert "GET /v1/nothing 404" in caplog.text


def test_the_access_log_has_no_query_no_key_and_no_line_break(
    guarded: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        keyed(guarded).get(
            "/v1/x%0Aforged?question=private", headers={"authorization": "Bearer hunter2"}
        )
    record = next(r for r in caplog.records if r.name == "footnote.access")
    assert record.__dict__["http_status"] == 401
    assert record.__dict__["http_path"] == "/v1/x%0Aforged"
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("footnote"))
    assert "private" not in ours
    assert "hunter2" not in ours
    assert KEY not in ours
    assert "\n" not in record.getMessage()
