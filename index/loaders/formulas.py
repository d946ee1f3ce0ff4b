"""A formula of MathML as a line of text: what a reader would say aloud, with its signs.

Knows the elements of presentation MathML; what it does not know is read through.
"""

from typing import Any

from index.loaders.scripts import raised

_SPACED = frozenset("=+-\u2212\u00d7\u00b1<>\u2264\u2265\u2260\u2248\u2192\u2208\u00b7\u221d\u2261")
_UNSEEN = str.maketrans("", "", "\u2061\u2062\u2063\u2064\u200b")
_SKIPPED = frozenset(("annotation", "annotation-xml", "mphantom", "none"))
_MOST_DEEP = 100


def formula(element: Any) -> str:  # lxml has no types
    """Return the text of a ``math`` element."""
    return " ".join(_text(element, 0).split())


def _text(element: Any, depth: int) -> str:
    if not isinstance(element.tag, str) or depth > _MOST_DEEP:
        return ""
    tag = element.tag.rpartition("}")[2].rpartition(":")[2]
    children = [each for each in element if isinstance(each.tag, str)]
    if tag in _SKIPPED:
        return ""
    if tag in ("mi", "mn", "mo", "mtext", "ms"):
        words = "".join(element.itertext()).strip().translate(_UNSEEN)
        return f" {words} " if words in _SPACED else f"{words} " if words == "," else words
    parts = [_text(child, depth + 1) for child in children]
    if len(parts) == 2 and tag in ("msup", "mover", "mfrac", "msub", "munder", "mroot"):
        first, second = parts[0].strip(), parts[1].strip()
        match tag:
            case "msup":
                return _grouped(first) + raised(second)
            case "mfrac":
                return f"{_grouped(first)}/{_grouped(second)}"
            case "mroot":
                return f"{_grouped(first)}^(1/{second})"
            case "mover":
                return first if len(second) == 1 else f"{first}^{_grouped(second)}"
            case _:
                return f"{first}_{_grouped(second)}"
    if len(parts) == 3 and tag in ("msubsup", "munderover"):
        base, low, high = (part.strip() for part in parts)
        up = raised(high) if tag == "msubsup" else f"^{_grouped(high)} "
        return f"{base}_{_grouped(low)}{up}"
    inner = (element.text or "" if not children else "") + "".join(parts)
    if tag == "msqrt":
        return f"\u221a({inner.strip()})"
    if tag == "mfenced":
        return f"({', '.join(part.strip() for part in parts)})"
    if tag in ("mtr", "mtd"):
        return f"{inner} "
    return inner


def _grouped(text: str) -> str:
    """Return a part of a formula in brackets where it is more than one thing."""
    return text if len(text) < 2 or text.isalnum() or text[0] == "(" else f"({text})"
