"""Signs that are more than their letter: exponents, indices, bullets, joined shapes of letters.

An exponent that becomes a plain digit is another number: 10⁶ is not 106.
"""

import re
import unicodedata

_UP = str.maketrans(
    "0123456789+-\u2212=()ni",
    "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
    "\u207a\u207b\u207b\u207c\u207d\u207e\u207f\u2071",
)
_RAISABLE = frozenset("0123456789+-\u2212=()ni")
_ENDINGS = frozenset(
    ("st", "nd", "rd", "th", "er", "re", "e", "o", "a", "me", "\xe8me", "tm", "sm", "r")
)
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010fffd"
_BULLET = re.compile(rf"^\s*[{_PRIVATE}]\s*(?=\S)")
_SIGN = re.compile(rf"[{_PRIVATE}]")
_UNSIGNED = re.compile(rf"\s*[{_PRIVATE}]+")
_SHAPES = re.compile("[\ufb1d-\ufdff\ufe70-\ufefc]+")


def raised(text: str) -> str:
    """Return a text as an exponent: in raised signs, or else after a ``^``."""
    bare = text.strip()
    if not bare:
        return text
    if set(bare) <= _RAISABLE:
        return bare.translate(_UP)
    if not any(c.isdigit() for c in bare) and (len(bare) > 2 or bare.casefold() in _ENDINGS):
        return text  # 1st, No., a trade mark: letters that are only set smaller
    return f"^({bare})" if len(bare) > 1 else f"^{bare}"


def unsigned(text: str) -> str:
    """Return a line without signs of private use, which mean something in one font alone.

    One that opens the line is a bullet. Shapes of Hebrew and Arabic letters become the letters.
    """
    text = _BULLET.sub("\u2022 ", text)
    bare = text.strip()
    private = len(_SIGN.findall(bare))
    if private == len(bare) == 1:
        return "\u2022"
    # A font that says of no letter which it is: what it shows stays unknown, and is counted.
    text = _SIGN.sub("\ufffd", text) if private * 3 > len(bare) else _UNSIGNED.sub("", text)
    return _SHAPES.sub(lambda shapes: unicodedata.normalize("NFKC", shapes[0]), text)
