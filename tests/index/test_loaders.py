import codecs
import datetime as dt
import os
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from index.errors import InvalidDocumentError, NotFoundError, TooLargeError
from index.loaders import (
    Parser,
    discover,
    document_id,
    load_path,
    load_text,
    pieces_of_bytes,
)
from index.model import SourceDocument

BODY = "The ferry did not sail on Monday. It stayed in the harbour."


def load_bytes(data: bytes, **given: Any) -> SourceDocument:
    """Return the one document of a file, or raise what keeps it from being one."""
    with Parser() as parser:
        (piece,) = pieces_of_bytes(data, parser=parser, **given)
    if piece.error is not None:
        raise piece.error
    assert piece.document is not None
    return piece.document


def load(text: str | bytes, name: str = "storm.md") -> object:
    data = text.encode() if isinstance(text, str) else text
    return load_bytes(data, filename=name)


def test_front_matter_states_what_is_known() -> None:
    document = load_bytes(
        (
            "---\n# a comment\nid: storm-1\ntitle: 'Storm: over Oslo'\nsource: Fjord News\n"
            "url: https://example.org/storm\nlanguage: EN-gb\npublished_at: 2024-09-27\n"
            f"tags: [a, b]\n---\n\n{BODY}\n"
        ).encode(),
        filename="storm.md",
    )
    assert document.id == "storm-1"
    assert document.title == "Storm: over Oslo"
    assert document.source == "Fjord News"
    assert document.url == "https://example.org/storm"
    assert document.language == "en-gb"
    assert document.published_at == dt.date(2024, 9, 27)
    assert document.text == BODY


def test_given_values_win_over_front_matter() -> None:
    data = f"---\nid: one\ntitle: One\n---\n{BODY}".encode()
    document = load_bytes(data, filename="a.md", id="two", published_at=dt.date(2025, 1, 2))
    assert (document.id, document.title) == ("two", "One")
    assert document.published_at == dt.date(2025, 1, 2)


@pytest.mark.parametrize("value", ["", "~", "null", '""'])
def test_an_empty_value_states_nothing(value: str) -> None:
    document = load_bytes(f"---\npublished_at: {value}\n---\n{BODY}".encode(), filename="a.md")
    assert document.published_at is None


def test_a_time_of_day_is_left_away() -> None:
    data = f"---\npublished_at: 2024-09-27T10:00:00Z\n---\n{BODY}".encode()
    assert load_bytes(data, filename="a.md").published_at == dt.date(2024, 9, 27)


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ("title: [a, b]", "must give title as plain text"),
        ("title: a: b", "not valid YAML in line 2"),
        ("published_at: last week", "Write it as YYYY-MM-DD"),
        ("published_at: 2024-13-45", "Write it as YYYY-MM-DD"),
        ("url: ftp://example.org", "must begin with http"),
        ("url: javascript:alert(1)", "must begin with http"),
        ("url: 'http://exa mple.org/'", "hold no blanks"),
        ("url: 'http://['", "cannot be used"),
        ("id: ../etc", "letters, digits"),
        ("id: ---", "cannot be used"),
        (f"id: {'a' * 201}", "1 to 200 characters"),
        (f"title: {'a' * 501}", "at most 500"),
        ("language: English please", "language code"),
        ("b: !!python/object:os.system []\ntitle: {c: d}", "title as plain text"),
        ("a: &x [*x]", "not valid YAML"),
        ("title: " + "[" * 5000, "too deeply|not valid YAML"),
        ("a: b\n" * 9000, "longer than"),
        ("\t- x: y", "not valid YAML"),
    ],
)
def test_bad_front_matter_is_refused_with_the_reason(block: str, says: str) -> None:
    with pytest.raises(InvalidDocumentError, match=says) as caught:
        load(f"---\n{block}\n---\n{BODY}")
    assert "front matter of storm.md" in caught.value.message


@pytest.mark.parametrize("text", [f"---\n\n{BODY}", f"---\nOne.\n---\n{BODY}"])
def test_rulers_are_not_front_matter(text: str) -> None:
    assert BODY in load_bytes(text.encode(), filename="a.md").text


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"# **Storm over Oslo**\n\n{BODY}", "Storm over Oslo"),
        (f"Storm over Oslo\n\n{BODY}", "Storm over Oslo"),
        (
            f"Storm over Oslo\n\nStorm over Oslo\n\nOSLO\nStorm over Oslo\n\n{BODY}",
            "Storm over Oslo",
        ),
        (f"OSLO\n\nBy Ann Berg\n\nStorm over Oslo\n\n{BODY}", "Storm over Oslo"),
        (BODY, "The ferry did not sail on Monday."),
        (f"FJORDNEWS: {BODY}", "The ferry did not sail on Monday."),
        ("One " + "very long sentence " * 20 + ".", "One" + " very long sentence" * 4 + " very…"),
        ("The sky is blue", "The sky is blue"),
    ],
)
def test_a_title_is_the_heading_or_else_the_first_sentence(text: str, title: str) -> None:
    assert load_bytes(text.encode(), filename="a.txt").title == title


