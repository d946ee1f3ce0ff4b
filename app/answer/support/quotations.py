"""What a drafted sentence puts in quotation marks must stand in its sources word for word."""

import re

from app.answer.support.plan import Plan

_QUOTED = re.compile(
    r"[\u201c\"«]([^\u201c\u201d\"«»]{2,})[\u201d\"»]|(?<!\w)[\u2018']([^\u2018\u2019']{8,})[\u2019'](?!\w)"
)
_WORDS = re.compile(r"[^\W_]+")


def fault(plan: Plan) -> str | None:
    """Return why a quotation does not hold, or None."""
    for match in _QUOTED.finditer(plan.draft.text):
        quoted = match[1] or match[2]
        wanted = _plain(quoted)
        if wanted and not any(
            f" {wanted} " in f" {_plain(line.passage.text)} " for line in plan.lines
        ):
            return f"“{quoted.strip()}” is not the source’s wording"
    return None


def _plain(text: str) -> str:
    return " ".join(_WORDS.findall(text.casefold()))
