"""Hostile PDFs: loops, huge counts, bombs in streams, encryption, pages without text."""

import zlib
from collections.abc import Callable, Iterator

from eval.hostile.model import Hostile
from eval.hostile.samples import pdf, pdf_of, stream

_CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_SHOWN = b"BT /F1 12 Tf 72 720 Td (The ferry stays in port until Thursday.) Tj ET"
_FLATE = b"/Filter /FlateDecode"
_MEGABYTE = 1_000_000


def papers(seed: int) -> Iterator[Hostile]:
    """Make PDFs. The seed changes nothing."""
    made: dict[str, Callable[[], bytes]] = {
        "pages that loop": lambda: pdf_of([_CATALOG, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"]),
        "pages that loop by two": lambda: pdf_of(
            [
                _CATALOG,
                b"<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 4 >>",
                b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 4 /Parent 2 0 R >>",
            ]
        ),
        "page as its own parent": lambda: pdf_of(
            [
                _CATALOG,
                b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                b"<< /Type /Page /Parent 3 0 R >>",
            ]
        ),
        "huge count": lambda: pdf().replace(b"/Count 2", b"/Count 2147483647"),
        "negative count": lambda: pdf().replace(b"/Count 2", b"/Count -1"),
        "same page often": lambda: _same_page(50_000),
        "3,000 pages": lambda: pdf(3_000),
        "deep tree": lambda: _deep_tree(3_000),
        "no pages": lambda: pdf_of([_CATALOG, b"<< /Type /Pages /Kids [] /Count 0 >>"]),
        "blank page": lambda: _page(b""),
        "only a picture": lambda: _page(b"q 600 0 0 700 0 0 cm /I Do Q"),
        "bomb": lambda: _page(zlib.compress(b" " * 500 * _MEGABYTE, 9), _FLATE),
        "bomb twice packed": lambda: _page(
            zlib.compress(zlib.compress(b" " * 500 * _MEGABYTE, 9), 9),
            b"/Filter [/FlateDecode /FlateDecode]",
        ),
        "bomb of text": lambda: _page(
            zlib.compress(b"BT /F1 12 Tf " + b"(The ferry.) Tj 0 -1 Td " * 2_000_000 + b"ET"),
            _FLATE,
        ),
        "many filters": lambda: _page(_SHOWN, b"/Filter [" + b"/ASCIIHexDecode " * 5_000 + b"]"),
        "unknown filter": lambda: _page(_SHOWN, b"/Filter /Nonsense"),
        "run length": lambda: _page(b"\x81a" * 100_000, b"/Filter /RunLengthDecode"),
        "predictor": lambda: _page(
            zlib.compress(_SHOWN),
            _FLATE + b" /DecodeParms << /Predictor 15 /Columns 2147483647 /Colors 99 >>",
        ),
        "length that lies": lambda: pdf().replace(b"/Length ", b"/Length 99999999"),
        "length of itself": lambda: pdf().replace(b"/Length ", b"/Length 5 0 R %"),
        "form in itself": _form_loop,
        "operators nested": lambda: _page(b"q " * 500_000 + _SHOWN),
        "arrays nested": lambda: _page(b"[" * 500_000 + _SHOWN),
        "dictionaries nested": lambda: pdf_of([b"<< /A " * 50_000, b"", b""]),
        "strings nested": lambda: _page(b"(" * 500_000),
        "long name": lambda: _page(b"/" + b"a" * _MEGABYTE + b" " + _SHOWN),
        "huge page": lambda: pdf().replace(b"[0 0 612 792]", b"[0 0 9e30 9e30]"),
        "page turned inside out": lambda: pdf().replace(b"[0 0 612 792]", b"[9 9 -9e9 0]"),
        "huge font": lambda: _page(_SHOWN.replace(b"12 Tf", b"1e38 Tf")),
        "tiny font": lambda: _page(_SHOWN.replace(b"12 Tf", b"1e-38 Tf") * 1_000),
        "not a number": lambda: _page(_SHOWN.replace(b"72 720", b"nan --+.-..5")),
        "fonts that loop": lambda: pdf().replace(
            _FONT, b"<< /Type /Font /DescendantFonts 3 0 R >>"
        ),
        "encrypted": lambda: _encrypted(b"/Filter /Standard /V 4 /R 4 /Length 128"),
        "encrypted oddly": lambda: _encrypted(b"/Filter /Nonsense /V 99 /R -1"),
        "no xref": lambda: pdf().replace(b"xref", b"fxre"),
        "xref that loops": lambda: pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev 9"),
        "xref far away": lambda: (
            pdf().rpartition(b"startxref")[0] + b"startxref\n99999999999\n%%EOF"
        ),
        "xref of itself": _xref_of_itself,
        "huge object number": lambda: pdf().replace(b"3 0 obj", b"4294967295 0 obj"),
        "many objects": lambda: pdf_of([_CATALOG, b"<< /Kids [] >>", *[b"null"] * 200_000]),
        "many updates": lambda: pdf() + pdf()[8:] * 200,
        "scripts": lambda: pdf().replace(
            b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert) >>"
        ),
        "launch": lambda: pdf().replace(
            b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /Launch /F (/bin/sh) >>"
        ),
        "file stream": lambda: _page(b"", b"/F (/etc/passwd) /FFilter /ASCIIHexDecode"),
        "only a header": lambda: b"%PDF-1.7\n",
        "header late": lambda: b" " * 900 + pdf(),
        "comments": lambda: b"%PDF-1.7\n" + b"%\n" * 500_000 + pdf(),
        "zeros inside": lambda: pdf().replace(b" ", b"\x00"),
        "info": lambda: pdf_of(
            [_CATALOG, b"<< /Kids [] /Count 0 >>", b"<< /Title (" + b"x" * _MEGABYTE + b") >>"],
            b"/Info 3 0 R",
        ),
    }
    for name, make in made.items():
        yield Hostile("pdf", name, make, filename="input.pdf", never="root:")


def _page(content: bytes, entries: bytes = b"") -> bytes:
    return pdf_of(
        [
            _CATALOG,
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            _FONT,
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>",
            stream(content, entries),
        ]
    )


def _same_page(times: int) -> bytes:
    kids = b"4 0 R " * times
    return _page(_SHOWN).replace(b"/Kids [4 0 R] /Count 1", b"/Kids [%s] /Count %d" % (kids, times))


def _deep_tree(levels: int) -> bytes:
    nodes = [
        b"<< /Type /Pages /Kids [%d 0 R] /Count 1 /Parent %d 0 R >>" % (n + 1, n - 1)
        for n in range(2, levels)
    ]
    return pdf_of([_CATALOG, *nodes, b"<< /Type /Page /MediaBox [0 0 9 9] >>"])


def _form_loop() -> bytes:
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /XObject << /X 5 0 R >> >> >>"
    )
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>"
    return pdf_of(
        [
            _CATALOG,
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            page,
            stream(b"/X Do " * 1_000),
            stream(b"/X Do /X Do", form),
        ]
    )


def _encrypted(how: bytes) -> bytes:
    secret = b"<" + b"41" * 32 + b">"
    entry = b"<< %s /O %s /U %s /P -4 >>" % (how, secret, secret)
    sound = pdf()
    return sound.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt %s /ID [<41> <41>]" % entry)


def _xref_of_itself() -> bytes:
    head, _, _ = pdf().rpartition(b"startxref")
    return head + b"startxref\n%d\n%%%%EOF" % (len(head) - 1)
