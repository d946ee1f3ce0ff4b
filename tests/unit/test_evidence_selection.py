"""Evidence selection on passages made by hand, with vectors that say nothing or one thing."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import pytest

from app.answer.evidence import Selection, select
from app.answer.evidence.selection import MOST_LISTED, MOST_SENTENCES
from app.answer.question import analyse
from app.reading.bundled import BundledReader
from index.model import RetrievedPassage, Sentence, Vector

BRIDGE = (
    "The Vesper Bridge crosses the Alm. It was designed by Mira Holt.",
    "The Vesper Bridge opens on 4 May 2031. It cost 12 million crowns.",
)


def unit(*numbers: float) -> Vector:
    vector = np.array(numbers, dtype=np.float32)
    return vector / np.linalg.norm(vector)


def passage(text: str, document_id: str, rank: int, likeness: float = 0.6) -> RetrievedPassage:
    """Cut ``text`` at full stops; every sentence lies ``likeness`` from the question's vector."""
    sentences, start = [], 100
    for piece in text.split(". "):
        length = len(piece) + (not piece.endswith("."))
        sentences.append(Sentence(start, start + length))
        start += length + 1
    row = unit(likeness, (1 - likeness**2) ** 0.5)
    return RetrievedPassage(
        document_id=document_id,
        revision="0" * 64,
        number=0,
        title="A report",
        source=None,
        url=None,
        published_at=None,
        language="en",
        start=100,
        end=100 + len(text),
        text=text,
        heading=None,
        sentences=tuple(sentences),
        vectors=np.tile(row, (len(sentences), 1)),
        score=1.1 - 0.05 * rank,
        similarity=likeness,
        lexical=1.0 - 0.1 * rank,
    )


def answers(selection: Selection) -> bool:
    return selection.answerable >= selection.least


Ask: TypeAlias = Callable[..., Selection]


@pytest.fixture
def ask(reader: BundledReader) -> Ask:
    """Return what selects evidence among texts, each a passage of its own."""

    def select_among(question: str, *texts: str, likeness: float = 0.6) -> Selection:
        passages = [passage(text, f"doc-{n}", n, likeness) for n, text in enumerate(texts)]
        return select(analyse(question), unit(1.0, 0.0), passages, reader)

    return select_among


def test_no_passages_answer_nothing() -> None:
    assert select(analyse("When?"), unit(1.0, 0.0), []) == Selection((), (), 0.0)


def test_the_sentence_with_a_date_comes_first_when_a_date_is_asked(ask: Ask) -> None:
    best = ask("When does the Vesper Bridge open?", *BRIDGE).ranked[0]
    assert best.text.startswith("The Vesper Bridge opens on 4 May 2031")
    assert best.values[0].text == "4 May 2031"


def test_evidence_stands_at_its_offsets(ask: Ask) -> None:
    for evidence in ask("Who designed the Vesper Bridge?", *BRIDGE).ranked:
        start = evidence.start - evidence.passage.start
        assert evidence.passage.text[start : start + len(evidence.text)] == evidence.text


def test_scores_fall_and_are_probabilities(ask: Ask) -> None:
    scores = [evidence.score for evidence in ask("Who designed it?", *BRIDGE).ranked]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 <= score <= 1.0 for score in scores)


def test_a_misspelt_question_finds_the_same_sentence(ask: Ask) -> None:
    assert (
        ask("wen does the vespr brige open", *BRIDGE).ranked[0].text
        == ask("When does the Vesper Bridge open?", *BRIDGE).ranked[0].text
    )


def test_a_question_is_quoted_in_two_sentences_at_most(ask: Ask) -> None:
    many = "The Vesper Bridge opens in May 2031. " * 6
    assert len(ask("When does the Vesper Bridge open?", many.strip()).chosen) <= MOST_SENTENCES


