"""Line breaks and blocks of lines as signs in a page's text, so that nothing on the way loses them.

Whatever finds the main text takes white space for nothing. What must stay as it is becomes signs of
Greek musical notation, which pages do not have, and becomes itself again when the text is written.
"""

import re

BREAK, OPEN, CLOSE, BLANK = "\U0001d240", "\U0001d241", "\U0001d242", "\U0001d243"
_KEPT = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")
_OURS = re.compile(f"[{OPEN}{CLOSE}{BLANK}]")
_BREAKS = re.compile(rf"\s*{BREAK}\s*")
_RESERVED = re.compile("[\U0001d240-\U0001d243]")


def without_reserved(text: str) -> str:
    """Return a page without the signs that are used here."""
    return _RESERVED.sub("\ufffd", text)


def kept(block: str) -> str:
    """Return a block as signs: its lines and their indents stay as they are."""
    lines = block.expandtabs(4).strip("\n").split("\n")
    return OPEN + BREAK.join(line.rstrip().replace(" ", BLANK) for line in lines) + CLOSE


def split_kept(text: str) -> list[tuple[bool, str]]:
    """Return the parts of a text in order: whether a part is a kept block, and the part."""
    parts = _KEPT.split(text)
    found = [(number % 2 == 1, part) for number, part in enumerate(parts)]
    return [(True, _block(part)) if is_kept else (False, part) for is_kept, part in found]


def broken(text: str) -> str:
    """Return running text with its line breaks."""
    return _OURS.sub(" ", _BREAKS.sub("\n", text))


def on_one_line(text: str) -> str:
    """Return text on one line, whatever is in it."""
    return " ".join(_OURS.sub(" ", text.replace(BREAK, " ")).split())


def _block(part: str) -> str:
    return "\n".join(
        line.replace(BLANK, " ").rstrip() for line in part.replace("\n", " ").split(BREAK)
    )
