"""``python -m eval.verification make | run``: make the pairs anew, or check them and print tables.

``run --json FILE`` writes the figures too; ``--show`` prints what was judged wrongly.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from eval.verification import measure, pairs
from eval.verification.passages import Shelf, shelve
from index.embedding.minilm import MiniLMEmbedder

CORPUS = Path(__file__).parents[2] / "corpus"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name."""
    parser = argparse.ArgumentParser(prog="python -m eval.verification", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("make", help="make pairs.jsonl from the briefs")
    run = commands.add_parser("run", help="check every pair")
    run.add_argument("--json", type=Path, help="write the figures to this file")
    run.add_argument("--show", action="store_true", help="print what was judged wrongly")
    chosen = parser.parse_args(arguments)
    embedder = MiniLMEmbedder()
    shelf = shelve(CORPUS.glob("*.md"), embedder)
    if chosen.command == "make":
        made = pairs.make(shelf)
        pairs.save(made)
        sys.stdout.write(f"{len(made)} pairs\n")
        return 0
    return _run(shelf, embedder, chosen.json, show=chosen.show)


def _run(shelf: Shelf, embedder: MiniLMEmbedder, file: Path | None, *, show: bool) -> int:
    scored = measure.run(pairs.load(), shelf, embedder)
    threshold = measure.best_threshold([s for s in scored if not s.pair.held_out])
    figures = {}
    for name, part in (
        ("tuned on", [s for s in scored if not s.pair.held_out]),
        ("held out", [s for s in scored if s.pair.held_out]),
        ("all", scored),
    ):
        figures[name] = measure.summary(part, threshold)
        sys.stdout.write(f"\n## {name}\n\n{_table(part, threshold)}\n")
    if show:
        for item in scored:
            if item.passed is not item.pair.true:
                sys.stdout.write(f"{item.pair.kind}: {item.pair.text} ({item.why or 'passed'})\n")
    if file is not None:
        file.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    return 0


def _table(scored: Sequence[measure.Scored], threshold: float) -> str:
    lines = ["| kind | sentences | judged right | by word overlap |", "| --- | --- | --- | --- |"]
    for row in measure.rows(scored, threshold):
        lines.append(
            f"| {row.kind} | {row.total} | {row.right / row.total:.1%} "
            f"| {row.floor_right / row.total:.1%} |"
        )
    figures = measure.summary(scored, threshold)
    lines.append("")
    lines.append(
        "caught {caught:.1%}, wrongly dropped {wrongly_dropped:.1%}, balanced accuracy "
        "{balanced_accuracy:.3f}; word overlap (at {floor_threshold:.2f}): caught "
        "{floor_caught:.1%}, wrongly dropped {floor_wrongly_dropped:.1%}, balanced accuracy "
        "{floor_balanced_accuracy:.3f}; {milliseconds_p50:.1f} ms a sentence "
        "(p95 {milliseconds_p95:.1f})".format(**figures)
    )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
