"""Words divided between two lines: whether the hyphen goes or stays.

Decides from the words of the document itself, for what a dictionary would know is not at hand.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Protocol

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_OPEN_END = re.compile(r"\w[-\u2013]$")  # 2024- and 2026
_LAST = re.compile(r"([^\W\d_]+)-?$")
_FIRST = re.compile(r"^([^\W\d_]+)")
_KEEPS = frozenset(
    """
    all anti co counter cross double eight ex far five four free full half hard high ill inter large
    left long low mid mini multi near nine non north one open part post pre pro quasi right second
    self semi seven short single six small so soft south sub ten third three top two ultra under
    vice well wide east west us uk eu un
    """.split()  # noqa: SIM905  # sixty strings would fill the screen
)


class _Line(Protocol):
    @property
    def text(self) -> str: ...

    @property
    def hyphenated(self) -> bool: ...


class Hyphens:
    """Joins lines of one document.

    Args:
        texts: all its lines.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._words: set[str] = set()
        for text in texts:
            # The last word of a line may be half a word, so it tells nothing.
            self._words.update(word.casefold() for word in _WORD.findall(text)[:-1])

    def joined(self, lines: Sequence[_Line]) -> str:
        """Return the lines as one text."""
        text = lines[0].text
        for before, line in pairwise(lines):
            head, glue, tail = self.link(before, text, line.text)
            text = head + glue + tail
        return text

    def link(self, before: _Line, text: str, following: str) -> tuple[str, str, str]:
        """Return ``text``, which ends with the line ``before``, what joins it, and what follows."""
        last, first = _LAST.search(text), _FIRST.match(following)
        divided = before.hyphenated or (text.endswith("-") and not text.endswith((" -", "--")))
        if divided and last is not None and first is not None:
            bare = text.removesuffix("-")
            return bare, "" if self._is_one(last[1], first[1]) else "-", following
        goes_on = _OPEN_END.search(text) and following[:1].isalnum()
        return text, "" if goes_on else " ", following

    def _is_one(self, left: str, right: str) -> bool:
        """Tell whether two parts were one word before the line ended."""
        if not right[:1].islower() or (len(left) > 1 and left.isupper()):
            return False
        whole, parts = (left + right).casefold(), f"{left}-{right}".casefold()
        if whole in self._words or parts in self._words:
            return whole in self._words
        if left.casefold() in _KEEPS:
            return False
        return not (left.casefold() in self._words and right.casefold() in self._words)
