"""URLs that must not be fetched, feeds and sitemaps that cost, and servers that mean harm."""

import gzip
import zlib
from collections.abc import Callable, Iterator

from eval.hostile.addresses import FORBIDDEN, INSIDE, NOT_FETCHED
from eval.hostile.lists import LISTS, list_of
from eval.hostile.model import Hostile, given
from eval.hostile.site import redirect, reply

_PACKED = "Content-Encoding: gzip"


def urls(seed: int) -> Iterator[Hostile]:
    """Make URLs to fetch, straight and as the end of a redirect. The seed changes nothing."""
    for group, table in (("forbidden addresses", FORBIDDEN), ("no addresses", NOT_FETCHED)):
        for url in table:
            data = url.encode("utf-8", "surrogatepass")
            name = ascii(url[:60])
            yield Hostile(group, name, given(data), "url", must_be_refused=True)
    for host in INSIDE:
        data = host.encode()
        group = "redirects inside"
        yield Hostile(group, ascii(host), given(data), "redirect", must_be_refused=True)


def lists(seed: int) -> Iterator[Hostile]:
    """Make feeds and sitemaps. The seed changes nothing."""
    for form in ("rss", "urlset"):
        for name in LISTS:
            yield Hostile(
                "feeds" if form == "rss" else "sitemaps",
                name,
                lambda form=form, name=name: list_of(form, name),  # type: ignore[misc]  # bound now
                "list",
                never="root:",
            )


def servers(seed: int) -> Iterator[Hostile]:
    """Make answers of servers. The seed changes nothing."""
    ok = b"HTTP/1.1 200 OK\r\n"
    made: dict[str, Callable[[], bytes]] = {
        "nothing": lambda: b"",
        "another protocol": lambda: b"220 mail.example ESMTP\r\n",
        "TLS": lambda: b"\x16\x03\x01\x02\x00\x01\x00",
        "unknown version": lambda: b"HTTP/9.9 200 OK\r\n\r\n",
        "no status": lambda: b"HTTP/1.1 \r\n\r\n",
        "status 999": lambda: reply(b"", status="999 What"),
        "long header": lambda: ok + b"A: " + b"a" * 10_000_000,
        "many headers": lambda: ok + b"A: b\r\n" * 1_000_000 + b"\r\n",
        "header with a zero": lambda: ok + b"A: \x00\r\n\r\n",
        "endless 100": lambda: b"HTTP/1.1 100 Continue\r\n\r\n" * 300_000,
        "shorter than said": lambda: reply(b"a", "Content-Length: 100"),
        "two lengths": lambda: reply(b"a", "Content-Length: 1", "Content-Length: 2"),
        "negative length": lambda: reply(b"a", "Content-Length: -5"),
        "huge length": lambda: reply(b"a", "Content-Length: 99999999999"),
        "too large": lambda: reply(b"a" * 40_000_000),
        "too large in chunks": lambda: (
            reply(b"100000\r\n" + b"a" * 0x100000 + b"\r\n", "Transfer-Encoding: chunked")
            + b"".join(b"100000\r\n" + b"a" * 0x100000 + b"\r\n" for _ in range(40))
        ),
        "tiny chunks": lambda: (
            ok + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 300_000 + b"0\r\n\r\n"
        ),
        "chunk that lies": lambda: reply(b"ffffffffffff\r\na", "Transfer-Encoding: chunked"),
        "bomb": lambda: reply(gzip.compress(b"a" * 500_000_000, 1), _PACKED),
        "bomb in parts": lambda: reply(gzip.compress(b"a" * 10_000_000) * 99, _PACKED),
        "empty parts": lambda: reply(gzip.compress(b"") * 900_000, _PACKED),
        "deflate bomb": lambda: reply(
            zlib.compress(b"a" * 300_000_000, 1), "Content-Encoding: deflate"
        ),
        "packed twice": lambda: reply(
            gzip.compress(gzip.compress(b"a" * 10_000_000)), f"{_PACKED}, gzip"
        ),
        "packed in another way": lambda: reply(b"abc", "Content-Encoding: br"),
        "cut gzip": lambda: reply(gzip.compress(b"abc" * 9_000)[:-20], _PACKED),
        "no gzip": lambda: reply(b"The ferry stays in port.", _PACKED),
        "redirect to itself": lambda: redirect("/"),
        "redirect to a file": lambda: redirect("file:///etc/passwd"),
        "redirect to nowhere": lambda: redirect("http://"),
        "redirect with rubbish": lambda: redirect("http://\xff\xfe/\x01"),
        "long redirect": lambda: redirect("/" + "a" * 90_000),
        "long type": lambda: reply(b"<p>a</p>", "Content-Type: " + "a/b;" * 10_000),
    }
    for name, make in made.items():
        yield Hostile("servers", name, make, "server")
    for name in ("drips a header", "drips a body", "goes quiet", "hangs up"):
        yield Hostile("servers", name, given(b""), "server", must_be_refused=True)
