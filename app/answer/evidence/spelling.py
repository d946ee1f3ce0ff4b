"""Words of a question that the passages spell another way: a slip, or a transliteration.

Knows words only. Common English words are left alone: ``form`` is no slip of ``from``.
"""

from collections.abc import Mapping, Sequence

from app.answer.question.words import Token, known
from app.answer.values import same_name


def closest(asked: Token, vocabulary: Mapping[str, Token], *, proper: bool) -> Token:
    """Return the token of ``vocabulary`` that ``asked`` is another spelling of, else ``asked``.

    A name may be transliterated otherwise. A word that English lacks may be a slip: one edit is
    allowed from five letters on, two from nine, and a name must keep its first letter.
    """
    if proper:
        for other in vocabulary.values():
            if other.capital and same_name(asked.text.title(), other.text):
                return other
    word = asked.lower
    if len(word) < 5 or not word.isalpha() or known(word):
        return asked
    allowed = 1 if len(word) < 9 else 2
    sound = _sound(word)
    best: tuple[int, int] | None = None
    meant = asked
    for lower, other in vocabulary.items():
        if other.stop or len(lower) < 4 or (proper and lower[0] != word[0]):
            continue
        apart = distance(sound, _sound(lower), allowed)
        nearness = (apart, abs(len(lower) - len(word)))
        if apart <= allowed and (best is None or nearness < best):
            best, meant = nearness, other
    return meant


def written_out(short: Token, texts: Sequence[Sequence[Token]]) -> Token | None:
    """Return the first word of the name that ``short`` abbreviates: United, for the U.N."""
    letters = short.text.replace(".", "")
    if not (letters.isupper() and 2 <= len(letters) <= 5):
        return None
    for text in texts:
        for place in range(len(text) - len(letters) + 1):
            run = text[place : place + len(letters)]
            if all(token.text[0] == letter for token, letter in zip(run, letters, strict=True)):
                return run[0]
    return None


def _sound(word: str) -> str:
    """Write what sounds alike alike, and doubled letters once."""
    plain = word.replace("ph", "f").replace("ck", "k")
    return "".join(c for place, c in enumerate(plain) if place == 0 or plain[place - 1] != c)


def distance(a: str, b: str, limit: int) -> int:
    """Return the edits (insert, delete, replace, swap of neighbours) from ``a`` to ``b``.

    Counting stops above ``limit``: optimal string alignment, row by row.
    """
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    two_back: list[int] = []
    back = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(back[j] + 1, row[j - 1] + 1, back[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, two_back[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        two_back, back = back, row
    return back[-1]
