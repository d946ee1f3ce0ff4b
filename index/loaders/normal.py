"""The one form that every text is brought into before it is stored, hashed or cut.

Knows nothing of files. Offsets everywhere count in the text that this returns.
"""

import re
import unicodedata

# Line ends of all systems, form feeds and Unicode's own separators.
_LINE_END = re.compile(r"\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Control characters but tab and newline, and what is invisible: soft hyphens, zero-width spaces,
# word joiners, byte-order marks. Joiners that change how letters are written stay.
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_TRAILING_BLANKS = re.compile(r"(?<=[^ \t])[ \t]++$|^[ \t]++$", re.MULTILINE)
_NO_BREAK_SPACE = re.compile(r"[\xa0\u202f]")


def normalise(text: str) -> str:
    r"""Return ``text`` in NFC, with ``\n`` for line ends, and without what no reader sees.

    Removes byte-order marks, control characters and other invisible ones, blanks at line ends and
    around the whole; no-break spaces become spaces. Applying it again changes nothing.
    """
    text = _LINE_END.sub("\n", text)
    text = _INVISIBLE.sub("", text)
    text = _LONE_SURROGATE.sub("\ufffd", text)  # cannot be written as UTF-8
    text = _NO_BREAK_SPACE.sub(" ", text)
    text = unicodedata.normalize("NFC", text)
    return _TRAILING_BLANKS.sub("", text).strip()
