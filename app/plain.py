"""Text of others as it may be shown where nothing sets it apart: without characters that command.

A document's title or a provider's error may hold escape sequences that a terminal obeys, and
overrides of writing direction that reorder what stands around them
(https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters).
"""

import re

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
SHOWN = "\N{REPLACEMENT CHARACTER}"


def plain(text: str) -> str:
    """Return text with each control character shown as one, and marks of direction left out.

    Tabs and line ends stay.
    """
    return _CONTROLS.sub(SHOWN, _DIRECTIONS.sub("", text))
