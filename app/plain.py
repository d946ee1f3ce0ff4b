"""Text of others as it may be shown where nothing sets it apart: without characters that command.

A document's title or a provider's error may hold escape sequences that a terminal obeys, and
overrides of writing direction that reorder what stands around them
(https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters).
"""

import re

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_OVERRIDES = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_COMMANDS = re.compile(f"{_CONTROLS.pattern}|{_OVERRIDES.pattern}")
_SHOWN = "\N{REPLACEMENT CHARACTER}"


def plain(text: str) -> str:
    """Return text with each control character shown as one, and without overrides of direction.

    Tabs and line ends stay.
    """
    if text.isascii() and text.isprintable():
        return text
    return _CONTROLS.sub(_SHOWN, _OVERRIDES.sub("", text))


def escaped(text: str) -> str:
    r"""Return text with the same characters written as JSON and Python write them: ``\u001b``."""
    return _COMMANDS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
