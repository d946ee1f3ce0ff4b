"""When two names are one: spelling variants and aliases, only where that is safe.

Letters are folded only as transliteration varies them, so that Iran and Iraq, or Hasan and Hussein,
stay apart; what differs by more is in a small table. People keep their given names.
"""

from functools import lru_cache
from types import MappingProxyType
from typing import Final

from app.answer.values.names import generation, name_key
from app.answer.values.words import ARTICLES, FUNCTION_WORDS, TITLES, word_set

_ALIASES: Final = MappingProxyType(
    {
        alias: group[0]
        for group in (
            (
                "islamic state",
                "is",
                "isis",
                "isil",
                "daesh",
                "daish",
                "islamic state group",
                "islamic state in iraq and syria",
                "islamic state of iraq and syria",
                "islamic state in iraq and the levant",
                "islamic state of iraq and the levant",
            ),
            ("united states", "us", "usa", "united states of america", "america"),
            ("united kingdom", "uk", "great britain", "britain"),
            ("united nations", "un", "uno"),
            ("european union", "eu"),
            ("united arab emirates", "uae", "emirates"),
            ("soviet union", "ussr"),
            ("turkey", "turkiye"),
            ("erbil", "irbil", "arbil", "hewler"),
            ("kyiv", "kiev"),
            ("czech republic", "czechia"),
            ("myanmar", "burma"),
            ("ivory coast", "cote divoire"),
            ("russia", "russian federation"),
            ("china", "prc", "peoples republic of china"),
            ("mosul", "mawsil"),
            ("popular mobilization forces", "pmf", "pmu", "popular mobilization units", "hashd"),
            ("islamic revolutionary guard corps", "irgc", "islamic revolution guards corps"),
            ("hezbollah", "hizbullah", "hizballah", "hizbollah", "hezballah"),
            ("kurdistan region", "kurdistan region of iraq", "iraqi kurdistan"),
            ("new york city", "nyc"),
            ("football", "association football", "soccer"),
        )
        for alias in group
    }
)

_WORD_VARIANTS: Final = MappingProxyType(
    {
        variant: group.split()[0]
        for group in (
            "muhammad mohammed mohammad muhammed mohamed mohamad muhamad mohamud",
            "hussein hussain husain husayn husein hossein hosein",
            "ahmad ahmed achmed",
            "omar umar",
            "osama usama",
            "yusuf yousef youssef yousuf yosef yusef",
            "khalid khaled",
            "salih saleh",
            "abdullah abdallah abdulla",
            "mustafa mostafa moustafa mustapha",
            "qasim qassem qasem kassem kasim qassim kasem",
            "soleimani suleimani sulaimani solaimani sulaymani",
            "gaddafi qaddafi gadhafi kadhafi qadhafi gadafi",
            "houthi huthi houthis huthis",
            "nouri nuri",
            "haider haidar haydar hayder",
            "shia shiaa shiya",
            "sheikh shaikh shaykh",
            "ain ayn",
            "asad assad",
            "jafar jaafar",
            "ibrahim ebrahim",
            "hadi hady",
            "korda kordas",
        )
        for variant in group.split()
    }
)

_PLACE_WORDS: Final = word_set(
    """
    new north south east west northern southern eastern western central great greater upper
    lower saint st san santa los las el fort ft mount mt lake port cape united republic
    democratic equatorial inner outer old little bank university college council ministry
    department party school house company corporation inc ltd group force forces army navy
    air base airport province county city town district state states street river island
    islands station church club league union federation association committee court hospital
    museum park agency news times post television radio war battle treaty agreement act
    """
)
_DIGRAPHS: Final = (("ou", "u"), ("oo", "u"), ("ee", "i"), ("ey", "ai"), ("ei", "ai"), ("ay", "ai"))


def same_name(a: str, b: str) -> bool:
    """Tell whether two names are surely one: a variant spelling, an alias, a family name alone."""
    if a == b:
        return True
    return _same(*sorted((a, b)))


def has_alias(name: str) -> bool:
    """Tell whether a name is one of those that go by quite another name as well."""
    return name_key(name) in _ALIASES


@lru_cache(maxsize=4096)
def _same(a: str, b: str) -> bool:
    first, second = _canonical(a), _canonical(b)
    if not first or not second:
        return False
    if first == second or _initials(a, second) or _initials(b, first):
        return True
    if generation(first) != generation(second):
        return False
    first, second = _people(first), _people(second)
    if len(first) > len(second):
        first, second = second, first
    if len(first) == len(second) == 1:
        return _variant(first[0], second[0])
    if len(first) == 1:
        return _is_person(second) and len(first[0]) > 2 and _variant(first[0], second[-1])
    if len(first) == len(second) and all(map(_variant, first, second)):
        return True
    if not (_is_person(first) and _is_person(second) and _variant(first[-1], second[-1])):
        return False
    return _given(first[:-1], second[:-1])


@lru_cache(maxsize=4096)
def _canonical(name: str) -> tuple[str, ...]:
    """Return the folded words: alias resolved, titles and Arabic articles dropped."""
    key = name_key(name)
    alias = _ALIASES.get(key)
    if alias is not None and (key != "is" or name.isupper()) and (key != "us" or name[:1] == "U"):
        return tuple(alias.split())
    words = key.split()
    while len(words) > 1 and words[0] in TITLES:
        words = words[1:]
    alias = _ALIASES.get(" ".join(words))
    if alias is not None and len(words) > 1:
        return tuple(alias.split())
    kept = [word for word in words if word not in ARTICLES]
    return tuple(kept or words)


def _people(words: tuple[str, ...]) -> tuple[str, ...]:
    return words[:-1] if generation(words) else words


def _variant(a: str, b: str) -> bool:
    """Tell whether two words are one up to transliteration."""
    if a == b:
        return True
    if _WORD_VARIANTS.get(a, a) == _WORD_VARIANTS.get(b, b):
        return True
    if min(len(a), len(b)) < 4 or a[0] != b[0] or abs(len(a) - len(b)) > 2:
        return False
    return _skeleton(a) == _skeleton(b)


@lru_cache(maxsize=4096)
def _skeleton(word: str) -> str:
    for pair, single in _DIGRAPHS:
        word = word.replace(pair, single)
    inner = word[:-1].replace("y", "i") + word[-1]
    return "".join(c for i, c in enumerate(inner) if i == 0 or c != inner[i - 1])


def _is_person(words: tuple[str, ...]) -> bool:
    """Whether words can be a person's name, so that the last one may stand for it."""
    if not 2 <= len(words) <= 5:
        return False
    return not any(
        word in _PLACE_WORDS or word in FUNCTION_WORDS or word.isdigit() for word in words
    )


def _given(shorter: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    """Compare given names: the first must agree (or its initial); further ones may be missing."""
    if not _given_word(shorter[0], longer[0]):
        return False
    return all(map(_given_word, shorter[1:], longer[1:]))


def _given_word(a: str, b: str) -> bool:
    if len(a) == 1 or len(b) == 1:
        return a[0] == b[0]
    return _variant(a, b)


def _initials(acronym: str, words: tuple[str, ...]) -> bool:
    """Tell whether an acronym of three letters or more is made of the words' initials."""
    letters = acronym.replace(".", "")
    if not (3 <= len(letters) <= 8 and letters.isupper() and letters.isalpha()) or len(words) < 3:
        return False
    initials = "".join(word[0] for word in words if word not in FUNCTION_WORDS)
    return initials == letters.lower() or "".join(word[0] for word in words) == letters.lower()
