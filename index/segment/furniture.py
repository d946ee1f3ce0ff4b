"""Lines that are part of the page and not of what it says: titles, bylines, captions, notices.

Judges one line or paragraph by its form alone. Knows nothing of offsets or passages. The patterns
are anchored at the start of a line and bounded, so that none of them can run away.
"""

import re

from index.segment.pageparts import PAGE_PART

_MAX_TITLE_CHARACTERS = 120
_MAX_TITLE_WORDS = 18
_SENTENCE_MARKS = frozenset(".!?\u2026,;\u061f\u06d4\u061b\u060c\u0964\u3002\uff01\uff1f")
_NOTE = re.compile(r"(?<=[.!?])\s*[\[(][^\[\]()]{1,40}[\])]$")  # "It ended. (Reuters)"
_CLOSERS = "\"'\u201d\u2019\u00bb)]*_ "

_BYLINE = re.compile(
    r"(?:by|written by|reporting by|reported by|edited by|editing by|story by|photos? by|"
    r"compiled by|translated by|posted by|published by|author)\s?:?\s+(?-i:[A-Z])",
    re.IGNORECASE,
)
_LINKING = frozenset(
    ("and", "for", "in", "of", "at", "with", "the", "de", "der", "la", "van", "von")
)
_CAPTION = re.compile(
    r"(?:(?:file |stock |ap )?(?:photo|image|picture|photograph|illustration|video|graphic)s?"
    r"(?: credits?)?|caption|credits?|photo by|source of image)\s?[:|/\u2014]|"
    r"(?:photo|image|picture|photograph|graphic)s? (?:by|courtesy(?: of)?) (?-i:[A-Z])|"
    r"image (?:source|caption|credit),\s|"
    r"(?-i:FILE)\s?[-\u2013\u2014:]\s|"
    r"(?:figure|fig\.|table|chart|map)\s\d{1,3}[.:]\s|"
    r"!\[[^\]\n]{0,300}\]\([^)\n]{0,500}\)\s*$",
    re.IGNORECASE,
)
_PICTURES = r"(?i:getty images|getty|shutterstock|alamy|istock|unsplash|wikimedia commons)"
_AGENCY = r"(?:AFP|AP|AP Photo|Reuters|EPA|EPA-EFE|Anadolu|Xinhua|dpa|TASS|Bloomberg|NurPhoto)"
_VIA = r"(?: via \w+(?: \w+)?)?[\])]?$"
_CREDIT = re.compile(
    # "[File: Ann Berg/AFP]", "(AP Photo/Ann Berg)", "(Photo by Ann Berg)", "(Reuters photo)".
    r"[\[(](?i:(?:\w+ )?(?:file|photo|photograph|image|picture)s?(?: credit)?)"
    r"(?:\s?[:/|]|(?i: by | via | courtesy )|[\])])[^\[\]()\n]{0,80}[\])]?\.?$|"
    # "Ann Berg/Getty Images", "AFP via Getty Images"
    rf"(?:[/|]\s?|(?i:via )|\u00a9 ?|^){_PICTURES}[\])]?\.?$|"
    # "Ann Berg/AFP"
    rf"\b[A-Z][\w'\u2019-]+ ?/ ?{_AGENCY}{_VIA}"
)
_CREDIT_WORDS = 60
_NOTICE = re.compile(
    r"comments? (?:you share|policy|posted|are (?:moderated|closed|subject))|"
    r"(?:please )?(?:read|see|review) our (?:comment|community|privacy|cookie)|"
    r"by (?:continuing|clicking|using|browsing|signing up|subscribing)\b[^.]{0,80}?"
    r"\b(?:you|our|this (?:web)?site)\b|"
    r"(?:please )?(?:subscribe|sign up|log in|register) (?:to|for|now|here|today)\b|"
    r"(?:follow|like|join) us on |"
    r"(?:copyright )?\u00a9|copyright (?:\d{4}|notice)|"
    r"click here to ",
    re.IGNORECASE,
)
_NOTICE_WORDS = 90
_PAGE_PART_WORDS = 50
# "Traffic ............ 3", "Traffic . . . . iv"
_CONTENTS = re.compile(
    r"\S[^\n]{0,300}?(?:(?:\.[ \t]?){4,}|(?:\u2026[ \t]?){2,}|(?:\u00b7[ \t]?){4,}|_{4,})"
    r"[ \t]*(?:\d{1,5}|[ivxlcdm]{1,7}|[A-Z]{1,2}-?\d{1,4})\.?$",
    re.IGNORECASE,
)
_LEADERS = ("...", ". .", "\u2026", "\u00b7\u00b7", "\u00b7 \u00b7", "__")
_MOST_CONTENTS = 400  # characters


def ends_like_a_sentence(line: str) -> bool:
    """Tell whether a line closes with a mark that ends or joins sentences, or with a note on it."""
    bare = _NOTE.sub("", line).rstrip(_CLOSERS)
    return bool(bare) and bare[-1] in _SENTENCE_MARKS


def title_like(line: str) -> bool:
    """Tell whether a line has the form of a title: short, and without a closing mark.

    A question may be a title, as in lists of frequent questions.
    """
    line = line.strip()
    if not line or len(line) > _MAX_TITLE_CHARACTERS or len(line.split()) > _MAX_TITLE_WORDS:
        return False
    first = next((c for c in line if c.isalnum()), "")
    if not first or first.islower() or not any(c.isalpha() for c in line):
        return False
    return not ends_like_a_sentence(line) or (line.endswith("?") and line.count("?") == 1)


def byline(line: str) -> bool:
    """Tell whether a line names who wrote, edited or published a text."""
    return len(line.split()) <= 12 and not _ends_fully(line) and bool(_BYLINE.match(line))


def caption(line: str) -> bool:
    """Tell whether a line is the caption of a picture, its credit, or only a picture."""
    if len(line.split()) > _CREDIT_WORDS:
        return False
    return bool(_CAPTION.match(line) or _CREDIT.search(line.rstrip()))


def notice(paragraph: str) -> bool:
    """Tell whether a paragraph at the edge of a text speaks to the visitor of a page."""
    return bool(_NOTICE.match(paragraph)) and len(paragraph.split()) <= _NOTICE_WORDS


def page_part(paragraph: str) -> bool:
    """Tell whether a paragraph is part of a page wherever it stands: cookies, sharing, comments.

    Stricter than ``notice``, because it may stand in the middle of a text.
    """
    if len(paragraph.split()) > _PAGE_PART_WORDS:
        return False
    return bool(PAGE_PART.match(paragraph.lstrip("*_ ")))


def contents_line(line: str) -> bool:
    """Tell whether a line, or each line of several, leads from a heading to its page by dots."""
    if len(line) > _MOST_CONTENTS or not any(leader in line for leader in _LEADERS):
        return False
    return all(_CONTENTS.match(each.strip()) for each in line.split("\n"))


def place_line(line: str) -> bool:
    """Tell whether a line is nothing but a place or agency in capitals, such as ``BAGHDAD``."""
    return line.isupper() and len(line.split()) <= 4 and not any(c.isdigit() for c in line)


def _ends_fully(line: str) -> bool:
    """Tell a sentence that begins as a byline does: "By Monday it was over."."""
    words = line.rstrip(_CLOSERS).split()
    if not words or not words[-1].endswith((".", "!", "?")):
        return False
    return len(words) > 6 or any(w[0].islower() and w not in _LINKING for w in words[1:])
