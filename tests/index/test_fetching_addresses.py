"""No spelling of a forbidden address gets through, whoever spells it."""

from collections.abc import Callable, Sequence
from ipaddress import ip_address, ip_network

import pytest

from eval.hostile.addresses import FORBIDDEN, NOT_FETCHED
from index.errors import FetchError, ForbiddenAddressError, InvalidInputError, InvalidURLError
from index.fetching import Fetcher
from index.fetching.addresses import AddressGuard, kind_of
from index.fetching.urls import parse


def never(host: str) -> Sequence[str]:
    raise AssertionError(f"{host} was looked up")


@pytest.mark.parametrize("url", FORBIDDEN)
def test_an_address_that_is_not_public_is_refused_in_every_spelling(url: str) -> None:
    with Fetcher(resolver=never) as fetcher, pytest.raises(ForbiddenAddressError, match="FETCH__"):
        fetcher.get(url)


@pytest.mark.parametrize("url", NOT_FETCHED, ids=lambda url: ascii(url[:40]))
def test_what_is_no_address_of_a_page_is_refused_before_anything_is_looked_up(url: str) -> None:
    with Fetcher(resolver=never) as fetcher, pytest.raises(InvalidURLError) as caught:
        fetcher.get(url)
    assert caught.value.message.isprintable()
    assert "secret" not in caught.value.message


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        ["93.184.215.14", "10.0.0.7"],
        ["2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::1"],
        ["::ffff:192.168.1.1"],
        ["fe80::1%eth0"],
        ["169.254.169.254"],
    ],
)
def test_a_name_is_refused_when_any_of_its_addresses_is(answers: list[str]) -> None:
    fetcher = Fetcher(resolver=lambda host: answers)
    with pytest.raises(ForbiddenAddressError) as caught:
        fetcher.get("https://innocent.example/")
    assert "innocent.example" in caught.value.message
    assert not any(answer in caught.value.message for answer in answers)


@pytest.mark.parametrize(
    ("resolver", "why"),
    [
        (lambda host: [], "no address is known"),
        (lambda host: ["nonsense"], "no address is known"),
        (lambda host: (_ for _ in ()).throw(OSError("no such name")), "no address is known"),
    ],
)
def test_a_name_without_an_address_cannot_be_found(
    resolver: Callable[[str], Sequence[str]], why: str
) -> None:
    with pytest.raises(FetchError, match=why):
        Fetcher(resolver=resolver).get("http://nowhere.example/")


@pytest.mark.parametrize(
    "public",
    [
        "1.1.1.1",
        "8.8.8.8",
        "93.184.215.14",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.255.255",
        "172.32.0.1",
        "198.17.255.255",
        "198.20.0.1",
        "2606:4700:4700::1111",
        "2a00:1450:4001:830::200e",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
    ],
)
def test_public_addresses_are_let_through(public: str) -> None:
    assert kind_of(ip_address(public)) is None


@pytest.mark.parametrize("text", ["10.0.0.1", "127.0.0.1", "::1", "fd12::1", "::ffff:10.0.0.1"])
def test_the_setting_for_private_addresses_allows_them(text: str) -> None:
    assert AddressGuard(allow_private=True).refusal(ip_address(text)) is None


@pytest.mark.parametrize(
    "text", ["169.254.169.254", "fd00:ec2::254", "169.254.7.7", "224.0.0.1", "::", "fe80::1"]
)
def test_the_setting_for_private_addresses_allows_nothing_else(text: str) -> None:
    assert AddressGuard(allow_private=True).refusal(ip_address(text))


def test_an_allowed_network_is_allowed_alone() -> None:
    guard = AddressGuard(allowed=(ip_network("10.20.0.0/16"),))
    assert guard.refusal(ip_address("10.20.1.2")) is None
    assert guard.refusal(ip_address("::ffff:10.20.1.2")) is None
    assert guard.refusal(ip_address("10.21.1.2"))
    assert guard.refusal(ip_address("127.0.0.1"))


@pytest.mark.parametrize(
    ("given", "usual"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        (" https://example.org:443/a#b ", "https://example.org/a"),
        ("http://example.org:8080?x=1", "http://example.org:8080/?x=1"),
        (
            "http://b\u00fccher.example/\u00fc b?q=\u00f6",
            "http://xn--bcher-kva.example/%C3%BC%20b?q=%C3%B6",
        ),
        ("http://example.org/%c3%bc", "http://example.org/%c3%bc"),
        (
            "http://example.org\\@127.0.0.1:80@example.net/",
            "http://example.org/%5C@127.0.0.1:80@example.net/",
        ),
        ("http://example.org\\@127.0.0.1/", "http://example.org/%5C@127.0.0.1/"),
        ("http://example.org?@127.0.0.1/", "http://example.org/?@127.0.0.1/"),
        ("http://example.org#@127.0.0.1/", "http://example.org/"),
        ("http://[2606:4700:4700:0::1111]:80/", "http://[2606:4700:4700::1111]/"),
        ("http://example.org/\u202egnp\xa0x", "http://example.org/%E2%80%AEgnp%C2%A0x"),
        ("http://0x08.8.010.8/", "http://8.8.8.8/"),
    ],
)
def test_a_url_is_read_in_one_way(given: str, usual: str) -> None:
    assert parse(given).url == usual
    assert parse(usual).url == usual


@pytest.mark.parametrize(
    ("link", "to"),
    [
        ("/b", "http://example.org/b"),
        ("b?c", "http://example.org/a/b?c"),
        ("//other.example/x", "http://other.example/x"),
        ("https://other.example", "https://other.example/"),
    ],
)
def test_a_relative_url_is_resolved(link: str, to: str) -> None:
    assert parse(link, base="http://example.org/a/").url == to


def test_a_bad_address_is_the_callers_mistake() -> None:
    assert issubclass(InvalidURLError, InvalidInputError)
    assert issubclass(ForbiddenAddressError, InvalidInputError)
