"""Word documents: headings, paragraphs, lists and tables in the order in which they are read.

Reads the package's XML through python-docx, after checking that unpacking it stays in bounds and
that it defines no entities. Footnotes, headers, footers and text boxes are left out.
"""

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from index.errors import InvalidDocumentError
from index.loaders.base import Limits, Loaded
from index.loaders.fields import checked_fields
from index.loaders.normal import normalise
from index.loaders.packages import check_package
from index.loaders.scripts import raised
from index.loaders.tables import markdown_table

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOST_TITLE = 300
_WRAPPERS = frozenset(f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml"))
_JUNK_TITLE = re.compile(r"(?:document\d*|untitled|word document|title)$", re.IGNORECASE)
_NO_TEXT = -1
_UNSEEN = ("vanish", "strike", "dstrike")
_OFF = ("0", "false", "off")
_FIRST_ROW = 0x0020
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_SKIPPED = frozenset(f"{_W}{name}" for name in ("del", "moveFrom", "instrText", "pict", "object"))


def load(data: bytes, name: str, limits: Limits) -> Loaded:
    """Return the text of a Word document, and the title it states.

    Raises:
        InvalidDocumentError: It is damaged, encrypted, or no Word document.
        TooLargeError: It is over a limit when unpacked.
    """
    check_package(data, name, limits, "a Word document")
    from docx import Document
    from docx.opc.exceptions import OpcError

    try:
        document = Document(io.BytesIO(data))
    except (OpcError, KeyError, ValueError) as error:
        raise InvalidDocumentError(
            f"{name} is a damaged Word document, or none. Open it in Word and save it again."
        ) from error
    levels = _heading_levels(document)
    text = "\n\n".join(
        filter(None, _blocks(document.element.body, levels, _unseen_styles(document)))
    )
    if not any(c.isalnum() for c in text):
        raise InvalidDocumentError(f"{name} holds no text.")
    return _stated(text, document.core_properties)


def _heading_levels(document: Any) -> dict[str, int]:  # python-docx's types do not say much
    """Return the heading level of each paragraph style that has one, by its id.

    Captions and tables of contents are no text: their styles have the level -1.
    """
    levels: dict[str, int] = {}
    for style in document.styles.element.iter(f"{_W}style"):
        identifier = style.get(f"{_W}styleId") or ""
        named = style.find(f"{_W}name")
        label = (named.get(f"{_W}val") or "" if named is not None else "").lower()
        outline = style.find(f"{_W}pPr/{_W}outlineLvl")
        if match := re.fullmatch(r"heading ([1-9])", label):
            levels[identifier] = min(int(match[1]), 6)
        elif label == "title":
            levels[identifier] = 1
        elif label == "caption" or re.match(r"(?:toc|table of figures)\b", label):
            levels[identifier] = _NO_TEXT
        elif outline is not None and (outline.get(f"{_W}val") or "").isdecimal():
            level = int(outline.get(f"{_W}val")) + 1
            if level <= 6:
                levels[identifier] = level
    return levels


def _blocks(parent: Any, levels: dict[str, int], unseen: frozenset[str]) -> Iterator[str]:
    """Yield paragraphs and tables in order; what stands in content controls as well."""
    items: list[str] = []
    for child in parent:
        if child.tag == f"{_W}p":
            words, is_item = _paragraph(child, levels, unseen)
            if is_item and words:
                items.append(words)
                continue
            yield "\n".join(items)
            items = []
            yield words
        elif child.tag == f"{_W}tbl":
            yield "\n".join(items)
            items = []
            yield _table(child, unseen)
        elif child.tag in _WRAPPERS:
            yield "\n".join(items)
            items = []
            yield from _blocks(child, levels, unseen)
    yield "\n".join(items)


def _paragraph(element: Any, levels: dict[str, int], unseen: frozenset[str]) -> tuple[str, bool]:
    """Return a paragraph as Markdown, and whether it is an item of a list."""
    words = " ".join(_words(element, unseen).split())
    properties = element.find(f"{_W}pPr")
    if not words or properties is None:
        return words, False
    style = properties.find(f"{_W}pStyle")
    identifier = (style.get(f"{_W}val") or "") if style is not None else ""
    level = levels.get(identifier, 0)
    if level == _NO_TEXT:
        return "", False
    if level:
        return f"{'#' * level} {words}", False
    numbered = properties.find(f"{_W}numPr")
    if numbered is None and not identifier.lower().startswith("list"):
        return words, False
    depth = numbered.find(f"{_W}ilvl") if numbered is not None else None
    steps = (depth.get(f"{_W}val") or "0") if depth is not None else "0"
    indent = "  " * min(int(steps), 6) if steps.isdecimal() else ""
    return f"{indent}- {words}", True


def _unseen_styles(document: Any) -> frozenset[str]:
    """Return the ids of the styles whose text is hidden or struck out, those based on them too."""
    own: dict[str, bool | None] = {}
    based: dict[str, str] = {}
    for style in document.styles.element.iter(f"{_W}style"):
        identifier = style.get(f"{_W}styleId") or ""
        own[identifier] = _says_unseen(style.find(f"{_W}rPr"))
        parent = style.find(f"{_W}basedOn")
        based[identifier] = (parent.get(f"{_W}val") or "") if parent is not None else ""

    def is_unseen(identifier: str) -> bool:
        for _ in range(20):
            if (said := own.get(identifier)) is not None:
                return said
            identifier = based.get(identifier, "")
        return False

    return frozenset(identifier for identifier in own if is_unseen(identifier))


def _says_unseen(properties: Any) -> bool | None:
    """Return whether properties of a run hide it or strike it out; None where they do not say."""
    if properties is None:
        return None
    said = None
    for name in _UNSEEN:
        for each in properties.findall(f"{_W}{name}"):
            said = bool(said) or each.get(f"{_W}val") not in _OFF
    return said


def _is_unseen(run: Any, unseen: frozenset[str]) -> bool:
    properties = run.find(f"{_W}rPr")
    if (said := _says_unseen(properties)) is not None:
        return said
    style = properties.find(f"{_W}rStyle") if properties is not None else None
    if style is not None and style.get(f"{_W}val") in unseen:
        return True
    paragraph = next(run.iterancestors(f"{_W}p"), None)
    own = paragraph.find(f"{_W}pPr/{_W}pStyle") if paragraph is not None else None
    return own is not None and own.get(f"{_W}val") in unseen


def _words(element: Any, unseen: frozenset[str]) -> str:
    """Return the text of an element that is seen: what was inserted, not what was struck out."""
    parts: list[str] = []
    waiting = list(reversed(element))
    while waiting:
        node = waiting.pop()
        if not isinstance(node.tag, str) or node.tag in _SKIPPED:
            continue
        if node.tag == f"{_W}r" and _is_unseen(node, unseen):
            continue
        if node.tag == f"{_W}t":
            parts.append(_raised(node))
        elif node.tag.endswith("}oMath"):
            parts.append("".join(t.text or "" for t in node.iter() if t.tag == _MATH_TEXT))
            continue
        elif node.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}p"):
            parts.append(" ")
        elif node.tag == f"{_W}noBreakHyphen":
            parts.append("-")
        if node.tag != f"{_W}t" and not node.tag.endswith("}txbxContent"):
            waiting.extend(reversed(node))
    return "".join(parts)


