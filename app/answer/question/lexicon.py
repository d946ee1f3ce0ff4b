"""The closed word lists of English, read once from ``lexicon.toml`` when first asked for."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("app.answer.question") / "lexicon.toml").read_text("utf-8"))


@cache
def words(name: str, table: str = "words") -> frozenset[str]:
    """Return one list of ``lexicon.toml`` as a set of lower-case words."""
    return frozenset(_tables()[table][name].split())


@cache
def slips() -> dict[str, str]:
    """Return the commonest misspellings of the question words, each with the word meant."""
    table = _tables()["slips"]
    return {slip: word for word, slips in table.items() for slip in slips.split()}


@cache
def irregular() -> dict[str, str]:
    """Return the irregular forms, each with the base that it inflects."""
    table = _tables()["irregular"]
    return {form: base for base, forms in table.items() for form in forms.split()}


@cache
def frequency_ranks() -> dict[str, int]:
    """Return the twenty thousand commonest words with their place, 0 the commonest.

    The order is that of the bundled encoder's vocabulary, which is by falling frequency.
    """
    text = (files("app.answer.question") / "frequent.txt").read_text("utf-8")
    return {word: rank for rank, word in enumerate(text.split())}
