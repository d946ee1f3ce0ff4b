"""The forms that dates take in English text, as patterns keyed by the word they start with.

Patterns are anchored where a token starts, so that a sentence without such a word costs nothing.
What the named groups mean to a calendar is decided in ``date_reading``.
"""

import re
from typing import Final

from app.answer.values.words import MONTHS, NUMERALS, ORDINALS, SEASONS, WEEKDAYS

_MONTH = (
    r"(?P<month>jan(?:uary|\.)?|feb(?:ruary|r?\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?"
    r"|july?|jul\.|aug(?:ust|\.)?|sep(?:t(?:ember)?)?\.?|oct(?:ober|\.)?|nov(?:ember|\.)?"
    r"|dec(?:ember|\.)?)(?!\w)"
)
_YEAR = r"(?P<year>1\d{3}|20\d\d)(?![\w%]|[.,]\d{3})"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\w:%]|[.,]\d)"
_DAYS = rf"{_DAY}(?:\s?[-–—]\s?|\s(?:to|and|or)\s)(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?(?!\w)"
_PART = (
    r"(?P<part>early|mid|late|beginning|start|middle|end"
    r"|(?:first|second|latter) half|(?:first|second|third|fourth|last) quarter)"
    r"(?:\s?-\s?|\s(?:to|or)[\s-](?:mid|late)[\s-]|\s)(?:of\s|(?<=early\s)in\s|(?<=late\s)in\s)?"
    r"(?:the\s)?(?:year\s)?"
)
_OTHER_YEAR = r"(?P<other>next|last|this|the\sfollowing|the\sprevious|that|the\ssame)\syear"
_COUNT = r"(?P<count>\d+|[a-z]+)"
_UNIT = r"(?P<unit>days?|weeks?|fortnight|months?|years?|decades?|centur(?:y|ies))(?!\w)"
_NTH = r"(?P<nth>\d{1,2}(?:st|nd|rd|th)|[a-z]+th|first|second|third|twenty-first)"


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s)?"
_MONTH_FORMS = _compiled(
    rf"{_WEEKDAY}{_MONTH}\s{_DAYS}(?:\s?,?\s(?:of\s)?{_YEAR})?",
    rf"{_WEEKDAY}{_MONTH}\s{_DAY}(?:\s?,?\s(?:of\s)?(?:{_YEAR}|{_OTHER_YEAR}))?",
    rf"{_MONTH}\s?,?\s(?:of\s)?(?:{_YEAR}|{_OTHER_YEAR})",
    _MONTH,
)
DIGIT_FORMS: Final = _compiled(
    r"(?P<year>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<day>\d{1,2})(?!\w)",
    r"(?P<a>\d{1,2})[/.](?P<b>\d{1,2})[/.](?P<year>\d{4})(?!\w)",
    rf"{_DAYS}\s(?:of\s)?{_MONTH}(?:\s?,?\s(?:of\s)?{_YEAR})?",
    rf"{_DAY}\s(?:day\s)?(?:of\s)?{_MONTH}(?:\s?,?\s(?:of\s)?(?:{_YEAR}|{_OTHER_YEAR}))?",
    rf"{_NTH}(?:\s?[-–]\s?|\s(?:and|or|to)\s(?:the\s)?|-)(?P<nth2>\d{{1,2}}(?:st|nd|rd|th))"
    r"\scentur(?:y|ies)(?:\s(?P<era>bce?|b\.c\.(?:e\.)?))?",
    rf"{_NTH}[\s-]century(?:\s(?P<era>bce?|b\.c\.(?:e\.)?))?",
    r"(?P<decade>[12]\d\d0)['’]?s(?!\w)",
    r"(?P<year>\d{1,4})\s(?P<era>bce?|b\.c\.)(?!\w)",
    r"(?P<year>1\d{3}|20\d\d)(?:\s?[-–—/]\s?|\s(?:to|until|through)\s)"
    r"(?P<year2>[12]\d{3}|\d{2})(?![\w%]|[-.,/]\d)",
    rf"{_COUNT}\s{_UNIT}\s(?P<ago>ago|earlier|later)",
    _YEAR,
)
_PART_FORMS = _compiled(
    rf"{_PART}{_MONTH}(?:\s?,?\s(?:of\s)?(?:{_YEAR}|{_OTHER_YEAR}))?",
    rf"{_PART}{_NTH}[\s-]century(?:\s(?P<era>bce?|b\.c\.))?",
    rf"{_PART}(?P<decade>[12]\d\d0)['’]?s(?!\w)",
    rf"{_PART}(?P<season>spring|summer|autumn|fall|winter)\s(?:of\s)?{_YEAR}",
    rf"{_PART}{_YEAR}",
    r"(?P<part>early|late)(?:\son)?\s(?P<weekday>(?:mon|tues|wednes|thurs|fri|satur|sun)day)",
    rf"{_PART}(?P<rel>next|this|last)\s(?P<unit>month|year|decade|century)",
)
_RELATIVE_FORMS = _compiled(
    r"(?:within|in|over|during|for)\sthe\s(?P<rel>next|coming|past|last|previous)\s"
    rf"{_COUNT}\s{_UNIT}",
    rf"(?P<rel>next|this|last)\s{_MONTH}",
    r"(?P<rel>next|this|last)\s(?P<weekday>(?:mon|tues|wednes|thurs|fri|satur|sun)day)",
    r"(?P<rel>next|this|last)\s(?P<season>spring|summer|autumn|fall|winter)",
    rf"(?P<rel>next|this|last)\s{_UNIT}",
    rf"{_NTH}[\s-]century(?:\s(?P<era>bce?|b\.c\.))?",
)
_SEASON_FORMS = _compiled(rf"(?P<season>spring|summer|autumn|fall|winter)(?:\sof|,)?\s{_YEAR}")
_WEEKDAY_FORMS = (
    *_MONTH_FORMS[:2],
    *_compiled(
        rf"{_WEEKDAY}{_DAY}\s(?:of\s)?{_MONTH}(?:\s?,?\s{_YEAR})?",
        r"(?P<weekday>(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?!\w)",
    ),
)
_WORD_FORMS = _compiled(r"(?P<when>yesterday|today|tomorrow|tonight)(?!\w)")
_AGO_FORMS = _compiled(rf"{_COUNT}\s{_UNIT}\s(?P<ago>ago|earlier|later)")
_QUARTER_FORMS = _compiled(rf"q(?P<q>[1-4])\s{_YEAR}")
_ERA_FORMS = _compiled(r"(?:ad|ce|a\.d\.|year)\s(?P<year>\d{3,4})(?!\w)")
EARLY_YEAR = re.compile(
    r"in\s(?:ad\s|the\syear\s)?(?P<year>[3-9]\d\d)(?=[,;.)]|$|\sand\s|\sad)", re.I
)

