"""Feeds, sitemaps and robots.txt: what they list, and that strange ones do no harm."""

import datetime as dt
import gzip
import time
from collections.abc import Iterator
from ipaddress import ip_network

import pytest

from eval.hostile.lists import LISTS, list_of
from eval.hostile.site import Site, reply, site
from index.errors import (
    FetchRefusedError,
    ForbiddenAddressError,
    InvalidDocumentError,
    TooLargeError,
)
from index.fetching import Entry, Fetched, Fetcher, FetchLimits, entries, kind, robots

BASE = "http://news.example/lists/main.xml"


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    limits = FetchLimits(max_bytes=2_000_000, total_s=3, pause_s=0, entries=20, sitemaps=3, depth=2)
    with Fetcher(limits, allowed=[ip_network("127.0.0.1/32")]) as opened:
        yield opened


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as served:
        yield served


def page(body: str | bytes, **fields: str | None) -> Fetched:
    data = body.encode() if isinstance(body, str) else body
    return Fetched(BASE, 200, fields.pop("media_type", "text/xml"), data, **fields)


def listed(body: str | bytes, fetcher: Fetcher, **fields: str | None) -> list[Entry]:
    return list(entries(page(body, **fields), fetcher))


RSS = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.example/rss.dtd">
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>The &lt;b&gt;Harbour&lt;/b&gt; Post</title><link>/</link><language>en-gb</language>
<atom:link rel="self" href="http://news.example/self"/>
<item><title>Ferry &amp;amp; bridge</title><link>/ferry?id=1&amp;x=2#top</link>
 <pubDate>Fri, 27 Sep 2024 01:30:00 +0300</pubDate>
 <description>&lt;a href="/other"&gt;</description>
 <source url="http://agency.example/">The Agency</source></item>
<item><title>By its guid</title><guid>http://news.example/guid</guid></item>
<item><title>No page</title><guid isPermaLink="false">abc</guid></item>
<item><title>Bad link</title><link>javascript:alert(1)</link></item>
<item><title>File</title><link>file:///etc/passwd</link></item>
<item><title>Again</title><link>/ferry?id=1&amp;x=2</link></item>
</channel></rss>"""


def test_an_rss_feed_lists_its_pages(fetcher: Fetcher) -> None:
    first, second = listed(RSS, fetcher)
    assert first.url == "http://news.example/ferry?id=1&x=2"
    assert first.title == "Ferry & bridge"
    assert first.published_at == dt.date(2024, 9, 27)  # as stated, not as it is in Greenwich
    assert first.updated == dt.datetime(2024, 9, 26, 22, 30, tzinfo=dt.UTC)
    assert (first.source, first.language) == ("The Agency", "en-gb")
    assert first.provenance["published_at"] == "feed entry's publication date"
    assert first.provenance["source"] == "feed entry's source"
    assert (second.url, second.source) == ("http://news.example/guid", "The Harbour Post")
    assert second.published_at is None
    assert "published_at" not in second.provenance


def test_an_atom_feed_resolves_links_and_keeps_changes_apart(fetcher: Fetcher) -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://base.example/a/">
    <title>Notes</title>
    <entry><title type="html">On &lt;i&gt;tides&lt;/i&gt;</title><link rel="self" href="self"/>
     <link href="b/c"/><published>2024-09-26T23:30:00-05:00</published>
     <updated>2024-10-01T00:00:00Z</updated><content type="html">&lt;p&gt;x</content></entry>
    <entry><title>Changed</title><link href="d"/><updated>2024-10-01</updated></entry></feed>"""
    first, second = listed(atom, fetcher)
    assert (first.url, first.title) == ("http://base.example/a/b/c", "On tides")
    assert first.published_at == dt.date(2024, 9, 26)
    assert first.updated == dt.datetime(2024, 10, 1, tzinfo=dt.UTC)
    assert (second.published_at, second.updated) == (None, first.updated)


def test_an_rss_1_feed_is_read(fetcher: Fetcher) -> None:
    rdf = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
     xmlns="http://purl.org/rss/1.0/"><channel><title>Old</title></channel>
     <item rdf:about="x"><title>T</title><link>http://a.example/1</link></item></rdf:RDF>"""
    assert [(e.url, e.source) for e in listed(rdf, fetcher)] == [("http://a.example/1", "Old")]


def test_a_broken_feed_is_read_as_far_as_it_goes(fetcher: Fetcher) -> None:
    broken = RSS.replace("</item>\n<item><title>No page", "\n<item><title>No &page <b>")
    assert listed(broken, fetcher)[0].url == "http://news.example/ferry?id=1&x=2"
    assert listed(RSS[: RSS.index("<item><title>By")], fetcher)[0].title == "Ferry & bridge"


