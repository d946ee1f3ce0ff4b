import pytest

from app.answer.question.deeds import main_verb, scene, undergoer


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("When was the old harbour dredged?", "dredged"),
        ("How many sailors have been rescued this year?", "rescued"),
        ("Who commands the fleet?", "commands"),
        ("How did the guild respond to the strike?", "respond"),
        ("what year did the mill close", "close"),
        ("Who is the mayor?", None),
        ("What did the guild do in May?", None),
        ("Which rules do the sailors have?", None),
        ("What plans of the guild failed?", None),
    ],
)
def test_the_main_verb_is_found_where_it_says_something(text: str, verb: str | None) -> None:
    found = main_verb(text)
    assert (found.text if found else None) == verb


def test_what_a_passive_verb_was_done_to_stands_before_it() -> None:
    text = "When was the town charter adopted?"
    verb = main_verb(text)
    assert verb is not None
    noun = undergoer(text, verb)
    assert noun is not None
    assert noun.text == "charter"


def test_an_active_verb_has_no_undergoer_before_it() -> None:
    text = "When does the second phase end?"
    verb = main_verb(text)
    assert verb is not None
    assert undergoer(text, verb) is None


def test_circumstances_are_told_from_what_is_asked() -> None:
    assert scene("Where do the sailors sleep after they leave the ship?") >= {"leave", "ship"}
    assert scene("When the ship sank, who was the captain?") >= {"ship", "sank"}
    assert scene("When did the ship sink?") == frozenset()
