"""Read the training pool: gzipped JSON lines beside a manifest that says kind, licence and count.

Owns nothing but the reading. A question has ``question``, ``context``, ``answers`` and
``answerable``; a pair has ``premise``, ``hypothesis`` and ``label``; a ranked sentence has
``question``, ``sentence`` and ``label``.
"""

import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

Row = dict[str, Any]

_BOUNDARY = re.compile(r"[.!?][\"”)\]]*\s+(?=[\"“(\[]?[A-Z0-9])")
_ABBREVIATION = re.compile(
    r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|vs|No|Jr|Sr|U\.S|e\.g|i\.e|c|ca|Inc|Ltd|Co|approx)\.$"
)


def read(pool: Path, kind: str, most: Mapping[str, int]) -> Iterator[Row]:
    """Yield a random choice of at most ``most[name]`` rows of each named set of a kind."""
    for entry in json.loads((pool / "manifest.json").read_text("utf-8")):
        name = entry["name"]
        if entry["kind"] != kind or name not in most:
            continue
        if entry["non_commercial"]:
            raise ValueError(f"{name} may not be used commercially")
        with gzip.open(pool / entry["path"], "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        random.shuffle(rows)
        for row in rows[: most[name]]:
            yield {**row, "set": name}


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the offsets of a text's sentences, each with the space after it."""
    spans = []
    start = 0
    for match in _BOUNDARY.finditer(text):
        if _ABBREVIATION.search(text[start : match.start() + 1]):
            continue
        spans.append((start, match.end()))
        start = match.end()
    if start < len(text):
        spans.append((start, len(text)))
    return spans


def words(text: str) -> set[str]:
    """Return the lower-case words of a text."""
    return set(re.findall(r"[^\W_]+", text.lower()))


class HeldOut:
    """The articles that are measured on: recognises their passages and questions in other sets.

    Args:
        articles: rows with ``paragraph`` and ``questions``.
    """

    def __init__(self, articles: Iterable[Row]) -> None:
        self._texts: set[str] = set()
        self._questions: set[str] = set()
        for article in articles:
            for start, end in sentences(article["paragraph"]):
                self._texts.add(_plain(article["paragraph"][start:end]))
            self._questions.update(_plain(each["question"]) for each in article["questions"])

    def __contains__(self, row: Row) -> bool:
        """Tell whether a row asks one of the questions, or has a sentence of the passages."""
        if _plain(row.get("question", "")) in self._questions:
            return True
        text = row.get("context") or row.get("sentence") or ""
        return any(_plain(text[s:e]) in self._texts for s, e in sentences(text) if e - s > 40)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower()))
