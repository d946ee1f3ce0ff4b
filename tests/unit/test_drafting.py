"""Streamed drafts are cut the same way however they arrive, markers with their sentences."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.answer.drafting import LONGEST, DraftedSentence, SentenceCutter, cut

DRAFT = (
    "The coalition leaves in September 2026 [1]. About 2,500 U.S. troops stay, at a cost of 3.5 "
    "million. [2][3] Mr. Allawi said so on Sept. 7. “We are ready. We will stay.” he said "
    "[1, 2].\n\n"
    "# Two points\n- First point [1]\n- Second point, e.g. this one. [2]\n1. Numbered point.\n"
    "2. Another! Is it? Yes… [1]-[3] The end"
)


def texts(sentences: list[DraftedSentence]) -> list[str]:
    return [sentence.text for sentence in sentences]


def fed(pieces: list[str]) -> list[DraftedSentence]:
    cutter = SentenceCutter()
    found = [sentence for piece in pieces for sentence in cutter.feed(piece)]
    return [*found, *cutter.flush()]


def test_a_draft_is_cut_into_sentences_with_their_markers() -> None:
    found = cut(DRAFT)
    assert texts(found)[:3] == [
        "The coalition leaves in September 2026.",
        "About 2,500 U.S. troops stay, at a cost of 3.5 million.",
        "Mr. Allawi said so on Sept. 7.",
    ]
    assert [sentence.markers for sentence in found][:3] == [(1,), (2, 3), ()]
    assert found[-1].text == "The end"
    assert (1, 2, 3) in [sentence.markers for sentence in found]


def test_headings_and_items_are_pieces_of_their_own() -> None:
    assert {"# Two points", "- First point", "1. Numbered point."} <= set(texts(cut(DRAFT)))


def test_a_sentence_is_given_back_when_the_next_one_begins() -> None:
    cutter = SentenceCutter()
    assert cutter.feed("It ends in 2026.") == []
    assert texts(cutter.feed(" T")) == ["It ends in 2026."]


def test_a_marker_behind_the_full_stop_belongs_to_the_sentence_before_it() -> None:
    cutter = SentenceCutter()
    assert cutter.feed("It ends in 2026. ") == []
    assert cutter.feed("[") == []
    assert cutter.feed("1") == []
    assert cutter.feed("]") == []
    assert cutter.feed(" Then")[0].markers == (1,)


@pytest.mark.parametrize(
    ("written", "markers"),
    [
        ("So it is [1].", (1,)),
        ("So it is [1, 2].", (1, 2)),
        ("So it is [1]-[3].", (1, 2, 3)),
        ("So it is [1-3].", (1, 2, 3)),
        ("So [2] it is [1][2].", (2, 1)),
        ("So it is [9].", (9,)),
        ("So it is [ 1 ; 4 ].", (1, 4)),
        ("So it is [^1].", (1,)),
        ("So it is.", ()),
    ],
)
def test_markers_are_read_in_every_form(written: str, markers: tuple[int, ...]) -> None:
    (sentence,) = cut(written)
    assert sentence.markers == markers
    assert "[" not in sentence.text


def test_a_range_of_markers_cannot_flood() -> None:
    assert cut("So it is [1]-[999].")[0].markers == (1, 999)


@pytest.mark.parametrize(
    "whole",
    [
        "It grew by 3.5 per cent in the U.S. market.",
        "Dr. Smith met Gen. Jones at No. 10.",
        "He asked “Why? How?” and left.",
        "The site (opened in 1990) is closed.",
    ],
)
def test_abbreviations_and_decimals_do_not_end_a_sentence(whole: str) -> None:
    assert texts(cut(whole + " The next one.")) == [whole, "The next one."]


def test_code_is_one_piece() -> None:
    found = cut("Look here.\n```python\nprint('a. B')\nx = 1.\n```\nThe end.")
    assert texts(found)[0] == "Look here."
    assert "```" in texts(found)[1]
    assert texts(found)[2] == "The end."


def test_a_runaway_sentence_is_cut() -> None:
    assert max(len(text) for text in texts(cut("word " * 3000))) <= LONGEST


def test_blank_drafts_have_no_sentences() -> None:
    assert cut("") == cut(" \n\n \t") == []


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(1, 12), max_size=200))
def test_cutting_does_not_depend_on_how_the_draft_arrives(sizes: list[int]) -> None:
    pieces, place = [], 0
    for size in sizes:
        pieces.append(DRAFT[place : place + size])
        place += size
    assert fed([*pieces, DRAFT[place:]]) == cut(DRAFT)


ALPHABET = st.sampled_from([*"Ab1 .!?[],-\n#*`|>“”(", "[1]", "U.S.", "e.g. ", ". ", "\n\n"])


@settings(max_examples=300, deadline=None)
@given(st.lists(ALPHABET, max_size=60), st.lists(st.integers(1, 4), max_size=80))
def test_any_text_is_cut_the_same_however_it_arrives(parts: list[str], sizes: list[int]) -> None:
    text = "".join(parts)
    pieces, place = [], 0
    for size in sizes:
        pieces.append(text[place : place + size])
        place += size
    assert fed([*pieces, text[place:]]) == cut(text)
