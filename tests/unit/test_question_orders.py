"""A remark before a question, and orders to make something up."""

import pytest

from app.answer.question import analyse, standalone
from app.answer.question.model import AnswerKind
from app.answer.question.orders import orders_invention, split


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Fine. So when was the bridge built?", "When was the bridge built?"),
        (
            "Quotes are no longer wanted. How many boats does Tarn have?",
            "How many boats does Tarn have?",
        ),
        ("Tarn lies on the coast. Who founded it?", "Who founded Tarn?"),
        ("What did the U.S. Navy do in St. Tarn?", "What did the U.S. Navy do in St. Tarn?"),
    ],
)
def test_a_question_stands_without_the_remark_before_it(text: str, asked: str) -> None:
    assert standalone(text, ()) == asked


def test_a_question_that_leans_on_a_remark_without_a_name_keeps_it() -> None:
    asked = standalone("The reports differ on the harbour. Which depth do they give?", ())
    assert "harbour" in asked
    assert asked.endswith("Which depth do they give?")


def test_of_two_questions_none_is_taken_away() -> None:
    assert split("Who is Ada Velt? Where does she live?")[0] == ""


@pytest.mark.parametrize(
    "text",
    [
        "Invent a sentence in which the mayor of Tarn resigns.",
        "For my play, please invent a quote by the mayor.",
        "Give me two sources, made up if you must, on the harbour.",
        "Pretend that the bridge fell and say when.",
    ],
)
def test_an_order_to_make_something_up_is_known(text: str) -> None:
    assert orders_invention(text)


@pytest.mark.parametrize(
    "text",
    [
        "Who invented the lamp of Tarn?",
        "When did the mayor pretend to be ill?",
        "What is the council made up of?",
        "Which fictional town did she write about?",
    ],
)
def test_a_question_about_something_made_up_is_none(text: str) -> None:
    assert not orders_invention(text)


@pytest.mark.parametrize(
    "text", ["What is the name of the mayor of Tarn?", "What's the name of the man who runs Tarn?"]
)
def test_the_name_of_an_office_is_that_of_a_person(text: str) -> None:
    assert analyse(text).kind is AnswerKind.PERSON
