"""PDF pages as they are laid out: columns, tables, notes, margins, and writing from the right."""

from collections.abc import Callable, Iterator

import pytest

from index.loaders import Limits, Parser, pieces_of_bytes
from index.model import SourceDocument
from index.segment import segment
from tests.made_files import placed_pdf

PIECES = list[tuple[float, float, str] | tuple[float, float, str, str]]


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser(Limits(seconds=30)) as opened:
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


def headings_and_sentences(document: SourceDocument) -> list[tuple[str | None, str]]:
    made = segment(document.text, count_tokens=lambda text: len(text.split()))
    return [
        (passage.heading, document.text[s.start : s.end])
        for passage in made
        for s in passage.sentences
    ]


def rowwise(left: list[str], right: list[str], top: float = 700) -> PIECES:
    pieces: PIECES = []
    for number in range(max(len(left), len(right))):
        for x, lines in ((60.0, left), (320.0, right)):
            if number < len(lines):
                pieces.append((x, top - 13 * number, lines[number]))
    return pieces


LEFT = [
    "A museum of clocks opened in the old",
    "mill last week, and three hundred",
    "people came on its first day. The town",
    "paid for the roof.",
]
RIGHT = [
    "Its oldest clock was made in 1612 by a",
    "smith from the valley. It still strikes",
    "the hours, though not the quarters, and",
    "it loses two minutes in a week, which",
    "the keeper says is little for its age.",
]


def test_columns_drawn_row_by_row_are_read_one_after_the_other(read: Read) -> None:
    text = read(placed_pdf([rowwise(LEFT, RIGHT)])).text
    assert text == f"{' '.join(LEFT)}\n\n{' '.join(RIGHT)}"


def test_a_heading_over_two_columns_stands_before_both(read: Read) -> None:
    text = read(placed_pdf([[(60, 740, "Clocks in the mill", "18"), *rowwise(LEFT, RIGHT)]])).text
    assert text.startswith("# Clocks in the mill\n\nA museum of clocks")


def test_rows_of_a_table_are_evidence_each_under_the_names_of_its_columns(read: Read) -> None:
    rows = [("Clock", "Made in", "Height, cm"), ("Tower", "1612", "310"), ("Long case", "1704", "")]
    rows += [("Mantel", "", "41")]
    pieces: PIECES = [(60, 740, "The museum shows these clocks from the valley in its main room.")]
    for number, row in enumerate(rows):
        places = zip((60.0, 200.0, 300.0), row, strict=True)
        pieces += [(x, 715.0 - 15 * number, cell, "10") for x, cell in places if cell]
    pieces.append((60, 640, "Heights are those of the case."))
    found = headings_and_sentences(read(placed_pdf([pieces])))
    assert found[1:] == [
        ("Clock | Made in | Height, cm", "Tower | 1612 | 310"),
        ("Clock | Made in | Height, cm", "Long case | 1704"),
        ("Clock | Made in | Height, cm", "Mantel |  | 41"),
        (None, "Heights are those of the case."),
    ]


def test_lines_in_heavy_letters_are_headings_and_words_in_a_line_are_not(read: Read) -> None:
    pieces: PIECES = [
        (60, 740, "The museum is open on every day but Monday, from ten to six."),
        (60, 726, "Tickets", "B11"),
        (60, 712, "A ticket costs 9 crowns. Children pay nothing at all."),
        (60, 698, "Note:", "B11"),
        (100, 698, "the tower is closed in winter, when its stairs are wet."),
    ]
    text = read(placed_pdf([pieces])).text
    assert "\n\n## Tickets\n\nA ticket costs 9 crowns." in text
    assert "# Note" not in text


def test_marks_of_notes_are_left_out_and_exponents_are_kept(read: Read) -> None:
    pieces: PIECES = [
        (60, 740, "The keeper wrote to the council"),
        (218, 745, "3", "7"),
        (60, 726, "in the spring. The hall has 240 m"),
        (223, 731, "2", "7"),
        (228, 726, ", and the vault 10"),
        (316, 731, "6", "7"),
        (321, 726, "coins."),
    ]
    text = read(placed_pdf([pieces])).text
    assert "to the council in the spring." in text
    assert "240 m² , and the vault 10⁶ coins." in text.replace("m²,", "m² ,")


