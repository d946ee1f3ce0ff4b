"""A deed and a thing must be said before a date, a figure or a saying answers for them."""

import numpy as np
import pytest

from app.answer.evidence import REFUSE_BELOW, Selection, select
from app.answer.evidence.meaning import synonymous
from app.answer.evidence.reading import Reading, read
from app.answer.question import analyse
from app.answer.question.words import tokens
from index.model import RetrievedPassage, Sentence

ASKED = np.array([1.0, 0.0], dtype=np.float32)


def passage(text: str) -> RetrievedPassage:
    sentences, start = [], 0
    for piece in text.split(". "):
        length = len(piece) + (not piece.endswith("."))
        sentences.append(Sentence(start, start + length))
        start += length + 1
    return RetrievedPassage(
        document_id="report",
        revision="0" * 64,
        number=0,
        title="A report",
        source=None,
        url=None,
        published_at=None,
        language="en",
        start=0,
        end=len(text),
        text=text,
        heading=None,
        sentences=tuple(sentences),
        vectors=np.tile(np.array([0.6, 0.8], dtype=np.float32), (len(sentences), 1)),
        score=1.1,
        similarity=0.6,
        lexical=1.0,
    )


def ask(question: str, text: str) -> Selection:
    return select(analyse(question), ASKED, [passage(text)])


def reading(question: str, text: str) -> Reading:
    return read(analyse(question), ASKED, [passage(text)])


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who founded the Tarsk Rifles?", "Captain Ito commanded the Tarsk Rifles in the war."),
        ("Who was the mayor of Tarsk before Ito?", "Kenji Ito, the mayor of Tarsk, spoke."),
        ("How many soldiers surrendered in Tarsk?", "Near Tarsk 300 soldiers slept in tents."),
        ("When was Tarsk liberated?", "The fall of Tarsk to the rebels came in March 1931."),
        (
            "When was the Lusian charter adopted?",
            "The Lusian council adopted a tax on salt in March 1931.",
        ),
        (
            "When was the Lusian harbour built?",
            "The Lusian harbour will host capacity-building courses from March 1931.",
        ),
        ("How many Lusian sailors have been killed?", "The navy keeps 400 Lusian sailors at sea."),
        (
            "What did Vera Tamm say about the harbour?",
            "The harbour was closed on an order by Vera Tamm.",
        ),
        (
            "Who was the leader of the Lusian guild when Tarsk fell?",
            "The Lusian guild of bakers held talks before Tarsk fell to Peter Moll.",
        ),
    ],
)
def test_a_sentence_that_lacks_the_deed_or_the_thing_is_no_answer(question: str, text: str) -> None:
    assert ask(question, text).answerable < REFUSE_BELOW


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("When was Tarsk liberated?", "The army recaptured Tarsk in March 1931."),
        ("When was the Lusian charter adopted?", "The Lusian charter was passed in March 1931."),
        (
            "How many Lusian sailors have been killed?",
            "A report says that 400 Lusian sailors died at sea.",
        ),
        ("When did Vera Tamm die?", "The chemist Vera Tamm (1871–1932) was born in Lusia."),
        (
            "When was the mill built?",
            "The mill in Lusia closes on 3 March 2031. It was built by Vera Tamm in 1888.",
        ),
    ],
)
def test_another_word_for_the_deed_will_do(question: str, text: str) -> None:
    assert ask(question, text).answerable >= REFUSE_BELOW


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("ISIS", "Fighters of Daesh were driven out."),
        ("isis", "Fighters of the Islamic State were driven out."),
        ("American", "The U.S. was driven out."),
        ("UK", "The United Kingdom was driven out."),
    ],
)
def test_another_form_of_a_name_counts_in_every_sentence(asked: str, written: str) -> None:
    read = reading(f"When was {asked} driven out?", f"It names {asked} first. {written}")
    column = next(n for n, term in enumerate(read.terms) if term.token.lower != "driven")
    assert read.hits[1, column] > 0


def test_a_name_is_no_alias_of_one_that_shares_a_word() -> None:
    read = reading("When does the Korrin Bridge open?", "The Vesper Bridge opens in May.")
    assert read.hits[0, [term.asked for term in read.terms].index("korrin")] == 0


def test_an_ordinal_is_one_word_in_figures_or_letters() -> None:
    read = reading("When was the 2nd regatta held?", "The second regatta was held in May.")
    assert read.hits[0].min() > 0


def test_listed_synonyms_are_alike() -> None:
    asked = [tokens("digging")[0]]
    assert synonymous(asked, [tokens("they excavate"), tokens("they sleep")])[:, 0].tolist() == [
        1,
        0,
    ]


def test_no_longer_is_no_denial() -> None:
    text = "The Lusian government believes that its own ships are ready."
    assert ask("Why does Lusia believe it no longer needs the guild?", text).chosen
    assert "longer" not in analyse("Why does it no longer need ships?").terms


def test_a_sentence_with_the_date_comes_before_one_without() -> None:
    text = "The Lusian harbour will close soon. The Lusian harbour closes in March 1931."
    chosen = ask("When will the Lusian harbour close?", text).chosen
    assert "1931" in chosen[0].text
