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


def test_words_that_make_it_a_question_go_in_other_languages_too() -> None:
    assert question_words("Pourquoi l'avion s'est-il écrasé à Lagos ?", "fr") == [
        "avion",
        "écrasé",
        "lagos",
    ]
    assert question_words("Wer ist der Bürgermeister?", "de-AT") == ["bürgermeister"]
    assert question_words("ما هي عاصمة البلد؟", "ar") == ["عاصمة", "البلد"]
    assert question_words("大桥关闭", "zh") == ["大桥", "桥关", "关闭"]


@pytest.mark.parametrize(
    ("language", "word", "text"),
    [
        ("fr", "nationalité", "Leurs nationalités"),
        ("de", "häuser", "Vor dem Haus"),
        ("ar", "برلمان", "في البرلمان"),
        ("zh", "大桥", "大桥昨天关闭了"),
        ("pl", "mosty", "Mosty zamknięte"),
    ],
)
def test_share_is_taken_in_the_language_of_the_text(language: str, word: str, text: str) -> None:
    assert Wanted({word: 2.0}, language).share(word_starts(text, language)) == pytest.approx(1.0)
    assert Wanted({word: 2.0}, language).share(word_starts("12", language)) == 0
