"""Takes out of an HTML tree what belongs to the page and not to its text.

Goes by elements and by the words of their classes and ids. A part that holds much of the page's
text is never taken out, whatever it is called: many pages name their whole body after its comments.
"""

import re
from typing import Any


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ELEMENTS = _words(
    """
    script style noscript template iframe object embed svg canvas button select textarea input
    dialog nav figcaption form audio video picture
    """
)
_WORDS = _words(
    """
    cookie cookies consent gdpr newsletter newsletters subscribe subscription signup share sharing
    sharebar social socials related recommended recommendations recirculation comments comment
    disqus paywall advert advertisement advertising ad ads adslot sponsored promo promotion promos
    breadcrumb breadcrumbs byline bylines caption captions credit credits copyright toolbar tags
    taglist outbrain taboola readmore popup modal banner skip sidebar pagination menu widget
    authorbox
    """
)
_PHRASES = ("read-more", "sign-up", "follow-us", "most-read", "most-popular", "also-read")
_ROLES = frozenset(("dialog", "navigation", "alertdialog", "search", "menu", "contentinfo"))
_KEPT = frozenset(("html", "body", "main", "article"))
_SHARE = 0.25  # of the page's text
_FEW = 600  # characters
_SPLIT = re.compile(r"[^a-z0-9]+|(?<=[a-z])(?=[A-Z])")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def prune(tree: Any) -> None:  # lxml has no types
    """Remove from a page what is not its text."""
    total = _length(tree)
    for element in list(tree.iter()):
        if not isinstance(element.tag, str):  # a comment
            _drop(element)
        elif element.tag in _ELEMENTS:
            if element.tag != "form" or _is_small(element, total):
                _drop(element)
        elif (
            element.tag not in _KEPT
            and (_is_hidden(element) or _is_furniture(element))
            and _is_small(element, total)
        ):
            _drop(element)
    # A page's own footer is furniture; a footer with a text in it is not worth losing the text.
    for element in list(tree.iter("footer")):
        if _is_small(element, total):
            _drop(element)


def _is_hidden(element: Any) -> bool:
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(element.get("style") or ""))
    )


def _is_furniture(element: Any) -> bool:
    if element.get("role") in _ROLES:
        return True
    if element.tag in ("h1", "h2", "h3", "p", "table", "tr", "td", "li", "span", "a", "time"):
        named = element.get("class") or ""
    else:
        named = f"{element.get('class') or ''} {element.get('id') or ''}"
    if not named.strip():
        return False
    lowered = named.lower()
    if any(phrase in lowered for phrase in _PHRASES):
        return True
    return not _WORDS.isdisjoint(word.lower() for word in _SPLIT.split(named))


def _is_small(element: Any, total: int) -> bool:
    length = _length(element)
    return length <= _FEW if total > 4 * _FEW else length <= total * _SHARE


def _length(element: Any) -> int:
    return sum(len(text.strip()) for text in element.itertext())


def _drop(element: Any) -> None:
    """Remove an element and leave the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = f"{before.tail or ''} {element.tail}"
        else:
            parent.text = f"{parent.text or ''} {element.tail}"
    parent.remove(element)
