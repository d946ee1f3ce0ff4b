"""Kills a process that adds, replaces and deletes, at random moments, and looks at what is left.

The suite kills a few times; ``python tests/index/test_kill.py --kills 20`` kills as often as asked.
Each document must be in its last reported state or in one that was being written, all three stores
must agree to the last record, and the folder must open without help.
"""

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import time
import traceback
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

import index
from index.catalog import Catalog
from index.catalog.engine import sqlite_url
from index.lexical import LexicalStore
from index.library import Library
from index.model import Matrix, SourceDocument, Vector
from index.vectors import VectorStore, sentence_id

DOCUMENTS = 12


def test_killed_process_leaves_every_document_wholly_old_or_wholly_new(tmp_path: Path) -> None:
    command = [sys.executable, __file__, "--kills", "5", "--folder", str(tmp_path / "data")]
    environment = {**os.environ, "PYTHONPATH": str(Path(index.__file__).parents[1])}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, env=environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 kills, 5 clean" in done.stdout


class Embedder:
    """Gives each word a direction; fast, so that the kills fall into the writing."""

    name, dimension = "words", 64

    def embed_query(self, text: str) -> Vector:
        vector: Vector = self.embed([text])[0]
        return vector

    def embed(self, texts: Sequence[str], *, between: Callable[[], None] | None = None) -> Matrix:
        rows = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                row[zlib.crc32(word.encode()) % self.dimension] += 1
        matrix: Matrix = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return matrix

    def count_tokens(self, text: str) -> int:
        return len(text.split())


def document(number: int, version: int) -> SourceDocument:
    chance = random.Random(f"{number}/{version}")  # noqa: S311  # no secret
    sentences = [
        f"Version {version} of story {number} says that {chance.randint(2, 9999)} boats left."
        for _sentence in range(chance.randint(1, 60))
    ]
    return SourceDocument(id=f"d{number}", text=" ".join(sentences), title=f"Story {number}")


def work(folder: Path, log: Path, first_version: int) -> None:
    """Write until killed; note before each write what may come of it, and after it what did."""
    chance = random.Random(first_version)  # noqa: S311  # no secret
    with Library.open(folder, embedder=Embedder()) as library, log.open("a") as notes:

        def note(what: str, number: int, version: int) -> None:
            os.write(notes.fileno(), f"{what} {number} {version}\n".encode())

        note("open", 0, 0)
        version = first_version
        while True:
            version += 1
            numbers = chance.sample(range(DOCUMENTS), chance.randint(1, DOCUMENTS))
            if chance.random() < 0.25:
                number = numbers[0]
                if any(d.id == f"d{number}" for d in library.documents().items):
                    note("begin", number, 0)
                    library.delete(f"d{number}")
                    note("end", number, 0)
                continue
            for number in numbers:
                note("begin", number, version)
            for outcome in library.add_many(document(n, version) for n in numbers):
                assert outcome.error is None
                note("end", int(outcome.id[1:]), version)


def possible(log: Path) -> dict[int, set[int]]:
    """Return the versions each document may have: the last one reported and those begun since."""
    versions: dict[int, set[int]] = {number: {0} for number in range(DOCUMENTS)}
    for line in log.read_text().splitlines():
        what, number, version = line.split()
        if what == "begin":
            versions[int(number)].add(int(version))
        elif what == "end":
            versions[int(number)] = {int(version)}
    return versions


def check(folder: Path, log: Path) -> None:
    """Open the folder as the next process would, and compare everything."""
    with Library.open(folder, embedder=Embedder()) as library:
        shown = {d.id: library.revision(d.id).text for d in library.documents().items}
        settled: dict[int, int] = {}
        for number, versions in possible(log).items():
            texts = {document(number, v).text if v else None: v for v in versions}
            text = shown.get(f"d{number}")
            assert text in texts, f"d{number} is none of {versions}: {text!r:.80}"
            settled[number] = texts[text]
            if text is not None:
                question = f"version {texts[text]} of story {number}"
                found = library.retriever(top_k=50).search(question)
                assert any(p.document_id == f"d{number}" and p.text in text for p in found)
        found = library.retriever(top_k=200).search("boats left")
        assert {p.document_id for p in found} == shown.keys()
        assert len({(p.document_id, p.number) for p in found}) == len(found)
    with log.open("a") as notes:
        notes.writelines(f"end {number} {version}\n" for number, version in settled.items())
    compare_stores(folder)


def compare_stores(folder: Path) -> None:
    catalog = Catalog.open(sqlite_url(folder / "catalog.sqlite"))
    vectors, lexical = VectorStore(folder / "vectors"), LexicalStore(folder / "lexical")
    vectors.open()
    lexical.open()
    assert catalog.revisions.leftovers().all() == ()
    counts = catalog.passages.sentence_counts(catalog.documents.current_keys())
    expected = {sentence_id(key, i) for key, count in counts.items() for i in range(count)}
    assert vectors.ids() == expected
    assert sorted(lexical.keys()) == sorted(counts)
    for store in (vectors, lexical, catalog):
        store.close()


def in_child(action: object, *arguments: object) -> int:
    """Run a function in a fork, made before any thread was, and return the fork's id."""
    child = os.fork()
    if child == 0:
        try:
            action(*arguments)  # type: ignore[operator]  # a function
        except BaseException:  # noqa: BLE001  # whatever it is, it must not unwind into the parent
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return child


def kill_often(folder: Path, kills: int, seed: int) -> int:
    """Kill, look, and go on in the same folder; return how many looks found nothing wrong."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    folder.mkdir(parents=True, exist_ok=True)
    log = folder.parent / "log.txt"
    log.touch()
    clean = 0
    for kill in range(kills):
        opens = log.read_text().count("open")
        child = in_child(work, folder, log, 1 + (seed * kills + kill) * 100_000)
        if chance.random() < 0.8:  # else it may die while it opens and mends
            while log.read_text().count("open") == opens:
                time.sleep(0.005)
        time.sleep(chance.uniform(0.0, 0.8))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        _child, status = os.waitpid(in_child(check, folder, log), 0)
        clean += status == 0
        print(f"kill {kill + 1}: {'clean' if status == 0 else 'NOT CLEAN'}", flush=True)  # noqa: T201  # a program
        if status != 0:
            break
    return clean


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    clean = kill_often(options.folder, options.kills, options.seed)
    print(f"{options.kills} kills, {clean} clean")  # noqa: T201  # a program
    sys.exit(clean != options.kills)
