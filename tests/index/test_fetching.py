"""Fetching from real servers on loopback, some of which mean harm."""

import gzip
import logging
import socket
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from ipaddress import ip_network
from pathlib import Path

import pytest

from eval.hostile.site import Site, redirect, reply, site
from index.errors import (
    FetchError,
    FetchRefusedError,
    FootnoteError,
    ForbiddenAddressError,
    InvalidURLError,
    TooLargeError,
)
from index.fetching import Fetcher, FetchLimits, kind

LOOPBACK = [ip_network("127.0.0.1/32")]
LIMITS = FetchLimits(max_bytes=100_000, connect_s=2, stall_s=1, total_s=3, redirects=3, pause_s=0)


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as served:
        yield served


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    """May fetch from 127.0.0.1, and from no other address of this machine."""
    with Fetcher(LIMITS, allowed=LOOPBACK) as opened:
        yield opened


def error_of(fetcher: Fetcher, url: str) -> FootnoteError:
    with pytest.raises(FootnoteError) as caught:
        fetcher.get(url)
    assert caught.value.message
    assert caught.value.message.isprintable()
    return caught.value


def test_a_page_comes_with_what_its_server_says_of_it(web: Site, fetcher: Fetcher) -> None:
    web.answers["/a?b=c"] = reply(
        "schön".encode("latin-1"),
        "Content-Type: text/html; Charset=ISO-8859-1",
        'ETag: "v1"',
        "Last-Modified: Fri, 27 Sep 2024 10:00:00 GMT",
    )
    page = fetcher.get(web.url("/a?b=c#part"))
    assert (page.url, page.status) == (web.url("/a?b=c"), 200)
    assert page.body.decode(page.charset or "") == "schön"
    assert (page.media_type, page.charset) == ("text/html", "ISO-8859-1")
    assert (page.etag, page.modified) == ('"v1"', "Fri, 27 Sep 2024 10:00:00 GMT")
    request = web.requests[0].decode()
    assert f"Host: 127.0.0.1:{web.port}\r\n" in request
    assert "User-Agent: Footnote/" in request
    assert "Cookie" not in request


def test_another_introduction_can_be_set(web: Site) -> None:
    web.answers["/"] = reply(b"x")
    Fetcher(LIMITS, allowed=LOOPBACK, user_agent="News/1 (+mailto:a@b.example)").get(web.url())
    assert b"User-Agent: News/1 (+mailto:a@b.example)\r\n" in web.requests[0]


def test_a_page_that_has_not_changed_is_not_sent_again(web: Site, fetcher: Fetcher) -> None:
    web.answers["/"] = reply(b"", status="304 Not Modified")
    page = fetcher.get(web.url(), etag='"v1"', modified="Fri, 27 Sep 2024 10:00:00 GMT")
    assert page.not_modified
    assert (page.etag, page.modified) == ('"v1"', "Fri, 27 Sep 2024 10:00:00 GMT")
    assert b'If-None-Match: "v1"\r\n' in web.requests[0]
    assert b"If-Modified-Since: Fri, 27 Sep 2024 10:00:00 GMT\r\n" in web.requests[0]


def test_a_stored_etag_cannot_smuggle_a_header(web: Site, fetcher: Fetcher) -> None:
    web.answers["/"] = reply(b"x")
    fetcher.get(web.url(), etag='"v1"\r\nX-Evil: yes')
    assert b"Evil" not in web.requests[0]


def test_redirects_are_followed_to_where_they_end(web: Site, fetcher: Fetcher) -> None:
    web.answers |= {
        "/1": redirect("/2", "301 Moved Permanently"),
        "/2": redirect(web.url("/3"), "308 Permanent Redirect"),
        "/3": redirect("?ü".encode().decode("latin-1"), "307 Temporary Redirect"),
        "/3?%C3%BC": reply(b"there"),
    }
    page = fetcher.get(web.url("/1"))
    assert (page.body, page.url) == (b"there", web.url("/3?%C3%BC"))


def test_an_endless_redirect_ends(web: Site, fetcher: Fetcher) -> None:
    web.answers["/"] = redirect("/")
    assert "redirects more than 3 times" in error_of(fetcher, web.url()).message
    assert len(web.requests) == 4


