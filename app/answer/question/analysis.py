"""Turn the words of a standalone question into the Question that later steps work on.

Works in any case, with or without a question mark, and with a slip in the question word. Knows
nothing of passages: what a word is worth is for evidence selection to say.
"""

import re
from collections.abc import Sequence

from app.answer.question.kinds import focus_of, is_bare_type, kind_of, opening
from app.answer.question.lexicon import words as word_list
from app.answer.question.model import AnswerKind, Question
from app.answer.question.words import Token, known, tokens
from index.errors import InvalidQuestionError
from index.language import detect_surely

_LISTING = re.compile(
    r"\b(?:list|enumerate|name (?:all|the|some|two|three|four|five)|(?:which|what) (?:\w+ )?"
    r"(?:are|were)\b.* all|all (?:of )?the|what are|what were|who are|who were|which are|"
    r"(?:which|what) (?:two|three|four|five|several|countries|bases|nations|states|people|groups|"
    r"cities|steps|measures|reasons|places|sites|organi[sz]ations|languages))\b",
    re.IGNORECASE,
)


def analyse(text: str) -> Question:
    """Read a standalone question.

    Raises:
        InvalidQuestionError: The question holds no word.
    """
    words = tokens(" ".join(text.split()))
    if not words:
        raise InvalidQuestionError("The question is empty. Ask it in words.")
    language = detect_surely(text)
    if language not in (None, "en"):
        return _of_other_language(text.strip(), words, language)
    return Question(
        text=text.strip(),
        kind=kind_of(words),
        terms=_terms(words),
        focus=focus_of(words),
        names=_names(text, words),
        numbers=tuple(word.text for word in words if word.text[0].isdigit()),
        wants_list=_LISTING.search(text) is not None,
        language=language,
    )


def _of_other_language(text: str, words: Sequence[Token], language: str | None) -> Question:
    """Return a question whose words are all that is known of it: the lists here are English."""
    return Question(
        text=text,
        kind=AnswerKind.DESCRIPTION,
        terms=tuple(dict.fromkeys(word.lower for word in words)),
        focus=(),
        names=(),
        numbers=tuple(word.text for word in words if word.text[0].isdigit()),
        wants_list=False,
        language=language,
    )


def _terms(words: Sequence[Token]) -> tuple[str, ...]:
    """Return the content words once each, without what only asks."""
    asks = opening(words)
    terms: list[str] = []
    for place, word in enumerate(words):
        only_asks = place == asks or (place == 0 and word.lower in word_list("order"))
        if (
            word.stop
            or only_asks
            or (word.lower == "longer" and place and words[place - 1].lower == "no")
            or word.lower in word_list("auxiliary")
            or word.lower in word_list("question")
        ):
            continue
        if is_bare_type(word.lower) and len(words) > 2:
            continue
        terms.append(word.lower)
    return tuple(dict.fromkeys(terms))


def _names(text: str, words: Sequence[Token]) -> tuple[str, ...]:
    """Return the runs of capitalised words, as written; none where capitals say nothing.

    A question in capitals or In Title Case has no names to tell apart; evidence selection still
    sees which of its words the sources write with a capital.
    """
    content = [word for word in words if not word.stop and word.text[0].isalpha()]
    capitals = sum(word.capital for word in content)
    shouted = sum(word.text.isupper() for word in words if len(word.text) > 3)
    uninformative = capitals == len(content) and sum(word.capital for word in words) == len(words)
    if (uninformative and len(words) > 3) or shouted * 2 > len(words):
        return ()
    names: list[str] = []
    run: list[Token] = []
    for place, word in enumerate(words):
        if _opens_name(word, place, words):
            run.append(word)
            continue
        bridges = (
            bool(run) and word.lower in word_list("link") and _continues(text, run, words, place)
        )
        if bridges:
            run.append(word)
        elif run:
            names.append(_span(text, run))
            run = []
    if run:
        names.append(_span(text, run))
    return tuple(dict.fromkeys(names))


def _opens_name(word: Token, place: int, words: Sequence[Token]) -> bool:
    if (
        not word.capital
        or word.lower in word_list("question")
        or word.lower in word_list("auxiliary")
    ):
        return False
    if place > 0:
        return not word.stop
    followed = len(words) > 1 and words[1].capital
    return (
        word.lower not in word_list("order")
        and not word.stop
        and (followed or not known(word.lower))
    )


def _continues(text: str, run: Sequence[Token], words: Sequence[Token], place: int) -> bool:
    """Tell whether a small word binds two halves of one name: Treaty of Paris, Ain al-Asad."""
    word = words[place]
    following = words[place + 1] if place + 1 < len(words) else None
    if following is None or not following.capital:
        return False
    hyphened = text[word.end : following.start] == "-"
    return hyphened or True


def _span(text: str, run: Sequence[Token]) -> str:
    return text[run[0].start : run[-1].end]
