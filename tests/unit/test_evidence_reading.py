import numpy as np
import pytest

from app.answer.evidence import doubts, features
from app.answer.evidence.linear import load
from app.answer.evidence.meaning import likeness
from app.answer.evidence.spelling import closest, distance
from app.answer.question.words import Token, tokens


def word(text: str) -> Token:
    return tokens(text)[0]


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [("phase", "phase", 0), ("bridge", "brige", 1), ("form", "from", 1), ("cat", "dog", 3)],
)
def test_edits_are_counted_up_to_a_limit(a: str, b: str, apart: int) -> None:
    assert distance(a, b, 3) == apart


@pytest.mark.parametrize(
    ("asked", "written"), [("brige", "bridge"), ("vespr", "vesper"), ("allawi", "alawi")]
)
def test_a_slip_is_taken_for_the_word_that_is_written(asked: str, written: str) -> None:
    vocabulary = {t.lower: t for t in tokens("the Vesper bridge of Alawi")}
    assert closest(word(asked), vocabulary, proper=False).lower == written


def test_an_english_word_is_no_slip_of_another() -> None:
    vocabulary = {t.lower: t for t in tokens("from house")}
    assert closest(word("horse"), vocabulary, proper=False).lower == "horse"


def test_words_of_like_meaning_are_near() -> None:
    near = likeness([word("soldiers")], [tokens("some troops"), tokens("some bread"), ()])
    assert near[0, 0] > near[1, 0] >= near[2, 0] == 0.0


def test_the_weights_belong_to_the_columns() -> None:
    load("ranker", tuple(feature.__name__ for feature in features.FEATURES))
    load("judge", tuple(doubt.__name__ for doubt in doubts.DOUBTS))


def test_weights_of_other_columns_are_not_used() -> None:
    with pytest.raises(ValueError, match="eval/training"):
        load("ranker", ("cosine",))


def test_a_model_gives_probabilities() -> None:
    model = load("judge", tuple(doubt.__name__ for doubt in doubts.DOUBTS))
    scores = model.score(np.zeros((2, len(doubts.DOUBTS))))
    assert scores.shape == (2,)
    assert np.all((scores > 0) & (scores < 1))
