"""The bundled embedding model, all-MiniLM-L6-v2 in int8, run by onnxruntime.

Owns the model's files, its tokenizer and its threads. Knows no store and no LlamaIndex; the heavy
imports happen when an embedder is made, not when this module is imported.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from index.errors import UnavailableError
from index.model import Matrix, Vector

MODEL_FOLDER = Path(__file__).with_name("minilm")
MAX_TOKENS = 256
_TASK_SIZE = 8  # texts a worker takes at a time: large enough to hide the cost of handing over


class MiniLMEmbedder:
    """all-MiniLM-L6-v2 with mean pooling and normalisation inside the graph.

    Each text is run on its own, on one thread, and several texts at a time on several threads. The
    int8 model scales activations by the largest one of a call, so a batch would change its members'
    vectors (cosine to the vector of the text alone: 0.99 on average, 0.95 at worst) and padding
    would cost time. Run alone, a text has one vector, whatever was embedded beside it.

    Args:
        folder: Where ``model.onnx``, ``tokenizer.json`` and ``SHA256SUMS`` lie.
        threads: Texts embedded at the same time; by default one for each usable processor.

    Raises:
        UnavailableError: A file is missing or is not the one that ``SHA256SUMS`` names.
    """

    name = "all-MiniLM-L6-v2-int8"
    dimension = 384

    def __init__(self, folder: Path = MODEL_FOLDER, *, threads: int | None = None) -> None:
        import onnxruntime  # type: ignore[import-untyped]  # ships no types
        from tokenizers import Tokenizer

        files = checked_files(folder, {"model.onnx", "tokenizer.json"}, "embedding model")
        self._tokenizer = Tokenizer.from_buffer(files["tokenizer.json"])
        # Cut here, not in the tokenizer, so that counting sees the whole text.
        self._tokenizer.no_truncation()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors only: the graph's harmless notes go to stderr
        self._session = onnxruntime.InferenceSession(
            files["model.onnx"], options, providers=["CPUExecutionProvider"]
        )
        self._threads = threads or usable_processors()

    def embed_query(self, text: str) -> Vector:
        """Return the unit vector of one text, shape (384,)."""
        return self._run(self._tokenizer.encode(text).ids)

    def embed(self, texts: Sequence[str], *, between: Callable[[], None] | None = None) -> Matrix:
        """Return the unit vectors of ``texts`` in their order, shape (len(texts), 384).

        ``between`` is called before each text.
        """
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        encodings = self._tokenizer.encode_batch_fast(list(texts)) if texts else []
        token_ids = [encoding.ids for encoding in encodings]

        def fill(rows: Sequence[int]) -> None:
            for row in rows:
                if between is not None:
                    between()
                vectors[row] = self._run(token_ids[row])

        # Longest first, so that no worker is left with a long text at the end.
        order = sorted(range(len(texts)), key=lambda row: len(token_ids[row]), reverse=True)
        tasks = [order[i : i + _TASK_SIZE] for i in range(0, len(order), _TASK_SIZE)]
        if len(tasks) < 2 or self._threads == 1:
            fill(order)
        else:
            with ThreadPoolExecutor(self._threads, thread_name_prefix="embed") as pool:
                list(pool.map(fill, tasks))
        return vectors

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens in the whole of ``text``, without special tokens."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def _run(self, token_ids: list[int]) -> Vector:
        """Run the model on the token ids of one text, special tokens included."""
        if len(token_ids) > MAX_TOKENS:
            token_ids = [*token_ids[: MAX_TOKENS - 1], token_ids[-1]]
        ids = np.array([token_ids], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        vector: Vector = self._session.run(None, feed)[0][0]
        return vector


def usable_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def checked_files(folder: Path, wanted: set[str], model: str) -> dict[str, bytes]:
    """Read the files of a bundled model and check that they are what ``SHA256SUMS`` says.

    Raises:
        UnavailableError: a file is missing, or is not the one that was shipped.
    """
    files: dict[str, bytes] = {}
    try:
        for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines():
            expected, name = line.split()
            if name not in wanted:
                continue
            files[name] = (folder / name).read_bytes()
            if hashlib.sha256(files[name]).hexdigest() != expected:
                raise UnavailableError(
                    f"The {model} is damaged: {folder / name} is not the file that was "
                    "shipped. Install Footnote again."
                )
    except (OSError, ValueError) as error:
        raise UnavailableError(
            f"The {model} in {folder} cannot be read ({error}). Install Footnote again."
        ) from error
    if missing := wanted - files.keys():
        raise UnavailableError(
            f"SHA256SUMS in {folder} does not name {', '.join(sorted(missing))}. "
            "Install Footnote again."
        )
    return files
