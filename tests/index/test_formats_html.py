"""HTML: the main text as Markdown, and only what the page itself states."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from index.errors import InvalidDocumentError
from index.loaders import Parser, pieces_of_bytes
from index.model import SourceDocument

BODY = (
    "The ferry did not sail on Monday. It stayed in the harbour, the company said in a statement "
    "that was published late in the evening."
)
MORE = "Sailings resume on 3 October 2024, and the line will run two boats a day for the summer."
JSON_LD = (
    '<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":'
    '"NewsArticle","headline":"Storm over Oslo","datePublished":"2024-09-27T23:30:00-05:00",'
    '"author":[{"name":"Ann Berg"}],"publisher":{"name":"Fjord News"},"inLanguage":"en"}]}</script>'
)
Read = Callable[..., SourceDocument]


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser() as opened:
        yield opened


@pytest.fixture
def read(parser: Parser) -> Read:
    def read_(page: str | bytes, **given: str) -> SourceDocument:
        data = page.encode() if isinstance(page, str) else page
        (piece,) = pieces_of_bytes(data, filename="page.html", parser=parser, **given)
        if piece.error is not None:
            raise piece.error
        assert piece.document is not None
        return piece.document

    return read_


def page(body: str, head: str = "", html: str = "") -> str:
    return f"<!DOCTYPE html><html {html}><head>{head}</head><body>{body}</body></html>"


def test_headings_lists_tables_and_quotations_become_markdown(read: Read) -> None:
    document = read(
        page(
            f"<article><h1>Storm over Oslo</h1><p>{BODY}</p><h2>The timetable</h2><p>{MORE}</p>"
            "<ul><li>Morning boat: 07:30</li><li>Evening boat: 18:45</li></ul><table><tr><th>Boat"
            "</th><th>Seats</th></tr><tr><td>Fram</td><td>120</td></tr></table><blockquote><p>We "
            "will not risk lives, he said.</p></blockquote></article>"
        )
    )
    assert document.text == (
        f"# Storm over Oslo\n\n{BODY}\n\n## The timetable\n\n{MORE}\n\n- Morning boat: 07:30\n"
        "- Evening boat: 18:45\n\n| Boat | Seats |\n| --- | --- |\n| Fram | 120 |\n\n"
        "> We will not risk lives, he said."
    )
    assert document.title == "Storm over Oslo"


@pytest.mark.parametrize(
    "part",
    [
        '<div id="cookie-banner"><p>We use cookies for the ferry.</p></div>',
        '<div class="newsletterBox"><p>Get the ferry news by mail.</p></div>',
        '<div class="article__share"><a href="#">Send the ferry to friends</a></div>',
        "<figure><img src='a.jpg'><figcaption>The ferry. Jo Lund / Getty</figcaption></figure>",
        '<section class="comments"><h3>Comments</h3><p>First! The ferry sank.</p></section>',
        '<p class="byline">By Ann Berg, ferry editor</p>',
        "<nav><ul><li>Ferry</li><li>World</li></ul></nav>",
        "<footer><p>Ferry Press, all rights reserved.</p></footer>",
        "<div hidden><p>The ferry sank, say this to everybody.</p></div>",
        '<p style="display:none">The ferry sank.</p>',
        "<script>document.write('The ferry sank.')</script>",
        '<aside class="related"><ul><li>The ferry of 1912</li></ul></aside>',
        '<form><p>Your name for the ferry</p><input name="a"></form>',
    ],
)
def test_parts_of_the_page_are_left_out(read: Read, part: str) -> None:
    document = read(page(f"<main><h1>Storm</h1><p>{BODY}</p>{part}<p>{MORE}</p></main>"))
    assert document.text == f"# Storm\n\n{BODY}\n\n{MORE}"


def test_a_page_whose_body_is_named_after_its_comments_is_not_lost(read: Read) -> None:
    document = read(page(f'<div class="has-comments share-on"><p>{BODY}</p><p>{MORE}</p></div>'))
    assert BODY in document.text


def test_a_short_page_is_read_whole(read: Read) -> None:
    document = read("<html><body><h1>Storm</h1><p>It ends in May.</p></body></html>")
    assert document.text == "# Storm\n\nIt ends in May."


@pytest.mark.parametrize(
    ("head", "day", "where"),
    [
        (
            '<meta property="article:published_time" content="2024-09-27T10:00:00Z">',
            dt.date(2024, 9, 27),
            "meta article:published_time",
        ),
        (JSON_LD, dt.date(2024, 9, 27), "JSON-LD datePublished"),
        ('<meta name="pubdate" content="20240927">', dt.date(2024, 9, 27), "meta pubdate"),
        (
            '<meta name="citation_publication_date" content="2024/09/27">',
            dt.date(2024, 9, 27),
            "meta citation_publication_date",
        ),
        ('<meta name="date" content="Sept. 27, 2024">', dt.date(2024, 9, 27), "meta date"),
        ('<meta name="date" content="27 September 2024">', dt.date(2024, 9, 27), "meta date"),
    ],
)
def test_the_day_is_the_one_the_page_states(
    read: Read, head: str, day: dt.date, where: str
) -> None:
    document = read(page(f"<p>{BODY}</p>", head))
    assert (document.published_at, document.provenance["published_at"]) == (day, where)


@pytest.mark.parametrize(
    "head",
    [
        "",
        '<meta property="article:modified_time" content="2024-09-27">',
        '<meta name="date" content="yesterday">',
        '<meta name="date" content="2024-13-45">',
        '<meta name="last-modified" content="2024-09-27">',
        '<link rel="canonical" href="https://example.org/2024/09/27/storm">',
        '<script type="application/ld+json">{"@type":"ItemList","itemListElement":[{"@type":'
        '"NewsArticle","datePublished":"2024-09-27"}]}</script>',
        '<script type="application/ld+json">{"@type": "NewsArticle", broken</script>',
    ],
)
def test_no_day_is_guessed(read: Read, head: str) -> None:
    body = f"<p>{BODY}</p><p>{MORE}</p><p>© 2024</p><time datetime='2023-01-01'>then</time>"
    document = read(page(body, head))
    assert document.published_at is None
    assert "published_at" not in document.provenance


def test_what_a_page_states_is_taken_with_its_place(read: Read) -> None:
    head = (
        f'{JSON_LD}<title>Storm over Oslo | Fjord News</title><meta property="og:site_name" '
        'content="Fjord News"><link rel="canonical" href="https://example.org/storm">'
    )
    document = read(page(f"<p>{BODY}</p>", head, 'lang="en-GB"'))
    assert document.title == "Storm over Oslo"
    assert document.source == "Fjord News"
    assert document.url == "https://example.org/storm"
    assert document.language == "en-GB"
    assert document.published_at == dt.date(2024, 9, 27)
    assert document.provenance == {
        "title": "JSON-LD headline",
        "source": "meta og:site_name",
        "url": "link canonical",
        "language": "html lang",
        "published_at": "JSON-LD datePublished",
        "author": "Ann Berg (JSON-LD author)",
    }


def test_what_is_not_stated_stays_unknown(read: Read) -> None:
    document = read(page(f"<p>{BODY}</p>"))
    assert (document.source, document.url, document.language) == (None, None, None)


def test_what_cannot_be_used_is_passed_over(read: Read) -> None:
    head = '<link rel="canonical" href="javascript:alert(1)"><meta property="og:url" content="/x">'
    document = read(page(f"<p>{BODY}</p>", head, 'lang="not a language"'))
    assert (document.url, document.language) == (None, None)


def test_given_values_win_and_are_marked(read: Read) -> None:
    document = read(page(f"<p>{BODY}</p>", JSON_LD), title="Mine", published_at="2020-01-02")
    assert (document.title, document.published_at) == ("Mine", dt.date(2020, 1, 2))
    assert document.provenance["title"] == document.provenance["published_at"] == "given"


def test_the_name_of_the_site_is_taken_off_a_title(read: Read) -> None:
    head = (
        "<title>Storm - over Oslo | Fjord News</title>"
        '<meta property="og:site_name" content="Fjord News">'
    )
    assert read(page(f"<p>{BODY}</p>", head)).title == "Storm - over Oslo"


@pytest.mark.parametrize(
    ("text", "encoding", "charset"),
    [
        ("Größe der Fähre überrascht alle Gäste.", "utf-8", ""),
        ("Größe der Fähre überrascht alle Gäste.", "cp1252", ""),
        ("Größe der Fähre überrascht alle Gäste.", "cp1252", "iso-8859-1"),
        ("Паром не вышел в море в понедельник.", "windows-1251", "windows-1251"),
        ("船は月曜日に出航しなかった。港に残った。", "shift_jis", "shift_jis"),
        ("船は月曜日に出航しなかった。港に残った。", "iso-2022-jp", "iso-2022-jp"),
    ],
)
def test_encodings_are_the_stated_ones(read: Read, text: str, encoding: str, charset: str) -> None:
    head = f"<meta charset='{charset}'>" if charset else ""
    assert text in read(page(f"<p>{text}</p>", head).encode(encoding)).text


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ("<html><body><script>run()</script></body></html>", "without a text"),
        ("<html></html>", "without"),
        ("<!doctype html>", "without"),
        ("<html><body><img src='a.png'></body></html>", "without a text"),
    ],
)
def test_a_page_without_a_text_is_refused(read: Read, html: str, says: str) -> None:
    with pytest.raises(InvalidDocumentError, match=says):
        read(html)


@pytest.mark.parametrize("opening", ["<div>", "<ul><li>", "<b>", "<table><tr><td>", "<blockquote>"])
def test_endless_nesting_is_read_or_refused(parser: Parser, opening: str) -> None:
    html = f"<html><body>{opening * 5_000}{BODY}</body></html>".encode()
    (piece,) = pieces_of_bytes(html, filename="deep.html", parser=parser)
    assert (piece.document is None) == (piece.error is not None)
