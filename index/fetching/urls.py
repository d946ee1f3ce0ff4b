"""Reads a URL the one way that everything after it goes by: scheme, host, port, path.

A host that is an address in any spelling becomes that address here, so that no later part can read
it in another way. What cannot be meant for a web page is refused. Looks nothing up.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, urljoin

from index.errors import InvalidURLError
from index.fetching.addresses import Address

MOST_CHARACTERS = 4096

_FORM = re.compile(r"(?P<scheme>https?)://(?P<authority>[^/?#\\]*)(?P<rest>[^#]*)", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_AUTHORITY = re.compile(r"(?:\[(?P<v6>[^\[\]]*)\]|(?P<name>[^\[\]:@]+))(?::(?P<port>[0-9]{0,5}))?")
_NOWHERE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_KEPT = "/?:@!$&'()*+,;=-._~%[]|"
"""What stands in paths and queries as it is; all else is percent-encoded."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes. ``host`` is a name in ASCII, lower case, or an address's usual form."""

    scheme: str
    host: str
    port: int
    path: str
    address: Address | None = None

    @property
    def authority(self) -> str:
        """The host, with the port where it is not the scheme's own: the Host header."""
        host = f"[{self.host}]" if isinstance(self.address, IPv6Address) else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """The URL without its path."""
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        """The URL, written in the usual form."""
        return self.origin + self.path


def parse(url: str, base: str | None = None) -> Target:
    """Return the target of a URL; of one that is relative to ``base``, if that is given.

    Raises:
        InvalidURLError: it is no http or https URL, or one that no web page has.
    """
    text = url.strip(" \t\r\n\f")
    if len(text) > MOST_CHARACTERS:
        raise InvalidURLError(f"The URL is longer than {MOST_CHARACTERS} characters")
    if _NOWHERE.search(text):
        raise InvalidURLError(f"{shown(text)} has characters that no URL has")
    if base is not None and not _SCHEME.match(text):
        text = _joined(base, text)
    form = _FORM.fullmatch(text.partition("#")[0])
    if form is None:
        raise InvalidURLError(
            f"{shown(text)} cannot be fetched: only http:// and https:// addresses can"
        )
    scheme = form["scheme"].lower()
    host, port, address = _place(form["authority"], text)
    rest = form["rest"]
    if not rest.startswith("/"):
        rest = "/" + rest
    port = _DEFAULT_PORTS[scheme] if port is None else port
    return Target(scheme, host, port, quote(rest, safe=_KEPT), address)


def shown(url: str) -> str:
    """Return a URL as messages show it: on one line, printable, not too long."""
    text = url if len(url) <= 200 else url[:199] + "…"
    return text if text.isprintable() else ascii(text)


def _joined(base: str, text: str) -> str:
    try:
        return urljoin(base, text)
    except ValueError:  # brackets out of place
        raise InvalidURLError(f"{shown(text)} is not a URL") from None


def _place(authority: str, url: str) -> tuple[str, int | None, Address | None]:
    """Return host, port if one is given, and the address if the host is one."""
    if "@" in authority:
        raise InvalidURLError(
            "The address has a user name or an @ before its host; give it without them"
        )
    parts = _AUTHORITY.fullmatch(authority)
    if parts is None:
        raise InvalidURLError(f"{shown(url)} has no host that can be read")
    port = int(parts["port"]) if parts["port"] else None
    if port is not None and not 0 < port < 65536:
        raise InvalidURLError(f"{shown(url)} has a port that does not exist: {port}")
    if parts["v6"] is not None:
        try:
            address: Address | None = IPv6Address(parts["v6"])
        except ValueError:
            raise InvalidURLError(f"{shown(url)} has a host that is no IPv6 address") from None
        if "%" in parts["v6"]:
            raise InvalidURLError(f"{shown(url)} names an interface; that is not fetched from")
        return str(address), port, address
    host = _ascii(parts["name"], url)
    address = _ipv4(host, url)
    return (host if address is None else str(address)), port, address


def _ascii(name: str, url: str) -> str:
    """Return a host name as it is asked for: ASCII, lower case, without a dot at its end."""
    if len(name) <= 253 and not name.isascii():
        import idna  # only for the few names that need it

        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            raise InvalidURLError(f"{shown(url)} has a host name that cannot exist") from None
    name = name.lower().removesuffix(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise InvalidURLError(f"{shown(url)} has a host name that cannot exist")
    return name


def _ipv4(host: str, url: str) -> IPv4Address | None:
    """Return the address that a host spells in numbers: 127.0.0.1, 127.1, 0x7f000001, 017700000001.

    The rules are those of browsers: https://url.spec.whatwg.org/#concept-ipv4-parser
    """
    parts = host.split(".")
    if not _NUMBER.fullmatch(parts[-1]):
        return None
    try:
        *leading, last = (_number(part) for part in parts)
    except ValueError:
        leading, last = [256], 0
    if len(parts) > 4 or any(n > 255 for n in leading) or last >= 256 ** (4 - len(leading)):
        raise InvalidURLError(f"{shown(url)} has a host that is neither a name nor an address")
    return IPv4Address(last + sum(n << (24 - 8 * i) for i, n in enumerate(leading)))


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text) or len(text) > 20:
        raise ValueError(text)
    if text.startswith("0x"):
        return int(text[2:] or "0", 16)
    return int(text, 8 if len(text) > 1 and text.startswith("0") else 10)
