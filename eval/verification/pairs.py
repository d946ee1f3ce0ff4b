"""Make the data set: true sentences and false ones, each with the sentences it cites.

``pairs.jsonl`` is made from the briefs, from ``written.toml`` (by hand) and from ``alterations``
(by script, with a fixed seed), and committed, so that measures stay comparable.
"""

import json
import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.verification.alterations import ALTERATIONS
from eval.verification.passages import Shelf

FOLDER = Path(__file__).parent
PAIRS = FOLDER / "pairs.jsonl"
WRITTEN = FOLDER / "written.toml"
HELD_OUT = frozenset(("coalition-gone-by-september", "two-stage-withdrawal"))
"""Briefs on which nothing was tuned."""

SEED = 20260101


@dataclass(frozen=True, slots=True)
class Pair:
    """A drafted sentence and what it cites. ``kind`` says how it was made or changed."""

    id: str
    brief: str
    held_out: bool
    cites: tuple[str, ...]
    text: str
    true: bool
    kind: str
    by_hand: bool


def load(path: Path = PAIRS) -> list[Pair]:
    """Read the committed pairs."""
    pairs = []
    for line in path.read_text("utf-8").splitlines():
        record = json.loads(line)
        pairs.append(Pair(**{**record, "cites": tuple(record["cites"])}))
    return pairs


def save(pairs: Sequence[Pair], path: Path = PAIRS) -> None:
    """Write pairs, one a line."""
    lines = (json.dumps(asdict(pair), ensure_ascii=False) for pair in pairs)
    path.write_text("\n".join(lines) + "\n", "utf-8")


def make(shelf: Shelf, written: Path = WRITTEN) -> list[Pair]:
    """Make all pairs from the briefs on a shelf and the sentences written for them."""
    entries = tomllib.loads(written.read_text("utf-8"))
    chance = random.Random(SEED)  # noqa: S311 - reproducible, not secret
    numbered: dict[str, int] = {}
    seen: set[str] = set(entries["happen_to_be_true"])
    pairs = []
    for brief, cites, text, true, kind, by_hand in _all(shelf, entries["sentence"], chance):
        if text in seen:
            continue
        seen.add(text)
        number = numbered[brief] = numbered.get(brief, 0) + 1
        held_out = brief in HELD_OUT
        pairs.append(
            Pair(f"{brief}-{number:03}", brief, held_out, cites, text, true, kind, by_hand)
        )
    return pairs


_Row = tuple[str, tuple[str, ...], str, bool, str, bool]


def _all(shelf: Shelf, entries: Sequence[dict[str, Any]], chance: random.Random) -> Iterator[_Row]:
    for brief in dict.fromkeys(passage.document_id for passage in shelf.passages):
        whole = "\n".join(passage.text for passage in shelf.of(brief))
        true: list[tuple[tuple[str, ...], str, str]] = []
        for passage in shelf.of(brief):
            for position in range(len(passage.sentences)):
                text = passage.sentence_text(position)
                true.append(((text,), text, "verbatim"))
        for entry in entries:
            if entry["brief"] == brief:
                true.append((_sentences(shelf, entry), entry["text"], "paraphrase"))
        for cites, text, kind in true:
            yield brief, cites, text, True, kind, kind == "paraphrase"
        for entry in entries:
            if entry["brief"] == brief:
                for kind, texts in entry.get("altered", {}).items():
                    for text in texts if isinstance(texts, list) else [texts]:
                        yield brief, _sentences(shelf, entry), text, False, kind, True
        for cites, text, _ in true:
            for kind, alter in ALTERATIONS.items():
                changed = alter(text, whole, chance)
                if changed is not None and changed != text:
                    yield brief, cites, changed, False, kind, False


def _sentences(shelf: Shelf, entry: dict[str, Any]) -> tuple[str, ...]:
    """Return the whole sentences in which the fragments stand."""
    found = []
    for fragment in entry["rests_on"]:
        for passage in shelf.holding(entry["brief"], [fragment]):
            texts = map(passage.sentence_text, range(len(passage.sentences)))
            found.append(next(text for text in texts if fragment in text))
    return tuple(found)
