"""The English words that values are recognised by: months, numerals, units of time, titles.

Tables only. What the words do to a value is decided in ``dates``, ``numbers`` and ``names``.
"""

from types import MappingProxyType
from typing import Final


def word_list(text: str) -> list[str]:
    """Return the words of a table that is written as running text."""
    return text.split()


def word_set(text: str) -> frozenset[str]:
    """Return the words of a table as a set."""
    return frozenset(text.split())


MONTHS: Final = MappingProxyType(
    {
        name: number
        for number, names in enumerate(
            (
                "january jan",
                "february feb febr",
                "march mar",
                "april apr",
                "may",
                "june jun",
                "july jul",
                "august aug",
                "september sept sep",
                "october oct",
                "november nov",
                "december dec",
            ),
            start=1,
        )
        for name in names.split()
    }
)

WEEKDAYS: Final = MappingProxyType(
    {
        name: number
        for number, name in enumerate(
            word_list("monday tuesday wednesday thursday friday saturday sunday")
        )
    }
)

SEASONS: Final = MappingProxyType(
    {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 2)}
)
"""First and last month; a winter ends in the year after the one that it is named by."""

NUMERALS: Final = MappingProxyType(
    {
        word: number
        for number, word in enumerate(
            word_list(
                """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen
    """
            )
        )
    }
    | {
        word: 10 * number
        for number, word in enumerate(
            word_list("twenty thirty forty fifty sixty seventy eighty ninety"), start=2
        )
    }
)

MAGNITUDES: Final = MappingProxyType(
    {
        "hundred": 1e2,
        "thousand": 1e3,
        "million": 1e6,
        "billion": 1e9,
        "trillion": 1e12,
        "mn": 1e6,
        "bn": 1e9,
        "lakh": 1e5,
        "crore": 1e7,
    }
)

ORDINALS: Final = MappingProxyType(
    {
        word: number
        for number, word in enumerate(
            word_list(
                """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
    thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
    """
            ),
            start=1,
        )
    }
    | {"twenty-first": 21}
)

FRACTIONS: Final = MappingProxyType(
    {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4}
    | {"fifth": 5, "fifths": 5, "tenth": 10, "tenths": 10}
)

COLLECTIVES: Final = MappingProxyType(
    {"dozens": 12, "scores": 20, "hundreds": 100, "thousands": 1000, "millions": 1_000_000}
)
"""Plurals that give an order of magnitude and no figure."""

TIME_UNITS: Final = MappingProxyType(
    {
        "second": 1 / 86400,
        "minute": 1 / 1440,
        "hour": 1 / 24,
        "day": 1.0,
        "night": 1.0,
        "week": 7.0,
        "fortnight": 14.0,
        "month": 30.4375,
        "quarter": 91.3125,
        "year": 365.25,
        "decade": 3652.5,
        "century": 36525.0,
        "centurie": 36525.0,
    }
)
"""Length in days, keyed by the singular."""

CURRENCIES: Final = MappingProxyType(
    {
        "$": "usd",
        "us$": "usd",
        "usd": "usd",
        "dollar": "usd",
        "a$": "aud",
        "c$": "cad",
        "€": "eur",
        "eur": "eur",
        "euro": "eur",
        "£": "gbp",
        "gbp": "gbp",
        "¥": "jpy",
        "yen": "jpy",
        "₹": "inr",
        "rupee": "inr",
        "dinar": "dinar",
    }
)

APPROXIMATE: Final = word_set(
    """
    about around approximately roughly nearly almost some circa over estimated approx
    exceeding under least most than to
    """
)
"""Words right before a figure that make it a round one (the last four end a phrase)."""

APPROXIMATE_PHRASES: Final = frozenset(
    ("more than", "less than", "fewer than", "at least", "at most", "up to", "close to")
)

FUNCTION_WORDS: Final = word_set(
    """
    a an the this that these those of in on at by to for from with without within into onto
    over under about around above below between among through during before after since
    until till against across along behind beyond near off out up down and or but nor so yet
    if because as than then when where which who whom whose what why how while although
    though however therefore it its he his him she her hers they their theirs them we our
    ours us you your i me my is are was were be been being am has have had having do does
    did will would shall should can could may might must not no only also just even still
    already again there here all any both each every few many more most much other others
    another some such same own very too per via according following including
    """
)

TITLES: Final = word_set(
    """
    mr mrs ms miss dr prof professor sir dame lord lady president vice prime minister
    premier chancellor secretary general gen lieutenant lt colonel col major maj captain
    capt admiral adm brigadier brig sergeant sgt commander cmdr corporal marshal king queen
    prince princess emperor empress sultan emir sheikh shaikh ayatollah imam mullah pope
    cardinal archbishop bishop father rev reverend rabbi senator sen representative rep
    congressman congresswoman governor gov mayor ambassador judge justice attorney deputy
    spokesman spokeswoman chairman director coach adviser advisor foreign defense defence
    interior
    """
)
"""Words that stand before a person's name and are no part of it."""

LEADING_TITLES: Final = word_set("foreign defense defence interior deputy vice prime")
"""Titles only together with a further one: the Foreign Minister, not a foreign name."""

PARTICLES: Final = word_set(
    """
    al el ul as ad an ar at ash bin ibn ben bint abu abd de del della der den di da do dos
    das du la le les van von zu ter ten of y e
    """
)
"""Lower-case words that may stand inside a name."""

ARTICLES: Final = word_set("al el ul as ad an ar at ash")
"""Forms of the Arabic article, joined by a hyphen."""

GENERATIONS: Final = word_set("sr jr senior junior i ii iii iv v vi vii viii ix x")
"""What tells people of one name apart."""
