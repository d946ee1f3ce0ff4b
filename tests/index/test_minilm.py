import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.embedding.minilm import MODEL_FOLDER, MiniLMEmbedder
from index.errors import UnavailableError

TEXTS = ["A cat sat on the mat.", "Rain fell in Oslo all day, and the ferry did not sail.", "Yes."]


@pytest.fixture(scope="module")
def embedder() -> MiniLMEmbedder:
    return MiniLMEmbedder()


def test_vectors_have_unit_length(embedder: MiniLMEmbedder) -> None:
    vectors = embedder.embed([*TEXTS, "", "word " * 2000])
    assert vectors.shape == (5, embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5), abs=1e-5)


def test_no_texts_give_an_empty_matrix(embedder: MiniLMEmbedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimension)


def test_a_text_has_one_vector_whatever_is_embedded_beside_it(embedder: MiniLMEmbedder) -> None:
    many = [f"{text} Number {n}." for n in range(12) for text in TEXTS]
    together = embedder.embed(many)
    for row, text in enumerate(many):
        assert np.array_equal(together[row], embedder.embed_query(text))


def test_threads_do_not_change_vectors(embedder: MiniLMEmbedder) -> None:
    many = TEXTS * 10
    expected = embedder.embed(many)
    with ThreadPoolExecutor(4) as pool:
        for got in pool.map(embedder.embed, [many] * 4):
            assert np.array_equal(got, expected)


def test_related_texts_are_closer_than_unrelated_ones(embedder: MiniLMEmbedder) -> None:
    question = embedder.embed_query("What was the weather in Norway?")
    cat, rain, yes = embedder.embed(TEXTS) @ question
    assert rain > cat
    assert rain > yes


def test_tokens_are_counted_beyond_the_models_limit_and_without_special_ones(
    embedder: MiniLMEmbedder,
) -> None:
    assert embedder.count_tokens("") == 0
    assert embedder.count_tokens("hello world") == 2
    assert embedder.count_tokens("word " * 2000) == 2000


def test_text_beyond_the_limit_is_cut(embedder: MiniLMEmbedder) -> None:
    assert np.array_equal(embedder.embed_query("word " * 254), embedder.embed_query("word " * 900))


def test_a_changed_model_file_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(MODEL_FOLDER, folder)
    (folder / "tokenizer.json").write_bytes(b"{}")
    with pytest.raises(UnavailableError, match=r"tokenizer\.json is not the file that was shipped"):
        MiniLMEmbedder(folder)


def test_a_missing_model_is_reported(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="cannot be read"):
        MiniLMEmbedder(tmp_path)
