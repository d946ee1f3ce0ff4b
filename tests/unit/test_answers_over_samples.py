"""What the sample corpus answers where its sources disagree, and where they only seem to."""

import pytest

from app.answer.chain import AskRequest
from app.answer.model import Answer
from app.services import Services


def answer(services: Services, question: str) -> Answer:
    return services.chain.ask(AskRequest(question=question))


def claims(answered: Answer) -> set[str]:
    return {claim.value for conflict in answered.conflicts for claim in conflict.claims}


@pytest.mark.parametrize("question", ["Who is the prime minister of Iraq?", "Who's the Iraqi PM?"])
def test_two_prime_ministers_are_shown(sample_services: Services, question: str) -> None:
    question = question.replace("PM", "prime minister")
    answered = answer(sample_services, question)
    assert claims(answered) == {"Mohammed Shia al-Sudani", "Hussein Allawi"}
    (conflict,) = answered.conflicts
    sources = {claim.value: len(claim.citations) for claim in conflict.claims}
    assert sources == {"Mohammed Shia al-Sudani": 3, "Hussein Allawi": 1}


@pytest.mark.parametrize(
    "question",
    [
        "When will the coalition leave Baghdad?",
        "By when do coalition forces leave Baghdad?",
        "When will coalition troops be out of Baghdad?",
    ],
)
def test_both_dates_for_baghdad_are_shown(sample_services: Services, question: str) -> None:
    answered = answer(sample_services, question)
    values = claims(answered)
    assert "mid-2025" in values
    assert any(value.endswith("September 2025") for value in values)
    assert len(values) == 2
    dated = {citation.published_at for citation in answered.citations}
    assert len(dated) > 1  # the officer's brief has a date


def test_the_syria_phase_has_one_end_and_several_sources(sample_services: Services) -> None:
    answered = answer(sample_services, "When does the Syria phase end?")
    assert not answered.conflicts
    assert len(answered.sentences) <= 2
    assert "September 2026" in answered.sentences[0].text
    assert len({citation.document_id for citation in answered.citations}) >= 2
    assert not any("Iraq is set" in citation.quote for citation in answered.citations)


def test_a_mission_that_is_over_before_its_last_phase_is_a_disagreement(
    sample_services: Services,
) -> None:
    answered = answer(sample_services, "When does the coalition's mission in Iraq end?")
    assert claims(answered) == {"the end of September 2025", "September 2026"}


@pytest.mark.parametrize(
    "question",
    [
        "which province is ain al asad in",
        "When was the coalition formed?",
        "How many partner states does the coalition have?",
        "When is the mission over?",
        "How many U.S. troops are in Iraq?",
        "When does the second phase end?",
        "Who is the adviser to the prime minister?",
    ],
)
def test_other_events_places_and_stages_are_no_disagreement(
    sample_services: Services, question: str
) -> None:
    assert claims(answer(sample_services, question)) == set()


@pytest.mark.parametrize(
    "question",
    [
        "متى تنتهي مهمة التحالف في سوريا؟",
        "¿Cuándo termina la misión de la coalición en Siria, según la declaración conjunta?",
    ],
)
def test_a_question_in_a_language_of_no_document_is_refused_for_it(
    sample_services: Services, question: str
) -> None:
    answered = answer(sample_services, question)
    assert answered.status == "refused"
    assert answered.reason == "language"
    assert answered.sources  # and where to look all the same
