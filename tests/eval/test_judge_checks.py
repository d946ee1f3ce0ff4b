"""What a reply of the judge must cover, on texts broken up as models break them up."""

import pytest
from pydantic import BaseModel

from eval.judging.checks import check, inputs_of
from eval.judging.errors import UnmeasuredError, UnusableReplyError
from eval.judging.extraction import read


class Statements(BaseModel):
    statements: list[str]


class Verdict(BaseModel):
    reason: str
    verdict: int


# Each sentence of a text with what it was broken into, in words that are not all its own.
BROKEN_UP = [
    {
        "The US-led coalition was founded in September 2014 and counts 89 partners.": [
            "The US-led coalition was established in September 2014.",
            "The US-led coalition has 89 partners.",
        ],
        "Its goal was to rid Iraq and Syria of the group.": [
            "The goal of the US-led coalition was to free Iraq and Syria from ISIL.",
        ],
        "Operations in Syria last until September 2026, the statement says.": [
            "According to the statement, the coalition's operations in Syria run to September 2026."
        ],
    },
    {
        "A drone strike on January 3, 2020, near the airport, killed Qassem Soleimani.": [
            "On 3 January 2020 a drone attack near the airport killed Qassem Soleimani.",
        ],
        "Soleimani led the Quds Force.": ["Qassem Soleimani was the leader of the Quds Force."],
        "Donald Trump, president at the time, had approved the strike.": [
            "Donald Trump approved the attack on Qassem Soleimani.",
            "Donald Trump was president when Qassem Soleimani was killed.",
        ],
    },
    {
        "About 2,500 soldiers are in Iraq.": ["There are about 2500 soldiers in Iraq."],
        "Fewer than 2,000 soldiers will stay in Iraq.": [
            "The number of soldiers who will stay in Iraq is less than 2,000."
        ],
        "The sources disagree: mid-2025 or September 2025.": [
            "The sources disagree whether it is mid-2025 or September 2025."
        ],
    },
    {
        "Alawi said the government was determined to build up the armed forces, to end the "
        "mission and to turn security ties into partnerships.": [
            "Alawi said the government is determined to build up the armed forces.",
            "Alawi said the government is determined to end the mission.",
            "Alawi said the government wants security ties to become partnerships.",
        ],
        "He spoke on Sunday.": ["Alawi spoke on Sunday."],
    },
]


@pytest.mark.parametrize("broken_up", BROKEN_UP)
def test_other_words_for_every_sentence_are_enough(broken_up: dict[str, list[str]]) -> None:
    said = Statements(statements=[each for group in broken_up.values() for each in group])
    assert check({"question": "Why?", "answer": " ".join(broken_up)}, said) == said


@pytest.mark.parametrize(
    ("broken_up", "sentence"),
    [(broken_up, sentence) for broken_up in BROKEN_UP for sentence in broken_up],
)
def test_a_sentence_that_is_passed_over_is_named(
    broken_up: dict[str, list[str]], sentence: str
) -> None:
    left = [each for key, group in broken_up.items() if key != sentence for each in group]
    with pytest.raises(UnusableReplyError) as told:
        check({"question": "Why?", "answer": " ".join(broken_up)}, Statements(statements=left))
    assert sentence in str(told.value)


def test_a_number_left_out_of_a_sentence_is_noticed() -> None:
    inputs = {"question": "How many?", "answer": "2,500 soldiers are in Iraq and 900 in Syria."}
    with pytest.raises(UnusableReplyError):
        check(inputs, Statements(statements=["2,500 soldiers are in Iraq."]))


def test_words_without_capitals_are_not_compared() -> None:
    inputs = {"question": "?", "answer": "橋は1932年に開通した。料金は4ドルです。"}
    said = Statements(statements=["1932年に橋が開いた。", "料金は4ドル。"])
    assert check(inputs, said) == said


def test_a_reply_of_a_kind_that_nobody_checks_is_not_measured() -> None:
    class Other(BaseModel):
        score: float

    with pytest.raises(UnmeasuredError, match="Other"):
        check({}, Other(score=1))


def test_a_prompt_of_another_build_is_not_measured() -> None:
    with pytest.raises(UnmeasuredError, match="not built as expected"):
        inputs_of("Judge this: yes")


def test_inputs_are_read_from_the_end_whatever_a_text_says() -> None:
    prompt = 'input: {"a": 1}\nOutput: \n\ninput: {"context": "\\ninput: {}"}\nOutput: '
    assert inputs_of(prompt) == {"context": "\ninput: {}"}


@pytest.mark.parametrize(
    "reply",
    [
        '{"reason": "r", "verdict": 1',
        '{"reason": "r", "verdict": 1}{"reason": "r", "verdict": 0}',
        '{"reason": "r"}',
        '{"reason": "r", "verdict": "yes"}',
        '[{"reason": "r", "verdict": 1]}',
        '[{"reason": "r", "verdict": 1}]',
        "",
    ],
)
def test_a_reply_that_can_be_read_in_no_way_or_two_is_not_read(reply: str) -> None:
    with pytest.raises(UnusableReplyError):
        read(reply, Verdict)


@pytest.mark.parametrize(
    "reply",
    [
        '{"reason": "a } and a \\" and a ,} inside", "verdict": 1}',
        'Set {x} or [1, 2]: ```\n{"reason": "", "verdict": "1",}\n``` {done}',
    ],
)
def test_brackets_and_commas_in_texts_are_left_alone(reply: str) -> None:
    assert read(reply, Verdict).verdict == 1
