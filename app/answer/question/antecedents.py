"""What an earlier question or answer was about: the phrase a later pronoun stands for.

Reads words only. Without a parser the phrase ends where a verb or a loose preposition begins,
which holds for questions as people type them.
"""

from collections.abc import Sequence

from app.answer.question.analysis import analyse
from app.answer.question.kinds import focus_of, opening
from app.answer.question.lexicon import words as word_list
from app.answer.question.model import AnswerKind
from app.answer.question.words import Token, tokens
from app.answer.values import ValueKind, extract

_DETERMINERS = frozenset(["the", "a", "an", "its", "their", "his", "her", "this", "that", "all"])
_INSIDE_PHRASE = frozenset(["of", "against", "for", "and"])
_PLURAL = frozenset(["they", "them", "their", "theirs", "these", "those"])
_PERSONAL = frozenset(["he", "him", "his", "she", "her", "hers"])


def antecedent(pronoun: str, question: str, answer: str) -> str | None:
    """Return what ``pronoun`` stands for after ``question`` was asked and ``answer`` given.

    A person is looked for among the names of the question, then of the answer; a thing is the
    phrase the question was about, or, when the question asked for it, the answer's first name.
    """
    if pronoun in _PERSONAL:
        asked = [name for name in _names(question) if _may_be_person(name)]
        given = [name for name in _names(answer) if _may_be_person(name) and " " in name]
        new = [name for name in given if name not in question]
        sought = analyse(question).kind is AnswerKind.PERSON
        people = [*new, *asked] if sought else [*asked, *given]
        return people[0] if people else None
    if pronoun == "there":
        return _place(question) or _place(answer)
    if pronoun in _PLURAL and (counted := _counted(question)):
        return counted
    phrase = topic(question)
    if phrase is not None:
        return phrase
    asked_for = [name for name in _names(answer) if name not in question]
    return asked_for[0] if asked_for else None


def topic(question: str) -> str | None:
    """Return the phrase that a question is about, as written, or None when it asks for it.

    ``What is the Global Coalition against ISIL?`` → the Global Coalition against ISIL;
    ``When does the Syria phase end?`` → the Syria phase; ``Which base was evacuated?`` → None.
    """
    words = tokens(question)
    place = opening(words)
    at = 0 if place is None else place
    auxiliaries = word_list("auxiliary")
    following = next((n for n in range(at, len(words)) if words[n].lower in auxiliaries), None)
    if following is None:
        return _object(question, words, at)
    if place is not None and _asks_for_subject(words, place, following):
        return None
    return _phrase(question, words, following + 1)


def _counted(question: str) -> str | None:
    """Return what ``how many troops`` or ``which bases`` asks about: the troops."""
    words = tokens(question)
    place = opening(words)
    focus = focus_of(words)
    plural = bool(focus) and focus[-1].endswith("s")
    if place is None or not plural or words[place].lower not in ("how", "which", "what"):
        return None
    return "the " + " ".join(focus)


def _asks_for_subject(words: Sequence[Token], place: int, auxiliary: int) -> bool:
    """``Which base was evacuated`` asks for its subject; ``What is the coalition`` does not."""
    after = words[auxiliary + 1 : auxiliary + 2]
    if not after:
        return True
    participle = after[0].lower.endswith(("ed", "en", "ing")) and not after[0].capital
    return participle or (auxiliary > place + 1 and after[0].lower in word_list("verb"))


def _object(question: str, words: Sequence[Token], place: int) -> str | None:
    """Return the last phrase of a question without auxiliary: ``Who led the Quds Force``."""
    starts = [n for n in range(place, len(words)) if words[n].lower in ("the", "a", "an")]
    if starts:
        return _phrase(question, words, starts[0])
    names = analyse(question).names
    return names[-1] if names else None


def _phrase(question: str, words: Sequence[Token], start: int) -> str | None:
    """Read on from ``start`` while the words can belong to one noun phrase."""
    verbs, stops = word_list("verb"), word_list("stop")
    end = start
    while end < len(words):
        word = words[end]
        following = words[end + 1] if end + 1 < len(words) else None
        opens = word.lower in _DETERMINERS and (end == start or words[end - 1].stop)
        if opens or word.capital or word.lower[0].isdigit():
            end += 1
        elif word.lower in _INSIDE_PHRASE and end > start and following is not None:
            if not (following.capital or following.lower in _DETERMINERS):
                break
            end += 1
        elif word.lower in stops or (end > start and _is_verb(word.lower, verbs)):
            break
        else:
            end += 1
    while end > start and words[end - 1].stop and not words[end - 1].capital:
        end -= 1
    if end == start or all(word.stop for word in words[start:end]):
        return None
    return question[words[start].start : words[end - 1].end]


def _is_verb(word: str, verbs: frozenset[str]) -> bool:
    return word in verbs or (len(word) > 4 and word.endswith(("ed", "ing")))


def _names(text: str) -> list[str]:
    return [value.text for value in extract(text, (ValueKind.NAME,))]


def _may_be_person(name: str) -> bool:
    words = [word.lower for word in tokens(name)]
    others = word_list("country") | word_list("not_person")
    others |= word_list("organisation", "asks") | word_list("place", "asks")
    return not any(word in others or word == "the" for word in words)


def _place(text: str) -> str | None:
    """Return the first name of a place: a known one, or one that follows ``in`` or ``at``."""
    names = extract(text, (ValueKind.NAME,))
    for value in names:
        before = tokens(text[: value.start])
        led = bool(before) and before[-1].lower in ("in", "at", "near", "is", "the")
        if value.text.lower() in word_list("country") or led:
            return value.text
    return None