@pytest.mark.parametrize("path", ["/", "/%2e%2e/secret"])
def test_a_redirect_to_a_forbidden_address_is_not_followed(
    web: Site, fetcher: Fetcher, path: str
) -> None:
    with site("127.0.0.2") as inside:
        web.answers[path] = redirect(inside.url("/secret"))
        assert isinstance(error_of(fetcher, web.url(path)), ForbiddenAddressError)
        assert inside.requests == []


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "gopher://127.0.0.1/",
        "data:text/plain,x",
        "http://user:pass@127.0.0.1/",
        "http://[",
        "http://[::1]:99999/",
    ],
)
def test_a_redirect_to_what_is_no_page_is_refused(
    web: Site, fetcher: Fetcher, location: str
) -> None:
    web.answers["/"] = redirect(location)
    error = error_of(fetcher, web.url())
    assert isinstance(error, InvalidURLError)
    assert "redirects to" in error.message


def test_a_name_is_looked_up_once_and_the_connection_goes_to_what_was_checked(web: Site) -> None:
    """DNS rebinding: the second answer would be another address."""
    with site("127.0.0.2") as inside:
        answers = iter([["127.0.0.1"], ["127.0.0.2"], ["127.0.0.2"]])
        asked: list[str] = []

        def resolver(host: str) -> Sequence[str]:
            asked.append(host)
            return next(answers)

        web.answers["/"] = reply(b"checked")
        fetcher = Fetcher(LIMITS, allowed=LOOPBACK, resolver=resolver)
        page = fetcher.get(f"http://Rebind.example:{web.port}/")
        assert page.body == b"checked"
        assert asked == ["rebind.example"]
        assert f"Host: rebind.example:{web.port}\r\n".encode() in web.requests[0]

        # The next fetch looks it up anew, and the answer is checked anew.
        url = f"http://rebind.example:{inside.port}/"
        assert isinstance(error_of(fetcher, url), ForbiddenAddressError)
        assert inside.requests == []


def test_each_redirect_looks_its_name_up_anew(web: Site) -> None:
    answers = {"first.example": ["127.0.0.1"], "second.example": ["127.0.0.1", "10.0.0.1"]}
    web.answers["/"] = redirect(f"http://second.example:{web.port}/")
    fetcher = Fetcher(LIMITS, allowed=LOOPBACK, resolver=answers.__getitem__)
    error = error_of(fetcher, f"http://first.example:{web.port}/")
    assert isinstance(error, ForbiddenAddressError)
    assert len(web.requests) == 1


def test_the_next_address_is_tried_when_one_does_not_answer(web: Site) -> None:
    web.answers["/"] = reply(b"x")
    fetcher = Fetcher(LIMITS, True, resolver=lambda host: ["127.0.0.3", "::1", "127.0.0.1"])
    assert fetcher.get(f"http://several.example:{web.port}/").body == b"x"


def test_ipv6_addresses_are_connected_to() -> None:
    try:
        with site("::1") as web:
            web.answers["/"] = reply(b"six")
            page = Fetcher(LIMITS, True).get(f"http://[0:0::1]:{web.port}/")
            assert page.body == b"six"
            assert f"Host: [::1]:{web.port}\r\n".encode() in web.requests[0]
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")


def test_proxy_variables_are_not_used(
    web: Site, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.2:9/")
    web.answers["/"] = reply(b"straight")
    assert fetcher.get(web.url()).body == b"straight"


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "GZIP"])
def test_packed_bodies_are_unpacked(web: Site, fetcher: Fetcher, coding: str) -> None:
    pack = zlib.compress if coding == "deflate" else gzip.compress
    web.answers["/"] = reply(pack(b"plain" * 100), f"Content-Encoding: {coding}")
    assert fetcher.get(web.url()).body == b"plain" * 100


def test_deflate_without_its_header_and_gzip_in_parts_are_unpacked(
    web: Site, fetcher: Fetcher
) -> None:
    raw = zlib.compressobj(wbits=-15)
    web.answers["/raw"] = reply(raw.compress(b"raw") + raw.flush(), "Content-Encoding: deflate")
    parts = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0\0"
    web.answers["/parts"] = reply(parts, "Content-Encoding: gzip")
    assert fetcher.get(web.url("/raw")).body == b"raw"
    assert fetcher.get(web.url("/parts")).body == b"one two"


BOMB = gzip.compress(b"\0" * 50_000_000)