@pytest.mark.parametrize(
    ("opening", "source", "day"),
    [
        ("date 2024-09-27 Fjord News/ ", "Fjord News", dt.date(2024, 9, 27)),
        ("Fjord News/ ", "Fjord News", None),
        ("FJORDNEWS: ", "FJORDNEWS", None),
        ("OSLO, Sept. 29, 2025 (Reuters) - ", "Reuters", dt.date(2025, 9, 29)),
        ("OSLO, Sept. 29 (Reuters) - ", "Reuters", None),
        ("OSLO - ", None, None),
        ("date 2024-99-99 Fjord News/ ", "Fjord News", None),
        ("Published: 2024-09-27\n\n", None, dt.date(2024, 9, 27)),
        ("NATO: ", None, None),
        ("In 2024-09-27 ", None, None),
        ("On 27 September 2024, ", None, None),
    ],
)
def test_a_dateline_gives_source_and_date_and_nothing_is_guessed(
    opening: str, source: str | None, day: dt.date | None
) -> None:
    document = load_bytes((opening + BODY).encode(), filename="a.txt")
    assert (document.source, document.published_at) == (source, day)
    assert document.text.startswith(opening.strip())


FRENCH = "Le président a déclaré « non » — la forêt brûle près de l’île où il naïvement vécut."
POLISH = "Rząd ogłosił, że żołnierze wrócą do końca września. Powiedział też o pieniądzach."
GERMAN = "Die Größe der Fähre überrascht: Öl, Käse und Brötchen für alle Gäste der Überfahrt."
CZECH = "Vláda oznámila, že trajekt v pondělí nevyplul. Příliš velká bouře zůstala u břehů."
TURKISH = (
    "Gemi pazartesi günü kalkmad\u0131; limanda kald\u0131, çünkü ağ\u0131r bir gece vard\u0131."
)
RUSSIAN = "Паром не вышел в море в понедельник. Он остался в гавани из-за шторма."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "utf-8"),
        (FRENCH, "utf-8-sig"),
        (FRENCH, "utf-16"),
        (FRENCH, "utf-32"),
        (FRENCH, "cp1252"),
        (FRENCH.replace("—", "-").replace("’", "'"), "latin-1"),
        ("It was 30\xb0 and cost \xa35.", "latin-1"),
        (f"{BODY} The area is 30 m\xb3, 20 m\xb2.", "cp1252"),
        (GERMAN, "cp1252"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859-2"),
        (CZECH, "cp1250"),
        (TURKISH, "cp1254"),
        (RUSSIAN, "cp1251"),
    ],
)
def test_common_encodings_are_read_letter_by_letter(text: str, encoding: str) -> None:
    assert load_bytes(text.encode(encoding), filename="a.txt").text == text


def test_utf_16_of_either_byte_order_is_read() -> None:
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        assert load_bytes(mark + BODY.encode(encoding), filename="a.txt").text == BODY


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b" \n\t\r\n ", "holds no text"),
        (b"---\ntitle: a\n---\n\n", "holds no text"),
        (b"\x00\x01\x02\xff\xfe" * 100, "binary data"),
        (bytes(range(256)) * 20, "binary data"),
        (b"%PDF-1.7\n...", r"a\.txt \(which is a PDF\) is damaged"),
        (b"PK\x03\x04....", "ZIP archive"),
        (BODY.encode("utf-16-le"), "save it as UTF-8"),
        (codecs.BOM_UTF16_LE + b"a\x00b", "is damaged"),
        (b"...\n***\n", "holds no text"),
    ],
)
def test_what_is_no_text_is_refused_with_the_reason(data: bytes, says: str) -> None:
    with pytest.raises(InvalidDocumentError, match=says):
        load(data, "a.txt")


def test_an_unknown_format_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(InvalidDocumentError, match=r"\.md, \.ndjson, \.ods, \.pdf, \.tab, \.text"):
        load(BODY, "a.xyz")
    assert load_bytes(BODY.encode(), filename="a", media_type="text/plain; charset=utf-8").id == "a"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("a.doc", r"^a\.doc is an old Word document, .* Save it as \.docx or \.pdf\.$"),
        ("a.PPTX", r"^a\.PPTX is a presentation, .* Save it as \.pdf\.$"),
        ("a.msg", r"^a\.msg is a mail in Outlook's own format, .* Save it as \.eml\.$"),
    ],
)
def test_a_known_format_that_is_not_read_is_named_with_what_to_do(name: str, says: str) -> None:
    with pytest.raises(InvalidDocumentError, match=says):
        load(BODY, name)


