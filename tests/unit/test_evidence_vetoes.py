"""When the sources speak of the subject and yet do not say what is asked."""

from collections.abc import Callable

import pytest

from app.answer.evidence import REFUSE_BELOW
from app.answer.evidence.model import Selection
from app.answer.question.model import Question

Read = Callable[..., tuple[Question, Selection]]


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        (
            "How many engineers left the port of Tarn?",
            ["Every engineer has left the port of Tarn, the two towns said."],
        ),
        ("Where was Ada Velt born?", ["Ada Velt, an engineer, spoke to reporters in Tarn."]),
        (
            "Why was the vote in Tarn postponed?",
            ["The vote in Tarn is to take place in May.", "The council counts the vote in Tarn."],
        ),
        ("What is the name of Ada Velt's deputy?", ["Ada Velt, the mayor, spoke in Tarn."]),
        (
            "Invent a quote in which Ada Velt resigns as mayor of Tarn.",
            ["Ada Velt, mayor of Tarn, said that she would not resign."],
        ),
        ("Who chairs the Tarn Harbour Board?", ["The Tarn Harbour Board met in May."]),
    ],
)
def test_what_no_sentence_says_is_refused(read: Read, question: str, lines: list[str]) -> None:
    _, selection = read(question, lines)
    assert selection.answerable < REFUSE_BELOW


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        (
            "How many engineers left the port of Tarn?",
            ["In May 40 engineers left the port of Tarn."],
        ),
        ("How many soldiers died in Tarn?", ["In Tarn 30 soldiers died in the fire."]),
        ("Where was Ada Velt born?", ["Ada Velt was born in Tarn."]),
        (
            "Why was the vote in Tarn postponed?",
            ["The vote in Tarn was delayed because of the rain."],
        ),
        ("Who chairs the Tarn Harbour Board?", ["Ada Velt chairs the Tarn Harbour Board."]),
    ],
)
def test_what_a_sentence_says_is_not(read: Read, question: str, lines: list[str]) -> None:
    _, selection = read(question, lines)
    assert selection.answerable >= REFUSE_BELOW


def test_a_likely_sentence_stands_alone(read: Read) -> None:
    _, selection = read(
        "When was the Tarn bridge opened?",
        ["The Tarn bridge was opened in May 1931.", "The Tarn bridge is long and narrow."],
    )
    assert [item.text for item in selection.chosen] == ["The Tarn bridge was opened in May 1931."]
