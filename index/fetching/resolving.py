"""Asks once for the addresses of a host, and lets through only a host all of whose are allowed.

What comes out is what is connected to: nothing asks again, so a name that means one address while
it is checked and another while it is used gains nothing.
"""

import socket
import threading
from collections.abc import Callable, Sequence
from typing import TypeAlias

from index.errors import FetchError, ForbiddenAddressError
from index.fetching.addresses import ALLOWABLE, Address, AddressGuard, parsed

Resolver: TypeAlias = Callable[[str], Sequence[str]]
"""Returns the addresses of a host name, as text; raises OSError when there are none."""

_MOST_ADDRESSES = 64


def system_resolver(host: str) -> list[str]:
    """Return the addresses that this machine's resolver has for a host, best first."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def allowed_addresses(
    host: str, literal: Address | None, *, guard: AddressGuard, resolver: Resolver, wait_s: float
) -> list[Address]:
    """Return the addresses to connect to for a host; ``literal`` is the host if it is an address.

    Raises:
        ForbiddenAddressError: one of them is not fetched from.
        FetchError: the host is unknown, or nobody answered within ``wait_s`` seconds.
    """
    addresses = [literal] if literal is not None else _addresses(host, resolver, wait_s)
    for address in addresses:
        if kind := guard.refusal(address):
            raise ForbiddenAddressError(_refusal(host, kind, is_name=literal is None))
    return addresses


def _refusal(host: str, kind: str, *, is_name: bool) -> str:
    # The address that a name has inside the own network is not told to whoever asks.
    what = f"{host} has {kind} address" if is_name else f"{host} is {kind} address"
    if kind in ALLOWABLE:
        return (
            f"{what}, which is not fetched from; FOOTNOTE_FETCH__ALLOWED_NETWORKS allows its "
            "network, FOOTNOTE_FETCH__ALLOW_PRIVATE=true all private and loopback ones"
        )
    return f"{what}, which is not fetched from; FOOTNOTE_FETCH__ALLOWED_NETWORKS can allow it"


def _addresses(host: str, resolver: Resolver, wait_s: float) -> list[Address]:
    if host == "localhost" or host.endswith(".localhost"):
        return [parsed("127.0.0.1"), parsed("::1")]  # https://www.rfc-editor.org/rfc/rfc6761
    try:
        answers = _within(wait_s, resolver, host)
        addresses = [parsed(answer) for answer in answers[:_MOST_ADDRESSES]]
    except (OSError, UnicodeError, ValueError):
        addresses = []
    if not addresses:
        raise FetchError(f"{host} cannot be found: no address is known for it")
    return addresses


def _within(wait_s: float, resolver: Resolver, host: str) -> Sequence[str]:
    """Return a resolver's answer, in time: the system's own has no time limit to set."""
    answers: list[Sequence[str]] = []
    errors: list[Exception] = []

    def ask() -> None:
        try:
            answers.append(resolver(host))
        except Exception as error:  # noqa: BLE001  # raised again by whoever waits
            errors.append(error)

    # A daemon, so that a resolver that never answers holds up neither us nor the program's end.
    asking = threading.Thread(target=ask, name="footnote-resolve", daemon=True)
    asking.start()
    asking.join(wait_s)
    if errors:
        raise errors[0]
    if not answers:
        raise FetchError(f"{host} cannot be found: no answer within {wait_s:.0f} seconds")
    return answers[0]
