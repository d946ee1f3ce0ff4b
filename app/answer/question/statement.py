"""A yes/no question as the statement that it asks about: ``Is X in Y?`` is ``X is in Y``.

Moves the auxiliary behind the subject, or leaves out one that only asks (``did``). Where the
subject ends is read off the words' shape; a statement in slightly wrong order reads the same to a
model, so nothing more is needed.
"""

import re
from typing import Final

from app.answer.question.lexicon import words as word_list
from app.answer.question.words import tokens
from app.answer.values.words import word_set

_DETERMINERS: Final = word_set("the a an this that these those my your his her its our their any")
_PRONOUNS: Final = word_set("i you he she it we they there this that these those")
_LINKS: Final = word_set("of in at for from on with and or to")
_ONLY_ASKS: Final = word_set("do does did")
_OPENING: Final = re.compile(r"^(?:so|and|but|well|please|hello|hi|hey)\b[,\s]+", re.IGNORECASE)


def statement_of(question: str) -> str | None:
    """Return the statement, None where the question does not open with an auxiliary."""
    text = _OPENING.sub("", question.strip()).rstrip("?!. ")
    words = tokens(text)
    if len(words) < 3 or words[0].lower not in word_list("auxiliary"):
        return None
    verb = words[0]
    end = words[_length_of_subject([word.text for word in words[1:]])].end
    subject, rest = text[words[1].start : end], text[end:].strip()
    moved = "" if verb.lower in _ONLY_ASKS else f" {verb.text.lower()}"
    return f"{subject[0].upper()}{subject[1:]}{moved} {rest}."


def _length_of_subject(words: list[str]) -> int:
    """Return how many words the subject has: at least one, and one is left for the predicate."""
    most = len(words) - 1
    if words[0].lower() in _PRONOUNS:
        return 1
    place = 1
    while place < most:
        here, before, following = words[place], words[place - 1], words[place + 1]
        joins = here.lower() in _LINKS and (here.lower() == "of" or following[0].isupper())
        open_phrase = before.lower() in _LINKS or before.lower() in _DETERMINERS
        if not (here[0].isupper() or joins or open_phrase):
            break
        place += 1
    return max(1, min(place, most))
