"""Complete a follow-up question from the conversation, so that it can be searched on its own.

Only what leans on the conversation is touched: a pronoun without an antecedent of its own, a bare
question word, a fragment. A question with its own subject stays as it is, whatever came before.
"""

import re
from collections.abc import Sequence

from app.answer.model import Turn
from app.answer.question.analysis import analyse
from app.answer.question.antecedents import antecedent
from app.answer.question.kinds import opening
from app.answer.question.lexicon import words as word_list
from app.answer.question.orders import orders_invention, split
from app.answer.question.words import Token, tokens

_CONNECTIVE = re.compile(
    r"^(?:and|but|so|also|then|ok(?:ay)?|now|well)\b[,\s]*(?=\S)", re.IGNORECASE
)
_WHAT_ABOUT = re.compile(r"^(?:(?:and|but|so)\s+)?(?:what|how)\s+about\s+", re.IGNORECASE)
_PREPOSITIONS = frozenset(
    ["in", "at", "on", "by", "for", "from", "to", "since", "until", "before", "after", "during"]
)
_EXPLETIVE = re.compile(
    r"\b(?:does|did|will|would|do) it (?:take|rain|snow|mean)\b"
    r"|\bis it (?:true|possible|likely|ok)\b|\btime is it\b",
    re.IGNORECASE,
)
_POSSESSIVE = frozenset(["its", "their", "his", "theirs", "hers"])
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")


def standalone(text: str, history: Sequence[Turn]) -> str:
    """Return ``text`` as a question that can be understood without the conversation.

    Earlier questions are completed first, so that a chain of follow-ups keeps its subject. What
    stands before a question in the same turn is to it what an earlier turn is.
    """
    question, answer = "", ""
    before, asked = split(" ".join(text.split()))
    if before and not orders_invention(asked):
        return _after_remark(before, asked, history)
    for turn in history:
        if turn.role == "user":
            question, answer = _complete(turn.content, question, answer), ""
        else:
            answer = turn.content
    return _complete(text, question, answer)


def _after_remark(before: str, asked: str, history: Sequence[Turn]) -> str:
    """Return a question that a remark precedes, standing alone."""
    bare = _CONNECTIVE.sub("", asked)
    words = tokens(bare)
    if words and _leaning(bare, words) is not None:
        names = analyse(before).names
        return _complete(bare, f"What is {names[0]}?", before) if names else f"{before}. {asked}"
    return standalone(_capitalised(bare) if bare != asked else asked, history)


def _complete(text: str, question: str, answer: str) -> str:
    """Complete one question from the (standalone) question before it and its answer."""
    text = " ".join(text.split())
    if not question or not tokens(text):
        return text
    about = _WHAT_ABOUT.match(text)
    bare = text[about.end() :] if about else _CONNECTIVE.sub("", text)
    words = tokens(bare)
    if not words:
        return text
    leaning = _leaning(bare, words)
    if leaning is not None and not about:
        return _with_antecedent(bare, leaning, question, answer)
    if about or _is_fragment(words):
        return _grafted(bare, words, question)
    if _is_bare_question_word(words):
        return _asked_again(bare, question)
    return _capitalised(bare) if bare != text else text


def _leaning(text: str, words: Sequence[Token]) -> Token | None:
    """Return the pronoun that has nothing to stand for in the question itself."""
    if _EXPLETIVE.search(text):
        return None
    anaphors = word_list("anaphor")
    names = analyse(text).names
    for place, word in enumerate(words):
        if word.lower not in anaphors or (word.lower == "us" or (word.capital and place > 0)):
            continue
        if word.lower in ("this", "that", "these", "those") and not _stands_alone(words, place):
            continue
        if word.lower == "there" and not _is_place(words, place):
            continue
        before = text[: word.start]
        own = any(name in before for name in names) or re.search(r"\bthe \w+ (?!of\b)\w+", before)
        return None if own else word
    return None


def _stands_alone(words: Sequence[Token], place: int) -> bool:
    """Tell ``when was that`` from ``that mission`` and from ``the law that``."""
    after = words[place + 1].lower if place + 1 < len(words) else ""
    before = words[place - 1].lower if place else ""
    closes = after == "" or after in word_list("auxiliary") or after in word_list("verb")
    opens_clause = before not in word_list("stop") and place > 0
    return closes and not (opens_clause and after != "")


def _is_place(words: Sequence[Token], place: int) -> bool:
    """Tell ``who lives there`` from ``are there plans``."""
    return place == len(words) - 1 or words[place + 1].lower in ("now", "today", "still")


def _with_antecedent(text: str, pronoun: Token, question: str, answer: str) -> str:
    """Put what the pronoun stands for in its place; without one, ask beside the old question."""
    meant = antecedent(pronoun.lower, question, answer)
    if meant is None:
        return f"{_capitalised(text.rstrip(' ?'))} ({question.rstrip(' ?')})?"
    possessive = pronoun.lower in _POSSESSIVE or (
        pronoun.lower == "her" and re.match(r"\s+\w", text[pronoun.end :]) is not None
    )
    if possessive:
        meant += "'" if meant.endswith("s") else "'s"
    elif pronoun.lower == "there":
        meant = f"in {meant}"
    completed = _capitalised(text[: pronoun.start] + meant + text[pronoun.end :])
    closing = tokens(completed)[-1]
    if closing.lower == "there" and pronoun.lower != "there":
        return _with_antecedent(completed, closing, question, answer)
    return completed


def _is_bare_question_word(words: Sequence[Token]) -> bool:
    """``Why?``, ``Since when?``, ``How many?``."""
    place = opening(words)
    return (
        place is not None
        and len(words) <= 3
        and not any(word.lower not in word_list("measure") and not word.stop for word in words)
        and not any(word.lower in word_list("auxiliary") for word in words)
    )


def _asked_again(text: str, question: str) -> str:
    """Ask the old question with the new question word: ``Why?`` → ``Why does … end?``."""
    words = tokens(question)
    place = opening(words)
    asks = _capitalised(text.rstrip(" ?"))
    if place is None:
        return f"{asks}: {question}"
    auxiliaries = word_list("auxiliary")
    following = next(
        (n for n in range(place + 1, min(place + 6, len(words))) if words[n].lower in auxiliaries),
        None,
    )
    if following is None:
        return f"{asks}: {question}"
    return f"{asks} {question[words[following].start :]}"


def _is_fragment(words: Sequence[Token]) -> bool:
    """``In Syria?``, ``2026?``, ``The second phase?``: no question word, no verb, few words."""
    if len(words) > 5 or opening(words) is not None:
        return False
    if words[0].lower in word_list("order") or words[0].lower in word_list("auxiliary"):
        return False
    verbs = word_list("verb") | word_list("auxiliary")
    return not any(word.lower in verbs for word in words)


def _grafted(fragment: str, words: Sequence[Token], question: str) -> str:
    """Put a fragment where the old question has its like: a year, a place, a phrase with ``in``."""
    piece = fragment.rstrip(" ?.!")
    stem = question.rstrip(" ?.!")
    year = _YEAR.search(piece)
    if year and _YEAR.search(stem):
        return _YEAR.sub(year.group(), stem, count=1) + "?"
    places = word_list("country")
    new = next((word for word in words if word.lower in places), None)
    olds = [word for word in tokens(stem) if word.lower in places]
    if new is not None and len(olds) == 1:
        return stem[: olds[0].start] + new.text + stem[olds[0].end :] + "?"
    if words[0].lower in _PREPOSITIONS:
        return f"{stem} {piece[0].lower()}{piece[1:]}?"
    return f"{stem} {'in ' if year or new is not None else 'for '}{piece}?"


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