def test_a_note_at_the_foot_does_not_divide_a_sentence(read: Read) -> None:
    first: PIECES = [
        (60, 740, "The clock was mended in 1890 and again in 1931, at the cost of the town."),
        (60, 200, "When the keeper looked into the case he found that the wheel"),
        (60, 60, "* The case was made later, of oak from the same valley.", "8"),
        (60, 50, "It was painted twice.", "8"),
    ]
    second: PIECES = [(60, 740, "had been turned about by the men who had mended it.")]
    document = read(placed_pdf([first, second]))
    assert "found that the wheel had been turned about by the men" in document.text
    assert "* The case was made later, of oak from the same valley. It was painted" in document.text
    assert document.text[document.pages[1] :].startswith("had been turned")


def test_numbers_of_lines_are_left_out_and_numbers_of_a_list_are_not(read: Read) -> None:
    lines = [
        "The keeper was asked when the bell had",
        "last been rung. He said that it was on",
        "12 May, and that the rope had then been",
        "cut. The judge asked why the rope was cut",
    ]
    numbered: PIECES = [(40, 700 - 20 * n, str(5 * n + 5)) for n in range(len(lines))]
    texts: PIECES = [(80, 700 - 20 * n, line) for n, line in enumerate(lines)]
    assert read(placed_pdf([[*numbered, *texts]])).text == " ".join(lines)
    listed: PIECES = []
    for number, words in enumerate(("Wind the clock", "Oil the wheels", "Lock the case")):
        listed += [(40, 700 - 20 * number, str(number + 1)), (80, 700 - 20 * number, words)]
    assert "2 Oil the wheels" in read(placed_pdf([listed])).text.replace(" | ", " ")


def test_signs_of_private_use_are_bullets_or_nothing(read: Read) -> None:
    pieces: PIECES = [
        (60, 740, "Every evening the keeper does two things before he goes home:"),
        (60, 720, "v", "S11"),
        (78, 720, "he winds the clock and"),
        (60, 706, "v", "S11"),
        (78, 706, "he locks the door."),
        (200, 706, "w", "S11"),
    ]
    document = read(placed_pdf([pieces], meaning={"v": "\uf0a7", "w": "\uf0e8"}))
    assert document.text.endswith("• he winds the clock and\n\n• he locks the door.")


def test_letters_printed_twice_are_read_once(read: Read) -> None:
    pieces: PIECES = []
    for number, letter in enumerate("bound"):
        pieces += [(60 + 6.1 * number, 740, letter), (60.4 + 6.1 * number, 740, letter)]
    pieces.append((60, 700, "The keeper rings the bell at noon."))
    assert read(placed_pdf([pieces])).text.startswith("bound\n")


@pytest.mark.parametrize("from_left", [True, False])
def test_hebrew_is_read_from_the_right_however_it_is_stored(read: Read, from_left: bool) -> None:
    letters = dict(zip("abcdegh", "השעולגב", strict=True))
    line, x = "abcde hgha 1612", 400.0
    pieces: PIECES = []
    for word in line.split():
        if word.isdigit():
            x -= 6.1 * len(word)
            pieces.append((x, 740, word))
            continue
        for letter in word:
            x -= 6.1
            pieces.append((x, 740, letter, "S11"))
        x -= 5
    document = read(placed_pdf([pieces[::-1] if from_left else pieces], meaning=letters))
    assert document.text == "".join(letters.get(c, c) for c in line)


@pytest.mark.parametrize("title", ["scan0042.tiff", "C:\\out\\final", "20310412", "layout 1"])
def test_a_title_that_is_the_name_of_a_file_is_none(read: Read, title: str) -> None:
    pieces: PIECES = [(60, 740, "Clocks in the mill", "18"), (60, 700, "The museum opened in May.")]
    document = read(placed_pdf([pieces], info={"Title": title}))
    assert (document.title, document.provenance["title"]) == ("Clocks in the mill", "heading")


def test_lines_of_contents_are_never_evidence(read: Read) -> None:
    pieces: PIECES = [(60, 740, "Contents")]
    for number, name in enumerate(("The mill", "The clocks", "The keeper")):
        pieces.append((60, 720 - 14 * number, f"{name} . . . . . . . . . . {number + 2}"))
    pieces.append((60, 640, "The museum opened in May, in the mill."))
    found = headings_and_sentences(read(placed_pdf([pieces])))
    assert [text for _, text in found] == ["The museum opened in May, in the mill."]
    assert ". ." not in (found[0][0] or "")
