"""The letters on a page of a PDF, with where each stands and how heavy its font is.

The one module that asks pdfium about letters; what they make together is told in ``runs``.
"""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from index.loaders.runs import Glyph, Run, runs_of

HYPHEN = "\ufffe"  # where pdfium found a word divided between two lines
_LINE_END = re.compile(r"(\r\n|\r|\n|\ufffe)")
_BOLD_NAME = re.compile(
    rb"bold|black|heavy|semib|demi(?!.*light)|cm(?:b|ss?b)x?\d|-bd\b|[-,]b\b", re.IGNORECASE
)
_BOLD_WEIGHT = 600
_FORCE_BOLD = 1 << 18
_NAME_BYTES = 128


def runs_on_page(words: Any) -> Iterator[Run]:  # pypdfium2 has no types
    """Yield the runs of a page in the order in which the file has them."""
    place = 0
    last: Run | None = None
    for raw in _LINE_END.split(words.get_text_range()):
        if raw == HYPHEN and last is not None:
            last = replace(last, hyphenated=True)
        elif raw.strip(" \t\r\n" + HYPHEN):
            for run in runs_of(list(_glyphs(words, raw, place)), partial(_is_bold, words)):
                if last is not None:
                    yield last
                last = run
        place += len(raw)
    if last is not None:
        yield last


def _glyphs(words: Any, raw: str, place: int) -> Iterator[Glyph]:
    """Yield the letters of a line, without those that show nothing."""
    import pypdfium2.raw as pdfium

    rect, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    word = 0
    for at, letter in enumerate(raw):
        if letter.isspace() or letter < " ":
            word += letter.isspace()
            continue
        index = pdfium.FPDFText_GetCharIndexFromTextIndex(words, place + at)
        if index < 0 or not pdfium.FPDFText_GetLooseCharBox(words, index, ctypes.byref(rect)):
            yield Glyph(letter, 0.0, 0.0, 0.0, 0.0, 0.0, word, -1)
            continue
        pdfium.FPDFText_GetCharOrigin(words, index, ctypes.byref(x), ctypes.byref(y))
        height = abs(rect.top - rect.bottom)
        yield Glyph(letter, x.value, rect.left, rect.right, y.value, height, word, index)


def _is_bold(words: Any, index: int) -> bool:
    """Tell whether the letter at an index of pdfium's is of a heavy font."""
    import pypdfium2.raw as pdfium

    if index < 0:
        return False
    if pdfium.FPDFText_GetFontWeight(words, index) >= _BOLD_WEIGHT:
        return True
    name, flags = ctypes.create_string_buffer(_NAME_BYTES), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(words, index, name, _NAME_BYTES, ctypes.byref(flags))
    return bool(flags.value & _FORCE_BOLD or _BOLD_NAME.search(name.value))