@pytest.mark.parametrize(
    "answer",
    [
        reply(b"x" * 100_001),
        reply(b"", "Content-Length: 99999999999"),
        reply(b"20000\r\n" + b"x" * 0x20000 + b"\r\n0\r\n\r\n", "Transfer-Encoding: chunked"),
        b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 200_000,
        reply(BOMB, "Content-Encoding: gzip"),
        reply(zlib.compress(b"\0" * 50_000_000), "Content-Encoding: deflate"),
        reply(gzip.compress(b"x" * 60_000) * 2, "Content-Encoding: gzip"),
    ],
    ids=["plain", "announced", "chunked", "endless", "gzip-bomb", "deflate-bomb", "gzip-parts"],
)
def test_what_is_over_the_limit_is_not_taken(web: Site, fetcher: Fetcher, answer: bytes) -> None:
    web.answers["/"] = answer
    error = error_of(fetcher, web.url())
    assert isinstance(error, TooLargeError)
    assert "100,000 bytes" in error.message


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (reply(b"half", "Content-Length: 100"), "not proper HTTP"),
        (reply(b"", "Content-Length: -1"), "not proper HTTP"),
        (reply(b"x", "Content-Length: 1", "Content-Length: 2"), "not proper HTTP"),
        (reply(b"zz\r\nx", "Transfer-Encoding: chunked"), "not proper HTTP"),
        (reply(gzip.compress(b"x" * 9000)[:-9], "Content-Encoding: gzip"), "cut off"),
        (reply(b"not gzip at all", "Content-Encoding: gzip"), "damaged"),
        (reply(gzip.compress(b"x")[:8] + b"\xff" * 99, "Content-Encoding: gzip"), "damaged"),
        (reply(b"x", "Content-Encoding: br"), "not asked for"),
        (reply(BOMB, "Content-Encoding: gzip, gzip"), "not asked for"),
        (b"", "not proper HTTP"),
        (b"\x16\x03\x01\x02\x00\x01\x00", "not proper HTTP"),
        (b"220 mail.example ESMTP\r\n", "not proper HTTP"),
        (b"HTTP/9.9 what\r\n\r\n", "not proper HTTP"),
        (b"HTTP/1.1 200 OK\r\nBad Header\r\n\r\n", "not proper HTTP"),
        (b"HTTP/1.1 200 OK\r\nA: \x00\r\n\r\n", "not proper HTTP"),
        (b"HTTP/1.1 200 OK\r\nA: " + b"a" * 200_000, "not proper HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 40_000 + b"\r\n", "not proper HTTP"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 20_000, "larger than|not proper HTTP|longer"),
    ],
)
def test_a_damaged_answer_is_told_from_a_page(
    web: Site, fetcher: Fetcher, answer: bytes, says: str
) -> None:
    web.answers["/"] = answer
    with pytest.raises((FetchError, TooLargeError), match=says):
        fetcher.get(web.url())


@pytest.mark.parametrize(
    ("status", "kind_of_error", "retryable"),
    [
        ("404 Not Found", FetchRefusedError, False),
        ("410 Gone", FetchRefusedError, False),
        ("403 Forbidden", FetchRefusedError, False),
        ("204 No Content", FetchRefusedError, False),
        ("206 Partial Content", FetchRefusedError, False),
        ("300 Multiple Choices", FetchRefusedError, False),
        ("302 Found", FetchRefusedError, False),
        ("304 Not Modified", FetchRefusedError, False),
        ("429 Too Many Requests", FetchError, True),
        ("500 Internal Server Error", FetchError, True),
        ("503 Service Unavailable", FetchError, True),
        ("799 What", FetchRefusedError, False),
    ],
)
def test_a_status_without_a_page_is_an_error_that_has_it(
    web: Site, fetcher: Fetcher, status: str, kind_of_error: type[FetchError], retryable: bool
) -> None:
    web.answers["/"] = reply(b"", status=status)
    error = error_of(fetcher, web.url())
    assert type(error) is kind_of_error
    assert (error.status, error.retryable) == (int(status[:3]), retryable)
    assert status[:3] in error.message


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), ("99999999", 86_400), ("Fri, 27 Sep 2024 10:00:00 GMT", 0), ("soon", None)],
)
def test_the_wait_that_a_server_asks_for_is_passed_on(
    web: Site, fetcher: Fetcher, header: str, seconds: float | None
) -> None:
    web.answers["/"] = reply(b"", f"Retry-After: {header}", status="503 Service Unavailable")
    error = error_of(fetcher, web.url())
    assert isinstance(error, FetchError)
    assert error.retry_after == seconds