def test_the_charset_of_the_server_counts_where_the_feed_states_none(fetcher: Fetcher) -> None:
    body = "<rss><channel><item><title>Übersee</title><link>/x</link></item></channel></rss>"
    (entry,) = listed(body.encode("latin-1"), fetcher, charset="iso-8859-1")
    assert entry.title == "Übersee"
    (entry,) = listed(body.encode("utf-16"), fetcher, charset="no-such-charset")
    assert entry.title == "Übersee"


SITEMAP = """<?xml version="1.0"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc> http://news.example/a?x=1&amp;y=2 </loc><lastmod>2024-10-02T10:00:00+02:00</lastmod>
 <news:news><news:publication><news:name>The Post</news:name><news:language>en</news:language>
 </news:publication><news:publication_date>2024-09-27T23:30:00-05:00</news:publication_date>
 <news:title>Ferry &amp; bridge</news:title></news:news></url>
<url><loc>http://news.example/b</loc><lastmod>2024-10</lastmod></url>
<url><loc>mailto:a@b.example</loc></url><url/><url><loc/></url>
</urlset>"""


@pytest.mark.parametrize("pack", [str.encode, lambda text: gzip.compress(text.encode())])
def test_a_sitemap_lists_its_pages(fetcher: Fetcher, pack: object) -> None:
    first, second = listed(pack(SITEMAP), fetcher)  # type: ignore[operator]  # one of the two
    assert first.url == "http://news.example/a?x=1&y=2"
    assert first.title == "Ferry & bridge"
    assert first.published_at == dt.date(2024, 9, 27)
    assert first.updated == dt.datetime(2024, 10, 2, 8, tzinfo=dt.UTC)
    assert (first.source, first.language) == ("The Post", "en")
    assert first.provenance["published_at"] == "sitemap news:publication_date"
    # A day of a change is not a day of publication, and a month is not a day.
    assert (second.published_at, second.updated) == (None, None)


def test_a_damaged_sitemap_gives_what_stands_before_the_damage_and_an_error(
    fetcher: Fetcher,
) -> None:
    found = listed(SITEMAP[: SITEMAP.index("mailto")], fetcher)
    assert [entry.error is None for entry in found] == [True, True, False]
    assert isinstance(found[2].error, InvalidDocumentError)


def urlset(*urls: str) -> bytes:
    return ("<urlset>" + "".join(f"<url><loc>{u}</loc></url>" for u in urls) + "</urlset>").encode()


def index_of(*urls: str, lastmod: str = "") -> bytes:
    parts = (f"<sitemap><loc>{u}</loc>{lastmod}</sitemap>" for u in urls)
    return f"<sitemapindex>{''.join(parts)}</sitemapindex>".encode()


def test_a_sitemap_index_is_walked(web: Site, fetcher: Fetcher) -> None:
    web.answers |= {
        "/robots.txt": reply(b"User-agent: *\nDisallow: /hidden\n"),
        "/i": reply(index_of("/1", "/gone", "/hidden")),
        "/1": reply(urlset("/a", "/b", "/a")),
    }
    found = list(entries(fetcher.get(web.url("/i")), fetcher))
    assert [e.url for e in found if not e.error] == [web.url("/a"), web.url("/b")]
    errors = {e.url: e.error for e in found if e.error}
    assert set(errors) == {web.url("/gone"), web.url("/hidden")}
    assert all(isinstance(error, FetchRefusedError) for error in errors.values())


def test_a_sitemap_index_of_itself_ends(web: Site, fetcher: Fetcher) -> None:
    web.answers["/i"] = reply(index_of("/i", "/i#x", "/j"))
    web.answers["/j"] = reply(index_of("/i", "/j"))
    assert list(entries(fetcher.get(web.url("/i")), fetcher)) == []
    assert web.paths() == ["/i", "/robots.txt", "/j"]


def test_sitemaps_within_sitemaps_are_bounded_in_number_and_depth(
    web: Site, fetcher: Fetcher
) -> None:
    web.answers["/wide"] = reply(index_of(*(f"/w{n}" for n in range(50))))
    for n in range(50):
        web.answers[f"/w{n}"] = reply(urlset(f"/p{n}"))
        web.answers[f"/d{n}"] = reply(index_of(f"/d{n + 1}"))
    found = list(entries(fetcher.get(web.url("/wide")), fetcher))
    assert [e.url for e in found if not e.error] == [web.url(f"/p{n}") for n in range(3)]
    assert isinstance(found[-1].error, TooLargeError)
    (deep,) = entries(fetcher.get(web.url("/d0")), fetcher)
    assert isinstance(deep.error, TooLargeError)
    assert web.paths()[-1] == "/d2"


def test_the_newest_sitemaps_come_first_where_all_say_when_they_changed(
    web: Site, fetcher: Fetcher
) -> None:
    dated = "".join(
        f"<sitemap><loc>/{year}</loc><lastmod>{year}-01-01</lastmod></sitemap>"
        for year in (2021, 2024, 2022)
    )
    web.answers["/i"] = reply(f"<sitemapindex>{dated}</sitemapindex>".encode())
    list(entries(fetcher.get(web.url("/i")), fetcher))
    assert web.paths() == ["/i", "/robots.txt", "/2024", "/2022", "/2021"]


