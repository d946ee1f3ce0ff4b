"""Reads robots.txt as RFC 9309 has it: the group for us, the longest rule that matches, wildcards.

The standard library's ``urllib.robotparser`` is not used: it takes the first rule instead of the
longest and reads ``*`` as a plain character, so it would both fetch what it may not and the other
way round. Fetches nothing. https://www.rfc-editor.org/rfc/rfc9309
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

_MOST_BYTES = 500_000
_MOST_RULES = 5_000
_SAFE = "/?:@!$&'()*+,;=-._~%"


@dataclass(frozen=True, slots=True)
class Rules:
    """What one robots.txt says to us: rules as (pattern, allowed), and a wished pause."""

    patterns: tuple[tuple[str, bool], ...] = ()
    pause_s: float | None = None

    def allow(self, path: str) -> bool:
        """Return whether a path, with its query, may be crawled."""
        if path == "/robots.txt":
            return True
        path = _usual(path)
        length, allowed = -1, True
        for pattern, allows in self.patterns:
            better = len(pattern) > length or (len(pattern) == length and allows)
            if better and _matches(pattern, path):
                length, allowed = len(pattern), allows
        return allowed


NONE = Rules()
"""Everything may be crawled."""


def read(body: bytes, product: str) -> Rules:
    """Return what a robots.txt says to the crawler named ``product``; else what it says to all."""
    ours: list[tuple[str, str]] | None = None
    everyones: list[tuple[str, str]] = []
    for agents, rules in _groups(body[:_MOST_BYTES].decode("utf-8", "replace")):
        if product.lower() in agents:
            ours = (ours or []) + rules
        elif "*" in agents:
            everyones += rules
    chosen = everyones if ours is None else ours
    patterns = [
        (_usual(value), key == "allow")
        for key, value in chosen[:_MOST_RULES]
        if key in ("allow", "disallow") and value
    ]
    pauses = [value for key, value in chosen if key == "crawl-delay"]
    return Rules(tuple(patterns), _seconds(pauses[0]) if pauses else None)


def _groups(text: str) -> Iterator[tuple[set[str], list[tuple[str, str]]]]:
    """Yield each group: its user agents and its lines."""
    agents: set[str] = set()
    lines: list[tuple[str, str]] = []
    for line in re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")):
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            if lines:
                yield agents, lines
                agents, lines = set(), []
            agents.add(value.lower().partition("/")[0].strip())
        elif agents:
            lines.append((key, value))
    if agents:
        yield agents, lines


def _usual(path: str) -> str:
    """Return a path with its percent-encoding as in every other: only what has to be encoded."""
    return quote(re.sub(r"%[0-9A-Fa-f]{2}", _decoded, path), safe=_SAFE)


def _decoded(escape: re.Match[str]) -> str:
    character = unquote_to_bytes(escape[0]).decode("latin-1")
    return character if re.fullmatch(r"[\w.~-]", character, re.ASCII) else escape[0].upper()


def _matches(pattern: str, path: str) -> bool:
    """Return whether a pattern matches a path from its beginning, in time linear in the path."""
    exact = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for number, part in enumerate(others):
        if exact and number == len(others) - 1:
            return len(path) - len(part) >= at and path.endswith(part)
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return at == len(path) if exact else True


def _seconds(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", text, re.ASCII) else None
