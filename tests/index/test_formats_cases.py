"""Small files that were once read wrongly, one for each kind of trouble, and what is in them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.loaders import Limits, Parser, pieces_of_path
from index.model import SourceDocument
from index.segment import segment

CASES = Path(__file__).parent / "cases"


def sentences(document: SourceDocument) -> list[str]:
    """Return what may be quoted of a document."""
    made = segment(document.text, count_tokens=lambda text: len(text.split()) * 4 // 3)
    return [document.text[s.start : s.end] for passage in made for s in passage.sentences]


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser(Limits(seconds=30)) as opened:
        yield opened


@pytest.fixture
def read(parser: Parser) -> Callable[[str], SourceDocument]:
    def read_(name: str) -> SourceDocument:
        (piece,) = pieces_of_path(CASES / name, CASES, parser=parser)
        if piece.error is not None:
            raise piece.error
        assert piece.document is not None
        return piece.document

    return read_


Read = Callable[[str], SourceDocument]


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("pdf-formfeed-glyph.pdf", "The board keeps the fare until 2033."),
        ("pdf-two-columns-rowwise.pdf", "Traffic rose by nine per cent, said the manager, and"),
        ("pdf-two-columns-rowwise.pdf", "Two members asked why the winter timetable had been cut"),
        ("pdf-table-rows.pdf", "Brekke | 8,120 | 7,905"),
        ("pdf-table-rows.pdf", "The figures are those of the coastal authority."),
        ("pdf-bold-subhead.pdf", "The line employs 46 people, six more than a year ago."),
        ("pdf-bold-subhead.pdf", "A single ticket costs 38 crowns."),
        (
            "pdf-superscript-line-end.pdf",
            "was signed into law by President Arne Holm on 28 October",
        ),
        ("pdf-footnote-between-pages.pdf", "would be cut to four crossings a day because too few"),
        ("pdf-footnote-between-pages.pdf", "1 The timetable of 2029 had six crossings a day."),
        ("pdf-line-numbers.pdf", "Ms Vale said that the pier would close on 4 May, not on 1 May"),
        ("pdf-pua-bullets.pdf", "carry bicycles free of charge;"),
        ("pdf-toc-leaders.pdf", "The line employs 46 people."),
        ("pdf-arabic.pdf", "تبدأ العبارة الجديدة رحلاتها في شهر مارس."),
        ("pdf-arabic.pdf", "سعر التذكرة 38 ريالا."),
        ("html-br-address.html", "Quay 4"),
        ("html-br-address.html", "2 crowns for bicycles"),
        ("html-pre-code.html", "$ feed init --port 9000\n$ feed add arnvik"),
        ("html-pre-code.html", "def fare(age):\n    if age < 12:\n        return 0"),
        ("html-list-in-table.html", "Monday | 08:00 to 17:30"),
        ("html-math-inline.html", "The fare is f = 20 + 3d crowns, where d is the distance"),
        ("html-table-layout.html", "The pier at Arnvik has two owners, and they no longer speak."),
        ("html-table-layout.html", "Mira Lund | 63 | 16.6%"),
        ("html-sup-exponent.html", "The line has carried 10\u2076 passengers"),
        ("html-sup-exponent.html", "It has 5\u00b3 boats."),
        ("html-one-bad-byte.html", "Die Fähre fährt täglich um halb eins."),
        ("txt-one-bad-byte.txt", "Die Straße zum Hafen ist wegen Bauarbeiten gesperrt."),
        ("html-jsonld-only.html", "The board had hoped for 280,000."),
        ("docx-strike.docx", "A single ticket costs 42 crowns."),
        ("docx-hidden.docx", "A single ticket costs 42 crowns."),
        ("docx-table.docx", "Brekke | 8,120 | 7,905"),
        ("eml-charset-conflict.eml", "Fähre \u201cNorlund\u201d fährt um 12:30 Uhr ab"),
        ("eml-reply-chain.eml", "The ferry leaves at 12:30 in winter."),
        ("eml-alternative-stub.eml", "The ferry leaves at 12:30 in winter."),
        ("mail-without-suffix", "The ferry leaves at 12:30 in winter."),
        ("md-html-tags.md", "Dogs travel free."),
        ("md-html-tags.md", "Term\n: What the term means."),
    ],
)
def test_what_a_page_says_can_be_quoted(read: Read, name: str, quoted: str) -> None:
    found = sentences(read(name))
    assert any(each.startswith(quoted) or quoted in each for each in found), found


@pytest.mark.parametrize(
    ("name", "never"),
    [
        ("pdf-toc-leaders.pdf", "...."),
        ("pdf-pua-bullets.pdf", "\uf0b7"),
        ("pdf-line-numbers.pdf", "3 pier"),
        ("pdf-bold-subhead.pdf", "Staffing"),
        ("html-sup-exponent.html", "106"),
        ("docx-strike.docx", "38"),
        ("docx-hidden.docx", "99"),
        ("docx-table.docx", "Tonnes 2024"),
        ("eml-reply-chain.eml", "10:00"),
        ("eml-reply-chain.eml", "11:15"),
        ("eml-reply-chain.eml", "09:45"),
        ("eml-reply-chain.eml", "wrote"),
        ("md-html-tags.md", "<"),
    ],
)
def test_what_is_no_sentence_is_never_quoted(read: Read, name: str, never: str) -> None:
    found = sentences(read(name))
    assert found
    assert not any(never in each for each in found), found


@pytest.mark.parametrize(
    ("name", "title"), [("pdf-title-filename.pdf", "Report on the ferry line")]
)
def test_titles_are_those_of_the_text(read: Read, name: str, title: str) -> None:
    assert read(name).title == title
