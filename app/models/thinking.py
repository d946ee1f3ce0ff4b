"""Keep a model's thinking out of its answer.

Servers without a reasoning parser stream it as text: ``<think>…</think>`` before the answer. Blanks
before the answer go with it.
"""

from typing import Literal

_OPEN, _CLOSE = "<think>", "</think>"


class ThinkingFilter:
    """Drops one leading ``<think>…</think>`` and the blanks around it; everything else passes."""

    def __init__(self) -> None:
        self._held = ""
        self._state: Literal["start", "thinking", "blank", "answer"] = "start"

    def feed(self, delta: str) -> str:
        """Return what of the text may be shown now."""
        if self._state == "answer":
            return delta
        self._held += delta
        if self._state == "start":
            self._see_how_it_starts()
        if self._state == "thinking":
            _, tag, after = self._held.partition(_CLOSE)
            # Only the tail can hold a part of the closing tag.
            self._held = after if tag else self._held[-len(_CLOSE) :]
            self._state = "blank" if tag else "thinking"
        if self._state == "blank":
            self._held = self._held.lstrip()
            self._state = "answer" if self._held else "blank"
        return self._held if self._state == "answer" else ""

    def end(self) -> str:
        """Return what was held back only because it might have become the tag."""
        return self._held.lstrip() if self._state == "start" else ""

    def _see_how_it_starts(self) -> None:
        text = self._held.lstrip()
        if text.startswith(_OPEN):
            self._state = "thinking"
        elif not _OPEN.startswith(text):
            self._state = "blank"
