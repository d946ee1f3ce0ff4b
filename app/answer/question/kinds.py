"""Which sort of answer a question asks for, and the words that name it.

Reads the question's words only: its question word, the noun that follows it, or the order given.
Knows nothing of passages.
"""

from collections.abc import Sequence

from app.answer.question.lexicon import slips
from app.answer.question.lexicon import words as word_list
from app.answer.question.model import AnswerKind
from app.answer.question.words import Token

_KINDS_WITH_NOUNS = (
    AnswerKind.DATE,
    AnswerKind.DURATION,
    AnswerKind.NUMBER,
    AnswerKind.PERSON,
    AnswerKind.PLACE,
    AnswerKind.ORGANISATION,
)


def opening(words: Sequence[Token]) -> int | None:
    """Return the place of the word that asks, or None when no word does.

    A clause before a comma ("When the coalition leaves, who …") only sets the scene, so a later
    question word wins over a leading ``when`` or ``where`` that no auxiliary follows.
    """
    places = [
        place for place, word in enumerate(words) if _asking(word.lower) in word_list("question")
    ]
    if not places:
        return None
    first = places[0]
    if len(places) > 1 and words[first].lower in ("when", "where", "while") and first == 0:
        follower = words[1].lower if len(words) > 1 else ""
        if follower not in word_list("auxiliary"):
            return places[1]
    return first


def _asking(word: str) -> str:
    """Mend the commonest slips of the question words: ``wen``, ``whne``, ``wher``."""
    return slips().get(word, word)


def kind_of(words: Sequence[Token]) -> AnswerKind:
    """Tell the sort of answer that the question's words ask for."""
    place = opening(words)
    if place is None:
        return _kind_without_question_word(words)
    asking = _asking(words[place].lower)
    after = [word.lower for word in words[place + 1 :]]
    if asking == "when":
        return AnswerKind.DATE
    if asking == "where":
        return AnswerKind.PLACE
    if asking == "why":
        return AnswerKind.REASON
    if asking in ("who", "whom", "whose"):
        return _kind_of_who(words[place + 1 :])
    if asking == "how":
        return _kind_of_how(after)
    return _kind_of_what(asking, words, place)


def _kind_of_who(after: Sequence[Token]) -> AnswerKind:
    """``Who led X`` wants a person, ``Who is Hussein Allawi`` what there is to say of one."""
    rest = [
        word for word in after if word.lower not in word_list("auxiliary") and word.lower != "the"
    ]
    copula = bool(after) and after[0].lower in ("is", "was", "are", "were")
    if copula and rest and len(rest) <= 4 and all(word.capital for word in rest):
        return AnswerKind.DESCRIPTION
    return AnswerKind.PERSON


def _kind_of_how(after: Sequence[str]) -> AnswerKind:
    first = after[0] if after else ""
    if first == "long":
        return AnswerKind.DATE if after[1:2] == ["ago"] else AnswerKind.DURATION
    if (
        first in ("many", "few", "mny", "mnay")
        and after[1:2]
        and after[1] in word_list("time_unit")
    ):
        return AnswerKind.DURATION
    if first in word_list("measure"):
        return AnswerKind.NUMBER
    return AnswerKind.MANNER


def _kind_of_what(asking: str, words: Sequence[Token], place: int) -> AnswerKind:
    after = words[place + 1 :]
    if [word.lower for word in after[-1:]] == ["for"] or _has(after, "reason", "cause", "purpose"):
        return AnswerKind.REASON
    if after and after[0].lower in ("happened", "caused"):
        return AnswerKind.REASON if after[0].lower == "caused" else AnswerKind.DESCRIPTION
    head = _head(after)
    if head in ("name", "names") and _of_person(after):
        return AnswerKind.PERSON
    kind = _kind_of_noun(head)
    if kind is not None:
        return kind
    if head == "name" or head == "names":
        return AnswerKind.NAME
    if after and after[-1].lower in ("called", "named"):
        return AnswerKind.NAME
    if asking == "which" and head and after[0].lower not in word_list("auxiliary"):
        return AnswerKind.NAME
    return AnswerKind.DESCRIPTION


