"""Hostile mails: many parts, parts in parts, charsets that lie, headers that explode."""

from collections.abc import Callable, Iterator

from eval.hostile.model import Hostile
from eval.hostile.samples import archive, pdf, text

_HEAD = b"From: Ann <ann@harbour.example>\r\nSubject: Ferry\r\nMIME-Version: 1.0\r\n"
_WORDS = b"The ferry stays in port until Thursday.\r\n"
_MEGABYTE = 1_000_000


def letters(seed: int) -> Iterator[Hostile]:
    """Make mails. The seed changes nothing."""
    made: dict[str, Callable[[], bytes]] = {
        "1,000 parts": lambda: _multipart([_plain()] * 1_000),
        "20,000 parts": lambda: _multipart([_plain()] * 20_000),
        "1,000 files": lambda: _multipart([_file(b"a.txt", text())] * 1_000),
        "empty parts": lambda: _multipart([b"\r\n"] * 50_000),
        "deep": lambda: _deep(80),
        "deeper": lambda: _deep(3_000),
        "mails in mails": lambda: _forwarded(20),
        "mails in mails, many": lambda: _forwarded(400),
        "boundary in itself": lambda: (
            _HEAD
            + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
            + b'--b\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n' * 500
        ),
        "no boundary": lambda: _HEAD + b"Content-Type: multipart/mixed\r\n\r\n" + _WORDS,
        "empty boundary": lambda: (
            _HEAD
            + b'Content-Type: multipart/mixed; boundary=""\r\n\r\n'
            + b"--\r\n" * 10_000
            + _WORDS
        ),
        "boundaries": lambda: (
            _HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n" * 50_000
        ),
        "bad charset": lambda: _one(b"text/plain; charset=nonsense-1", _WORDS),
        "charset of bytes": lambda: _one(b"text/plain; charset=rot13", _WORDS),
        "charset hex": lambda: _one(b"text/plain; charset=hex", _WORDS),
        "charset zip": lambda: _one(b"text/plain; charset=zlib", _WORDS),
        "charset idna": lambda: _one(b"text/plain; charset=idna", _WORDS * 3_000),
        "charset undefined": lambda: _one(b"text/plain; charset=undefined", _WORDS),
        "charset UTF-7": lambda: _one(b"text/plain; charset=utf-7", b"+AGE- " + _WORDS),
        "charset that lies": lambda: _one(b"text/plain; charset=utf-16", _WORDS + b"x"),
        "charset with zeros": lambda: _one(b'text/plain; charset="a\x00b"', _WORDS),
        "long charset": lambda: _one(b"text/plain; charset=" + b"x" * 100_000, _WORDS),
        "bad base64": lambda: _encoded(b"base64", b"!!!!" * 1_000),
        "cut base64": lambda: _encoded(b"base64", b"VGhlIGZlcnJ5I"),
        "bad quoted": lambda: _encoded(b"quoted-printable", b"=ZZ=\r\n=" * 10_000),
        "uuencode": lambda: _encoded(b"x-uuencode", b"begin 644 a\r\n" + b"\xff" * 500),
        "unknown encoding": lambda: _encoded(b"nonsense", _WORDS),
        "many headers": lambda: (
            b"".join(b"X-%d: a\r\n" % n for n in range(50_000)) + _HEAD + _WORDS
        ),
        "long header": lambda: _HEAD + b"X: " + b"a" * _MEGABYTE + b"\r\n\r\n" + _WORDS,
        "folded header": lambda: _HEAD + b"X: a" + b"\r\n a" * 100_000 + b"\r\n\r\n" + _WORDS,
        "subject in words": lambda: (
            b"From: a@b.example\r\nSubject: "
            + b"=?utf-8?q?=ff=fe?= " * 20_000
            + b"\r\n\r\n"
            + _WORDS
        ),
        "subject base64": lambda: (
            b"From: a@b.example\r\nSubject: =?utf-8?b?" + b"A" * 100_001 + b"?=\r\n\r\n" + _WORDS
        ),
        "sender nested": lambda: b"Subject: a\r\nFrom: " + b"(" * 20_000 + b"\r\n\r\n" + _WORDS,
        "sender list": lambda: (
            b"Subject: a\r\nFrom: " + b"a@b.example, " * 50_000 + b"\r\n\r\n" + _WORDS
        ),
        "sender quotes": lambda: b'Subject: a\r\nFrom: "' + b'\\"' * 50_000 + b"\r\n\r\n" + _WORDS,
        "receivers": lambda: _HEAD + b"To: " + b"<a," * 100_000 + b"\r\n\r\n" + _WORDS,
        "type parameters": lambda: (
            _HEAD
            + b"Content-Type: text/plain"
            + b"".join(b"; a*%d=b" % n for n in range(20_000))
            + b"\r\n\r\n"
            + _WORDS
        ),
        "dates": lambda: _HEAD + b"Date: Fri, 99 Sep 99999 99:99:99 +9999\r\n\r\n" + _WORDS,
        "date long": lambda: _HEAD + b"Date: " + b"1 Jan 2024 " * 20_000 + b"\r\n\r\n" + _WORDS,
        "message id": lambda: _HEAD + b"Message-ID: <" + b"[" * 50_000 + b"\r\n\r\n" + _WORDS,
        "file names": lambda: _multipart(
            [_file(name, text()) for name in (b"../../evil.txt", b"a\x00.txt", b"\xff.txt", b"")]
        ),
        "file name in pieces": lambda: _multipart(
            [
                b"Content-Disposition: attachment"
                + b"".join(b"; filename*%d*=%%ff" % n for n in range(5_000))
                + b"\r\n\r\na"
            ]
        ),
        "bomb attached": lambda: _multipart(
            [_plain(), _file(b"a.zip", archive({"a.txt": b"a" * 100 * _MEGABYTE}))]
        ),
        "PDF attached, cut": lambda: _multipart([_plain(), _file(b"a.pdf", pdf()[:400])]),
        "page in a mail": lambda: _one(b"text/html", b"<div>" * 100_000 + _WORDS),
        "no end of headers": lambda: _HEAD + b"X: y",
        "only headers": lambda: _HEAD + b"\r\n",
        "zeros": lambda: _one(b"text/plain", bytes(100_000) + _WORDS),
        "mailbox": lambda: b"From ann Fri Sep 27\n" + (_HEAD + b"\r\n" + _WORDS) * 500,
        "partial": lambda: _one(b"message/partial; id=a; number=1", _WORDS),
        "outside": lambda: _one(b"message/external-body; access-type=local-file", _WORDS),
    }
    for name, make in made.items():
        yield Hostile("mail", name, make, filename="input.eml")


def _one(kind: bytes, body: bytes) -> bytes:
    return _HEAD + b"Content-Type: " + kind + b"\r\n\r\n" + body


def _encoded(how: bytes, body: bytes) -> bytes:
    return _HEAD + b"Content-Transfer-Encoding: " + how + b"\r\n\r\n" + body


def _plain() -> bytes:
    return b"Content-Type: text/plain\r\n\r\n" + _WORDS


def _file(name: bytes, data: bytes) -> bytes:
    head = b'Content-Disposition: attachment; filename="' + name + b'"\r\n'
    return head + b"Content-Type: application/octet-stream\r\n\r\n" + data


def _multipart(parts: list[bytes]) -> bytes:
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
    return _HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + body + b"--b--\r\n"


def _deep(levels: int) -> bytes:
    opening = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(levels)
    )
    return _HEAD + opening + _plain()


def _forwarded(levels: int) -> bytes:
    return (_HEAD + b"Content-Type: message/rfc822\r\n\r\n") * levels + _HEAD + b"\r\n" + _WORDS
