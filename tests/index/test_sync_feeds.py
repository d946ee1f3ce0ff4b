"""Keeping the index in step with feeds, sitemaps and pages of a server on loopback."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.sync.doing import Sync
from app.sync.feeds import Feed
from index.errors import ConflictError, FetchError
from index.fetching import Fetcher, FetchLimits
from index.library import Library
from index.loaders import Parser

NOW = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
Rounds = Callable[..., list[tuple[str | None, str | None]]]


class Site:
    """Pages by path. Each has an ETag; what was asked for is noted, with the status given."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, str]] = {}
        self.gone: set[str] = set()
        self.broken: set[str] = set()
        self.asked: list[tuple[str, int]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body, media_type = site.answer(self.path, self.headers)
                if self.path != "/robots.txt":
                    site.asked.append((self.path, status))
                self.send_response(status)
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(body)))
                if status in (200, 304):
                    self.send_header("ETag", site.etag(self.path))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def etag(self, path: str) -> str:
        return f'"{hash(self.pages.get(path, ("", ""))):x}"'

    def answer(self, path: str, headers: object) -> tuple[int, bytes, str]:
        if path in self.gone:
            return 410, b"", "text/plain"
        if path in self.broken:
            return 500, b"", "text/plain"
        if path not in self.pages:
            return 404, b"", "text/plain"
        if headers.get("If-None-Match") == self.etag(path):  # type: ignore[attr-defined]  # of a message
            return 304, b"", "text/plain"
        body, media_type = self.pages[path]
        return 200, body.encode(), media_type

    def page(self, path: str, text: str) -> None:
        self.pages[path] = (text, "text/plain")

    def feed(self, *entries: str, updated: str | None = None) -> None:
        stated = f"<updated>{updated}</updated>" if updated else ""
        items = "".join(
            f'<entry><title>About {path}</title><link href="{self.url}{path}"/>'
            f"<published>2025-03-14T10:00:00Z</published>{stated}</entry>"
            for path in entries
        )
        feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour</title>{items}</feed>'
        self.pages["/feed"] = (feed, "application/atom+xml")

    def requests(self) -> list[tuple[str, int]]:
        """Return what was asked for since the last call."""
        asked, self.asked = self.asked, []
        return asked


@pytest.fixture
def site() -> Iterator[Site]:
    opened = Site()
    opened.page("/mill", "The mill closed in 1987.")
    opened.page("/ferry", "The ferry carries 140 passengers.")
    opened.feed("/mill", "/ferry")
    yield opened
    opened.close()


@pytest.fixture
def clock() -> list[dt.datetime]:
    return [NOW]


@pytest.fixture
def sync(library: Library, site: Site, clock: list[dt.datetime]) -> Iterator[Rounds]:
    with Fetcher(FetchLimits(pause_s=0), allow_private=True) as fetcher, Parser() as parser:

        def once(path: str = "/feed", *, allow_empty: bool = False) -> list[tuple[str | None, ...]]:
            feed = Feed(
                f"{site.url}{path}",
                fetcher=fetcher,
                parser=parser,
                max_bytes=1_000_000,
                allow_empty=allow_empty,
                now=lambda: clock[0],
            )
            work = Sync(library, feed)
            steps = list(work.run(work.plan()))
            return [
                (s.name.removeprefix(site.url), s.change or s.error.code)  # type: ignore[union-attr]  # one of the two is there
                for s in steps
            ]

        yield once  # type: ignore[misc]  # pairs


def test_the_entries_of_a_feed_are_brought_in_with_what_it_says_of_them(
    library: Library, sync: Rounds, site: Site
) -> None:
    assert sync() == [("/mill", "added"), ("/ferry", "added")]
    documents = {document.url: document for document in library.documents().items}
    mill = documents[f"{site.url}/mill"]
    assert mill.published_at == dt.date(2025, 3, 14)
    assert "feed" in mill.provenance["published_at"]


def test_what_has_not_changed_is_asked_for_but_not_sent_again(sync: Rounds, site: Site) -> None:
    sync()
    site.requests()
    assert sync() == []
    assert site.requests() == [("/feed", 304), ("/mill", 304), ("/ferry", 304)]


