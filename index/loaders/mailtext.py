"""What its sender wrote in a mail: without signature, and without what others wrote before.

Quoted mails stand under their own senders and days; under this one they would be false witnesses.
"""

import re
from typing import Any

_SIGNATURE = re.compile(r"^-- ?\r?$", re.MULTILINE)
_QUOTED = re.compile(r"[ \t]{0,3}[>\u2502]")
# "-----Original Message-----", "---------- Forwarded message ---------", in any language.
_RULED = re.compile(r"[ \t]*-{3,}[ \t]*[^\W\d_][^\n\-]{3,60}-{3,}[ \t]*$|[ \t]*_{10,}[ \t]*$")
_FIELD = re.compile(r"[ \t>*]*[^\W\d_][\w \-]{1,24}\*?[ \t]?:\*?[ \t]*\S")
_ADDRESS = re.compile(r"@|\d{1,2}[:.]\d{2}|\b\d{4}\b")
_MOST_ATTRIBUTION = 3  # lines that "On Sunday, Ann wrote:" may be wrapped to
_FULL_LINE = 30  # characters
_HEADERS = 3  # lines such as "From: ..." in a row that open a mail below
_BLOCKS = frozenset(  # classes
    (
        *("gmail_quote", "gmail_attr", "yahoo_quoted", "moz-cite-prefix", "OutlookMessageHeader"),
        *("moz-forward-container", "protonmail_quote", "zmail_extra", "tutanota_quote"),
    )
)
_IDS = ("divRplyFwdMsg", "appendonsend", "OLK_SRC_BODY_SECTION", "reply-intro")


def own_text(text: str) -> str:
    """Return what the sender of a mail wrote in it; empty where all of it is quoted."""
    lines = text.replace("\r\n", "\n").split("\n")
    kept: list[str] = []
    for number, line in enumerate(lines):
        if _QUOTED.match(line):
            _drop_attribution(kept)
        elif _begins_another(lines, number):
            _drop_attribution(kept)
            break
        else:
            kept.append(line)
    else:
        _drop_attribution(kept, at_end=True)
    return _SIGNATURE.split("\n".join(kept), maxsplit=1)[0].strip()


def unsigned(text: str) -> str:
    """Return a text without the signature below a line of two hyphens."""
    return _SIGNATURE.split(text, maxsplit=1)[0].strip()


def is_stub(text: str, page: str) -> bool:
    """Tell whether a plain text is not the text of the page that is its alternative.

    The two say the same, or one of them only says that there is another.
    """
    words = set(re.findall(r"\w{3,}", page.casefold()))
    shared = words & set(re.findall(r"\w{3,}", text.casefold()))
    return len(shared) * 2 < len(words)


def drop_quoted(tree: Any) -> None:  # lxml has no types
    """Take out of a mail's HTML what mail programs mark as a mail before it."""
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None:
            continue
        classes = (element.get("class") or "").split()
        name = element.get("id") or ""
        cited = element.tag == "blockquote" and (element.get("type") or "").lower() == "cite"
        if cited or not _BLOCKS.isdisjoint(classes):
            _remove(element)
        elif name.endswith(_IDS):
            # What follows the header of a quoted mail is that mail.
            parent = element.getparent()
            for after in list(element.itersiblings()):
                parent.remove(after)
            _remove(element)


def _remove(element: Any) -> None:
    parent, before = element.getparent(), element.getprevious()
    if before is not None:
        before.tail = f"{before.tail or ''} {element.tail or ''}"
    else:
        parent.text = f"{parent.text or ''} {element.tail or ''}"
    parent.remove(element)


def _begins_another(lines: list[str], number: int) -> bool:
    """Tell whether another mail begins with a line: a rule with words, or a block of headers."""
    line = lines[number]
    following = [each for each in lines[number + 1 : number + 8] if each.strip()]
    if _RULED.match(line):
        headed = sum(bool(_FIELD.match(each)) for each in following[:4]) >= 2
        return headed or any(c.isalpha() for c in line)
    if not _FIELD.match(line) or "@" not in "".join(lines[number : number + 5]):
        return False
    block = lines[number : number + 6]
    fields = 0
    for each in block:
        if not _FIELD.match(each):
            break
        fields += 1
    return fields >= _HEADERS and any(_ADDRESS.search(each) for each in block[1:fields])


def _drop_attribution(kept: list[str], *, at_end: bool = False) -> None:
    """Take the lines away that say who wrote what is quoted below: "On Sunday, Ann wrote:"."""
    while kept and not kept[-1].strip():
        kept.pop()
    if not kept or not kept[-1].rstrip().endswith((":", "\uff1a")):
        return
    begin = len(kept) - 1
    while begin > 0 and len(kept) - begin < _MOST_ATTRIBUTION and _goes_on(kept[begin - 1]):
        begin -= 1
    said = " ".join(kept[begin:])
    if "@" in said or (_ADDRESS.search(said) and not at_end):
        del kept[begin:]


def _goes_on(line: str) -> bool:
    """Tell whether a line was broken for want of room, and is not the end of a paragraph."""
    bare = line.rstrip()
    return len(bare) > _FULL_LINE and not bare.endswith((".", "!", "?", ":"))
