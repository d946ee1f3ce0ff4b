"""The bundled reader: a MiniLM encoder with three heads in int8, run by onnxruntime.

Owns the model's file, the form in which a question meets a text, and the threads. What its scores
are worth is for those to say who combine them. The model card beside the file says what it was
trained on; ``training/`` makes it.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.reading.base import Reading, Text, Verdict
from index.embedding.minilm import MODEL_FOLDER as VOCABULARY_FOLDER
from index.embedding.minilm import checked_files, usable_processors

MODEL_FOLDER = Path(__file__).with_name("model")
MOST_TOKENS = 384
"""Of question, context and text together; what is beyond is not read. Passages have about 180."""

MOST_QUESTION_CHARACTERS = 300
_CONTEXT_CHARACTERS = 160

Ids = NDArray[np.int64]


class BundledReader:
    """Reads each text on its own, on one thread, and several at a time on several threads.

    The int8 model scales its activations by the largest one of a call: read alone, a text has one
    reading, whatever else is read for the question.

    Args:
        folder: where the model lies, with ``SHA256SUMS``.
        threads: texts read at the same time; by default one for each usable processor.

    Raises:
        UnavailableError: a file is missing or is not the one that was shipped.
    """

    name = "footnote-reader-minilm-int8"

    def __init__(self, folder: Path = MODEL_FOLDER, *, threads: int | None = None) -> None:
        import onnxruntime  # type: ignore[import-untyped]  # ships no types
        from tokenizers import Tokenizer

        model = checked_files(folder, {"reader.onnx"}, "reading model")["reader.onnx"]
        self.digest = (folder / "SHA256SUMS").read_text("utf-8").split()[0]
        vocabulary = checked_files(VOCABULARY_FOLDER, {"tokenizer.json"}, "embedding model")
        self._tokenizer = Tokenizer.from_buffer(vocabulary["tokenizer.json"])
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MOST_TOKENS, strategy="only_second")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )
        self._pool = ThreadPoolExecutor(threads or usable_processors(), thread_name_prefix="reader")

    def read(self, question: str, texts: Sequence[Text]) -> list[Reading]:
        """Return a reading of each text, in their order."""
        asked = question[:MOST_QUESTION_CHARACTERS]
        return list(self._pool.map(lambda text: self._read(asked, text), texts))

    def check(self, claim: str, texts: Sequence[Text]) -> list[Verdict]:
        """Return what each text says of a claim, in their order."""
        asked = claim[:MOST_QUESTION_CHARACTERS]
        return list(self._pool.map(lambda text: self._check(asked, text), texts))

    def close(self) -> None:
        """Let go of the threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _read(self, question: str, text: Text) -> Reading:
        head = context_of(text)
        pair = self._tokenizer.encode(question, head + text.text)
        span, answers, _entails = self._run(pair.ids, pair.type_ids)
        offsets = np.array(pair.offsets, dtype=np.int64).reshape(-1, 2)
        inside = (
            (np.array(pair.type_ids) == 1)
            & (offsets[:, 1] > offsets[:, 0])
            & (offsets[:, 0] >= len(head))
        )
        return Reading(
            answers=float(answers),
            starts=span[inside, 0],
            ends=span[inside, 1],
            offsets=offsets[inside] - len(head),
            nothing=(float(span[0, 0]), float(span[0, 1])),
        )

    def _check(self, claim: str, text: Text) -> Verdict:
        pair = self._tokenizer.encode(claim, context_of(text) + text.text)
        _span, _answers, entails = self._run(pair.ids, pair.type_ids)
        chances = np.exp(entails - entails.max())
        chances /= chances.sum()
        return Verdict(*(float(chance) for chance in chances))

    def _run(
        self, ids: Sequence[int], types: Sequence[int]
    ) -> tuple[NDArray[np.float32], np.float32, NDArray[np.float32]]:
        row = np.array([ids], dtype=np.int64)
        feed = {
            "input_ids": row,
            "token_type_ids": np.array([types], dtype=np.int64),
            "attention_mask": np.ones_like(row),
        }
        span, answers, entails = self._session.run(None, feed)
        return span[0], answers[0], entails[0]


def context_of(text: Text) -> str:
    """Return what stands before a text when it is read, as in training: ``Title. Heading. ``."""
    return f"{text.context[:_CONTEXT_CHARACTERS]}. " if text.context else ""
