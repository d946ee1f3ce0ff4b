"""Make the tables of word frequency and word meaning: ``python -m eval.training.meanings``.

The bundled encoder's vocabulary is ordered by falling frequency, and what the encoder makes of a
word alone says what the word means. Both are cut to the commonest words, the vectors to their
principal components. To be run again only when the encoder changes; the weights come after it.
"""

import json
import re
from pathlib import Path

import numpy as np

from app.answer.evidence.reading import Array
from index.embedding.minilm import MiniLMEmbedder

WORDS = 20_000
DIMENSIONS = 64

_ROOT = Path(__file__).parents[2]
_TOKENIZER = _ROOT / "index" / "embedding" / "minilm" / "tokenizer.json"
_FREQUENT = _ROOT / "app" / "answer" / "question" / "frequent.txt"
_MEANINGS = _ROOT / "app" / "answer" / "evidence" / "meanings.npy"
_FIRST_WORD = "the"
_A_LINE = 12


def main() -> None:
    """Write both tables."""
    words = frequent()
    lines = (" ".join(words[n : n + _A_LINE]) for n in range(0, len(words), _A_LINE))
    _FREQUENT.write_text("\n".join(lines) + "\n", "utf-8")
    vectors = np.asarray(MiniLMEmbedder().embed(words), dtype=np.float64)
    np.save(_MEANINGS, np.round(reduced(vectors) * 127).astype(np.int8))


def frequent() -> list[str]:
    """Return the commonest whole words of the encoder's vocabulary, the commonest first."""
    vocabulary: dict[str, int] = json.loads(_TOKENIZER.read_text("utf-8"))["model"]["vocab"]
    ordered = sorted(vocabulary, key=vocabulary.__getitem__)
    words = ordered[ordered.index(_FIRST_WORD) :]
    return [word for word in words if re.fullmatch(r"[a-z]{2,}", word)][:WORDS]


def reduced(vectors: Array) -> Array:
    """Return the principal components of ``vectors``, each row of unit length."""
    centred = vectors - vectors.mean(axis=0)
    _, _, components = np.linalg.svd(centred, full_matrices=False)
    rows = centred @ components[:DIMENSIONS].T
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


if __name__ == "__main__":
    main()
