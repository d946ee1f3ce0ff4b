"""PDF: text with pages, furniture left out, words mended, and what is no text told apart."""

from collections.abc import Callable, Iterator

import pytest

from index.errors import FootnoteError, InvalidDocumentError, TooLargeError
from index.loaders import Limits, Parser, pieces_of_bytes
from index.model import SourceDocument
from tests.made_files import encrypted_pdf, pdf, scan

FIRST = "The ferry did not sail on Monday. It stayed in the harbour until the storm was over."
SECOND = "Sailings resume on 3 October 2024, the company said in a statement in the evening."


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser(Limits(pages=12, seconds=30)) as opened:
        yield opened


@pytest.fixture
def read(parser: Parser) -> Callable[[bytes], SourceDocument]:
    def read_(data: bytes) -> SourceDocument:
        (piece,) = pieces_of_bytes(data, filename="report.pdf", parser=parser)
        if piece.error is not None:
            raise piece.error
        assert piece.document is not None
        return piece.document

    return read_


Read = Callable[[bytes], SourceDocument]


def test_paragraphs_are_joined_and_pages_have_their_offsets(read: Read) -> None:
    document = read(pdf([["# Storm over Oslo", FIRST], [SECOND]], columns=40))
    assert document.text == f"# Storm over Oslo\n\n{FIRST}\n\n{SECOND}"
    assert document.pages == (0, document.text.index(SECOND))
    assert document.media_type == "application/pdf"
    assert (document.title, document.provenance["title"]) == ("Storm over Oslo", "heading")


def test_a_sentence_that_runs_over_a_page_stays_whole(read: Read) -> None:
    document = read(pdf([[FIRST, "It will sail again when the"], ["wind has turned. So it is."]]))
    assert "again when the wind has turned. So" in document.text
    assert document.pages[1] == document.text.index("wind has turned")


def test_empty_pages_begin_where_the_next_text_does(read: Read) -> None:
    document = read(pdf([[], [FIRST], [], [SECOND], []]))
    second = document.text.index(SECOND)
    assert document.pages == (0, 0, second, second, len(document.text))
    assert document.provenance["pages_without_text"] == "3 of 5"


def test_running_headers_footers_and_page_numbers_are_left_out(read: Read) -> None:
    pages = [[f"{FIRST} This was page {word}."] for word in ("one", "two", "three", "four")]
    document = read(pdf(pages, head="Fjord Report 2024", foot="Confidential - {page} of 4"))
    assert "Fjord Report" not in document.text
    assert "Confidential" not in document.text
    assert document.text.count(FIRST) == 4


def test_headers_that_change_with_the_chapter_are_known_by_their_counting(read: Read) -> None:
    pages = [[f"{FIRST} This was page {word}."] for word in ("one", "two", "three", "four")]
    document = read(pdf(pages, head="{name}: a chapter of the report  {page}"))
    assert "chapter" not in document.text
    dates = [[f"{2020 + n} was a year of storms.", FIRST] for n in (7, 3, 9, 1)]
    assert "2023 was a year" in read(pdf(dates)).text


def test_a_line_that_stands_on_one_page_only_is_kept(read: Read) -> None:
    document = read(pdf([["Alone at the top of the page."], [FIRST], [SECOND]]))
    assert document.text.startswith("Alone at the top of the page.")


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("They will leave by the end of Sep-\ntember of this year.", "end of September of"),
        ("It was a well-\nknown plan of the town.", "a well-known plan"),
        ("The US-\nled forces will leave the base.", "The US-led forces"),
        ("The boat of Ain al-\nAsad is a base.", "Ain al-Asad is"),
        (
            "A follow-up was due. The follow-\nup came late in the day.",
            "The follow-up came",
        ),
        ("The talks of 2024-\n2026 were long.", "of 2024-2026 were"),
    ],
)
def test_divided_words_are_mended_with_care(read: Read, paragraph: str, expected: str) -> None:
    assert expected in read(pdf([[paragraph]])).text


def test_stated_title_and_author_are_taken_and_the_day_of_the_file_is_no_publication(
    read: Read,
) -> None:
    info = {"Title": "Størmen", "Author": "Ann Berg", "CreationDate": "D:20240927100000Z"}
    document = read(pdf([[FIRST]], info=info))
    assert document.title == "Størmen"
    assert document.published_at is None
    assert document.language is None
    assert document.provenance == {
        "title": "PDF information Title",
        "author": "Ann Berg (PDF information Author)",
        "file_created": "2024-09-27 (PDF information CreationDate)",
    }


@pytest.mark.parametrize(
    "title", ["Microsoft Word - report.docx", "untitled", "(anonymous)", "report_v2.pdf"]
)
def test_a_title_that_a_program_made_up_is_none(read: Read, title: str) -> None:
    assert read(pdf([["# Storm", FIRST]], info={"Title": title})).title == "Storm"


def test_an_author_that_a_program_made_up_is_none(read: Read) -> None:
    assert "author" not in read(pdf([[FIRST]], info={"Author": "(anonymous)"})).provenance


def test_a_day_at_the_top_of_the_text_is_the_publication(read: Read) -> None:
    document = read(pdf([["# Storm", f"OSLO, Sept. 29, 2025 (Reuters) - {FIRST}"]]))
    assert str(document.published_at) == "2025-09-29"
    assert document.provenance["published_at"] == "dateline"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (scan(2), "no text layer on its 2 pages.*OCR"),
        (pdf([[], [], []], head="Scanned by a machine", foot="{page}"), "no text layer"),
        (encrypted_pdf(), "encrypted.*without"),
        (pdf([[FIRST]])[:700], "damaged"),
        (b"%PDF-1.7\n" + b"\xff" * 5000, "damaged"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_to_do(read: Read, data: bytes, says: str) -> None:
    with pytest.raises(InvalidDocumentError, match=says):
        read(data)


def test_too_many_pages_are_refused(read: Read) -> None:
    with pytest.raises(TooLargeError, match="13 pages; at most 12"):
        read(pdf([[FIRST]] * 13))


def test_too_much_text_is_refused() -> None:
    with Parser(Limits(characters=100)) as parser:
        (piece,) = pieces_of_bytes(pdf([[FIRST, SECOND]]), filename="a.pdf", parser=parser)
    assert isinstance(piece.error, TooLargeError)
    assert "100 characters" in piece.error.message


def test_every_cut_of_a_pdf_is_read_or_refused(parser: Parser) -> None:
    whole = pdf([["# Storm", FIRST], [SECOND]])
    for length in range(0, len(whole), len(whole) // 25):
        for piece in pieces_of_bytes(whole[:length], filename="a.pdf", parser=parser):
            assert piece.document is not None or isinstance(piece.error, FootnoteError)
