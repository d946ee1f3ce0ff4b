from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.loaders import normalise
from index.model import Passage
from index.segment import segment
from index.segment.passages import MAX_SENTENCE_TOKENS


def words(text: str) -> int:
    return len(text.split())


def cut(text: str, count_tokens: Callable[[str], int] = words) -> list[Passage]:
    return segment(text, count_tokens=count_tokens)


def sentences(text: str) -> list[str]:
    return [text[s.start : s.end] for passage in cut(text) for s in passage.sentences]


BODY = "The ferry did not sail on Monday. It stayed in the harbour."
BODY_SENTENCES = ["The ferry did not sail on Monday.", "It stayed in the harbour."]


def test_text_without_headings_is_one_passage() -> None:
    (passage,) = cut(BODY)
    assert (passage.number, passage.heading) == (0, None)
    assert BODY[passage.start : passage.end] == BODY
    assert sentences(BODY) == BODY_SENTENCES


@pytest.mark.parametrize(
    "head",
    [
        "# Storm over Oslo\n\n",
        "## Storm over Oslo ##\n",
        "Storm over Oslo\n===============\n\n",
        "Storm over Oslo\n---\n",
        "Storm over Oslo\n\n",
        "Storm over Oslo\n",
        "Storm over Oslo\n\nStorm over Oslo\n\nOSLO\nStorm over Oslo\n\n",
        "Storm over Oslo\n\nBy Jane Berg\n\n",
        "By Jane Berg\nOSLO\nStorm over Oslo\n\n",
        "# Storm over Oslo\n\n![A ferry](ferry.png)\n\nPhoto: A ferry in the harbour.\n\n",
    ],
)
def test_headings_and_bylines_are_context_and_not_sentences(head: str) -> None:
    assert sentences(head + BODY) == BODY_SENTENCES
    assert cut(head + BODY)[0].heading == "Storm over Oslo"


@pytest.mark.parametrize(
    "opening",
    [
        "date 2024-09-27 Fjord News/ ",
        "Fjord News/ ",
        "FJORDNEWS: ",
        "OSLO (Reuters) - ",
        "OSLO, Sept. 29 (Fjord Times) -- ",
        "OSLO \N{EM DASH} ",
        "Published: 2024-09-27\n\n",
    ],
)
def test_a_dateline_is_no_part_of_the_first_sentence(opening: str) -> None:
    assert sentences(opening + BODY) == BODY_SENTENCES


@pytest.mark.parametrize("opening", ["NATO: ", "Note: ", "Fish - ", "We/they ", "In short, "])
def test_what_only_resembles_a_dateline_stays(opening: str) -> None:
    assert "".join(sentences(opening + BODY)).startswith(opening.strip())


def test_notices_at_the_end_are_no_evidence() -> None:
    rules = "Comments you share here are welcome. Please be respectful of others."
    assert (
        sentences(f"Storm over Oslo\n\n{BODY}\n\n{rules}\n\nAll rights reserved.") == BODY_SENTENCES
    )


def test_a_passage_never_crosses_a_heading() -> None:
    passages = cut(f"{BODY}\n\n# One\n\n{BODY}\n\nTwo\n\n{BODY}")
    assert [p.heading for p in passages] == [None, "One", "Two"]
    assert [p.number for p in passages] == [0, 1, 2]


def test_items_rows_and_code_are_sentences_without_their_marks() -> None:
    text = (
        "# Ports\n\n- Oslo is large\n- [x] Bergen is wet. It rains\n  every day\n  * Moss\n"
        "1. Stavanger\n\n| Port | Ships |\n| --- | --: |\n| Oslo | 3 |\n| Moss | 5 |\n\n"
        "```python\nx = 1\n\ny = 2\n```\n\n> Quoted words here.\n\n[a]: http://example.org\n\n***\n"
    )
    assert sentences(text) == [
        "Oslo is large",
        "Bergen is wet.",
        "It rains\n  every day",
        "Moss",
        "Stavanger",
        "Oslo | 3",
        "Moss | 5",
        "x = 1\n\ny = 2",
        "Quoted words here.",
    ]


def test_lines_broken_by_hand_are_joined() -> None:
    text = (
        "Storm over Oslo\nThe ferry to Moss did not sail on Monday, the office said, because the\n"
        "wind from the south was strong. It stayed in the harbour, as did four other\n"
        "Norwegian ships.\n"
    )
    assert sentences(text) == [
        "The ferry to Moss did not sail on Monday, the office said, because the\nwind from the "
        "south was strong.",
        "It stayed in the harbour, as did four other\nNorwegian ships.",
    ]


def test_a_list_of_short_lines_is_kept_and_not_taken_for_headings() -> None:
    lines = ["Opening hours", "Monday 9-5", "Tuesday 9-5", "Friday 9-3", "Saturday closed"]
    assert sentences("\n".join(lines)) == lines


def test_a_lone_line_without_a_stop_is_a_sentence() -> None:
    assert sentences("The sky is blue") == ["The sky is blue"]


def test_only_headings_give_no_passage() -> None:
    assert cut("# One\n\n## Two") == []


def test_sections_are_cut_into_passages_of_even_length() -> None:
    text = "\n\n".join(f"Ship number {n} sails to the town of Moss on day {n}." for n in range(99))
    lengths = [words(text[p.start : p.end]) for p in cut(text)]
    assert all(110 <= length <= 190 for length in lengths)


def test_a_short_section_is_one_passage() -> None:
    assert len(cut("\n\n".join([BODY] * 15))) == 1


@pytest.mark.parametrize(
    "text", ["word, " * 900, "word " * 900 + ".", "x" * 30_000, "a; b\n" * 3000, "\u4e00" * 5000]
)
def test_endless_sentences_are_cut_and_nothing_is_lost(text: str) -> None:
    found = sentences(normalise(text))
    assert max(words(s) for s in found) <= MAX_SENTENCE_TOKENS
    assert max(map(len, found)) <= 2000
    assert [c for s in found for c in s if c.isalnum()] == [c for c in text if c.isalnum()]


LINES = [
    *("# Head", "Head\n---", "Some title", "OSLO", "By Ann", "***", "```", "", "lower case line"),
    *("- item one. two", "1. two", "> said. so", "| a | b |", "|---|---|", "x|", "    y z"),
    *("A sentence here. And one more!", "He “said. Yes.” So", "FJORDNEWS: It began."),
    *("Photo: one", "Comments you share here"),
]


@given(
    st.lists(
        st.one_of(
            st.sampled_from(LINES),
            st.text(max_size=60),
        ),
        max_size=25,
    )
)
def test_offsets_hold_in_any_text(lines: list[str]) -> None:
    text = normalise("\n".join(lines))
    passages = cut(text)
    assert [p.number for p in passages] == list(range(len(passages)))
    for before, after in pairwise(passages):
        assert before.end <= after.start
    for passage in passages:
        assert passage.sentences
        assert passage.start == passage.sentences[0].start
        assert passage.end == passage.sentences[-1].end
        for one, other in pairwise(passage.sentences):
            assert one.end <= other.start
        for sentence in passage.sentences:
            quote = text[sentence.start : sentence.end]
            assert quote
            assert quote == quote.strip()


@given(st.lists(st.text(alphabet="abc XY.,!?\u061f\u201c\u201d()1", min_size=1), max_size=8))
def test_running_text_loses_no_word(paragraphs: list[str]) -> None:
    text = normalise("\n\n".join(f"It is said: {p} and that is all." for p in paragraphs))
    kept = "".join(sentences(text))
    assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]
