import datetime as dt
import io
from typing import get_args

import pytest
from rich.console import Console

from app.answer.model import (
    Answer,
    AnswerSentence,
    Citation,
    Claim,
    Conflict,
    DroppedSentence,
    Generator,
    NearestSource,
    Reason,
    ShortAnswer,
    Timings,
)
from app.cli.rendering import show_answer

QUOTES = {
    1: ("The mill closes at the end of March 2031.", "Harbour Post", dt.date(2030, 5, 2)),
    2: ("The mill will close in\nMarch 2031.", "Valley Radio", None),
    3: ("It shuts in mid-2030.", "The Crane", dt.date(2029, 1, 9)),
}


def citation(marker: int) -> Citation:
    quote, source, day = QUOTES[marker]
    return Citation(
        marker=marker,
        document_id=f"doc-{marker}",
        revision="a" * 64,
        title=f"Title {marker}",
        source=source,
        url=None,
        published_at=day,
        start=0,
        end=len(quote),
        quote=quote,
    )


def answer(**changes: object) -> Answer:
    values: dict[str, object] = {
        "id": "ans_1",
        "status": "answered",
        "reason": None,
        "question": "When does the mill close?",
        "answer": "The mill closes at the end of March 2031 [1][2].",
        "sentences": (AnswerSentence(text=QUOTES[1][0], citations=(1, 2), support="quoted"),),
        "citations": (citation(1), citation(2)),
        "conflicts": (),
        "dropped": (),
        "sources": (),
        "generator": Generator(kind="extractive"),
        "timings_ms": Timings(retrieve=1, write=1, verify=1, total=3),
    }
    return Answer.model_validate(values | changes)


DISAGREEING = {
    "sentences": (
        AnswerSentence(text=QUOTES[1][0], citations=(1, 2), support="quoted"),
        AnswerSentence(
            text="The sources disagree: end of March 2031 or mid-2030.",
            citations=(1, 3),
            support="supported",
        ),
    ),
    "citations": (citation(1), citation(2), citation(3)),
    "conflicts": (
        Conflict(
            claims=(
                Claim(value="end of March 2031", citations=(1,)),
                Claim(value="mid-2030", citations=(3,)),
            )
        ),
    ),
}
REFUSED = {
    "status": "refused",
    "reason": "weak_evidence",
    "answer": "The sources do not answer this question.",
    "sentences": (),
    "citations": (),
    "sources": (
        NearestSource(
            document_id="doc-3", title="Title 3", source="The Crane", published_at=None, score=0.4
        ),
    ),
}


def plain(shown: Answer) -> str:
    console = Console(file=io.StringIO(), width=100_000, markup=False, highlight=False)
    show_answer(console, shown)
    return console.file.getvalue()  # type: ignore[attr-defined]  # the StringIO above


def on_terminal(shown: Answer, width: int = 60) -> str:
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=True, color_system=None, markup=False)
    show_answer(console, shown)
    return file.getvalue()


def test_markers_follow_the_sentence_they_back() -> None:
    assert f"{QUOTES[1][0]} [1][2]\n" in plain(answer())


def test_each_source_shows_title_publisher_date_and_quote() -> None:
    text = plain(answer())
    assert "  1  Title 1\n     Harbour Post, 2 May 2030\n     “The mill closes at the end" in text
    assert "Valley Radio, undated" in text


def test_a_quote_over_two_lines_is_shown_on_one() -> None:
    assert "“The mill will close in March 2031.”" in plain(answer())


def test_a_terminal_gets_raised_markers() -> None:
    assert "¹ ²" in on_terminal(answer())
    assert "[1]" not in on_terminal(answer())


def test_lines_on_a_terminal_keep_within_its_width() -> None:
    long = answer(sentences=(AnswerSentence(text="word " * 60, citations=(1,), support="quoted"),))
    assert max(map(len, on_terminal(long).splitlines())) <= 60


def test_nothing_is_coloured_or_wrapped_outside_a_terminal() -> None:
    text = plain(answer(**DISAGREEING))
    assert "\x1b" not in text
    assert QUOTES[1][0] in text


