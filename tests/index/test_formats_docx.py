"""Word documents: text in reading order, and what the package may not do."""

import io
import zipfile
from collections.abc import Callable, Iterator

import pytest

from index.errors import InvalidDocumentError, TooLargeError
from index.loaders import Limits, Parser, pieces_of_bytes
from index.model import SourceDocument
from tests.made_files import docx

BODY = "The ferry did not sail on Monday. It stayed in the harbour."
Read = Callable[[bytes], SourceDocument]


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser(Limits(seconds=30, unpacked_bytes=20_000_000)) as opened:
        yield opened


@pytest.fixture
def read(parser: Parser) -> Read:
    def read_(data: bytes) -> SourceDocument:
        (piece,) = pieces_of_bytes(data, filename="report.docx", parser=parser)
        if piece.error is not None:
            raise piece.error
        assert piece.document is not None
        return piece.document

    return read_


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a package with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, change(content) if info.filename == part else content)
    return out.getvalue()


def test_headings_paragraphs_lists_and_tables_come_in_order(read: Read) -> None:
    data = docx(
        ["# Storm", BODY, "- Morning: 07:30", "- Evening: 18:45", "## Boats"],
        table=[["Boat", "Seats"], ["Fram", "120"]],
    )
    assert read(data).text == (
        f"# Storm\n\n{BODY}\n\n- Morning: 07:30\n- Evening: 18:45\n\n## Boats\n\n"
        "| Boat | Seats |\n| --- | --- |\n| Fram | 120 |"
    )


def test_the_title_is_taken_and_the_day_of_the_file_is_no_publication(read: Read) -> None:
    document = read(docx([BODY], title="Storm over Oslo"))
    assert document.title == "Storm over Oslo"
    assert document.published_at is None
    assert document.provenance["title"] == "Word property title"
    assert document.provenance["file_created"].endswith("(Word property created)")


def test_inserted_text_counts_and_deleted_text_does_not(read: Read) -> None:
    def track(xml: bytes) -> bytes:
        run = b"<w:r><w:t>in the harbour</w:t></w:r>"
        old = b"<w:r><w:delText>at sea</w:delText></w:r>"
        tracked = b"<w:ins>" + run + b"</w:ins><w:del>" + old + b"</w:del></w:p>"
        return xml.replace(b"</w:p>", tracked, 1)

    document = read(changed(docx(["The ferry stayed "]), "word/document.xml", track))
    assert document.text == "The ferry stayed in the harbour"


def test_captions_and_tables_of_contents_are_left_out(read: Read) -> None:
    def restyle(xml: bytes) -> bytes:
        return xml.replace(b'<w:pStyle w:val="Heading1"/>', b'<w:pStyle w:val="Caption"/>')

    data = changed(docx(["# The ferry in the harbour", BODY]), "word/document.xml", restyle)
    assert read(data).text == BODY


def test_a_table_of_contents_control_is_read_as_text(read: Read) -> None:
    def wrap(xml: bytes) -> bytes:
        start = xml.index(b"<w:p>") if b"<w:p>" in xml else xml.index(b"<w:p ")
        end = xml.index(b"</w:p>") + 6
        return (
            xml[:start]
            + b"<w:sdt><w:sdtContent>"
            + xml[start:end]
            + b"</w:sdtContent></w:sdt>"
            + xml[end:]
        )

    assert read(changed(docx([BODY]), "word/document.xml", wrap)).text == BODY


@pytest.mark.parametrize(
    "definition",
    [
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
def test_entities_are_refused(read: Read, definition: bytes) -> None:
    def define(xml: bytes) -> bytes:
        head, _, rest = xml.partition(b"?>")
        return head + b"?>" + definition + rest

    with pytest.raises(InvalidDocumentError, match="defines entities"):
        read(changed(docx([BODY]), "word/document.xml", define))


def test_a_package_that_grows_without_end_is_refused(read: Read) -> None:
    bomb = changed(docx([BODY]), "word/document.xml", lambda xml: xml + b" " * 40_000_000)
    with pytest.raises(TooLargeError, match="far larger"):
        read(bomb)


@pytest.mark.parametrize(
    "data",
    [
        docx([BODY])[:2000],
        changed(docx([BODY]), "word/document.xml", lambda xml: xml[: len(xml) // 2]),
        changed(docx([BODY]), "[Content_Types].xml", lambda _: b""),
        changed(docx([BODY]), "_rels/.rels", lambda _: b"<nothing/>"),
    ],
)
def test_damaged_documents_are_told_as_such(read: Read, data: bytes) -> None:
    with pytest.raises(InvalidDocumentError, match="damaged"):
        read(data)


def test_a_document_without_text_is_refused(read: Read) -> None:
    with pytest.raises(InvalidDocumentError, match="no text"):
        read(docx([""]))


def _marked(mark: str, *, style: bool) -> bytes:
    from docx import Document
    from docx.enum.style import WD_STYLE_TYPE

    document = Document()
    paragraph = document.add_paragraph("The bell rings at ")
    run = paragraph.add_run("noon ")
    font = run.font
    if style:
        font = document.styles.add_style("Gone", WD_STYLE_TYPE.CHARACTER).font
        run.style = document.styles["Gone"]
    setattr(font, mark, True)
    paragraph.add_run("one.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("mark", ["hidden", "strike", "double_strike"])
@pytest.mark.parametrize("style", [False, True])
def test_hidden_and_struck_words_are_left_out(read: Read, mark: str, style: bool) -> None:
    assert read(_marked(mark, style=style)).text == "The bell rings at one."


def test_a_cell_over_several_rows_stands_in_each_of_them(read: Read) -> None:
    from docx import Document

    document = Document()
    table = document.add_table(rows=3, cols=2)
    for row, cells in zip(
        table.rows, (("Clock", "Weight"), ("Tower", "900 kg"), ("", "880 kg")), strict=True
    ):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    table.cell(1, 0).merge(table.cell(2, 0))
    out = io.BytesIO()
    document.save(out)
    assert read(out.getvalue()).text.split("\n")[2:] == [
        "| Tower | 900 kg |",
        "| Tower | 880 kg |",
    ]
