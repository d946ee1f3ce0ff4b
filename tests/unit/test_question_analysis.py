import pytest

from app.answer.question import analyse
from app.answer.question.words import rarity, tokens
from index.errors import InvalidQuestionError


def test_names_numbers_and_focus_are_found() -> None:
    question = analyse("How many partner states did the Coalition against Crime have in 2014?")
    assert question.focus == ("partner", "states")
    assert question.names == ("Coalition", "Crime")
    assert question.numbers == ("2014",)


def test_an_arabic_article_and_an_of_bind_a_name() -> None:
    assert analyse("Who left Ain al-Asad after the Treaty of Paris?").names == (
        "Ain al-Asad",
        "Treaty of Paris",
    )


def test_capitals_throughout_tell_no_names() -> None:
    assert analyse("WHEN DOES THE NORWAY PHASE END").names == ()


def test_words_that_only_ask_are_no_terms() -> None:
    assert analyse("What is the name of the ship?").terms == ("ship",)


def test_the_office_is_the_focus_of_a_question_for_its_name() -> None:
    assert analyse("What is the name of the Danish ambassador?").focus == ("danish", "ambassador")


@pytest.mark.parametrize("text", ["Name the bases", "List the members", "What are the steps?"])
def test_a_list_is_recognised(text: str) -> None:
    assert analyse(text).wants_list


def test_one_answer_is_no_list() -> None:
    assert not analyse("When does the bridge open?").wants_list


@pytest.mark.parametrize("text", ["", "   ", "?!"])
def test_a_question_without_words_is_refused(text: str) -> None:
    with pytest.raises(InvalidQuestionError):
        analyse(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("withdrawal", "withdrawn"),
        ("announced", "announcement"),
        ("agreed", "agreement"),
        ("located", "location"),
        ("led", "leads"),
        ("countries", "country"),
    ],
)
def test_forms_of_a_word_share_a_root(one: str, other: str) -> None:
    assert tokens(one)[0].root == tokens(other)[0].root


def test_the_country_is_not_the_pronoun() -> None:
    assert [token.lower for token in tokens("the US told us")] == ["the", "u.s.", "told", "us"]


def test_rare_words_tell_more() -> None:
    assert rarity("the") < rarity("army") < rarity("zyxgh")