FORMS: Final[dict[str, tuple[re.Pattern[str], ...]]] = (
    dict.fromkeys(MONTHS, _MONTH_FORMS)
    | dict.fromkeys(WEEKDAYS, _WEEKDAY_FORMS)
    | dict.fromkeys(SEASONS, _SEASON_FORMS)
    | dict.fromkeys(("early", "mid", "late", "beginning", "start", "middle", "end"), _PART_FORMS)
    | dict.fromkeys(
        ("latter", "first", "second", "third", "fourth"), _PART_FORMS + _RELATIVE_FORMS[-1:]
    )
    | dict.fromkeys((word for word in ORDINALS if word.endswith("th")), _RELATIVE_FORMS[-1:])
    | dict.fromkeys(("within", "in", "over", "during", "for", "next", "this"), _RELATIVE_FORMS)
    | {"last": _PART_FORMS + _RELATIVE_FORMS}
    | dict.fromkeys(("yesterday", "today", "tomorrow", "tonight"), _WORD_FORMS)
    | dict.fromkeys((*NUMERALS, "a", "an", "several", "some"), _AGO_FORMS)
    | dict.fromkeys(("q1", "q2", "q3", "q4"), _QUARTER_FORMS)
    | dict.fromkeys(("ad", "ce", "year"), _ERA_FORMS)
)
