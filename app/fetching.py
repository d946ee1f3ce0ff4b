"""Makes the fetcher that the settings describe. What fetching is safe is ``index.fetching``'s."""

from ipaddress import ip_network

from app.settings import Settings
from index.fetching import Fetcher, FetchLimits


def open_fetcher(settings: Settings) -> Fetcher:
    """Return a fetcher, to be shared by all threads and closed at the end."""
    fetch = settings.fetch
    limits = FetchLimits(
        max_bytes=settings.limits.document_bytes,
        connect_s=fetch.connect_timeout_s,
        total_s=fetch.timeout_s,
        redirects=fetch.redirects,
        pause_s=fetch.pause_s,
        entries=fetch.entries,
        sitemaps=fetch.sitemaps,
    )
    return Fetcher(
        limits,
        fetch.allow_private,
        allowed=[ip_network(network) for network in fetch.allowed_networks],
        user_agent=fetch.user_agent or None,
    )
