"""One text in two outlets is cited once, and the second outlet is named as carrying it."""

from collections.abc import Callable, Collection
from pathlib import Path

from app.answer.chain import AskRequest
from app.answer.copies import Pairs
from app.answer.draft import Citations
from app.answer.evidence.model import Evidence
from app.services import build
from app.settings import Settings
from index.model import SourceDocument

MakeEvidence = Callable[..., Evidence]

LONG = (
    "The harbour authority of Port-Ellen will close the northern quay on 14 March 2031, the "
    "authority told the agency, because the cranes on it have not been inspected for nine years."
)


def pairs_of(*ids: str) -> Callable[[Collection[str]], Pairs]:
    pairs = frozenset((a, b) for a in ids for b in ids if a != b)
    return lambda asked: frozenset(pair for pair in pairs if set(pair) <= set(asked))


def test_quotes_of_documents_with_the_same_text_share_a_marker(evidence: MakeEvidence) -> None:
    citations = Citations(pairs_of("agency", "paper"))

    markers = citations.markers(
        [evidence("It closes on Monday.", "agency"), evidence("It shuts on Monday.", "paper")]
    )

    (citation,) = citations.all()
    assert markers == (1,)
    assert citation.document_id == "agency"
    assert [(copy.document_id, copy.quote) for copy in citation.copies] == [
        ("paper", "It shuts on Monday.")
    ]


def test_a_long_sentence_that_two_documents_share_is_one_text_though_the_rest_differs(
    evidence: MakeEvidence,
) -> None:
    citations = Citations()
    citations.markers([evidence(LONG, "agency"), evidence(LONG.replace("nine", "9"), "paper")])

    (citation,) = citations.all()
    assert [copy.document_id for copy in citation.copies] == ["paper"]


def test_short_sentences_and_other_wordings_stay_two_sources(evidence: MakeEvidence) -> None:
    citations = Citations(pairs_of())

    assert citations.markers([evidence("It closes.", "a"), evidence("It closes.", "b")]) == (1, 2)
    other = "Because nobody inspected its cranes, the quay in the north shuts down in March 2031."
    assert citations.markers([evidence(LONG, "c"), evidence(other, "d")]) == (3, 4)


def test_a_copy_that_is_cited_again_keeps_the_marker_of_its_text(evidence: MakeEvidence) -> None:
    citations = Citations(pairs_of("agency", "paper"))
    first, second = evidence(LONG, "agency"), evidence("Closed in March.", "paper")

    assert citations.markers([first, second]) == (1,)
    assert citations.markers([second]) == (1,)
    assert len(citations.all()[0].copies) == 1


def test_an_answer_names_the_outlet_that_carries_the_same_text(tmp_path: Path) -> None:
    body = f"""{LONG} Ships for the northern quay will be sent to Kestria until the work is done.

The cranes were built in 1987 and bought second hand from the harbour of Oudekerk, whose owners had
replaced them with lighter ones. A spokeswoman for the dockers, Mara Galbraith, said that nobody had
asked the dockers which of the cranes they would still climb. She called for a public list.

The authority expects the inspection to cost two million crowns. The ministry of transport will pay
half of it, and the rest comes out of the fees that ships pay for each night at the quay. The fees
were raised in the autumn, against the votes of the three members who sit for the fishing villages.
"""
    settings = Settings(data_dir=tmp_path / "data")
    with build(settings) as services:
        for name, opening in (("agency", ""), ("paper", "From our wire services.\n\n")):
            text = f"# Quay to close\n\n{opening}{body}"
            services.library.add(
                SourceDocument(id=name, text=text, title="Quay to close", source=name.title())
            )
        answer = services.chain.ask(AskRequest("When will the northern quay be closed?"))
        spans = [
            services.library.read_span(quote.document_id, quote.revision, quote.start, quote.end)
            for quote in (answer.citations[0], *answer.citations[0].copies)
        ]

    assert "14 March 2031 " in answer.answer or "14 March 2031," in answer.answer
    assert "[2]" not in answer.answer.partition(".")[0]
    sources = {answer.citations[0].source, *(copy.source for copy in answer.citations[0].copies)}
    assert sources == {"Agency", "Paper"}
    assert spans == [answer.citations[0].quote, *(c.quote for c in answer.citations[0].copies)]