def test_a_disagreement_is_shown_once_with_each_value_and_its_date() -> None:
    text = plain(answer(**DISAGREEING))
    assert text.count("The sources disagree") == 1
    assert "    end of March 2031  [1]\n      Harbour Post, 2 May 2030\n" in text
    assert "    mid-2030  [3]\n      The Crane, 9 January 2029\n" in text


def test_a_refusal_says_why_and_names_the_nearest_sources() -> None:
    text = plain(answer(**REFUSED))
    assert "The sources do not answer this question." in text
    assert "does not clearly answer" in text
    assert "Title 3  The Crane, undated" in text


def test_an_empty_index_says_how_to_fill_it() -> None:
    text = plain(answer(**REFUSED | {"reason": "no_documents", "sources": ()}))
    assert "footnote index PATH" in text


def test_dropped_sentences_are_listed_with_their_reason() -> None:
    dropped = DroppedSentence(text="It closed in 1999.", why="1999 is not in the cited passage")
    assert "It closed in 1999. (1999 is not in the cited passage)" in plain(
        answer(dropped=(dropped,))
    )


def test_square_brackets_in_a_text_are_not_taken_for_markup() -> None:
    odd = answer(sentences=(AnswerSentence(text="[bold]x[/]", citations=(1,), support="quoted"),))
    assert "[bold]x[/] [1]" in plain(odd)


def test_a_quote_from_a_document_with_pages_names_its_page() -> None:
    cited = citation(1).model_copy(update={"page": 3})
    console = Console(file=io.StringIO(), width=80)
    with console.capture() as captured:
        show_answer(console, answer(citations=(cited, citation(2))))
    assert "Harbour Post, 2 May 2030, p. 3" in captured.get()
    assert "Valley Radio, undated\n" in captured.get()


def short_in(marker: int, text: str) -> ShortAnswer:
    start = QUOTES[marker][0].index(text)
    return ShortAnswer(text=text, citation=marker, start=start, end=start + len(text))


def in_bold(shown: Answer) -> list[str]:
    """Return the stretches that a terminal shows in bold."""
    console = Console(file=io.StringIO(), width=200, force_terminal=True, record=True, markup=False)
    show_answer(console, shown)
    segments = [one for one in console._record_buffer if one.style and one.style.bold]
    return [one.text for one in segments]


def test_the_short_answer_comes_first_on_a_line_of_its_own_with_its_marker() -> None:
    text = plain(answer(short=short_in(1, "the end of March 2031")))
    assert text.startswith(f"\n  the end of March 2031 [1]\n\n  {QUOTES[1][0]} [1][2]\n")
    assert on_terminal(answer(short=short_in(1, "March 2031"))).startswith(
        "\n  March 2031\N{NO-BREAK SPACE}¹\n"
    )


def test_the_short_answer_is_bold_where_it_stands_and_the_sentence_around_it_is_not() -> None:
    bold = in_bold(answer(short=short_in(1, "March 2031")))
    assert bold[:2] == ["March 2031", "March 2031"]  # by itself, and in its sentence
    assert bold.count("March 2031") == 3  # and in the quote among the sources
    assert in_bold(answer())[0] == QUOTES[1][0]


def test_a_short_answer_over_two_lines_is_bold_in_its_quote_on_one() -> None:
    bold = in_bold(answer(short=short_in(2, "in\nMarch 2031")))
    assert bold[0] == "in March 2031"
    assert bold[-1] == "in March 2031"


def test_yes_is_said_though_it_stands_nowhere() -> None:
    yes = ShortAnswer(text="yes", citation=2, start=None, end=None)
    assert plain(answer(short=yes)).startswith("\n  Yes [2]\n")


@pytest.mark.parametrize("reason", get_args(Reason))
def test_each_reason_of_a_refusal_has_words(reason: str) -> None:
    more = len(plain(answer(**REFUSED | {"reason": reason}))) - len(
        plain(answer(**REFUSED | {"reason": None}))
    )
    assert more > 20


def test_a_refusal_over_the_language_says_in_which_to_ask() -> None:
    text = plain(answer(**REFUSED | {"reason": "language"}))
    assert "Ask in the language of the documents." in text