def test_a_changed_page_is_replaced_and_a_new_entry_added(
    library: Library, sync: Rounds, site: Site
) -> None:
    sync()
    site.page("/mill", "The mill closed in 1988.")
    site.page("/pier", "The pier was built in 1901.")
    site.feed("/pier", "/mill", "/ferry")
    assert sync() == [("/pier", "added"), ("/mill", "replaced")]


def test_entries_that_say_when_they_changed_are_left_until_they_do(
    sync: Rounds, site: Site
) -> None:
    site.feed("/mill", "/ferry", updated="2026-04-01T00:00:00Z")
    sync()
    site.requests()
    assert sync() == []
    assert site.requests() == [("/feed", 304)]
    site.page("/mill", "The mill closed in 1988.")
    site.feed("/mill", "/ferry", updated="2026-04-02T00:00:00Z")
    assert sync() == [("/mill", "replaced")]


def test_an_entry_that_fell_out_goes_only_when_its_server_says_so(
    library: Library, sync: Rounds, site: Site, clock: list[dt.datetime]
) -> None:
    sync()
    site.feed("/mill")
    site.requests()
    assert sync() == []
    assert ("/ferry", 304) in site.requests()
    site.gone.add("/ferry")
    assert sync() == []  # it was asked for a moment ago
    clock[0] += dt.timedelta(days=2)
    site.broken.add("/ferry")
    site.gone.clear()
    assert sync() == []  # a server in trouble says nothing of what is there
    clock[0] += dt.timedelta(days=2)
    site.broken.clear()
    site.gone.add("/ferry")
    assert sync() == [(f"{site.url}/ferry".removeprefix(site.url), "removed")]
    assert library.counts().documents == 1
    assert sync() == []


def test_a_listed_page_that_is_gone_is_told_and_kept(
    library: Library, sync: Rounds, site: Site
) -> None:
    sync()
    site.gone.add("/mill")
    assert sync() == [("/mill", "fetch_refused")]
    assert library.counts().documents == 2


def test_a_list_is_read_whole_again_until_every_entry_is_in(sync: Rounds, site: Site) -> None:
    site.broken.add("/ferry")
    assert sorted(sync()) == [("/ferry", "fetch_failed"), ("/mill", "added")]
    site.broken.clear()
    assert sync() == [("/ferry", "added")]


def test_a_feed_that_is_gone_removes_nothing_unless_that_is_meant(
    library: Library, sync: Rounds, site: Site
) -> None:
    sync()
    site.broken.add("/feed")
    with pytest.raises(FetchError):
        sync()
    site.broken.clear()
    site.gone.add("/feed")
    with pytest.raises(ConflictError, match="all 2 documents"):
        sync()
    assert library.counts().documents == 2
    assert [change for _, change in sync(allow_empty=True)] == ["removed", "removed"]
    assert library.counts().documents == 0


def test_a_page_and_a_sitemap_are_kept_in_step_too(
    library: Library, sync: Rounds, site: Site
) -> None:
    assert sync("/mill") == [("/mill", "added")]
    assert sync("/mill") == []
    site.page("/mill", "The mill closed in 1988.")
    assert sync("/mill") == [("/mill", "replaced")]
    urls = f"<url><loc>{site.url}/ferry</loc><lastmod>2026-04-01</lastmod></url>"
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    site.pages["/map.xml"] = (f'<urlset xmlns="{namespace}">{urls}</urlset>', "text/xml")
    assert sync("/map.xml") == [("/ferry", "added")]
    site.requests()
    assert sync("/map.xml") == []
    assert site.requests() == [("/map.xml", 304)]


def test_a_sitemap_that_dates_nothing_takes_away_no_date_of_a_feed(
    library: Library, sync: Rounds, site: Site
) -> None:
    assert ("/mill", "added") in sync()
    (mill,) = (d for d in library.documents().items if "mill" in d.id)
    assert mill.published_at == dt.date(2025, 3, 14)

    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    urls = f"<url><loc>{site.url}/mill</loc></url>"
    site.pages["/map.xml"] = (f'<urlset xmlns="{namespace}">{urls}</urlset>', "text/xml")
    sync("/map.xml")

    again = library.summary(mill.id)
    assert (again.published_at, again.revision) == (mill.published_at, mill.revision)
    assert again.provenance["published_at"] == mill.provenance["published_at"]