def test_a_sentence_repeated_in_a_document_is_quoted_once(ask: Ask) -> None:
    twice = "The Vesper Bridge opens in May 2031. The Vesper Bridge opens in May 2031."
    selection = ask("When does the Vesper Bridge open?", twice)
    assert len(selection.ranked) == 1


def test_a_list_may_be_longer(ask: Ask) -> None:
    towns = ". ".join(f"The {name} bridge crosses the Alm" for name in ("North", "East", "Old"))
    more = ". ".join(f"The {name} bridge crosses the Alm" for name in ("West", "New", "Low"))
    chosen = ask("List the bridges that cross the Alm", towns, more).chosen
    assert MOST_SENTENCES < len(chosen) <= MOST_LISTED


def test_an_answered_question_passes_the_threshold(ask: Ask) -> None:
    assert answers(ask("When does the Vesper Bridge open?", *BRIDGE))


@pytest.mark.parametrize(
    "question",
    [
        "When does the Korrin Bridge open?",  # another bridge
        "Who is the transport minister?",  # an office nobody speaks of
        "Where was Mira Holt educated?",  # a life the sources do not tell
        "How many passengers will cross the Vesper Bridge?",  # a figure, but of something else
    ],
)
def test_a_question_whose_subject_is_nowhere_is_refused(ask: Ask, question: str) -> None:
    assert not answers(ask(question, *BRIDGE))


def test_another_subject_is_refused(ask: Ask) -> None:
    assert not answers(ask("How do I bake bread?", *BRIDGE, likeness=0.05))


def test_another_country_is_no_answer(ask: Ask) -> None:
    text = "The league keeps 900 troops in Norway as part of the mission."
    assert not answers(ask("How many troops does the league keep in Sweden?", text))
    assert answers(ask("How many troops does the league keep in Norway?", text))


def test_a_short_form_that_the_sources_write_out_is_no_reason_to_refuse(ask: Ask) -> None:
    text = "A report of the United Nations says that the grave is the largest in the country."
    assert answers(ask("What does a U.N. report say about the grave?", text))


def test_another_transliteration_of_a_name_is_no_reason_to_refuse(ask: Ask) -> None:
    text = "The adviser Hussein Alawi opened the bridge on Monday."
    assert answers(ask("Who is Hussein Allawi?", text))


def test_the_country_asked_about_comes_before_another(ask: Ask) -> None:
    other = "The second phase of the mission in Norway ends in May 2029."
    text = "The mission stays in Sweden until June 2031."
    best = ask("When does the mission in Sweden end?", text, other).ranked[0]
    assert best.values[0].text == "June 2031"


def test_the_reader_marks_the_words_that_answer(ask: Ask) -> None:
    best = ask("Who designed the Vesper Bridge?", *BRIDGE).ranked[0]
    assert best.span is not None
    assert best.text[best.span.start : best.span.end] == "Mira Holt"
    assert 0.0 <= best.span.chance <= 1.0


def test_a_question_in_the_text_leads_to_the_sentence_below_it(ask: Ask) -> None:
    text = "How do I open a blocked drain? Pour hot water and soda into it. Call us on Mondays."
    assert not ask("How can I open a blocked drain?", text).ranked[0].text.endswith("?")


def test_without_a_reader_the_search_decides_and_nothing_is_marked() -> None:
    passages = [passage(text, f"doc-{n}", n) for n, text in enumerate(BRIDGE)]
    selection = select(analyse("When does the Vesper Bridge open?"), unit(1.0, 0.0), passages)
    assert selection.ranked[0].text.startswith("The Vesper Bridge opens")
    assert all(evidence.span is None for evidence in selection.ranked)


def test_a_language_that_the_reader_does_not_know_is_left_to_the_search(ask: Ask) -> None:
    text = "يفتح الجسر في مايو 2031. وتبلغ كلفته 12 مليون."
    selection = ask("متى يفتح الجسر الجديد في المدينة؟", text)
    assert all(evidence.span is None for evidence in selection.ranked)
