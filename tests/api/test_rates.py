"""Limits by key, by session, by address and in all, and on what a model is asked at once."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import anyio.to_thread
import httpx
import pytest
from pydantic import SecretStr, ValidationError

from app.api.application import create_app
from app.rates import block_of
from app.services import Services
from app.settings import Limits, RateSettings, Settings, SettingsError, WidgetSettings

MakeClient = Callable[..., Any]
KEY = "correct-horse-battery"
WITH_KEY = {"authorization": f"Bearer {KEY}"}
OWN = "http://127.0.0.1:8000"
QUESTION = {"question": "Who leads the coalition?"}
HOME, AWAY = "198.51.100.7", "203.0.113.9"


def search(client: Any, **headers: str) -> int:
    return int(client.post("/v1/search", json=QUESTION, headers=headers).status_code)


def wrong(client: Any) -> int:
    return int(client.get("/v1/documents", headers={"authorization": "Bearer x"}).status_code)


def test_the_key_has_a_limit(guarded: MakeClient) -> None:
    client = guarded(api_key=SecretStr(KEY), rates=RateSettings(key_per_minute=2))
    codes = [search(client.at(f"198.51.100.{n}"), **WITH_KEY) for n in range(3)]
    assert codes == [200, 200, 429]
    refused = client.post("/v1/chat/completions", json={}, headers=WITH_KEY)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert client.get("/v1/documents", headers=WITH_KEY).status_code == 200


def test_an_address_has_a_limit_but_not_this_machine(guarded: MakeClient) -> None:
    client = guarded(allow_anonymous=True, rates=RateSettings(address_per_minute=2))
    assert [search(client.at(HOME)) for _ in range(3)] == [200, 200, 429]
    assert search(client.at(AWAY)) == 200
    assert [search(client) for _ in range(4)] == [200] * 4


def test_an_ipv6_network_counts_as_one_address(guarded: MakeClient) -> None:
    client = guarded(allow_anonymous=True, rates=RateSettings(address_per_minute=2))
    codes = [search(client.at(f"2001:db8:0:7::{n:x}")) for n in range(1, 4)]
    assert codes == [200, 200, 429]
    assert search(client.at("2001:db8:0:8::1")) == 200


def test_all_together_have_a_limit(guarded: MakeClient) -> None:
    client = guarded(allow_anonymous=True, rates=RateSettings(all_per_minute=2))
    assert [search(client.at(f"198.51.100.{n}")) for n in range(3)] == [200, 200, 429]
    assert client.get("/healthz").status_code == 200


def test_however_many_sessions_an_address_opens_it_asks_no_more(guarded: MakeClient) -> None:
    client = guarded(widget=WidgetSettings(questions_per_minute=2, address_per_minute=3))
    codes = []
    for _ in range(3):
        opened = client.post("/v1/widget/session", headers={"origin": OWN}).json()
        headers = {"authorization": f"Bearer {opened['token']}", "origin": OWN}
        codes += [client.post("/v1/ask", json=QUESTION, headers=headers).status_code]
        codes += [client.post("/v1/ask", json=QUESTION, headers=headers).status_code]
    assert codes == [200, 200, 200, 429, 429, 429]


def test_other_names_do_not_wash_a_full_count_away(guarded: MakeClient) -> None:
    client = guarded(api_key=SecretStr(KEY), rates=RateSettings(wrong_keys_per_minute=1))
    assert [wrong(client.at(HOME)) for _ in range(2)] == [401, 429]
    for number in range(300):
        wrong(client.at(f"10.0.{number // 250}.{number % 250}"))
    assert wrong(client.at(HOME)) == 429


def test_guessing_the_key_is_slowed_and_a_right_guess_not_told(guarded: MakeClient) -> None:
    client = guarded(api_key=SecretStr(KEY), rates=RateSettings(wrong_keys_per_minute=3))
    codes = [wrong(client.at(HOME)) for _ in range(6)]
    assert codes == [401, 401, 401, 429, 429, 429]
    assert client.at(HOME).get("/v1/documents", headers=WITH_KEY).status_code == 429
    assert client.at(AWAY).get("/v1/documents", headers=WITH_KEY).status_code == 200
    assert client.at(HOME).get("/v1/documents").status_code == 401  # nothing was guessed


# Proxies


def test_no_forwarded_address_is_believed_unless_the_proxy_is_named(guarded: MakeClient) -> None:
    rates = RateSettings(address_per_minute=1)
    client = guarded(allow_anonymous=True, rates=rates)
    codes = [search(client.at(HOME), **{"x-forwarded-for": f"192.0.2.{n}"}) for n in range(2)]
    assert codes == [200, 429]
    named = guarded(allow_anonymous=True, rates=rates, trusted_proxies=("198.51.100.0/24",))
    codes = [search(named.at(HOME), **{"x-forwarded-for": f"192.0.2.{n}"}) for n in range(2)]
    assert codes == [200, 200]
    # What a client wrote itself stands left of what the proxy added.
    forged = [f"10.9.9.{n}, 192.0.2.9" for n in range(2)]
    assert [search(named.at(HOME), **{"x-forwarded-for": each}) for each in forged] == [200, 429]
    assert [search(named.at(AWAY), **{"x-forwarded-for": each}) for each in forged] == [200, 429]


def test_a_server_believes_no_header_from_loopback(
    services: Services, serving: Callable[[Services], AbstractContextManager[httpx.Client]]
) -> None:
    settings = services.settings.model_copy(update={"rates": RateSettings(address_per_minute=1)})
    with serving(replace(services, settings=settings)) as client:
        codes = [search(client, **{"x-forwarded-for": "192.0.2.1"}) for _ in range(3)]
    assert codes == [200] * 3  # seen as 192.0.2.1, it would have been limited


@pytest.mark.parametrize("value", ["proxy.example", "10.0.0.1/8"])
def test_what_is_no_network_is_refused_as_a_setting(value: str) -> None:
    with pytest.raises(ValidationError, match="write a network"):
        Settings(_env_file=None, trusted_proxies=(value,))


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("x" * 200, "x" * 100),
    ],
)
def test_what_an_address_is_counted_as(address: str, block: str) -> None:
    assert block_of(address) == block


def test_a_store_that_cannot_be_used_stops_the_start(services: Services) -> None:
    rates = RateSettings(storage_url=SecretStr("nonsense://x"))
    settings = services.settings.model_copy(update={"rates": rates})
    with pytest.raises(SettingsError, match="FOOTNOTE_RATES__STORAGE_URL"):
        create_app(replace(services, settings=settings))


# What a model is asked at once


async def finished(tasks: Sequence["asyncio.Task[Any]"], count: int) -> None:
    """Wait until so many are done."""
    left: set[asyncio.Task[Any]] = set(tasks)
    while len(left) > len(tasks) - count:
        _, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)


def test_three_hundred_questions_at_once_make_no_more_calls_than_may_be(
    services: Services,
    serving: Callable[[Services], AbstractContextManager[httpx.Client]],
    scripted_chain: Callable[..., Any],
) -> None:
    go_on, lock = threading.Event(), threading.Lock()
    calls = most = 0

    class Chain(scripted_chain):  # type: ignore[misc]  # the fixture is a class
        writer = object()  # a model is asked

        async def aask(self, request: Any, in_thread: Any) -> Any:
            nonlocal calls, most
            with lock:
                calls += 1
                most = max(most, calls)
            await anyio.to_thread.run_sync(go_on.wait)
            with lock:
                calls -= 1
            return await super().aask(request, in_thread)

    limits = Limits(model_questions=5, waiting_model_questions=10)
    settings = services.settings.model_copy(update={"limits": limits})
    bounded = replace(services, settings=settings, chain=Chain())

    async def ask_all(url: httpx.URL) -> list[httpx.Response]:
        free = httpx.Limits(max_connections=300)
        async with httpx.AsyncClient(base_url=url, timeout=60, limits=free) as client:
            tasks = [asyncio.create_task(client.post("/v1/ask", json=QUESTION)) for _ in range(300)]
            await finished(tasks, 285)
            stream = await client.post(
                "/v1/ask", json=QUESTION, headers={"accept": "text/event-stream"}
            )
            assert stream.status_code == 429  # said before a stream begins
            go_on.set()
            return await asyncio.gather(*tasks)

    with serving(bounded) as client:
        answers = asyncio.run(ask_all(client.base_url))
    codes = [answer.status_code for answer in answers]
    assert most == 5
    assert (codes.count(200), codes.count(429)) == (15, 285)
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["code"] == "busy"
    assert int(refused.headers["retry-after"]) >= 1


def test_questions_that_wait_for_a_thread_are_bounded_too(
    services: Services,
    serving: Callable[[Services], AbstractContextManager[httpx.Client]],
    scripted_chain: Callable[..., Any],
) -> None:
    go_on = threading.Event()
    limits = Limits(concurrent_questions=1, waiting_questions=2)
    settings = services.settings.model_copy(update={"limits": limits})
    chain = scripted_chain(lambda question: go_on.wait(20))

    async def ask_all(url: httpx.URL) -> list[int]:
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            tasks = [asyncio.create_task(client.post("/v1/ask", json=QUESTION)) for _ in range(8)]
            await finished(tasks, 5)
            go_on.set()
            return sorted(answer.status_code for answer in await asyncio.gather(*tasks))

    with serving(replace(services, settings=settings, chain=chain)) as client:
        assert asyncio.run(ask_all(client.base_url)) == [200] * 3 + [429] * 5
