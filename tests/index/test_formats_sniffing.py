"""A wrong name: the file is read as what it is, or refused with what it seems to be."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import InvalidDocumentError
from index.loaders import Parser, discover, pieces_of_bytes, pieces_of_path
from index.loaders.sniffing import format_of
from tests.made_files import archive, docx, mail, pdf

BODY = "The ferry did not sail on Monday. It stayed in the harbour."
HTML = f"<!DOCTYPE html>\n<html><body><p>{BODY}</p></body></html>".encode()
PDF, DOCX, ZIP = pdf([[BODY]]), docx([BODY]), archive({"a.txt": BODY.encode()})


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser() as opened:
        yield opened


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (HTML, "page.txt", "text/html"),
        (HTML, "page.pdf", "text/html"),
        (b"\xef\xbb\xbf  <!-- saved --><html><body><p>A ferry.</p>", "page.md", "text/html"),
        (PDF, "page.html", "application/pdf"),
        (PDF, "page.txt", "application/pdf"),
        (b"\n\n" + PDF, "page.pdf", "application/pdf"),
        (DOCX, "report.zip", "application/vnd.openxmlformats-officedocument"),
        (DOCX, "report.txt", "application/vnd.openxmlformats-officedocument"),
        (ZIP, "report.pdf", "text/plain"),
    ],
)
def test_a_wrong_ending_is_seen_through(
    parser: Parser, data: bytes, name: str, media_type: str
) -> None:
    (piece,) = pieces_of_bytes(data, filename=name, parser=parser)
    assert piece.document is not None, piece.error
    assert (piece.document.media_type or "").startswith(media_type)
    assert "ferry" in piece.document.text


def test_an_archive_named_as_a_word_document_is_told(parser: Parser) -> None:
    (piece,) = pieces_of_bytes(ZIP, filename="report.docx", parser=parser)
    assert isinstance(piece.error, InvalidDocumentError)
    assert "Word document" in piece.error.message


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (BODY.encode(), "a.pdf", "named as a PDF and is none: it seems to be plain text"),
        (BODY.encode(), "a.docx", "named as a Word document and is none: it seems"),
        (BODY.encode(), "a.zip", "named as a ZIP archive and is none"),
        (b"\x00\x01\x02" * 100, "a.pdf", "binary data"),
        (b"   \n", "a.pdf", "it is blank"),
        (b"", "a.pdf", "empty"),
        (b"", "a.docx", "empty"),
        (b"", "a.html", "empty"),
        (b"", "a.eml", "empty"),
        (b"", "a.txt", "empty"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 100, "a.docx", "old Office document"),
        (b"{\\rtf1 hello}", "a.txt", "Rich Text"),
        (b"\x89PNG\r\n", "a.txt", "a picture"),
        (b"\x1f\x8b\x08", "a.txt", "compressed"),
        (archive({"xl/workbook.xml": b"x"}), "a.zip", "a.zip (which is a workbook) is a damaged"),
        (archive({"ppt/presentation.xml": b"x"}), "a.docx", "PowerPoint"),
        (archive({"META-INF/container.xml": b"x"}), "a.zip", "EPUB"),
        (b"<?xml version='1.0'?><rss version='2.0'></rss>", "a.html", "feed"),
        (b"<urlset xmlns='x'></urlset>", "a.txt", "sitemap"),
        (BODY.encode(), "a.xyz", "format that is not read"),
        (b"No headers here.", "a.eml", "none of a mail's headers"),
    ],
)
def test_what_is_not_read_is_told_as_what_it_seems(
    parser: Parser, data: bytes, name: str, says: str
) -> None:
    (piece,) = pieces_of_bytes(data, filename=name, parser=parser)
    assert isinstance(piece.error, InvalidDocumentError)
    assert says in piece.error.message


def test_a_word_document_in_an_archive_does_not_make_it_one(parser: Parser) -> None:
    data = archive({"word.docx": DOCX, "b.txt": BODY.encode()})
    pieces = list(pieces_of_bytes(data, filename="a.zip", parser=parser))
    assert [piece.document is not None for piece in pieces] == [True, True]


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("download", "application/pdf"), ("story.php", "application/pdf; charset=x"), ("get", None)],
)
def test_a_name_that_says_nothing_leaves_it_to_the_rest(
    parser: Parser, name: str, media_type: str | None
) -> None:
    (piece,) = pieces_of_bytes(PDF, filename=name, media_type=media_type, parser=parser)
    assert piece.document is not None


def test_a_fetched_page_is_known_by_its_address(parser: Parser) -> None:
    (piece,) = pieces_of_bytes(
        HTML,
        filename="index.php",
        media_type="text/html",
        origin="https://example.org/news/storm?id=4",
        url="https://example.org/news/storm?id=4",
        parser=parser,
    )
    assert piece.document is not None
    assert piece.document.id.startswith("example.org-news-storm")


def test_a_folder_is_searched_for_every_format(parser: Parser, tmp_path: Path) -> None:
    files = {"a.pdf": PDF, "b.docx": DOCX, "c.html": HTML, "d.eml": mail(BODY), "e.zip": ZIP}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    found = discover(tmp_path)
    assert [file.name for file in found] == sorted(files)
    pieces = [p for file in found for p in pieces_of_path(file, tmp_path, parser=parser)]
    assert [p.document and p.document.id for p in pieces] == ["a", "b", "c", "d", "e-a"]


def test_what_is_given_wrongly_is_an_error_of_the_file(parser: Parser) -> None:
    (piece,) = pieces_of_bytes(HTML, filename="a.html", url="ftp://x", parser=parser)
    assert isinstance(piece.error, InvalidDocumentError)


def test_comments_before_a_page_cost_no_more_than_their_length() -> None:
    with pytest.raises(InvalidDocumentError, match="a feed or sitemap"):
        format_of(b"<!---->" * 500 + b"<rss>", "a.txt")
    assert format_of(b"<!-- a -- b -->" * 200 + b"x", "a.txt").key == "text"  # in a moment
