"""The line in which an article says who published it, where and when.

Recognises a few unmistakable forms at the very top of a text and reads from them only what they
state. Knows nothing of documents or files.
"""

import datetime as dt
import re
from dataclasses import dataclass

_OUTLET_WORDS = (
    "agency|broadcasting|bulletin|chronicle|courier|daily|gazette|globe|herald|journal|magazine|"
    "media|monitor|newspaper|newswire|news|observer|post|press|radio|reporter|standard|telegraph|"
    "times|tribune|tv|weekly"
)
_OUTLET = re.compile(rf"(?:\b(?:{_OUTLET_WORDS})\b|[A-Z]NEWS\b)", re.IGNORECASE)
_AGENCIES = re.compile(
    r"(?:AA|AFP|AKI|ANI|ANSA|APA?|BBC|BERNAMA|CNN|DPA|DW|EFE|INA|INTERFAX|IRNA|KUNA|MENA|NPR|PTI|"
    r"QNA|REUTERS|RFI|SANA|SPA|TASS|TRT|UPI|VOA|WAM|XINHUA)",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# "date 2024-09-27 Example News/ The ...", with or without the date.
_SLASH = re.compile(
    r"(?:(?:date:?\s+)?(?P<date>\d{4}-\d{2}-\d{2})\s+)?(?P<name>[^\W\d_][^/\n.,:;]{1,40}?)\s?/\s+"
)
# "EXAMPLENEWS: The ..."
_COLON = re.compile(r"(?P<name>[A-Z][A-Z0-9&. -]{1,38}[A-Z0-9]):\s+")
# "BAGHDAD, Sept. 29, 2025 (Example News) - The ..."
_PLACE = re.compile(
    r"[^\W\d_][^\n()/:.;!?]{0,40}(?P<date>(?:,\s|\s)[^\W\d_]{3,9}\.?\s\d{1,2}(?:,\s\d{4})?)?\s?"
    r"(?:\((?P<name>[^()\n]{2,40})\))?,?\s?(?:--|[-\u2013\u2014])\s+"
)
_STATED = re.compile(
    r"(?:date|published|published on|publication date)\s?:?\s+(?P<date>\d{4}-\d{2}-\d{2})\.?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """What a dateline states; ``end`` is the offset after it and the blanks that follow it."""

    end: int
    source: str | None = None
    published_at: dt.date | None = None


def dateline(line: str) -> Dateline | None:
    """Return the dateline that ``line`` opens with, or None.

    Only an outlet's name counts as a source (a known agency, or a name with a word such as *news*
    or *times*), and only a full date as a date.
    """
    if match := _STATED.fullmatch(line.strip()):
        stated = _iso(match["date"])
        return Dateline(len(line), published_at=stated) if stated else None
    if (match := _SLASH.match(line)) and _is_outlet(match["name"]):
        return Dateline(match.end(), match["name"].strip(), _iso(match["date"]))
    if (match := _COLON.match(line)) and _is_outlet(match["name"]):
        return Dateline(match.end(), match["name"].strip())
    if (match := _PLACE.match(line)) and _is_place_line(match):
        name = match["name"] if match["name"] and _is_outlet(match["name"]) else None
        return Dateline(match.end(), name, _written(match["date"]))
    return None


def _is_outlet(name: str) -> bool:
    name = name.strip()
    return bool(_AGENCIES.fullmatch(name) or (name[:1].isupper() and _OUTLET.search(name)))


def _is_place_line(match: re.Match[str]) -> bool:
    """Tell a place line from a sentence with a dash: capitals, or an agency in brackets."""
    place = match.group().split("(")[0].split(",")[0].rstrip(" -\u2013\u2014")
    named = match["name"] is not None and _is_outlet(match["name"])
    return len(place.split()) <= 4 and (named or (place.isupper() and len(place) > 3))


def _iso(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _written(text: str | None) -> dt.date | None:
    """Read ``, Sept. 29, 2025``; a date without its year states nothing."""
    match = re.fullmatch(r",?\s*([^\W\d_]+)\.?\s(\d{1,2}),\s(\d{4})", text or "")
    if not match or match[1][:3].lower() not in _MONTHS:
        return None
    try:
        return dt.date(int(match[3]), _MONTHS.index(match[1][:3].lower()) + 1, int(match[2]))
    except ValueError:
        return None
