import pytest

from app.answer.chain import AskRequest
from app.services import Services
from index.errors import InvalidQuestionError


@pytest.mark.parametrize("question", ["", " \n\t", "\udcff", "What is \ud800?"])
def test_what_is_no_question_is_refused_with_a_clear_error(
    sample_services: Services, question: str
) -> None:
    with pytest.raises(InvalidQuestionError, match="The question"):
        sample_services.chain.ask(AskRequest(question))
