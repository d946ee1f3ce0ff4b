import pytest

from index.coverage import Wanted, question_words, word_starts


def test_question_words_leave_out_what_makes_it_a_question() -> None:
    assert question_words("When does the Syria phase end?") == ["syria", "phase", "end"]
    assert question_words("What is it?") == ["what", "is", "it"]
    assert question_words("?!") == []


def test_words_with_the_same_start_are_one() -> None:
    starts = word_starts("The settlements of Normandy, déjà vu.")
    assert starts >= {"settle", "norman", "deja", "of"}


def test_share_is_weighed_by_rarity() -> None:
    wanted = Wanted({"settlement": 3.0, "boat": 1.0})
    assert wanted.share(word_starts("They settled by boat")) == pytest.approx(1.0)
    assert wanted.share(word_starts("They settled by train")) == pytest.approx(0.75)
    assert wanted.share(word_starts("Nothing of the sort")) == 0
    assert Wanted({}).share(word_starts("Anything")) == 0
