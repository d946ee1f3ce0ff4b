"""Tables of text: each row with its column's names is one piece of evidence."""

import io
import zipfile
from collections.abc import Callable, Iterator

import pytest

from index.errors import FootnoteError
from index.loaders import Limits, Parser, pieces_of_bytes
from index.model import SourceDocument
from index.segment import segment

Read = Callable[[bytes, str], SourceDocument]


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser(Limits(seconds=30, entries=20)) as opened:
        yield opened


@pytest.fixture
def read(parser: Parser) -> Read:
    def read_(data: bytes, name: str) -> SourceDocument:
        (piece,) = pieces_of_bytes(data, filename=name, parser=parser)
        if piece.error is not None:
            raise piece.error
        assert piece.document is not None
        return piece.document

    return read_


def sentences(document: SourceDocument) -> list[str]:
    made = segment(document.text, count_tokens=lambda text: len(text.split()))
    return [document.text[s.start : s.end] for passage in made for s in passage.sentences]


@pytest.mark.parametrize(
    ("name", "data", "rows"),
    [
        ("a.csv", "clock,made\nTower,1612\nMantel,1840\n", "Tower, 1612; Mantel, 1840"),
        ("a.csv", "clock;made\r\nTower;1612\r\nMantel;1840\r\n", "Tower, 1612; Mantel, 1840"),
        ("a.tsv", "clock\tmade\nTower\t1612\nMantel\t1840\n", "Tower, 1612; Mantel, 1840"),
        ("a.csv", 'clock,made\n"Tower, ""Old""",1612\n', 'Tower, "Old", 1612'),
    ],
)
def test_a_row_with_the_names_of_its_columns_is_one_piece_of_evidence(
    read: Read, name: str, data: str, rows: str
) -> None:
    document = read(data.encode(), name)
    expected = [row.rsplit(", ", 1) for row in rows.split("; ")]
    assert sentences(document) == [f"clock: {clock} | made: {made}" for clock, made in expected]
    assert document.media_type == "text/csv"


def test_titles_above_a_table_and_empty_cells_are_no_part_of_its_rows(read: Read) -> None:
    data = b"Clocks of the mill,,\n,,\nclock,made,height\nTower,1612,310 cm\nMantel,,41 cm\n"
    document = read(data, "a.csv")
    assert document.text.startswith("Clocks of the mill\n\n")
    assert sentences(document)[-1] == "clock: Mantel | height: 41 cm"


def test_a_table_without_names_keeps_its_first_row(read: Read) -> None:
    assert sentences(read(b"1612,Tower\n1840,Mantel\n", "a.csv"))[0] == "1612 | Tower"


def test_a_sentence_in_a_cell_does_not_divide_its_row(read: Read) -> None:
    data = b"clock,note\nTower,It is old. It was mended in 1931.\n"
    assert sentences(read(data, "a.csv")) == [
        "clock: Tower | note: It is old. It was mended in 1931."
    ]


def test_an_empty_table_and_one_over_the_limit_are_refused(read: Read) -> None:
    with pytest.raises(FootnoteError, match="no rows"):
        read(b",,\n,,\n", "a.csv")
    with pytest.raises(FootnoteError, match="more than 2,000 rows"):
        read(b"a,b\n" * 2001, "a.csv")


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def workbook(sheets: dict[str, list[list[str | float]]], hidden: tuple[str, ...] = ()) -> bytes:
    """Return an Excel workbook with as little in it as there may be."""
    listed = related = ""
    files = {}
    for number, (name, rows) in enumerate(sheets.items(), start=1):
        state = ' state="hidden"' if name in hidden else ""
        listed += f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"{state}/>'
        related += (
            f'<Relationship Id="r{number}" Type="{_OFFICE}/worksheet" '
            f'Target="worksheets/sheet{number}.xml"/>'
        )
        cells = "".join("<row>" + "".join(map(_cell, row)) + "</row>" for row in rows)
        files[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{cells}</sheetData></worksheet>'
        )
    files["xl/workbook.xml"] = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'
    )
    relations = f'<Relationships xmlns="{_PACKAGE}/relationships">'
    files["xl/_rels/workbook.xml.rels"] = f"{relations}{related}</Relationships>"
    files["_rels/.rels"] = (
        f'{relations}<Relationship Id="a" Type="{_OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in files.items():
            package.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{content}')
    return out.getvalue()


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def test_rows_of_a_workbook_are_evidence_under_the_names_of_its_sheets(read: Read) -> None:
    data = workbook(
        {
            "Clocks": [["clock", "made"], ["Tower", 1612], ["Mantel", 1840.5]],
            "Keepers": [["keeper", "from"], ["Ann", 1990], ["Jon", 2031]],
            "Draft": [["clock", "made"], ["Secret", 1]],
        },
        hidden=("Draft",),
    )
    document = read(data, "museum.xlsx")
    assert sentences(document) == [
        "clock: Tower | made: 1612",
        "clock: Mantel | made: 1840.5",
        "keeper: Ann | from: 1990",
        "keeper: Jon | from: 2031",
    ]
    assert "# Keepers" in document.text


def test_a_damaged_or_empty_workbook_is_refused(read: Read) -> None:
    with pytest.raises(FootnoteError, match="no cells"):
        read(workbook({"Empty": []}), "museum.xlsx")
    with pytest.raises(FootnoteError, match=r"damaged|not sent whole"):
        read(workbook({"Clocks": [["a", "b"]]})[:-40], "museum.xlsx")
    with pytest.raises(FootnoteError, match="is none"):
        read(b"clock,made", "museum.xlsx")
