"""Who may reach the service: the rule for starting, and the names of hosts that are our own.

Knows addresses and settings; opens no socket and resolves no name.
"""

import ipaddress

from app.settings import Settings, SettingsError

SHORTEST_KEY = 8
GOOD_KEY = 20
KEY_COMMAND = 'python3 -c "import secrets; print(secrets.token_urlsafe())"'


def check_exposure(host: str, settings: Settings) -> None:
    """Allow serving on ``host``, or say why not.

    Raises:
        SettingsError: others could reach the service, and neither a key nor the explicit wish to
            serve anyone is set; or the key is short enough to be guessed.
    """
    key = key_of(settings)
    if key is not None and len(key) < SHORTEST_KEY:
        raise SettingsError(
            f"Not started: FOOTNOTE_API_KEY could be guessed: its length is {len(key)}, and "
            f"{SHORTEST_KEY} is the least. Take a random one: {KEY_COMMAND}"
        )
    if is_loopback(host) or key is not None or settings.allow_anonymous:
        return
    raise SettingsError(
        f"Not started: on {host or 'all addresses'} anyone who reaches this machine could read, "
        "change and delete the documents. Choose one: serve on 127.0.0.1 (the default, this "
        "machine only); or set FOOTNOTE_API_KEY, and requests must carry it; or set "
        "FOOTNOTE_ALLOW_ANONYMOUS=true if everyone who can reach it may do all of that."
    )


def key_of(settings: Settings) -> str | None:
    """Return the key that requests must carry. A blank one counts as none: it guards nothing."""
    if settings.api_key is None:
        return None
    return settings.api_key.get_secret_value().strip() or None


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches ``host``. Names other than localhost do not count."""
    name = _bare(host)
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = _address(name)
    return address is not None and address.is_loopback


def is_address(host: str) -> bool:
    """Tell whether ``host`` is an IP address and not a name."""
    return _address(_bare(host)) is not None


def is_every_address(host: str) -> bool:
    """Tell whether ``host`` stands for all of the machine's addresses."""
    address = _address(_bare(host))
    return not host or (address is not None and address.is_unspecified)


def _bare(host: str) -> str:
    return host.strip().strip("[]").rstrip(".").lower()


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None
