"""Which network addresses may be fetched from. Knows no names, no URLs and no sockets.

The kinds follow the IANA special-purpose registries rather than ``ipaddress``'s own properties,
which differ between Python releases:
https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry.
"""

from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

PRIVATE = "a private"
LOOPBACK = "a loopback"
ALLOWABLE = (PRIVATE, LOOPBACK)
"""The kinds that may be allowed as a whole: the own machine and the own network."""

_METADATA = "a cloud provider's internal"
_RESERVED = "a reserved"
_KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    # First, because some of these lie in ranges of other kinds, or among public addresses.
    (
        _METADATA,
        (
            "169.254.169.254/32",
            "169.254.170.2/32",
            "100.100.100.200/32",
            "168.63.129.16/32",
            "192.0.0.192/32",
            "fd00:ec2::/32",
            "fd20:ce::254/128",
        ),
    ),
    (LOOPBACK, ("127.0.0.0/8", "::1/128")),
    (
        PRIVATE,
        (
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10",  # between a provider and its customers
            "198.18.0.0/15",  # benchmarks, and what some VPNs answer for every name
            "fc00::/7",
            "fec0::/10",
            "64:ff9b:1::/48",  # translation to IPv4 inside one network
        ),
    ),
    ("a link-local", ("169.254.0.0/16", "fe80::/10")),
    ("a multicast", ("224.0.0.0/4", "ff00::/8")),
    ("an unspecified", ("0.0.0.0/8", "::/128")),
    (
        _RESERVED,
        (
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "240.0.0.0/4",
            "2001::/23",  # Teredo among them
            "2001:db8::/32",
            "2002::/16",  # 6to4
            "3fff::/20",
        ),
    ),
)
_NETWORKS = tuple((kind, tuple(ip_network(text) for text in networks)) for kind, networks in _KINDS)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_V4_IN_V6 = tuple(
    IPv6Network(text) for text in ("::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96")
)
_COMPATIBLE = IPv6Network("::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)


def kind_of(address: Address) -> str | None:
    """Return what makes an address one not to fetch from, with its article; None if it is public.

    An IPv6 address that carries an IPv4 address to which it is translated is of that one's kind.
    """
    for kind, networks in _NETWORKS:
        if any(address.version == network.version and address in network for network in networks):
            return kind
    if isinstance(address, IPv4Address):
        return None
    value = int(address)
    if any(address in network for network in _V4_IN_V6):
        return kind_of(IPv4Address(value & 0xFFFFFFFF))
    if address in _COMPATIBLE:
        return kind_of(IPv4Address(value & 0xFFFFFFFF)) or _RESERVED
    if (value >> 32) & 0xFFFFFFFF in _ISATAP:
        return kind_of(IPv4Address(value & 0xFFFFFFFF))
    return None if address in _GLOBAL_UNICAST else _RESERVED


@dataclass(frozen=True, slots=True)
class AddressGuard:
    """Decides about addresses: public ones, and what a setting allows besides.

    Args:
        allow_private: loopback and private addresses too, but never those by which a machine is
            administered (link-local, a cloud's internal ones) and never multicast or reserved ones.
        allowed: networks that are allowed whatever they are.
    """

    allow_private: bool = False
    allowed: tuple[Network, ...] = ()

    def refusal(self, address: Address) -> str | None:
        """Return what kind of address it is that is not fetched from; None when it may be."""
        kind = kind_of(address)
        if kind is None or (self.allow_private and kind in ALLOWABLE):
            return None
        plain = _unmapped(address)
        if any(plain.version == network.version and plain in network for network in self.allowed):
            return None
        return kind


def parsed(text: str) -> Address:
    """Return the address that a resolver's answer spells.

    Raises:
        ValueError: it is not an address.
    """
    return ip_address(text.partition("%")[0])


def _unmapped(address: Address) -> Address:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
