"""What can do or suffer something: names and a few nouns, and when two of them are one."""

from app.answer.support import lexicon
from app.answer.support.reading import Word


def acts(word: Word) -> bool:
    """Tell whether a word is a name or an actor."""
    return word.name or word.key in lexicon.stems("actors")


def one(a: Word, b: Word) -> bool:
    """Tell whether two words name one actor."""
    if a.key == b.key or a.groups & b.groups:
        return True
    seats = lexicon.seats()
    return seats.get(a.lower) == b.key[1:] or seats.get(b.lower) == a.key[1:]
