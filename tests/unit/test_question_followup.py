import pytest

from app.answer.model import Turn
from app.answer.question import standalone


def said(*turns: str) -> list[Turn]:
    """Return a conversation; answers follow questions."""
    roles = ("user", "assistant")
    return [Turn(role=roles[n % 2], content=text) for n, text in enumerate(turns)]


@pytest.mark.parametrize(
    ("before", "text", "completed"),
    [
        (
            "What is the Global League against Rust?",
            "And how many members does it have?",
            "How many members does the Global League against Rust have?",
        ),
        ("What is Fort Hill?", "Where is it?", "Where is Fort Hill?"),
        ("When does the Norway phase end?", "Where is it run from?",
         "Where is the Norway phase run from?"),
        ("When does the mission in Norway end?", "And in Sweden?",
         "When does the mission in Sweden end?"),
        ("When does the mission end?", "And in Sweden?", "When does the mission end in Sweden?"),
        ("When does the army leave Norway?", "What about Sweden?",
         "When does the army leave Sweden?"),
        ("What ends in March 2025?", "what about 2026", "What ends in March 2026?"),
        ("When will the army leave Fort Hill?", "Why?", "Why will the army leave Fort Hill?"),
        ("How many troops are in Norway?", "Why are they there?",
         "Why are the troops in Norway?"),
        ("Who is Ada Lovelace?", "What did she write?", "What did Ada Lovelace write?"),
        ("When was the league formed?", "And its goal?", "The league's goal?"),
    ],
)  # fmt: skip
def test_a_follow_up_is_completed(before: str, text: str, completed: str) -> None:
    assert standalone(text, said(before)) == completed


def test_a_person_asked_for_is_taken_from_the_answer() -> None:
    history = said("Who commanded the Home Guard?", "Major Tom Reed commanded the Home Guard.")
    assert standalone("When was he killed?", history) == "When was Tom Reed killed?"


def test_a_thing_asked_for_is_taken_from_the_answer() -> None:
    history = said("Which base was evacuated?", "Fort Hill was evacuated in March.")
    assert standalone("Where is it?", history) == "Where is Fort Hill?"


def test_a_chain_of_follow_ups_keeps_its_subject() -> None:
    history = said("What is Fort Hill?", "A base.", "Where is it?", "In the north.")
    assert standalone("Who built it?", history) == "Who built Fort Hill?"


@pytest.mark.parametrize(
    "text",
    [
        "What is the capital of Australia?",
        "When did Norway say it would leave?",
        "How long does it take to bake bread?",
        "Is it true that bread rises?",
        "How do I bake bread?",
    ],
)
def test_a_standalone_question_is_left_alone(text: str) -> None:
    assert standalone(text, said("When does the Norway phase end?")) == text


def test_without_history_nothing_changes() -> None:
    assert standalone("And in Syria?", []) == "And in Syria?"