def drip(stop: threading.Event, data: bytes, first: bytes) -> Callable[[socket.socket], None]:
    def send(connection: socket.socket) -> None:
        connection.sendall(first)
        while not stop.wait(0.02):
            connection.sendall(data)

    return send


@pytest.mark.parametrize(
    "first", [b"", b"HTTP/1.1 200 OK\r\nA: ", b"HTTP/1.1 200 OK\r\n\r\n"], ids=len
)
def test_a_server_that_drips_is_left_when_the_time_is_over(web: Site, first: bytes) -> None:
    web.answers["/"] = drip(web.stopping, b"a", first)
    fetcher = Fetcher(FetchLimits(total_s=0.3), allowed=LOOPBACK)
    began = time.monotonic()
    assert "took longer than 0.3 seconds" in error_of(fetcher, web.url()).message
    assert time.monotonic() - began < 2


def test_many_slow_redirects_share_one_time(web: Site) -> None:
    def slowly(connection: socket.socket) -> None:
        web.stopping.wait(0.15)
        connection.sendall(redirect("/"))

    web.answers["/"] = slowly
    fetcher = Fetcher(FetchLimits(total_s=0.3, redirects=20), allowed=LOOPBACK)
    assert isinstance(error_of(fetcher, web.url()), FetchError)
    assert len(web.requests) < 5


def test_a_server_that_goes_quiet_is_left(web: Site) -> None:
    web.answers["/"] = lambda connection: bool(web.stopping.wait(5)) and None
    fetcher = Fetcher(FetchLimits(stall_s=0.1), allowed=LOOPBACK)
    assert "went quiet" in error_of(fetcher, web.url()).message


def test_a_resolver_that_never_answers_is_left() -> None:
    release = threading.Event()

    def resolver(host: str) -> Sequence[str]:
        release.wait(10)
        return []

    fetcher = Fetcher(FetchLimits(connect_s=0.1), resolver=resolver)
    assert "no answer within" in error_of(fetcher, "http://slow.example/").message
    release.set()


def test_a_port_where_nobody_listens_is_unreachable(fetcher: Fetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    error = error_of(fetcher, f"http://127.0.0.1:{port}/")
    assert isinstance(error, FetchError)
    assert "cannot be reached" in error.message
    assert error.retryable


def test_https_to_a_plain_port_says_that_no_secure_connection_came_about(
    web: Site, fetcher: Fetcher
) -> None:
    error = error_of(fetcher, f"https://127.0.0.1:{web.port}/")
    assert "no secure connection" in error.message


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for secure.example, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    made = folder / "cert.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    names = ["-subj", "/CN=secure.example", "-addext", "subjectAltName=DNS:secure.example"]
    files = ["-out", str(made[0]), "-keyout", str(made[1])]
    try:
        subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    return made


@pytest.fixture
def secure(web: Site, certificate: tuple[Path, Path]) -> tuple[Site, list[str | None]]:
    """A TLS server before the site, and the names that its clients asked for."""
    asked: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    context.sni_callback = lambda sock, name, _: asked.append(name)
    plain = web.serve

    def serve(connection: socket.socket) -> None:
        try:
            plain(context.wrap_socket(connection, server_side=True))
        except OSError:
            connection.close()

    web.serve = serve  # type: ignore[method-assign]  # the one place that has TLS
    return web, asked


def test_the_certificate_is_checked_against_the_name_not_the_address(
    secure: tuple[Site, list[str | None]], certificate: tuple[Path, Path]
) -> None:
    web, asked = secure
    web.answers["/"] = reply(b"safe")
    fetcher = Fetcher(
        LIMITS,
        allowed=LOOPBACK,
        resolver=lambda host: ["127.0.0.1"],
        tls=ssl.create_default_context(cafile=str(certificate[0])),
    )
    assert fetcher.get(f"https://Secure.example.:{web.port}/").body == b"safe"
    assert asked == ["secure.example"]
    error = error_of(fetcher, f"https://other.example:{web.port}/")
    assert "certificate is not valid" in error.message


def test_a_certificate_of_an_unknown_authority_is_refused(
    secure: tuple[Site, list[str | None]],
) -> None:
    web, _ = secure
    fetcher = Fetcher(LIMITS, allowed=LOOPBACK, resolver=lambda host: ["127.0.0.1"])
    error = error_of(fetcher, f"https://secure.example:{web.port}/")
    assert "certificate is not valid" in error.message


def test_what_is_said_to_be_text_is_passed_on_as_it_is(web: Site, fetcher: Fetcher) -> None:
    web.answers["/x.pdf"] = reply(b"%PDF-1.7\0\xff", "Content-Type: text/plain")
    page = fetcher.get(web.url("/x.pdf"))
    assert (page.body, page.media_type, kind(page)) == (b"%PDF-1.7\0\xff", "text/plain", "document")


@pytest.mark.parametrize(
    ("header", "media_type", "charset"),
    [
        ("TEXT/HTML", "text/html", None),
        ("text/html;charset='utf-8'; x", "text/html", None),
        ('text/html; charset="utf-8"', "text/html", "utf-8"),
        ("text/html; charset=../../etc/passwd", "text/html", None),
        ("nonsense", None, None),
        ("a/b/c", None, None),
        (";;;" * 1000, None, None),
    ],
)
def test_a_strange_content_type_is_read_as_far_as_it_goes(
    web: Site, fetcher: Fetcher, header: str, media_type: str | None, charset: str | None
) -> None:
    web.answers["/"] = reply(b"", f"Content-Type: {header}")
    page = fetcher.get(web.url())
    assert (page.media_type, page.charset) == (media_type, charset)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/a/report.pdf?x", "report.pdf"),
        ("/", "index"),
        ("/..", "index"),
        ("/a%2f..%2f..%2fetc%2fpasswd", "a_.._.._etc_passwd"),
        ("/%00%0a%e2%80%aefdp.exe", "___fdp.exe"),
        ("/%ff", "\ufffd"),
    ],
)
def test_the_file_name_of_a_page_is_harmless(
    web: Site, fetcher: Fetcher, path: str, name: str
) -> None:
    web.answers[path] = reply(b"x")
    assert fetcher.get(web.url(path)).filename == name


