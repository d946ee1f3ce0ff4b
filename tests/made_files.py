"""Small real files of every format, made on the spot."""

import io
import textwrap
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage

_WIDTH, _HEIGHT, _MARGIN, _SIZE, _LEADING = 595, 842, 72, 11, 14


def pdf(
    pages: Sequence[Sequence[str]],
    *,
    info: Mapping[str, str] | None = None,
    head: str = "",
    foot: str = "",
    heading_size: int = 16,
    columns: int = 75,
) -> bytes:
    """Return a PDF with a text layer: paragraphs wrapped to lines, ``# `` before headings.

    Args:
        pages: the paragraphs of each page; a line break inside one is kept as it stands.
        info: the entries of the document information.
        head: a running header; ``{page}`` is the page's number, ``{name}`` a letter of its own.
        foot: a running footer, likewise.
        heading_size: of headings, in points.
        columns: characters in a line.
    """
    contents = []
    for number, paragraphs in enumerate(pages, start=1):
        drawn: list[str] = []
        if head:
            drawn.append(
                _drawn(_MARGIN, _HEIGHT - 40, 9, head.format(page=number, name=chr(64 + number)))
            )
        if foot:
            drawn.append(_drawn(_MARGIN, 36, 9, foot.format(page=number)))
        y = _HEIGHT - _MARGIN
        for paragraph in paragraphs:
            size = heading_size if paragraph.startswith("# ") else _SIZE
            for line in paragraph.removeprefix("# ").split("\n"):
                for part in textwrap.wrap(line, columns, break_on_hyphens=False):
                    drawn.append(_drawn(_MARGIN, y, size, part))
                    y -= _LEADING if size == _SIZE else size + 6
            y -= _LEADING
        contents.append("\n".join(drawn).encode("cp1252"))
    return _assembled(contents, info or {})


def placed_pdf(
    pages: Sequence[Sequence[tuple[float, float, str] | tuple[float, float, str, str]]],
    *,
    meaning: Mapping[str, str] | None = None,
    info: Mapping[str, str] | None = None,
) -> bytes:
    """Return a PDF whose words stand where they are put, in the order given.

    Args:
        pages: x, y and text of each piece; then its look: a size (``8``), ``B`` for heavy letters
            (``B11``), ``S`` for a font whose letters mean what ``meaning`` says (``S11``).
        meaning: the text that a letter of the font ``S`` stands for.
        info: the entries of the document information.
    """
    contents = []
    for pieces in pages:
        drawn = []
        for x, y, text, *look in pieces:
            font = (look[0] if look else "").rstrip("0123456789.")
            size = (look[0] if look else "").removeprefix(font) or str(_SIZE)
            font = {"": "F1", "B": "F2", "S": "F3"}[font]
            drawn.append(_drawn(x, y, float(size), text, font))
        contents.append("\n".join(drawn).encode("cp1252"))
    return _assembled(contents, info or {}, meaning=meaning or {})


def scan(pages: int = 1) -> bytes:
    """Return a PDF whose pages have a drawn box and no text, as a scanner makes them."""
    return _assembled([b"0.5 g 72 72 400 600 re f"] * pages, {})


def encrypted_pdf() -> bytes:
    """Return a PDF that wants a password nobody has."""
    keys = f"/O <{'11' * 32}> /U <{'22' * 32}>"
    handler = f"<< /Filter /Standard /V 1 /R 2 /P -44 /Length 40 {keys} >>".encode()
    return _assembled([b"BT ET"], {}, encryption=handler)


def _drawn(x: float, y: float, size: float, text: str, font: str = "F1") -> str:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /{font} {size} Tf {x} {y} Td ({escaped}) Tj ET"


def _assembled(
    contents: Sequence[bytes],
    info: Mapping[str, str],
    encryption: bytes | None = None,
    meaning: Mapping[str, str] | None = None,
) -> bytes:
    count = len(contents)
    kids = " ".join(f"{7 + 2 * n} 0 R" for n in range(count))
    chars = "\n".join(
        f"<{ord(letter):02x}> <{text.encode('utf-16-be').hex()}>"
        for letter, text in (meaning or {}).items()
    )
    told = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /M def "
        "/CMapType 2 def 1 begincodespacerange <00> <ff> endcodespacerange "
        f"{len(meaning or {})} beginbfchar\n{chars}\nendbfchar endcmap end end"
    ).encode()
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica{} /Encoding /WinAnsiEncoding{} >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        font.format("", "").encode(),
        font.format("-Bold", "").encode(),
        font.format("", " /ToUnicode 6 0 R").encode(),
        f"<< /Length {len(told)} >>\nstream\n".encode() + told + b"\nendstream",
    ]
    for number, content in enumerate(contents):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_WIDTH} {_HEIGHT}] "
            "/Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R >> >> "
            f"/Contents {8 + 2 * number} 0 R >>".encode()
        )
        objects.append(
            f"<< /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"
        )
    entries = "".join(
        f" /{key} <feff{value.encode('utf-16-be').hex()}>" for key, value in info.items()
    )
    objects.append(f"<<{entries} >>".encode())
    trailer = f"/Size {len(objects) + 2} /Root 1 0 R /Info {len(objects)} 0 R".encode()
    if encryption:
        objects.append(encryption)
        trailer += f" /Encrypt {len(objects)} 0 R /ID [<{'33' * 16}> <{'33' * 16}>]".encode()

    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    for place in places:
        out.write(f"{place:010} 00000 n \n".encode())
    out.write(b"trailer\n<< " + trailer + b" >>\nstartxref\n" + str(start).encode() + b"\n%%EOF\n")
    return out.getvalue()


def docx(
    paragraphs: Sequence[str], *, title: str = "", table: Sequence[Sequence[str]] = ()
) -> bytes:
    """Return a Word document; ``# `` makes a paragraph a heading and ``- `` an item of a list."""
    from docx import Document

    document = Document()
    document.core_properties.title = title
    for paragraph in paragraphs:
        if paragraph.startswith("#"):
            signs, _, words = paragraph.partition(" ")
            document.add_heading(words, level=len(signs))
        elif paragraph.startswith("- "):
            document.add_paragraph(paragraph[2:], style="List Bullet")
        else:
            document.add_paragraph(paragraph)
    if table:
        made = document.add_table(rows=0, cols=len(table[0]))
        for row in table:
            for cell, words in zip(made.add_row().cells, row, strict=True):
                cell.text = words
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def mail(
    text: str | None,
    *,
    subject: str = "A letter",
    sender: str = "Ann Berg <ann@example.org>",
    date: str | None = "Fri, 27 Sep 2024 10:00:00 +0200",
    html: str | None = None,
    attachments: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return a mail as mail programs save it."""
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = sender
    message["To"] = "desk@example.org"
    if date:
        message["Date"] = date
    if text is not None:
        message.set_content(text)
    if html is not None:
        if text is None:
            message.set_content(html, subtype="html")
        else:
            message.add_alternative(html, subtype="html")
    for name, data in (attachments or {}).items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def archive(entries: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of files by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries.items():
            file.writestr(name, data)
    return out.getvalue()