def test_a_sitemap_cannot_lead_inside(web: Site, fetcher: Fetcher) -> None:
    with site("127.0.0.2") as inside:
        web.answers["/i"] = reply(index_of(inside.url("/secret")))
        (entry,) = entries(fetcher.get(web.url("/i")), fetcher)
        assert isinstance(entry.error, ForbiddenAddressError)
        assert inside.requests == []


def test_a_list_that_is_too_long_is_cut_and_says_so(fetcher: Fetcher) -> None:
    items = "".join(f"<item><link>/{n}</link></item>" for n in range(50))
    for body in (urlset(*(f"/{n}" for n in range(50))), f"<rss><channel>{items}</channel></rss>"):
        found = listed(body, fetcher)
        assert len([e for e in found if not e.error]) == 20
        assert isinstance(found[-1].error, TooLargeError)
        assert "20" in found[-1].error.message


def test_a_sitemap_longer_than_the_protocol_allows_is_cut(fetcher: Fetcher) -> None:
    *_, last = listed(urlset(*["/same"] * 50_001), fetcher)
    assert isinstance(last.error, InvalidDocumentError)
    assert "50,000" in last.error.message


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (RSS, "feed"),
        (SITEMAP, "sitemap"),
        (index_of("/x"), "sitemap"),
        (b"\xef\xbb\xbf\n <!-- x --><rss/>", "feed"),
        ("<a:feed xmlns:a='http://www.w3.org/2005/Atom'/>".encode("utf-16"), "feed"),
        (b"<!DOCTYPE html><html><body><rss></rss>", "document"),
        (b"plain text about an rss feed", "document"),
        (b"%PDF-1.7 <rss>", "document"),
        (b"PK\x03\x04", "document"),
        (b"\x1f\x8bnot gzip", "document"),
        (gzip.compress(b"\0" * 60_000_000), "document"),
        (b"", "document"),
        (b"\0\xff" * 500, "document"),
        (b"<", "document"),
    ],
    ids=range(14),
)
def test_a_list_is_known_by_what_it_contains(body: str | bytes, expected: str) -> None:
    assert kind(page(body, media_type="text/html")) == expected


def test_entries_of_what_is_no_list_are_refused(fetcher: Fetcher) -> None:
    with pytest.raises(InvalidDocumentError, match="neither a feed nor a sitemap"):
        listed("<html></html>", fetcher)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("form", ["rss", "urlset"])
def test_a_hostile_list_costs_little_and_opens_nothing(
    form: str, name: str, fetcher: Fetcher
) -> None:
    body = list_of(form, name)
    began = time.process_time()
    found: list[Entry] = []
    if kind(page(body)) != "document":
        found = listed(body, fetcher)
    assert time.process_time() - began < 5
    assert not any("root:" in entry.url or "lollol" in entry.url for entry in found)


ROBOTS = b"""\xef\xbb\xbf# rules
User-agent: Other
User-Agent: FOOTNOTE/2.0
Disallow: /a/
Allow: /a/open
disallow: /*.pdf$   # papers
Disallow: /q?
Disallow: /%7Eann/%c3%bc
Disallow:
Crawl-delay: 2.5

Sitemap: http://news.example/map
User-agent: *
Disallow: /
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/a", True),
        ("/a/", False),
        ("/a/shut", False),
        ("/a/open/x", True),
        ("/x/y.pdf", False),
        ("/x/y.pdf?z", True),
        ("/q?z", False),
        ("/q", True),
        ("/~ann/%C3%BC", False),
        ("/%7eann/%c3%bcx", False),
        ("/robots.txt", True),
    ],
)
def test_robots_rules_go_by_the_longest_match(path: str, allowed: bool) -> None:
    rules = robots.read(ROBOTS, "Footnote")
    assert rules.allow(path) is allowed
    assert rules.pause_s == 2.5


def test_robots_rules_for_all_hold_where_none_are_for_us() -> None:
    rules = robots.read(b"User-agent: *\nDisallow: /a*b*c\nUser-agent: x\nDisallow: /", "Footnote")
    assert rules.allow("/abd")
    assert not rules.allow("/a-b-c-d")
    assert robots.read(b"<html>404</html>", "Footnote").allow("/x")


def test_robots_files_made_to_be_slow_are_not() -> None:
    body = b"User-agent: *\n" + b"".join(b"Disallow: /" + b"*a" * 200 + b"$\n" for _ in range(1000))
    rules = robots.read(body, "Footnote")
    began = time.process_time()
    assert rules.allow("/" + "a" * 2000 + "b")
    assert time.process_time() - began < 5
