import pytest

from app.models.base import Deadline
from app.models.errors import ModelFailedError, ModelKeyError, ModelRateLimitedError
from app.models.retries import Retries
from app.models.thinking import ThinkingFilter

LONG = Deadline.after(1000)


def test_pauses_grow_and_stay_bounded() -> None:
    retries = Retries(10, spread=lambda: 1.0)
    pauses = [retries.pause(attempt, ModelFailedError(), LONG) for attempt in range(1, 7)]
    assert pauses == [0.5, 1, 2, 4, 8, 8]
    assert Retries(10, spread=lambda: 0.0).pause(1, ModelFailedError(), LONG) == 0.25


def test_the_last_attempt_is_the_last() -> None:
    assert Retries(3).pause(2, ModelFailedError(), LONG) is not None
    assert Retries(3).pause(3, ModelFailedError(), LONG) is None


def test_what_cannot_pass_is_not_waited_for() -> None:
    assert Retries(3).pause(1, ModelKeyError(), LONG) is None


def test_a_pause_that_ends_after_the_deadline_is_not_begun() -> None:
    assert Retries(3).pause(1, ModelFailedError(), Deadline.after(0.1)) is None
    asked = ModelRateLimitedError(retry_after=5)
    assert Retries(3).pause(1, asked, Deadline.after(4)) is None
    assert Retries(3).pause(1, asked, Deadline.after(6)) == 5


def test_a_deadline_that_has_passed_leaves_nothing() -> None:
    assert Deadline.after(-1).remaining() == 0


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("An answer.", "An answer."),
        ("  An answer. ", "An answer. "),
        ("<think>so\nso</think>\n\nAn answer.", "An answer."),
        ("\n<think></think>An answer.", "An answer."),
        ("<think>never ends", ""),
        ("<thin", "<thin"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("An <think>answer</think>.", "An <think>answer</think>."),
        ("", ""),
        ("<think>a</think> ", ""),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_thinking_is_left_out_however_it_is_cut(text: str, shown: str, size: int) -> None:
    thinking = ThinkingFilter()
    pieces = [thinking.feed(text[i : i + size]) for i in range(0, len(text), size)]
    assert "".join(pieces) + thinking.end() == shown
