"""Which eight-bit encoding a text in a Latin script is in.

Frequency-based detectors often take French or English in cp1252 for cp1250, which changes letters
unseen. The letters that languages have tell the two apart better.
"""

_WESTERN = tuple(
    frozenset(letters)
    for letters in (
        "àâæçéèêëîïôœùûüÿ",  # French
        "äöüß",  # German
        "áéíóúñüïàòèç¿¡ªº",  # Spanish, Catalan
        "áâãàçéêíóôõúüªº",  # Portuguese
        "àèéìíîòóùú",  # Italian
        "åäöæøéèüšž",  # Nordic languages, Estonian
        "áéíóúýþæöð",  # Icelandic
        "äëïöüéèêáóúíî",  # Dutch, Irish
    )
)
_OTHERS = {
    "cp1250": (
        "ąćęłńóśźż",  # Polish
        "áčďéěíňóřšťúůýž",  # Czech
        "áäčďéíĺľňóôŕšťúýž",  # Slovak
        "áéíóöőúüű",  # Hungarian
        "ćčđšž",  # Croatian, Slovene
        "ăâîşţ",  # Romanian
    ),
    "iso8859_2": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ćčđšž"),
    "cp1254": ("çğ\u0131öşüâîi\u0307",),  # Turkish
}
# Marks that say nothing, and powers, which stand after units in English as well.
_NEUTRAL = frozenset("\xa0«»£°§©®·²³•…€™").union(
    "\u201c\u201d\u2018\u2019\u201a\u201e\u2013\u2014\u2039\u203a"
)
_FITS = 0.95
_MIN_STRANGE = 2  # one may be a foreign name


def latin_encoding(sample: bytes) -> str:
    """Return the encoding of a text mostly in ASCII: cp1252 unless its letters speak against it."""
    if _strange(sample, "cp1252", _WESTERN) < _MIN_STRANGE:
        return "cp1252"
    for encoding, alphabets in _OTHERS.items():
        if _strange(sample, encoding, tuple(map(frozenset, alphabets))) == 0:
            return encoding
    return "cp1252"


def _strange(sample: bytes, encoding: str, alphabets: tuple[frozenset[str], ...]) -> int:
    """Count the letters outside the best fitting alphabet; 0 where nearly all of them fit."""
    high = sample.translate(None, bytes(range(0x80))).decode(encoding, "replace").lower()
    telling = [c for c in high if c not in _NEUTRAL]
    strange = min(sum(c not in letters for c in telling) for letters in alphabets)
    return 0 if strange <= len(telling) * (1 - _FITS) else strange
