"""Evidence selection on passages made by hand, with vectors that say nothing or one thing."""

import numpy as np
import pytest

from app.answer.evidence import REFUSE_BELOW, Selection, select
from app.answer.evidence.selection import MOST_LISTED, MOST_SENTENCES
from app.answer.question import analyse
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


def ask(question: str, *texts: str, likeness: float = 0.6) -> Selection:
    passages = [passage(text, f"doc-{n}", n, likeness) for n, text in enumerate(texts)]
    return select(analyse(question), unit(1.0, 0.0), passages)


def test_no_passages_answer_nothing() -> None:
    assert select(analyse("When?"), unit(1.0, 0.0), []) == Selection((), (), 0.0)


def test_the_sentence_with_a_date_comes_first_when_a_date_is_asked() -> None:
    best = ask("When does the Vesper Bridge open?", *BRIDGE).ranked[0]
    assert best.text.startswith("The Vesper Bridge opens on 4 May 2031")
    assert best.values[0].text == "4 May 2031"


def test_evidence_stands_at_its_offsets() -> None:
    for evidence in ask("Who designed the Vesper Bridge?", *BRIDGE).ranked:
        start = evidence.start - evidence.passage.start
        assert evidence.passage.text[start : start + len(evidence.text)] == evidence.text


def test_scores_fall_and_are_probabilities() -> None:
    scores = [evidence.score for evidence in ask("Who designed it?", *BRIDGE).ranked]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 <= score <= 1.0 for score in scores)


def test_a_misspelt_question_finds_the_same_sentence() -> None:
    assert (
        ask("wen does the vespr brige open", *BRIDGE).ranked[0].text
        == ask("When does the Vesper Bridge open?", *BRIDGE).ranked[0].text
    )


def test_a_question_is_quoted_in_three_sentences_at_most() -> None:
    many = "The Vesper Bridge opens in May 2031. " * 6
    assert len(ask("When does the Vesper Bridge open?", many.strip()).chosen) <= MOST_SENTENCES


def test_a_sentence_repeated_in_a_document_is_quoted_once() -> None:
    twice = "The Vesper Bridge opens in May 2031. The Vesper Bridge opens in May 2031."
    selection = ask("When does the Vesper Bridge open?", twice)
    assert len(selection.ranked) == 1


def test_a_list_may_be_longer() -> None:
    towns = ". ".join(f"The {name} bridge crosses the Alm" for name in ("North", "East", "Old"))
    more = ". ".join(f"The {name} bridge crosses the Alm" for name in ("West", "New", "Low"))
    chosen = ask("List the bridges that cross the Alm", towns, more).chosen
    assert MOST_SENTENCES < len(chosen) <= MOST_LISTED


def test_an_answered_question_passes_the_threshold() -> None:
    assert ask("When does the Vesper Bridge open?", *BRIDGE).answerable >= REFUSE_BELOW


@pytest.mark.parametrize(
    "question",
    [
        "When does the Korrin Bridge open?",  # another bridge
        "Who is the transport minister?",  # an office nobody speaks of
        "Where was Mira Holt educated?",  # a life the sources do not tell
        "How many passengers will cross the Vesper Bridge?",  # a figure, but of something else
    ],
)
def test_a_question_whose_subject_is_nowhere_is_refused(question: str) -> None:
    assert ask(question, *BRIDGE).answerable < REFUSE_BELOW


def test_another_subject_is_refused() -> None:
    assert ask("How do I bake bread?", *BRIDGE, likeness=0.05).answerable < REFUSE_BELOW


def test_another_country_is_no_answer() -> None:
    text = "The league keeps 900 troops in Norway as part of the mission."
    assert ask("How many troops does the league keep in Sweden?", text).answerable < REFUSE_BELOW
    assert ask("How many troops does the league keep in Norway?", text).answerable >= REFUSE_BELOW


def test_a_short_form_that_the_sources_write_out_is_no_reason_to_refuse() -> None:
    text = "A report of the United Nations says that the grave is the largest in the country."
    assert ask("What does a U.N. report say about the grave?", text).answerable >= REFUSE_BELOW


def test_another_transliteration_of_a_name_is_no_reason_to_refuse() -> None:
    text = "The adviser Hussein Alawi opened the bridge on Monday."
    assert ask("Who is Hussein Allawi?", text).answerable >= REFUSE_BELOW


def test_the_country_asked_about_comes_before_another() -> None:
    other = "The second phase of the mission in Norway ends in May 2029."
    text = "The mission stays in Sweden until June 2031."
    best = ask("When does the mission in Sweden end?", text, other).ranked[0]
    assert best.values[0].text == "June 2031"
