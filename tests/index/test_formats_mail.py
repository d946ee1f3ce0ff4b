"""Mails: their own text, what their headers state, and the files attached to them."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from index.errors import PassedOverError
from index.loaders import Limits, Parser, Piece, pieces_of_bytes
from tests.made_files import archive, mail, pdf

BODY = "The ferry did not sail on Monday. It stayed in the harbour."
Read = Callable[[bytes], list[Piece]]


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser(Limits(seconds=30)) as opened:
        yield opened


@pytest.fixture
def read(parser: Parser) -> Read:
    return lambda data: list(pieces_of_bytes(data, filename="letter.eml", parser=parser))


def test_text_and_headers_are_taken(read: Read) -> None:
    (piece,) = read(mail(BODY, subject="Größe der Fähre"))
    document = piece.document
    assert document is not None
    assert document.text == BODY
    assert document.title == "Größe der Fähre"
    assert document.source == "Ann Berg"
    assert document.published_at == dt.date(2024, 9, 27)
    assert document.media_type == "message/rfc822"
    assert document.provenance["published_at"] == "mail Date"


@pytest.mark.parametrize("date", [None, "yesterday", "Fri, 99 Xyz 2024 10:00:00"])
def test_a_day_that_is_not_stated_stays_unknown(read: Read, date: str | None) -> None:
    data = mail(BODY, date=None)
    if date:
        data = f"Date: {date}\n".encode() + data
    (piece,) = read(data)
    assert piece.document is not None
    assert piece.document.published_at is None


def test_plain_text_is_preferred_and_html_is_read_where_there_is_none(read: Read) -> None:
    html = f"<html><body><h1>Storm</h1><p>{BODY}</p></body></html>"
    (both,) = read(mail(f"STORM {BODY}", html=html))
    (alone,) = read(mail(None, html=html))
    assert both.document is not None
    assert both.document.text == f"STORM {BODY}"
    assert alone.document is not None
    assert alone.document.text == f"# Storm\n\n{BODY}"


def test_a_signature_is_left_out(read: Read) -> None:
    (piece,) = read(mail(f"{BODY}\n\n-- \nAnn Berg\nFjord News, Oslo"))
    assert piece.document is not None
    assert piece.document.text == BODY


def test_attached_files_are_documents_of_their_own(read: Read) -> None:
    attached = {
        "report.pdf": pdf([[BODY]]),
        "more.zip": archive({"inner/note.txt": BODY.encode()}),
        "scan.png": b"\x89PNG",
        "../../evil.md": f"# Evil\n\n{BODY}".encode(),
    }
    pieces = read(mail("See the files.", attachments=attached))
    assert [piece.name for piece in pieces] == [
        "letter.eml",
        "letter.eml#report.pdf",
        "letter.eml#more.zip/inner/note.txt",
        "letter.eml#scan.png",
        "letter.eml#evil.md",
    ]
    documents = [piece.document for piece in pieces]
    assert [each and each.id for each in documents] == [
        "letter",
        "letter-report",
        "letter-more.zip-inner-note",
        None,
        "letter-evil",
    ]
    told = [piece.error for piece in pieces]
    assert [type(each) for each in told if each] == [PassedOverError]
    assert "It is a picture, which is not read." in str(told[3])


def test_an_attached_mail_is_read_with_its_own_headers(read: Read) -> None:
    inner = mail(BODY, subject="The inner one", date="Sat, 28 Sep 2024 10:00:00 +0000")
    pieces = read(mail("See below.", attachments={"fwd.eml": inner}))
    assert pieces[1].document is not None
    assert pieces[1].document.title == "The inner one"
    assert pieces[1].document.published_at == dt.date(2024, 9, 28)


def test_a_broken_attachment_does_not_take_the_mail_with_it(read: Read) -> None:
    pieces = read(mail(BODY, attachments={"a.pdf": b"%PDF-1.4 broken", "b.txt": BODY.encode()}))
    assert [piece.error is None for piece in pieces] == [True, False, True]
    assert "a.pdf is damaged" in str(pieces[1].error)


@pytest.mark.parametrize(
    "data",
    [
        b"Just some words.\nAnd more.",
        b"Subject: x\n\n",
        b"\x00\x01\x02",
        b"Content-Type: multipart/mixed; boundary=a\nFrom: a@example.org\n\n--a\n",
    ],
)
def test_what_is_no_mail_or_has_no_text_is_refused(read: Read, data: bytes) -> None:
    (piece,) = read(data)
    assert piece.document is None
    assert piece.error is not None


def test_wrong_encodings_and_charsets_are_survived(read: Read) -> None:
    data = (
        b"From: a@example.org\nSubject: =?utf-8?q?broken=?= =?x?\nContent-Type: text/plain; "
        b"charset=no-such-thing\nContent-Transfer-Encoding: base64\n\nVGhlIGZlcnJ5IHNhaWxzLg==!!\n"
    )
    (piece,) = read(data)
    assert piece.document is not None
    assert piece.document.text == "The ferry sails."


def test_endless_nesting_is_refused(read: Read) -> None:
    data = mail(BODY)
    for _ in range(6):
        data = mail("Look below.", attachments={"fwd.eml": data})
    assert any("packed more than 2 times" in str(piece.error) for piece in read(data))


def test_headers_are_shown_without_control_characters(read: Read) -> None:
    data = (
        b'From: "Ann\x18\x1b[31m" <a@b.example>\nSubject: =?utf-8?q?The=00_ferry=1b?=\n\n'
        + BODY.encode()
    )
    (piece,) = read(data)
    assert piece.document is not None
    assert (piece.document.title or "").isprintable()
    assert (piece.document.source or "").isprintable()


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (
            "Yes, at noon.\n\nAm Mo., 3. Mai 2032 um 8:10 schrieb Ann:\n> At noon?\n",
            "Yes, at noon.",
        ),
        (
            "Noon.\n\nOn Monday the third of May at 8:10 the keeper of the museum\n"
            "Ann Berg <ann@example.org> wrote:\n> When?\n>> Now?\n",
            "Noon.",
        ),
        ("> When?\nAt noon.\n> And the bell?\nAt one.\n", "At noon.\nAt one."),
        (
            "Agreed.\n\n________________________________\nFrom: Ann <ann@example.org>\n"
            "Sent: 3 May 2032\nTo: Jon\nSubject: Bell\n\nIt rings at two.\n",
            "Agreed.",
        ),
        ("The rules say:\n- ring at noon\n- wind at one\n", None),
    ],
)
def test_what_others_wrote_before_is_left_out(read: Read, text: str, own: str | None) -> None:
    (piece,) = read(mail(text))
    assert piece.document is not None
    assert piece.document.text == (own or text.strip())


def test_a_quoted_mail_in_html_is_left_out(read: Read) -> None:
    quoted = "<div class=gmail_quote>On Monday Ann wrote:<blockquote>When?</blockquote></div>"
    html = f"<p>At noon.</p>{quoted}"
    (piece,) = read(mail(None, html=html))
    assert piece.document is not None
    assert piece.document.text == "At noon."


def test_a_mail_that_only_passes_another_on_states_no_sender_and_no_day(read: Read) -> None:
    text = (
        "---------- Forwarded message ---------\nFrom: Jon <jon@example.org>\n"
        "Date: 1 May 2032\n\nThe bell is cracked.\n"
    )
    (piece,) = read(mail(text))
    assert piece.document is not None
    assert "The bell is cracked." in piece.document.text
    assert (piece.document.source, piece.document.published_at) == (None, None)


def test_a_text_that_says_less_than_its_html_is_passed_over(read: Read) -> None:
    html = "<p>The tower is closed from the first of June because its stairs are mended.</p>"
    (piece,) = read(mail("View this message in a browser.", html=html))
    assert piece.document is not None
    assert piece.document.text.startswith("The tower is closed")


@pytest.mark.parametrize("name", ["1712.M5P3", "inbox-copy", "letter.txt"])
def test_a_mail_is_known_by_its_headers(parser: Parser, name: str) -> None:
    (piece,) = pieces_of_bytes(
        b"Message-ID: <1@example.org>\n" + mail("Noon."), filename=name, parser=parser
    )
    assert piece.document is not None
    assert piece.document.media_type == "message/rfc822"