def _of_person(after: Sequence[Token]) -> bool:
    """Tell whether the name asked for is an office's or a person's: ``the name of the mayor``."""
    lowers = [word.lower for word in after]
    owner = lowers[lowers.index("of") + 1 :][:4] if "of" in lowers else []
    people = word_list("role") | word_list("person", "asks")
    return any(word in people for word in owner)


def _kind_without_question_word(words: Sequence[Token]) -> AnswerKind:
    lowers = [word.lower for word in words]
    if lowers and lowers[0] in word_list("auxiliary"):
        return AnswerKind.YES_NO
    if lowers and lowers[0] in word_list("order"):
        lowers = [word for word in lowers[1:] if word not in ("me", "us", "the", "all", "a")]
        if "about" in lowers[:1]:
            return AnswerKind.DESCRIPTION
        kind = _kind_of_noun(_noun_phrase_head(lowers))
        return kind or (
            AnswerKind.NAME if words[0].lower in ("name", "list") else AnswerKind.DESCRIPTION
        )
    for place, word in enumerate(lowers[:-1]):
        if lowers[place + 1] in ("of", "for") and (kind := _kind_of_noun(word)):
            return kind
    return _kind_of_noun(lowers[0]) or AnswerKind.DESCRIPTION if lowers else AnswerKind.DESCRIPTION


def focus_of(words: Sequence[Token]) -> tuple[str, ...]:
    """Return the lower-case words that name what is asked for.

    ``How many partner states does it have`` → partner, states; ``What is the capital of X`` →
    capital; ``Name the two bases`` → bases; nothing for when, where, why and a bare who.
    """
    place = opening(words)
    if place is None:
        if words and words[0].lower in word_list("order"):
            return _phrase(words[1:])
        return ()
    asking = _asking(words[place].lower)
    after = words[place + 1 :]
    copula = bool(after) and after[0].lower in ("is", "was", "are", "were")
    if asking in ("when", "where", "why") or (asking in ("who", "whom") and not copula):
        return ()
    if asking == "how":
        return _phrase(after[1:]) if after and after[0].lower in word_list("measure") else ()
    return _phrase(after)


def _phrase(after: Sequence[Token]) -> tuple[str, ...]:
    """Read the noun phrase at the head of ``after``, past a copula and an article."""
    at = 0
    skipped = {"the", "a", "an", "me", "us", "all", "of", "some", "any", "its", "their", "his", "s"}
    if at < len(after) and after[at].lower in ("is", "are", "was", "were"):
        at += 1
    elif at < len(after) and after[at].lower in word_list("auxiliary"):
        return ()
    while at < len(after) and after[at].lower in skipped:
        at += 1
    phrase: list[str] = []
    for place, word in enumerate(after[at : at + 4], at):
        if word.stop or word.lower in word_list("auxiliary"):
            names = phrase and is_bare_type(phrase[-1]) and word.lower == "of"
            return _phrase(after[place + 1 :]) or tuple(phrase) if names else tuple(phrase)
        phrase.append(word.lower)
        if _kind_of_noun(word.lower) is not None and not is_bare_type(word.lower):
            break
    return tuple(phrase)


def _head(after: Sequence[Token]) -> str:
    """Return the last noun of the phrase asked for: ``what military base was`` → base."""
    return _noun_phrase_head([word.lower for word in after])


def _noun_phrase_head(lowers: Sequence[str]) -> str:
    at = 0
    while at < len(lowers) and lowers[at] in ("is", "are", "was", "were", "the", "a", "an", "me"):
        at += 1
    head = ""
    for word in lowers[at : at + 4]:
        if word in word_list("stop") or word in word_list("auxiliary"):
            break
        if _kind_of_noun(word) is not None:
            return word
        head = head if head and at else word
    return head


def _kind_of_noun(noun: str) -> AnswerKind | None:
    kinds = (kind for kind in _KINDS_WITH_NOUNS if noun in word_list(kind.value, "asks"))
    return next(kinds, None)


def _has(words: Sequence[Token], *wanted: str) -> bool:
    return any(word.lower in wanted for word in words[:4])


def is_bare_type(word: str) -> bool:
    """Tell whether a word only names a sort of answer, so that evidence need not repeat it."""
    return word in word_list("bare_type")