def _raised(text: Any) -> str:
    """Return the words of a run's text; an exponent is raised."""
    align = text.getparent().find(f"{_W}rPr/{_W}vertAlign")
    is_up = align is not None and align.get(f"{_W}val") == "superscript"
    return raised(text.text or "") if is_up else text.text or ""


def _table(element: Any, unseen: frozenset[str]) -> str:
    """Return a table of Markdown; its first row is its head unless the table says that it has none.

    A cell over several rows stands in each of them.
    """
    rows: list[list[str]] = []
    for row in _children(element, f"{_W}tr"):
        cells: list[str] = []
        for cell in _children(row, f"{_W}tc"):
            properties = cell.find(f"{_W}tcPr")
            merged = properties.find(f"{_W}vMerge") if properties is not None else None
            goes_on = merged is not None and merged.get(f"{_W}val") != "restart"
            words = " ".join(_words(cell, unseen).split())
            if goes_on and not words and rows and len(cells) < len(rows[-1]):
                words = rows[-1][len(cells)]
            span = properties.find(f"{_W}gridSpan") if properties is not None else None
            across = (span.get(f"{_W}val") or "1") if span is not None else "1"
            cells += [words] + [""] * (min(int(across), 50) - 1 if across.isdecimal() else 0)
        if any(cells):
            rows.append(cells)
    return markdown_table(rows, head=_has_head(element))


def _has_head(element: Any) -> bool | None:
    """Return whether a table says that its first row is its head; None where it says nothing."""
    if element.find(f"{_W}tr/{_W}trPr/{_W}tblHeader") is not None:
        return True
    look = element.find(f"{_W}tblPr/{_W}tblLook")
    if look is None:
        return None
    if (first := look.get(f"{_W}firstRow")) is not None:
        return first not in _OFF
    try:
        return bool(int(look.get(f"{_W}val") or "", 16) & _FIRST_ROW)
    except ValueError:
        return None


def _children(element: Any, tag: str) -> Iterator[Any]:
    """Yield the children with a tag, those in content controls too, not those further down."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, tag)


def _stated(text: str, properties: Any) -> Loaded:
    """Return the text with what the document's properties state.

    The day a file was made is not the day its text was published: it is noted, not taken for it.
    """
    provenance: dict[str, str] = {}
    title = _property(properties, "title")
    if _JUNK_TITLE.fullmatch(title):
        title = ""
    if title:
        provenance["title"] = "Word property title"
    author = _property(properties, "author")
    if author and author != "python-docx":  # what makes files in programs, and wrote none
        provenance["author"] = f"{author} (Word property author)"
    with suppress(ValueError, AttributeError):
        if created := properties.created:
            provenance["file_created"] = f"{created.date().isoformat()} (Word property created)"
    language = None
    with suppress(InvalidDocumentError):  # what cannot be used states nothing
        language = checked_fields(language=_property(properties, "language"))["language"]
    if language:
        provenance["language"] = "Word property language"
    return Loaded(text, title=title or None, language=language, provenance=provenance)


def _property(properties: Any, name: str) -> str:
    try:
        value = getattr(properties, name) or ""
    except (ValueError, AttributeError):
        return ""
    return " ".join(normalise(str(value)).split())[:_MOST_TITLE]
