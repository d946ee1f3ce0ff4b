"""Hostile archives and Word documents: bombs, quines, lies in the directory, names that climb."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

from eval.hostile.model import Hostile, given
from eval.hostile.samples import archive, docx, html, text, zipped

_MEGABYTE = 1_000_000

NAMES = {
    "climbing": "../../../../tmp/evil.txt",
    "climbing by backslash": "..\\..\\windows\\evil.txt",
    "absolute": "/etc/evil.txt",
    "drive": "C:\\evil.txt",
    "share": "\\\\host\\share\\evil.txt",
    "device": "CON.txt",
    "stream": "a.txt:b.txt",
    "line end": "a\nb\r\nc.txt",
    "escape": "a\x1b[31mb.txt",
    "zero": "a\x00b.txt",
    "bidirectional": "ferry\u202etxt.exe.txt",
    "zero width": "f\u200be\u200drry.txt",
    "combining": "a" + "\u0301" * 50 + ".txt",
    "long": "a" * 5_000 + ".txt",
    "long path": "a/" * 3_000 + "b.txt",
    "dots": "..txt",
    "only an ending": ".txt",
    "spaces": "   .txt",
    "no name": "",
    "ending only": "/.txt",
    "tags": "<img src=x onerror=alert(1)>.txt",
    "quotes": "a\"'`$(id);b.txt",
    "percent": "%2e%2e%2f%2e%2e%2fevil.txt",
    "many endings": "a" + ".txt" * 500,
    "other planes": "\U0001f6a2" * 60 + ".txt",
}


def packages(seed: int) -> Iterator[Hostile]:
    """Make archives. The seed changes nothing."""
    for name, filename in NAMES.items():
        data = archive({filename: text(), "ok.txt": text()})
        yield Hostile("zip names", name, given(data), filename="input.zip")
    made: dict[str, Callable[[], bytes]] = {
        "bomb": lambda: archive({"a.txt": b"a" * 300 * _MEGABYTE}),
        "bomb of pages": lambda: archive({"a.html": b"<p>" * 60 * _MEGABYTE}),
        "many bombs": lambda: archive({f"{n}.txt": b"a" * 15 * _MEGABYTE for n in range(20)}),
        "overlapping": _overlapping,
        "itself": _quine,
        "nested": lambda: _nested(3),
        "nested deep": lambda: _nested(60),
        "nested bomb": lambda: archive(
            {f"{n}.zip": archive({"a.txt": b"a" * 15 * _MEGABYTE}) for n in range(20)}
        ),
        "many files": lambda: archive(dict.fromkeys((f"{n}.txt" for n in range(5_000)), b"a")),
        "many empty": lambda: archive(dict.fromkeys((f"{n}.txt" for n in range(1_900)), b"")),
        "same name": _same_name,
        "encrypted": lambda: _patched(zipped(), flags=1),
        "strong encryption": lambda: _patched(zipped(), flags=0x41),
        "unknown method": lambda: _patched(zipped(), method=99),
        "other method": lambda: _patched(zipped(), method=zipfile.ZIP_LZMA),
        "bzip2 that is none": lambda: _patched(zipped(), method=zipfile.ZIP_BZIP2),
        "sizes that lie": lambda: _patched(zipped(), size=10),
        "huge sizes": lambda: _patched(zipped(), size=0xFFFFFFFE),
        "wrong checksum": lambda: _patched(zipped(), checksum=1),
        "place that lies": lambda: _patched(zipped(), place=0x7FFFFFFF),
        "lzma": lambda: archive({"a.txt": text() * 50}, zipfile.ZIP_LZMA),
        "lzma bomb": lambda: archive({"a.txt": b"a" * 100 * _MEGABYTE}, zipfile.ZIP_LZMA),
        "bzip2 bomb": lambda: archive({"a.txt": b"a" * 100 * _MEGABYTE}, zipfile.ZIP_BZIP2),
        "only folders": lambda: archive({"a/": b"", "b/": b""}),
        "link": _link,
        "no files": lambda: archive({}),
        "count that lies": _count,
        "comment": lambda: zipped()[:-2] + b"\xff\xff" + b"c" * 65_535,
        "two ends": lambda: zipped() + zipped(),
        "another's mark": lambda: archive({"word/document.xml": b"a", "a.txt": text()}),
        "inner as outer": lambda: archive({"input.zip": zipped(), "input.docx": b"PK\x03\x04"}),
        "formats": lambda: archive({"a.docx": docx(), "b.html": html(), "c.eml": b"a: b\n\nc"}),
    }
    for name, make in made.items():
        yield Hostile("zip", name, make, filename="input.zip")
    yield from _words()


def _words() -> Iterator[Hostile]:
    document = "word/document.xml"
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE d [<!ENTITY l0 "lol">{laughs}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    main = zipfile.ZipFile(io.BytesIO(docx("BODY"))).read(document).decode()
    relations = zipfile.ZipFile(io.BytesIO(docx())).read("_rels/.rels").decode()
    run = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"

    def with_main(xml: str | bytes) -> bytes:
        return docx(more={document: xml})

    made: dict[str, Callable[[], bytes]] = {
        "laughs": lambda: with_main(doctype + main.replace("BODY", run.format("&l9;"))),
        "file entity": lambda: with_main(doctype + main.replace("BODY", run.format("&f;"))),
        "entities late": lambda: with_main(
            f"<!--{'x' * 100_000}-->{doctype}" + main.replace("BODY", run.format("&l9;&f;"))
        ),
        "entities in UTF-16": lambda: with_main(
            ('<?xml version="1.0" encoding="utf-16"?>' + doctype).encode("utf-16")
            + main.replace("BODY", run.format("&f;")).encode("utf-16-le")
        ),
        "entities in the list": lambda: docx(
            more={"[Content_Types].xml": doctype + "<Types>&l9;</Types>"}
        ),
        "bomb": lambda: docx(run.format("a" * 100 * _MEGABYTE)),
        "bomb beside": lambda: docx(more={"word/media/a.png": bytes(300 * _MEGABYTE)}),
        "paragraphs": lambda: docx("<w:p/>" * 300_000),
        "runs": lambda: docx("<w:p>" + "<w:r><w:t>a</w:t></w:r>" * 100_000 + "</w:p>"),
        "deep": lambda: docx("<w:p>" * 5_000 + "</w:p>" * 5_000),
        "deep tables": lambda: docx(
            "<w:tbl><w:tr><w:tc>" * 80 + run.format("a") + "</w:tc></w:tr></w:tbl>" * 80
        ),
        "deeper tables": lambda: docx(
            "<w:tbl><w:tr><w:tc>" * 2_000 + "</w:tc></w:tr></w:tbl>" * 2_000
        ),
        "wide table": lambda: docx(
            "<w:tbl><w:tr>" + f"<w:tc>{run.format('a')}</w:tc>" * 20_000 + "</w:tr></w:tbl>"
        ),
        "attributes": lambda: docx(
            "<w:p " + " ".join(f'a{n}="b"' for n in range(50_000)) + ">" + "</w:p>"
        ),
        "long attribute": lambda: docx(f'<w:p a="{"x" * 15_000_000}"/>'),
        "relation outside": lambda: docx(
            more={"_rels/.rels": relations.replace("word/document.xml", "../../etc/passwd")}
        ),
        "relation to a file": lambda: docx(
            more={
                "_rels/.rels": relations.replace(
                    'Target="word/document.xml"',
                    'TargetMode="External" Target="file:///etc/passwd"',
                )
            }
        ),
        "relation to itself": lambda: docx(
            more={
                "word/_rels/document.xml.rels": relations.replace(
                    "word/document.xml", "document.xml"
                )
            }
        ),
        "many relations": lambda: docx(
            more={
                "word/_rels/document.xml.rels": relations.replace(
                    "<Relationship ",
                    '<Relationship Id="x" Type="t" Target="a"/>' * 50_000 + "<Relationship ",
                )
            }
        ),
        "no relations": lambda: docx(more={"_rels/.rels": "<Relationships/>"}),
        "no document": lambda: docx(more={document: ""}),
        "not XML": lambda: docx(more={document: "The ferry stays in port."}),
        "other root": lambda: docx(more={document: "<a><b>The ferry.</b></a>"}),
        "no body": lambda: docx(more={document: main.replace("body", "corpse")}),
        "rubbish list": lambda: docx(more={"[Content_Types].xml": "<Types"}),
        "external template": lambda: docx(
            more={
                "word/_rels/settings.xml.rels": relations.replace(
                    'Target="word/document.xml"',
                    'TargetMode="External" Target="http://127.0.0.1:9/a.dotm"',
                )
            }
        ),
        "core dates": lambda: docx(more={"docProps/core.xml": "<a>0000-99-99</a>"}),
        "styles": lambda: docx(more={"word/styles.xml": "<w:styles>" + "<w:style>" * 9_000}),
        "many parts": lambda: docx(more={f"word/{n}.xml": "<a/>" for n in range(3_000)}),
        "surrogate": lambda: docx(run.format("&#xD800; The ferry stays.")),
        "controls": lambda: docx(run.format("&#0;&#x1b;The ferry stays in port.")),
        "text kept apart": lambda: docx(run.format("\u202e" * 100_000 + "The ferry.")),
    }
    for name, make in made.items():
        yield Hostile("docx", name, make, filename="input.docx", never="root:")


def _nested(levels: int) -> bytes:
    data = archive({"a.txt": text()})
    for _ in range(levels):
        data = archive({"a.zip": data})
    return data


def _same_name() -> bytes:
    first, second = archive({"a.txt": text()}), archive({"b.txt": text()})
    return (first + second).replace(b"b.txt", b"a.txt")


def _link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        info = zipfile.ZipInfo("link.txt")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        packed.writestr(info, "/etc/passwd")
    return out.getvalue()


def _count() -> bytes:
    data = bytearray(zipped())
    end = data.rindex(b"PK\x05\x06")
    data[end + 8 : end + 12] = b"\xff\xff\xff\xff"
    return bytes(data)


def _patched(
    data: bytes,
    *,
    flags: int = 0,
    method: int | None = None,
    size: int | None = None,
    checksum: int | None = None,
    place: int | None = None,
) -> bytes:
    """Return an archive whose headers say something else of each file."""
    out = bytearray(data)
    for mark, shift in ((b"PK\x03\x04", 0), (b"PK\x01\x02", 2)):
        at = out.find(mark)
        while at >= 0:
            if flags:
                struct.pack_into("<H", out, at + 6 + shift, flags)
            if method is not None:
                struct.pack_into("<H", out, at + 8 + shift, method)
            if checksum is not None:
                struct.pack_into("<L", out, at + 14 + shift, checksum)
            if size is not None:
                struct.pack_into("<L", out, at + 22 + shift, size)
            if place is not None and shift:
                struct.pack_into("<L", out, at + 42, place)
            at = out.find(mark, at + 4)
    return bytes(out)


def _overlapping() -> bytes:
    """Return an archive whose directory names one packed megabyte as 1,000 files."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    plain = b"a" * 10 * _MEGABYTE
    packed = packer.compress(plain) + packer.flush()
    common = struct.pack("<HHHHLLL", 0, 8, 0, 33, zlib.crc32(plain), len(packed), len(plain))
    local = b"PK\x03\x04\x14\x00" + common + struct.pack("<HH", 5, 0) + b"a.txt" + packed
    entries = b"".join(
        b"PK\x01\x02\x14\x00\x14\x00"
        + common
        + struct.pack("<HHHHHLL", 8, 0, 0, 0, 0, 0, 0)
        + b"%04d.txt" % number
        for number in range(1_000)
    )
    end = struct.pack("<HHHHLLH", 0, 0, 1_000, 1_000, len(entries), len(local), 0)
    return local + entries + b"PK\x05\x06" + end


def _quine() -> bytes:
    """Return an archive whose one file is the archive itself, as far as the packing reaches."""
    data = archive({"a.zip": b""}, zipfile.ZIP_STORED)
    for _ in range(40):
        data = archive({"a.zip": data, "b.zip": data[: len(data) // 2]}, zipfile.ZIP_STORED)
        if len(data) > 2 * _MEGABYTE:
            break
    return data
