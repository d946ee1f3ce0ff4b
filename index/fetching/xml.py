"""XML of strangers: parsed without entities, without DTDs, without the network, in bounded depth.

The only module of the package that configures an XML parser.
"""

from collections.abc import Iterator
from typing import Any, TypeAlias

from index.errors import InvalidDocumentError

Element: TypeAlias = Any
"""lxml ships no types."""

_PIECE = 65_536
_SAFE = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,  # keeps libxml2's own limits on depth and on the size of a text
    "remove_comments": True,
    "remove_pis": True,
}


def root_name(head: bytes) -> str | None:
    """Return the name of the root element, without its namespace, from the first part of a file."""
    from lxml import etree  # takes 30 ms

    parser = etree.XMLPullParser(events=("start",), recover=True, **_SAFE)
    try:
        parser.feed(head.lstrip())
        for _, element in parser.read_events():
            return local_name(element)
    except etree.XMLSyntaxError:
        pass
    return None


def elements(body: bytes, names: tuple[str, ...], what: str) -> Iterator[Element]:
    """Yield each complete element of these names, then forget it.

    Raises:
        InvalidDocumentError: the XML breaks off; what stands before has been yielded.
    """
    from lxml import etree

    parser = etree.XMLPullParser(events=("end",), **_SAFE)
    body = body.lstrip()
    try:
        for start in range(0, len(body), _PIECE):
            parser.feed(body[start : start + _PIECE])
            yield from _completed(parser, names)
        parser.close()
        yield from _completed(parser, names)
    except etree.XMLSyntaxError as error:
        raise InvalidDocumentError(f"{what} is damaged: {error.msg}") from None


def tree(body: bytes, charset: str | None) -> Element | None:
    """Return the root element of XML that may be damaged; None if there is nothing to be had."""
    from lxml import etree

    body = body.lstrip()
    declared = body.startswith((b"<?xml", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    for encoding in (None if declared else charset, None):
        try:
            parser = etree.XMLParser(recover=True, encoding=encoding, **_SAFE)
            return etree.fromstring(body, parser)
        except (etree.XMLSyntaxError, LookupError):
            continue
    return None


def local_name(element: Element) -> str:
    """Return an element's name without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def text_of(element: Element | None) -> str | None:
    """Return the text of an element up to its first child; None if there is none."""
    text = None if element is None else element.text
    return text.strip() or None if isinstance(text, str) else None


def _completed(parser: Any, names: tuple[str, ...]) -> Iterator[Element]:
    for _, element in parser.read_events():
        if local_name(element) in names:
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