def test_a_damaged_letter_of_a_marked_text_is_marked_and_the_rest_is_read() -> None:
    cut = codecs.BOM_UTF16_LE + BODY.encode("utf-16-le") + b"b"
    assert load(cut, "a.txt").text == f"{BODY}\ufffd"
    broken = codecs.BOM_UTF8 + b"The f\xffrry sails."
    assert load(broken, "a.txt").text == "The f\ufffdrry sails."


def test_too_large_uploads_and_texts_are_refused() -> None:
    with pytest.raises(TooLargeError, match="at most"):
        load_bytes(b"a" * 11, filename="a.txt", max_bytes=10)
    with pytest.raises(TooLargeError, match="at most"):
        load_text("\xe9" * 6, max_bytes=10)


def test_a_hostile_file_name_gives_a_plain_id() -> None:
    for name in ("../../etc/Pass wd.txt", "C:\\x\\Pass wd.txt", "/abs/Pass wd.TXT"):
        assert load_bytes(BODY.encode(), filename=name).id == "pass-wd"


@pytest.mark.parametrize(
    ("path", "identifier"),
    [
        ("reports/2024 Syria.md", "reports-2024-syria"),
        ("003_db25.txt", "003_db25"),
        ("v1.2 notes.md", "v1.2-notes"),
        ("Ünïcödé/تقرير.md", "ünïcödé-تقرير"),
        ("a & b (c).txt", "a-b-c"),
    ],
)
def test_a_files_id_is_its_path_as_a_slug(path: str, identifier: str) -> None:
    assert document_id(PurePosixPath(path)) == identifier


def test_ids_stay_short_distinct_and_never_empty() -> None:
    one, two = (document_id(PurePosixPath("a" * 300 + end + ".md")) for end in "xy")
    assert one != two
    assert len(one) <= 200
    assert document_id(PurePosixPath("!!!.md")).startswith("document-")


def test_a_text_gets_an_id_from_its_address_or_else_its_content() -> None:
    url = "https://www.example.org/news/Storm Oslo.html".replace(" ", "-")
    assert load_text(BODY, url=url).id == "example.org-news-storm-oslo"
    assert load_text(BODY, url=url + "?a=1").id != load_text(BODY, url=url + "?a=2").id
    plain = load_text(BODY, title="Storm")
    assert plain.id.startswith("storm-")
    assert plain.id == load_text(BODY, title="Storm").id
    assert plain.id != load_text(BODY + " More.", title="Storm").id
    assert plain.origin is None


def test_a_file_keeps_its_path_as_origin(tmp_path: Path) -> None:
    file = tmp_path / "reports" / "Storm.md"
    file.parent.mkdir()
    file.write_text(BODY, "utf-8")
    document = load_path(file, tmp_path)
    assert (document.id, document.origin) == ("reports-storm", str(file))
    assert load_path(file, file).id == "storm"


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.txt"
    with file.open("wb") as sparse:
        sparse.truncate(100 * 1024**2)
    with pytest.raises(TooLargeError, match=r"huge\.txt has 104\.9 MB; at most 20\.0 MB"):
        load_path(file, tmp_path)


def test_what_cannot_be_opened_is_refused_with_the_reason(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "folder.txt").mkdir()
    for name in ("pipe.txt", "folder.txt"):
        with pytest.raises(InvalidDocumentError, match="not a regular file"):
            load_path(tmp_path / name, tmp_path)
    with pytest.raises(InvalidDocumentError, match="missing"):
        load_path(tmp_path / "nothing.txt", tmp_path)


def test_a_folder_is_searched_in_order_for_what_can_be_read(tmp_path: Path) -> None:
    names = ["b.md", "a.TXT", "c/d.markdown", "c/e.text", "f.doc", ".hidden.md", ".git/g.md"]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(BODY, "utf-8")
    found = [path.relative_to(tmp_path).as_posix() for path in discover(tmp_path)]
    assert found == ["a.TXT", "b.md", "c/d.markdown", "c/e.text"]
    assert discover(tmp_path / "b.md") == [tmp_path / "b.md"]


def test_links_are_followed_only_inside_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text(BODY, "utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "inside.md").write_text(BODY, "utf-8")
    (folder / "alias.md").symlink_to(folder / "inside.md")
    (folder / "out.md").symlink_to(tmp_path / "secret.md")
    (folder / "loop.md").symlink_to(folder / "loop.md")
    (folder / "up").symlink_to(tmp_path)
    assert [path.name for path in discover(folder)] == ["alias.md", "inside.md"]
    for name in ("out.md", "loop.md"):
        with pytest.raises(InvalidDocumentError, match="link out of the folder"):
            load_path(folder / name, folder)


def test_a_path_that_holds_nothing_is_reported(tmp_path: Path) -> None:
    assert discover(tmp_path) == []
    with pytest.raises(NotFoundError, match="no file or folder"):
        discover(tmp_path / "missing")
    (tmp_path / "a.doc").write_bytes(b"%PDF")
    with pytest.raises(InvalidDocumentError, match="not read"):
        discover(tmp_path / "a.doc")
