"""The bundled reader: what it marks, what it makes of a claim, and what it does with odd input."""

from pathlib import Path

import numpy as np
import pytest

from app.reading.base import Text
from app.reading.bundled import BundledReader, context_of
from index.errors import UnavailableError

BRIDGE = "The Vesper Bridge crosses the Alm. It opens on 4 May 2031 and cost 12 million crowns."


def marked(reader: BundledReader, question: str, text: str) -> str:
    (reading,) = reader.read(question, [Text(text)])
    scores = reading.starts[:, None] + reading.ends[None, :]
    first, last = divmod(int(np.triu(np.exp(scores / 4)).argmax()), len(reading.ends))
    return text[reading.offsets[first, 0] : reading.offsets[last, 1]]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When does the Vesper Bridge open?", "4 May 2031"),
        ("How much did the bridge cost?", "12 million"),
        ("What does the Vesper Bridge cross?", "Alm"),
    ],
)
def test_it_marks_the_words_that_answer(reader: BundledReader, question: str, answer: str) -> None:
    assert answer in marked(reader, question, BRIDGE)


def test_it_tells_a_text_that_answers_from_one_that_does_not(reader: BundledReader) -> None:
    question = "When does the Vesper Bridge open?"
    yes, no = reader.read(question, [Text(BRIDGE), Text("The mill was built by Tomas Greer.")])
    assert yes.answers > no.answers


def test_a_text_has_one_reading_whatever_is_read_beside_it(reader: BundledReader) -> None:
    alone = reader.read("When does it open?", [Text(BRIDGE)])[0]
    beside = reader.read("When does it open?", [Text("Short."), Text(BRIDGE), Text(BRIDGE * 5)])[1]
    assert alone.answers == beside.answers
    assert np.array_equal(alone.starts, beside.starts)


def test_context_is_read_but_never_marked(reader: BundledReader) -> None:
    text = Text("It opens on 4 May 2031.", "Vesper Bridge 1999")
    (reading,) = reader.read("When does the Vesper Bridge open?", [text])
    assert reading.offsets.min() == 0
    assert reading.offsets.max() <= len(text.text)
    assert context_of(text) == "Vesper Bridge 1999. "


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("The bridge opens on 4 May 2031.", "supported"),
        ("The bridge does not open on 4 May 2031.", "contradicted"),
        ("The mayor resigned after the vote.", "not_enough"),
    ],
)
def test_a_claim_is_supported_contradicted_or_neither(
    reader: BundledReader, claim: str, verdict: str
) -> None:
    (found,) = reader.check(claim, [Text("The bridge opens on 4 May 2031.")])
    chances = {name: getattr(found, name) for name in found.__slots__}
    assert max(chances, key=chances.__getitem__) == verdict
    assert sum(chances.values()) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("?", ""),
        ("", "A text."),
        ("\u200b", "\u200b"),
        ("когда" * 200, "текст " * 2000),
        ("橋" * 2000, "橋は" * 3000),
        ("a" * 5000, "b" * 100_000),
    ],
)
def test_odd_and_overlong_input_is_read_without_an_error(
    reader: BundledReader, question: str, text: str
) -> None:
    (reading,) = reader.read(question, [Text(text, "A title")])
    assert len(reading.starts) == len(reading.ends) == len(reading.offsets)


def test_a_damaged_model_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "SHA256SUMS").write_text("0" * 64 + "  reader.onnx\n")
    (tmp_path / "reader.onnx").write_bytes(b"no model")
    with pytest.raises(UnavailableError, match=r"damaged.*Install Footnote again"):
        BundledReader(tmp_path)


def test_a_missing_model_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"cannot be read.*Install Footnote again"):
        BundledReader(tmp_path)