def test_one_host_gets_one_request_at_a_time(web: Site, fetcher: Fetcher) -> None:
    open_now: list[int] = []
    most: list[int] = []

    def answer(connection: socket.socket) -> None:
        open_now.append(1)
        most.append(len(open_now))
        web.stopping.wait(0.02)
        open_now.pop()
        connection.sendall(reply(b"x"))

    web.answers["/"] = answer
    threads = [threading.Thread(target=fetcher.get, args=(web.url(),)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == [1] * 5


def test_a_crawl_pauses_and_closing_ends_the_pause(web: Site) -> None:
    web.answers["/"] = reply(b"x")
    fetcher = Fetcher(FetchLimits(pause_s=60), allowed=LOOPBACK)
    fetcher.get(web.url(), crawl=True)
    errors: list[FootnoteError] = []

    def fetch_again() -> None:
        with pytest.raises(FetchError) as caught:
            fetcher.get(web.url(), crawl=True)
        errors.append(caught.value)

    waiting = threading.Thread(target=fetch_again)
    waiting.start()
    waiting.join(0.1)
    assert waiting.is_alive()
    fetcher.close()
    waiting.join(5)
    assert "the program is ending" in errors[0].message


def test_a_crawl_asks_robots_txt_once_and_keeps_to_it(web: Site, fetcher: Fetcher) -> None:
    web.answers["/robots.txt"] = reply(b"User-agent: *\nDisallow: /private\n")
    web.answers["/private/a"] = web.answers["/open"] = reply(b"x")
    assert fetcher.get(web.url("/open"), crawl=True).body == b"x"
    with pytest.raises(FetchRefusedError, match=r"robots\.txt asks not to"):
        fetcher.get(web.url("/private/a"), crawl=True)
    assert fetcher.get(web.url("/private/a")).body == b"x"  # somebody asked for this very page
    assert web.paths() == ["/robots.txt", "/open", "/private/a"]


def test_a_site_whose_robots_txt_fails_is_not_crawled_for_now(web: Site, fetcher: Fetcher) -> None:
    web.answers["/robots.txt"] = reply(b"", "Retry-After: 9", status="503 Busy")
    with pytest.raises(FetchError, match=r"robots\.txt cannot be read") as caught:
        fetcher.get(web.url("/x"), crawl=True)
    assert (caught.value.retryable, caught.value.retry_after) == (True, 9)
    assert web.paths() == ["/robots.txt"]


def test_nothing_of_a_page_is_logged(
    web: Site, fetcher: Fetcher, caplog: pytest.LogCaptureFixture
) -> None:
    web.answers["/?key=secret"] = reply(b"x")
    with caplog.at_level(logging.INFO):
        fetcher.get(web.url("/?key=secret"))
    assert "secret" not in caplog.text
