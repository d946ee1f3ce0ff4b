"""HTML pages as they are shown: line breaks, code, exponents, formulas, tables, titles, bytes."""

from collections.abc import Callable, Iterator

import pytest

from index.errors import FootnoteError
from index.loaders import Limits, Parser, pieces_of_bytes
from index.model import SourceDocument

ABOUT = (
    "<p>The museum of clocks stands in the old mill, and the town has owned it since the miller "
    "died. It is open on every day but Monday, and the keeper shows people round at noon.</p>"
)


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser(Limits(seconds=30)) as opened:
        yield opened


@pytest.fixture
def read(parser: Parser) -> Callable[[str | bytes], SourceDocument]:
    def read_(page: str | bytes) -> SourceDocument:
        data = page.encode() if isinstance(page, str) else page
        (piece,) = pieces_of_bytes(data, filename="page.html", parser=parser)
        if piece.error is not None:
            raise piece.error
        assert piece.document is not None
        return piece.document

    return read_


Read = Callable[[str | bytes], SourceDocument]


def page(body: str, head: str = "<title>Clocks</title>") -> str:
    return f"<html lang=en><head>{head}</head><body><article>{ABOUT}{body}{ABOUT}</article></body>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>Mill Lane 3<br>Upper Valley<br>0170 55</p>", "Mill Lane 3\nUpper Valley\n0170 55"),
        ("<p>One verse here.<br><br>Another verse here.</p>", "here.\n\nAnother"),
        ("<pre>wind --all\n  ring</pre>", "```\nwind --all\n  ring\n```"),
        (
            "<pre>The clock was made in the year when the mill\nburnt. It has been mended twice "
            "since then.</pre>",
            "when the mill\nburnt. It has been",
        ),
        (
            "<p>It weighs 2 x 10<sup>3</sup> kg, a 3<sup>rd</sup> of it.</p>",
            "10\u00b3 kg, a 3rd of",
        ),
        ("<p>It is old.<sup><a href=#a>a</a></sup> It runs.</p>", "It is old. It runs."),
        ("<p>It cost <del>90</del> 80 crowns.</p>", "It cost 80 crowns."),
        (
            "<p>A swing takes <math><mi>T</mi><mo>=</mo><mn>2</mn><mi>\u03c0</mi><msqrt><mfrac>"
            "<mi>l</mi><mi>g</mi></mfrac></msqrt></math> seconds.</p>",
            "takes T = 2\u03c0\u221a(l/g) seconds.",
        ),
        (
            "<p>Energy is <span><span style='display: none'><math><msup><mi>v</mi><mn>2</mn></msup>"
            "</math></span><img alt='v'></span> times a half.</p>",
            "Energy is v\u00b2 times a half.",
        ),
        (
            "<table><tr><th>Day<th>Hours<tr><td>Friday<td><p>9 to 12</p><p>14 to 18</p></table>",
            "| Day | Hours |\n| --- | --- |\n| Friday | 9 to 12; 14 to 18 |",
        ),
        (
            "<table><tr><td>Clock<td>Weight<tr><td rowspan=2>Tower<td>900 kg<tr><td>880 kg</table>",
            "| Clock | Weight |\n| --- | --- |\n| Tower | 900 kg |\n| Tower | 880 kg |",
        ),
        (
            "<table><tr><td><h2>Hours</h2><p>Nine to six.</p><td><h2>Fees</h2><p>9 crowns.</p>"
            "</table>",
            "## Hours\n\nNine to six.\n\n## Fees\n\n9 crowns.",
        ),
    ],
)
def test_text_reads_as_the_page_shows_it(read: Read, body: str, expected: str) -> None:
    assert expected in read(page(body)).text


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Clocks of the valley | Mill Post</title>", "<h1>Clocks of the valley</h1>", ""),
        (
            "<title>Mill Post: Clocks of the valley</title>",
            "<header><h1><a href='/'>Mill Post</a></h1></header><h2>Clocks of the valley</h2>",
            "",
        ),
        (
            "<meta property=og:title content='You will not believe these clocks'>"
            "<title>Clocks of the valley - Mill Post</title>",
            "<h1>Clocks of the valley</h1>",
            "",
        ),
        ("<title>Only here</title>", "<h1>Apart</h1><h1>Another</h1>", "Only here"),
    ],
)
def test_the_title_is_the_one_that_readers_see(
    read: Read, head: str, body: str, title: str
) -> None:
    assert read(page(body, head)).title == (title or "Clocks of the valley")


@pytest.mark.parametrize("where", [b"A good day.", b"Fr\xfcher"])
def test_one_damaged_byte_does_not_change_the_rest(read: Read, where: bytes) -> None:
    data = page("<p>Die M\u00fchle schlie\u00dft um f\u00fcnf. WHERE</p>").encode()
    document = read(data.replace(b"WHERE", where))
    assert "Die M\u00fchle schlie\u00dft um f\u00fcnf." in document.text


def test_a_page_in_an_older_encoding_is_not_taken_for_damaged_utf_8(read: Read) -> None:
    text = page("<p>Die M\u00fchle schlie\u00dft um f\u00fcnf.</p>")
    assert "Die M\u00fchle schlie\u00dft" in read(text.encode("latin-1")).text


def test_an_article_that_only_scripts_would_show_is_read_from_what_is_stated(read: Read) -> None:
    script = (
        '{"@type": "BlogPosting", "headline": "Noon", "articleBody": "<p>It rang &amp; rang.</p>"}'
    )
    shell = f'<script type="application/ld+json">{script}</script><div id=app></div>'
    document = read(f"<html><body>{shell}</body></html>")
    assert document.text == "It rang & rang."
    assert document.provenance["text"] == "JSON-LD articleBody"
    with pytest.raises(FootnoteError, match="without a text of its own"):
        read("<html><body><div id=app></div></body></html>")
