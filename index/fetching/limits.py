"""How much of other people's servers one fetch may take, and how much of our time.

Plain numbers; the settings fill them in, and nothing here fetches.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """The limits of a `Fetcher`.

    ``max_bytes`` counts the body, as it is sent and again as it is unpacked. ``total_s`` is wall
    clock for one page with all its redirects; ``connect_s`` is for finding the host and connecting
    to it, ``stall_s`` for a server that has gone quiet. ``pause_s`` is kept between two requests of
    a crawl to the same host. ``entries`` bounds what is taken from one feed or sitemap, with the
    sitemaps in it, of which ``sitemaps`` are read, down to ``depth`` levels.
    """

    max_bytes: int = 20_000_000
    connect_s: float = 10.0
    stall_s: float = 20.0
    total_s: float = 60.0
    redirects: int = 5
    pause_s: float = 0.5
    entries: int = 5_000
    sitemaps: int = 50
    depth: int = 2
