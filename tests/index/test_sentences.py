import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.segment.sentences import split


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text, 0, len(text))]


@pytest.mark.parametrize(
    "parts",
    [
        ["The U.S. Navy met Lt. Gen. A. B. Berg on Jan. 3.", "He left at 5 p.m. Monday."],
        ["She lives in the U.S.", "The town is small."],
        ["World War I.", "In 1914 it began."],
        ["See No. 5, vol. 3 and fig. 2.", "No. 10 is empty."],
        ["Ships carry goods, e.g. Norwegian fish, i.e. cod.", "They sail."],
        ["Trinity-St. Paul's Church stands.", "It is old."],
        ["It cost 3.5 million, or $4.20 each.", "That was in 1.5 years."],
        ["Wait... what did he say?", "Nothing…", "He left."],
        ["Yahoo! shares rose.", "Why?", "Nobody knows!"],
        ["“Why now?” he asked.", "“It is late,” she said."],
        ["He said: “We sail. We stay.”", "Then he left."],
        ["She called it “calm.”", "It was not."],
        ["(It was long. It was dull.)", "We left."],
        ["It grew.[1][note 2]", "It shrank. [citation needed]", "It stayed."],
        ["They use X.25 and X.29.", "Both are old."],
        ["He wrote stories.", "Others read them."],
        ["ما هذا؟", "هذا كتاب.", "نعم."],
        ["یہ کتاب ہے\u06d4", "وہ گھر ہے\u06d4"],
        ["1. The first point stands.", "It is short."],
        ["Dr. Ph.D. Berg came etc. and left.", "Mr. No. 2 stayed."],
        ["Vitamins A, B and C. are listed here.", "Good."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


def test_scripts_without_blanks_are_split() -> None:
    parts = ["任务结束了。", "他们走了\uff01", "真的\uff1f"]
    assert sentences("".join(parts)) == parts


def test_a_forgotten_blank_still_ends_a_sentence() -> None:
    assert sentences("He wrote stories.Others read them.") == [
        "He wrote stories.",
        "Others read them.",
    ]


def test_a_long_quotation_is_split_into_its_sentences() -> None:
    first = (
        "The minister said: “" + "The ships will sail with the tide, as they have for years " * 3
    )
    assert len(sentences(first.strip() + ". They return in May. Nobody stays.”")) == 3


def test_an_unclosed_quotation_swallows_nothing() -> None:
    text = "He said “it begins. " + "It goes on for a while, day after day. " * 20
    assert len(sentences(text)) >= 20


def test_a_closing_quote_set_apart_belongs_to_no_sentence() -> None:
    assert sentences("They “left the town. “ The rest stayed.") == [
        "They “left the town.",
        "The rest stayed.",
    ]


@pytest.mark.parametrize("text", ["", "   ", "...", "* * *", "—", "“ ”"])
def test_no_words_make_no_sentence(text: str) -> None:
    assert sentences(text) == []


@given(st.text(alphabet=st.sampled_from("abAB 1.!?…؟。\"“”'’()[]\n-,é🙂 ")))
def test_offsets_are_ordered_trimmed_and_lose_no_word(text: str) -> None:
    end, kept = 0, ""
    for start, stop in split(text, 0, len(text)):
        assert end <= start < stop
        assert text[start:stop] == text[start:stop].strip()
        assert any(c.isalnum() for c in text[start:stop])
        kept += text[start:stop]
        end = stop
    assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]
