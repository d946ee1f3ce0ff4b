"""A small, sound file of each format, to be damaged. The same bytes every time."""

import io
import json
import zipfile
import zlib
from collections.abc import Mapping

TEXT = (
    "The Harbour Post, 27 September 2024\n\nFerry stays in port\n\n"
    "The ferry did not sail on Monday because of the storm. It will stay in the harbour until "
    "Thursday, the company said. Some 340 passengers were taken across by bus.\n"
)
PAGE = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Ferry stays in port</title>'
    '<meta property="article:published_time" content="2024-09-27T10:00:00Z"></head><body><nav>'
    "<a href='/'>Home</a></nav><article><h1>Ferry stays in port</h1>"
    + "".join(f"<p>{line}</p>" for line in TEXT.splitlines()[4:])
    + "<p>The next ferry is expected on Friday at noon, weather permitting, it added.</p>"
    "</article><script>alert(1)</script></body></html>"
)
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def text() -> bytes:
    """Return plain text."""
    return TEXT.encode()


def markdown() -> bytes:
    """Return Markdown with front matter."""
    return (
        "---\ntitle: Ferry stays in port\npublished_at: 2024-09-27\n---\n\n# Ferry\n\n" + TEXT
    ).encode()


def html() -> bytes:
    """Return a page of news."""
    return PAGE.encode()


def jsonl() -> bytes:
    """Return two documents, one a line."""
    lines = ({"id": f"ferry-{n}", "title": "Ferry", "text": TEXT} for n in (1, 2))
    return "\n".join(json.dumps(line) for line in lines).encode()


def mail() -> bytes:
    """Return a mail with an attached text."""
    return (
        "From: Ann <ann@harbour.example>\r\nTo: bob@harbour.example\r\nSubject: Ferry\r\n"
        "Date: Fri, 27 Sep 2024 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable"
        "\r\n\r\n" + TEXT.replace("\n", "\r\n") + "\r\n--b\r\nContent-Disposition: attachment; "
        'filename="note.txt"\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64'
        "\r\n\r\nVGhlIGZlcnJ5IHN0YXlzIGluIHBvcnQgdW50aWwgVGh1cnNkYXkuCg==\r\n--b--\r\n"
    ).encode()


def pdf(pages: int = 2) -> bytes:
    """Return a PDF with a few lines on each page."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for number in range(pages):
        lines = [*TEXT.replace("(", "").splitlines()[4].split(". "), f"Page {number + 1} ends."]
        shown = " T* ".join(f"({line}) Tj" for line in lines)
        content = zlib.compress(f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET".encode())
        at = len(objects) + 1
        kids.append(f"{at} 0 R")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (at + 1)
        )
        objects.append(stream(content, b"/Filter /FlateDecode"))
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {pages} >>".encode()
    return pdf_of(objects)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """Return a PDF stream object."""
    head = b"<< /Length %d %s >>" % (len(content), entries)
    return head + b"\nstream\n" + content + b"\nendstream"


def pdf_of(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """Return a PDF with these objects, numbered from 1; the first is the catalog."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def docx(body: str | None = None, more: Mapping[str, bytes | str] | None = None) -> bytes:
    """Return a Word document; ``body`` is the XML in its body, ``more`` are further parts."""
    if body is None:
        body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in TEXT.splitlines())
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default '
        'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
    }
    return archive({**parts, **(more or {})})


def archive(files: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def zipped() -> bytes:
    """Return a ZIP archive with a file of several formats."""
    return archive({"a/ferry.txt": text(), "page.html": html(), "ferry.pdf": pdf(1)})


SOUND: Mapping[str, bytes] = {
    "txt": text(),
    "md": markdown(),
    "html": html(),
    "jsonl": jsonl(),
    "eml": mail(),
    "pdf": pdf(),
    "docx": docx(),
    "zip": zipped(),
}
"""By file name ending."""
