"""ZIP archives and JSON Lines: many documents of one file, each for itself, none without bounds."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.errors import ConflictError, InvalidDocumentError, PassedOverError, TooLargeError
from index.loaders import Limits, Parser, Piece, pieces_of_bytes, pieces_of_path
from tests.made_files import archive, docx, mail, pdf

BODY = "The ferry did not sail on Monday. It stayed in the harbour."
TEXT = BODY.encode()
Read = Callable[..., list[Piece]]


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    limits = Limits(seconds=30, entries=20, unpacked_bytes=6_000_000, document_bytes=3_000_000)
    with Parser(limits) as opened:
        yield opened


@pytest.fixture
def read(parser: Parser) -> Read:
    def read_(data: bytes, name: str = "all.zip", **given: str) -> list[Piece]:
        return list(pieces_of_bytes(data, filename=name, parser=parser, **given))

    return read_


def ids(pieces: list[Piece]) -> list[str]:
    return [piece.document.id for piece in pieces if piece.document]


def test_each_file_of_an_archive_is_a_document(read: Read) -> None:
    pieces = read(
        archive(
            {
                "a/one.txt": TEXT,
                "two.PDF": pdf([[BODY]]),
                "three.docx": docx([BODY]),
                "four.eml": mail(BODY),
                "five.html": f"<html><body><p>{BODY}</p></body></html>".encode(),
                "six.jsonl": json.dumps({"id": "six", "text": BODY}).encode(),
                "inner.zip": archive({"seven.md": TEXT}),
                "picture.png": b"\x89PNG",
                "__MACOSX/._one.txt": b"litter",
                ".hidden.txt": TEXT,
            }
        )
    )
    *pieces, picture = pieces
    assert [piece.error for piece in pieces] == [None] * 7
    assert isinstance(picture.error, PassedOverError)
    assert (picture.name, "OCR" in picture.error.message) == ("all.zip#picture.png", True)
    expected = ["a-one", "two", "three", "four", "five", "six", "inner.zip-seven"]
    assert ids(pieces) == [f"all-{each}" if each != "six" else "six" for each in expected]
    assert pieces[0].name == "all.zip#a/one.txt"


def test_origins_name_the_place_in_the_file(parser: Parser, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    file = tmp_path / "sub" / "all.zip"
    file.write_bytes(archive({"a/one.txt": TEXT}))
    (piece,) = pieces_of_path(file, tmp_path, parser=parser)
    assert piece.document is not None
    assert piece.document.origin == f"{file}#a/one.txt"
    assert piece.document.id == "sub-all-a-one"


def test_one_bad_file_leaves_the_others(read: Read) -> None:
    pieces = read(archive({"a.pdf": b"%PDF-1.4", "b.txt": TEXT, "c.txt": b"\x00" * 500}))
    assert [piece.document is None for piece in pieces] == [True, False, True]


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/p.txt",
        "/etc/cron.txt",
        "C:\\evil.txt",
        "..\\..\\x.txt",
        "\u202egpj.txt",
        "\x1b[2Jx.txt",
    ],
)
def test_hostile_names_are_only_cleaned(read: Read, name: str, tmp_path: Path) -> None:
    (piece,) = read(archive({name: TEXT}))
    assert piece.document is not None
    assert ".." not in piece.name
    assert piece.name.isprintable()
    assert list(tmp_path.iterdir()) == []


def test_two_files_with_one_id_are_told(read: Read) -> None:
    pieces = read(archive({"a.txt": TEXT, "a.md": TEXT}))
    assert pieces[0].document is not None
    assert isinstance(pieces[1].error, ConflictError)


def test_given_values_hold_for_every_document(read: Read) -> None:
    pieces = read(archive({"a.txt": TEXT, "b.txt": TEXT}), id="news", source="Fjord News")
    assert ids(pieces) == ["news-a", "news-b"]
    assert {piece.document.source for piece in pieces if piece.document} == {"Fjord News"}


def test_a_bomb_is_left_while_it_is_unpacked(read: Read) -> None:
    pieces = read(archive({"bomb.txt": b"a" * 2_900_000, "b.txt": TEXT}))
    assert isinstance(pieces[0].error, TooLargeError)
    assert "200 times larger" in str(pieces[0].error)
    assert pieces[1].document is not None


def test_the_size_that_an_archive_claims_is_not_believed(read: Read) -> None:
    data = bytearray(archive({"a.txt": bytes(range(32, 127)) * 40_000}))
    claimed = data.find((95 * 40_000).to_bytes(4, "little"))
    while claimed >= 0:
        data[claimed : claimed + 4] = (10).to_bytes(4, "little")
        claimed = data.find((95 * 40_000).to_bytes(4, "little"))
    (piece,) = read(bytes(data))
    assert piece.document is None or len(piece.document.text) <= 10
    assert piece.document is not None or piece.error is not None


def test_unpacked_bytes_and_entries_are_counted_over_all(read: Read) -> None:
    noise = [bytes((i * 7 + j * 13) % 95 + 32 for j in range(50_000)) * 50 for i in range(4)]
    many = read(archive({f"{n}.txt": data for n, data in enumerate(noise)}))
    assert any("6 MB" in str(piece.error) for piece in many)
    entries = read(archive({f"{n}.txt": TEXT for n in range(30)}))
    assert sum(piece.document is not None for piece in entries) == 20
    assert "more than 20 files" in str(entries[-1].error)


def test_deep_nesting_is_refused(read: Read) -> None:
    data = archive({"a.txt": TEXT})
    for _ in range(4):
        data = archive({"inner.zip": data})
    (piece,) = read(data)
    assert "packed more than 2 times" in str(piece.error)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (archive({"a.txt": TEXT})[:40], "damaged ZIP"),
        (archive({"a.txt": TEXT})[:-10], "damaged ZIP"),
        (archive({}), "no file of a format"),
        (archive({"a.png": b"x"}), "no file of a format"),
    ],
)
def test_what_is_no_archive_of_documents_is_refused(read: Read, data: bytes, says: str) -> None:
    (piece,) = read(data)
    assert isinstance(piece.error, InvalidDocumentError)
    assert says in piece.error.message


def test_an_encrypted_entry_is_told(read: Read) -> None:
    data = bytearray(archive({"a.txt": TEXT}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + place] |= 1
    (piece,) = read(bytes(data))
    assert "encrypted" in str(piece.error)


def test_damaged_content_is_told(read: Read) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("a.txt", TEXT)
        file.writestr("b.txt", TEXT)
    data = out.getvalue().replace(b"The ferry", b"The FERRY", 1)
    pieces = read(data)
    assert "damaged in the archive" in str(pieces[0].error)
    assert pieces[1].document is not None


def lines(*values: object) -> bytes:
    return "\n".join(v if isinstance(v, str) else json.dumps(v) for v in values).encode()


def test_each_line_is_a_document_with_the_fields_of_the_api(read: Read) -> None:
    stated = {
        "id": "storm",
        "text": BODY,
        "title": "Storm",
        "source": "Fjord News",
        "url": "https://example.org/storm",
        "language": "en",
        "published_at": "2024-09-27",
    }
    pieces = read(lines(stated, "", {"text": "A second one."}), "all.jsonl")
    document = pieces[0].document
    assert document is not None
    assert {key: str(getattr(document, key)) for key in stated} == stated
    assert document.provenance["published_at"] == "JSON line"
    assert len(pieces) == 2


def test_a_bad_line_is_named_and_the_others_are_read(read: Read) -> None:
    pieces = read(
        lines(
            {"text": "One."},
            "{broken",
            ["a list"],
            {"text": 5},
            {"text": " "},
            {"text": "x", "titel": "y"},
            {"text": "x", "published_at": "soon"},
            {"text": "x", "id": "../up"},
            "[" * 100_000,
            '{"text": 1e9999999}',
            {"text": "Two."},
        ),
        "all.jsonl",
    )
    assert len(ids(pieces)) == 2
    for number, piece in enumerate(pieces[1:-1], start=2):
        assert f"Line {number} of all.jsonl" in str(piece.error)
        assert piece.name == f"all.jsonl#line {number}"


def test_json_lines_never_start_a_worker(read: Read) -> None:
    with Parser(command=["no-such-program"]) as parser:
        pieces = list(pieces_of_bytes(lines({"text": "One."}), filename="a.jsonl", parser=parser))
    assert len(ids(pieces)) == 1
