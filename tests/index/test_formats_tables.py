"""Tables of text: each row with its column's names is one piece of evidence."""

from collections.abc import Callable, Iterator

import pytest

from index.errors import FootnoteError
from index.loaders import Limits, Parser, pieces_of_bytes
from index.model import SourceDocument
from index.segment import segment

Read = Callable[[bytes, str], SourceDocument]


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser(Limits(seconds=30, entries=5)) as opened:
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
    with pytest.raises(FootnoteError, match="more than 500 rows"):
        read(b"a,b\n" * 501, "a.csv")
