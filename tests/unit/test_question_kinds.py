import pytest

from app.answer.question import analyse
from app.answer.question.model import AnswerKind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("When does the bridge open?", AnswerKind.DATE),
        ("wen does the bridge open", AnswerKind.DATE),
        ("THE BRIDGE OPENS WHEN", AnswerKind.DATE),
        ("In what year was the treaty signed?", AnswerKind.DATE),
        ("Tell me when the bridge opens", AnswerKind.DATE),
        ("How long did the strike last?", AnswerKind.DURATION),
        ("How many members does it have?", AnswerKind.NUMBER),
        ("how mnay members are there", AnswerKind.NUMBER),
        ("What percentage of oil was imported?", AnswerKind.NUMBER),
        ("number of troops in Norway", AnswerKind.NUMBER),
        ("Who led the expedition?", AnswerKind.PERSON),
        ("Who is Ada Lovelace?", AnswerKind.DESCRIPTION),
        ("Where is the harbour?", AnswerKind.PLACE),
        ("Name the bases", AnswerKind.PLACE),
        ("Which company built it?", AnswerKind.ORGANISATION),
        ("Which treaty ended the war?", AnswerKind.NAME),
        ("Why did the bank fail?", AnswerKind.REASON),
        ("How did the fire start?", AnswerKind.MANNER),
        ("Is the bridge open?", AnswerKind.YES_NO),
        ("What did the minister say?", AnswerKind.DESCRIPTION),
    ],
)
def test_the_kind_of_answer_is_read_from_the_words(text: str, kind: AnswerKind) -> None:
    assert analyse(text).kind is kind


def test_a_clause_before_the_question_only_sets_the_scene() -> None:
    assert analyse("When the army leaves, who runs the port?").kind is AnswerKind.PERSON
