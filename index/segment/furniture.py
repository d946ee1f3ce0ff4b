"""Lines that are part of the page and not of what it says: titles, bylines, captions, notices.

Judges one line or paragraph by its form alone. Knows nothing of offsets or passages. The patterns
are anchored at the start of a line and bounded, so that none of them can run away.
"""

import re

_MAX_TITLE_CHARACTERS = 120
_MAX_TITLE_WORDS = 18
_SENTENCE_MARKS = frozenset(".!?\u2026,;\u061f\u06d4\u061b\u060c\u0964\u3002\uff01\uff1f")
_CLOSERS = "\"'\u201d\u2019\u00bb)]*_ "

_BYLINE = re.compile(
    r"(?:by|written by|reporting by|reported by|edited by|editing by|story by|photos? by|"
    r"compiled by|translated by|posted by|published by|author)\s?:?\s+(?-i:[A-Z])",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"(?:(?:file |stock )?(?:photo|image|picture|photograph|illustration|video|graphic)"
    r"(?: credit)?|caption|credit|photo by|source of image)\s?[:|/\u2014]|"
    r"(?:figure|fig\.|table|chart|map)\s\d{1,3}[.:]\s|"
    r"!\[[^\]\n]{0,300}\]\([^)\n]{0,500}\)\s*$",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"comments? (?:you share|policy|posted|are (?:moderated|closed|subject))|"
    r"(?:please )?(?:read|see|review) our (?:comment|community|privacy|cookie)|"
    r"(?:we|this (?:web)?site|our (?:web)?site) uses? cookies|"
    r"by (?:continuing|clicking|using|browsing) |"
    r"(?:please )?(?:subscribe|sign up|log in|register) (?:to|for|now|here|today)\b|"
    r"(?:follow|like|join) us on |share (?:this|on|via)\b|"
    r"(?:read|see) (?:more|also)\s?:|(?:also|related) (?:read|articles?|stories|news)\s?:|"
    r"all rights reserved|(?:copyright )?\u00a9|copyright (?:\d{4}|notice)|"
    r"advertisement\b|sponsored content|click here to ",
    re.IGNORECASE,
)
_NOTICE_WORDS = 90


def ends_like_a_sentence(line: str) -> bool:
    """Tell whether a line closes with a mark that ends or joins sentences."""
    bare = line.rstrip(_CLOSERS)
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
    """Tell whether a line is the caption of a picture, or only a picture."""
    return len(line.split()) <= 60 and bool(_CAPTION.match(line))


def notice(paragraph: str) -> bool:
    """Tell whether a paragraph speaks to the visitor of a page: comment rules, cookies, sharing."""
    return bool(_NOTICE.match(paragraph)) and len(paragraph.split()) <= _NOTICE_WORDS


def place_line(line: str) -> bool:
    """Tell whether a line is nothing but a place or agency in capitals, such as ``BAGHDAD``."""
    return line.isupper() and len(line.split()) <= 4 and not any(c.isdigit() for c in line)


def _ends_fully(line: str) -> bool:
    return line.rstrip(_CLOSERS).endswith((".", "!", "?")) and len(line.split()) > 6
