"""What a question says was done: its main verb, as far as closed lists and word order tell.

Reads the question's words only. Where it is unsure it names no verb: a rule built on it then rests.
"""

from collections.abc import Sequence
from functools import cache, lru_cache

from app.answer.question.kinds import is_bare_type, opening
from app.answer.question.lexicon import irregular
from app.answer.question.lexicon import words as word_list
from app.answer.question.words import Token, tokens

_BE = frozenset(["is", "are", "was", "were", "be", "been", "being", "am"])
_HAVE = frozenset(["has", "have", "had"])


@lru_cache(maxsize=256)
def main_verb(text: str) -> Token | None:
    """Return the verb whose time, place, number or doer is asked for; None where it says little.

    ``When was the bridge built`` → built; ``How many were killed in May`` → killed; ``Who runs the
    camp`` → runs; nothing for ``Who is the mayor`` or ``What did it do``.
    """
    words = tokens(text)
    asks = opening(words)
    if asks is None:
        return None
    clause = words[asks + 1 :]
    verb = _counted(words, asks) or _verb(clause)
    if verb is None or _light(verb):
        return None
    return verb


def undergoer(text: str, verb: Token) -> Token | None:
    """Return the noun right before a passive verb: the constitution, ``was … adopted``."""
    before = [word for word in tokens(text) if word.end <= verb.start]
    passive = any(word.lower in _BE for word in before)
    return before[-1] if passive and not before[-1].stop else None


def scene(text: str) -> frozenset[str]:
    """Return the words of the clause that only says under which circumstances.

    ``Where do they go after they leave the capital`` asks where they go.
    """
    words = tokens(text)
    asks = opening(words)
    if asks is None or (asks > 0 and words[0].lower in word_list("scene")):
        return frozenset() if asks is None else frozenset(w.lower for w in words[1:asks])
    for place, word in enumerate(words):
        if place > asks + 2 and word.lower in word_list("scene"):
            following = words[place + 1 :]
            if any(
                w.lower in word_list("auxiliary") or _base(w) or _participle(w) for w in following
            ):
                return frozenset(w.lower for w in following) - {w.lower for w in words[:place]}
    return frozenset()


def _counted(words: Sequence[Token], asks: int) -> Token | None:
    """Return the verb right behind what is counted: ``how many people live in``."""
    counts = [place for place in (asks, asks + 1) if words[place : place + 1]]
    many = next((place for place in counts if words[place].lower in ("many", "much")), None)
    if many is None:
        return None
    for word in words[many + 2 : many + 4]:
        if word.lower in word_list("auxiliary") or word.lower in word_list("boundary"):
            return None
        if _base(word) and not word.capital:
            return word
    return None


def _verb(clause: Sequence[Token]) -> Token | None:
    if not clause:
        return None
    for place, word in enumerate(clause):
        if word.lower in word_list("auxiliary"):
            return _after_auxiliary(word.lower, clause[place + 1 :])
        if place > 4:
            return None
        if place == 0 and (_finite(word) or _third(clause)) and not _noun(clause[1:2]):
            return word
    return None


def _third(clause: Sequence[Token]) -> bool:
    """Whether a clause opens with a verb by its ending and its object: ``chairs the board``."""
    word, following = clause[0], clause[1:2]
    opens = bool(following) and (following[0].lower in ("the", "a", "an") or following[0].capital)
    return opens and word.lower.endswith("s") and not (word.capital or word.stop)


def _finite(word: Token) -> bool:
    """Whether a word right behind ``who`` or ``what`` is its verb."""
    return not word.capital and not word.stop and (_base(word) or _participle(word))


def _after_auxiliary(auxiliary: str, rest: Sequence[Token]) -> Token | None:
    does = auxiliary not in _BE and auxiliary not in _HAVE
    for place, word in enumerate(rest):
        if place and word.lower in word_list("boundary"):
            return None
        if word.stop or word.capital or is_bare_type(word.lower):
            continue
        if does:
            if place and _base(word) and not _attribute(word, rest[place + 1 : place + 2]):
                return word
        elif (
            _participle(word)
            and not (place and rest[place - 1].lower in ("the", "a", "an"))
            and not _attribute(word, rest[place + 1 : place + 2])
        ):
            return word
    if does:
        last = [word for word in rest if not word.stop]
        return last[-1] if last and last[-1] is rest[-1] and not last[-1].capital else None
    return None


def _noun(following: Sequence[Token]) -> bool:
    """Whether what follows makes the word before it a noun: ``what rules do``, ``plans of``."""
    return bool(following) and (
        following[0].lower in word_list("auxiliary") or following[0].lower in ("of", "for")
    )


def _attribute(word: Token, following: Sequence[Token]) -> bool:
    """Whether a word stands before a noun that it belongs to: ``the armed forces have``."""
    return bool(following) and not following[0].stop and following[0].lower in word_list("noun")


def _base(word: Token) -> bool:
    return word.stem in _verb_stems()


def _participle(word: Token) -> bool:
    lower = word.lower
    inflected = lower.endswith(("ed", "ing")) and len(lower) > 4
    return inflected or (lower in irregular() and word.stem in _verb_stems())


@cache
def _verb_stems() -> frozenset[str]:
    return frozenset(token.stem for verb in word_list("verb") for token in tokens(verb))


def _light(verb: Token) -> bool:
    return verb.stem in _light_stems()


@cache
def _light_stems() -> frozenset[str]:
    return frozenset(token.stem for verb in word_list("light") for token in tokens(verb))
