"""Yes/no questions as the statements that they ask about."""

import pytest

from app.answer.question.statement import statement_of


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("Is the bridge open?", "The bridge is open."),
        ("Did Mira Holt design the bridge?", "Mira Holt design the bridge."),
        ("does it leak", "It leak."),
        ("Are pets allowed in the flats?", "Pets are allowed in the flats."),
        ("Was the Treaty of Varn signed in 1804?", "The Treaty of Varn was signed in 1804."),
        ("So, can I park here?", "I can park here."),
        ("Has the city of Kelmar paid its debts?", "The city of Kelmar has paid its debts."),
    ],
)
def test_the_auxiliary_goes_behind_the_subject_or_away(question: str, statement: str) -> None:
    assert statement_of(question) == statement


@pytest.mark.parametrize("question", ["When is it?", "Is it", "", "the bridge", "Why was he?"])
def test_what_is_no_yes_no_question_has_no_statement(question: str) -> None:
    assert statement_of(question) is None
