"""An HTML tree changed so that its text says what the page shows.

Done before the main text is looked for: line breaks, code, exponents, formulas and tables become
text that cannot be lost on the way; tables that only lay out a page become plain parts of it; text
that is struck out goes.
"""

import re
from collections.abc import Iterator
from typing import Any

from index.loaders.formulas import formula
from index.loaders.placeholders import BREAK, kept, on_one_line
from index.loaders.scripts import raised
from index.loaders.tables import markdown_table

_STRUCK = ("s", "strike", "del")
_STRUCK_STYLE = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|clip\s*:", re.IGNORECASE)
_RENDERED = re.compile(r"\b(?:katex-html|MathJax(?:_\w+)?|mjx-chtml|MJX-TEX)\b")
_LAYS_OUT = ("table", "h1", "h2", "h3", "h4", "h5", "h6", "article", "section", "form", "nav")
_PARTS = ("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col")
_PARAGRAPHS = 2  # in one cell: more is a page and no table
_MOST_CELL = 1200  # characters of a cell
_LINKED = 0.6  # of a table's words: a list of links
_MOST_SPAN = 50
_CODE_SIGNS = frozenset("{}()[];=<>$\\|&%#_/*@^~`")


def rewrite(tree: Any) -> None:  # lxml has no types
    """Change a page in place."""
    for element in list(tree.iter("math", "{http://www.w3.org/1998/Math/MathML}math")):
        _replace_formula(element)
    for element in list(tree.iter("script")):
        if (element.get("type") or "").startswith("math/tex"):
            _replace(element, " ".join((element.text or "").split()))
    for element in list(tree.iter()):
        if element.tag in _STRUCK or _STRUCK_STYLE.search(element.get("style") or ""):
            _replace(element, "")
        elif element.tag == "sup":
            _replace(element, _raised(element))
    for element in list(tree.iter("br")):
        element.tail = f"{BREAK}{element.tail or ''}"
    for element in list(tree.iter("pre", "listing", "xmp")):
        if element.getparent() is not None:
            _keep_lines(element)
    for element in list(tree.iter("table")):
        if element.getparent() is not None:
            _rewrite_table(element)


def _replace(element: Any, text: str, tag: str = "") -> None:
    """Put text in the place of an element, in one of its own where a tag is named."""
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail or ""
    if tag:
        for child in list(element):
            element.remove(child)
        element.tag, element.text = tag, text
        element.attrib.clear()
        return
    before = element.getprevious()
    if before is not None:
        before.tail = f"{before.tail or ''}{text}{tail}"
    else:
        parent.text = f"{parent.text or ''}{text}{tail}"
    parent.remove(element)


def _replace_formula(element: Any) -> None:
    """Put a formula's text where it is seen: programs hide MathML beside a drawing of it."""
    text = formula(element) or " ".join((element.get("alttext") or "").split())
    shown = element
    parent = element.getparent()
    while parent is not None and parent.tag in ("span", "mjx-assistive-mml"):
        classes = parent.get("class") or ""
        hides = _HIDDEN.search(parent.get("style") or "") or "mathml" in classes
        if hides or parent.tag != "span" or "hidden" in classes:
            shown = parent
        parent = parent.getparent()
    around = shown.getparent()
    if around is None:
        return
    for sibling in list(around):
        if sibling is not shown and _RENDERED.search(sibling.get("class") or ""):
            _replace(sibling, "")
    _replace(shown, text)


def _raised(element: Any) -> str:
    text = "".join(element.itertext())
    bare = text.strip()
    if element.find(".//a") is not None and not bare.isdigit() and not bare.startswith("["):
        return ""  # the mark of a note
    return raised(text) if not bare.startswith(("[", "(")) else text


def _keep_lines(element: Any) -> None:
    for lines in list(element.iter("br")):
        lines.tail = f"\n{(lines.tail or '').removeprefix(BREAK)}"
    text = "".join(element.itertext()).expandtabs(4).strip("\n")
    if not text.strip() or "```" in text:
        return
    if element.find(".//code") is None and _is_prose(text):
        paragraphs = [part.strip() for part in re.split(r"\n[ \t]*\n", text)]
        _replace(element, kept("\n\n".join(filter(None, paragraphs))), "p")
    else:
        _replace(element, kept(f"```\n{text}\n```"), "p")


def _is_prose(text: str) -> bool:
    """Tell running text that was only broken by hand from code and from what a program prints."""
    lines = [line for line in text.split("\n") if line.strip()]
    words = sum(len(line.split()) for line in lines)
    signs = sum(c in _CODE_SIGNS for c in text)
    return words > 5 * len(lines) and signs * 50 < len(text) and "." in text


def _rewrite_table(table: Any) -> None:
    if _lays_out(table):
        for part in list(table.iter(*_PARTS)):
            owner = next(part.iterancestors("table"), None) if part is not table else table
            if owner is table and not (part.tag == "table" and part is not table):
                part.tag = "div"
        return
    linked = sum(len("".join(link.itertext())) for link in table.iter("a"))
    if linked > _LINKED * len("".join(table.itertext()).strip() or "-"):
        return
    rows = list(_rows(table))
    head = _names_columns(table)
    text = markdown_table([cells for cells, _ in rows], head=head)
    caption = table.find("caption")
    if caption is not None and (words := _words(caption)):
        text = f"{words}\n\n{text}"
    if text:
        _replace(table, kept(text), "p")


def _lays_out(table: Any) -> bool:
    """Tell a table that lays out a page from one that is a table."""
    if table.get("role") in ("presentation", "none"):
        return True
    if any(each is not table for each in table.iter(*_LAYS_OUT)):
        return True
    rows = list(table.iter("tr"))
    cells = [cell for row in rows for cell in row if cell.tag in ("td", "th")]
    if not cells or max(len(row) for row in rows) < 2:
        return True
    return any(
        len(cell.findall(".//p")) > _PARAGRAPHS or len("".join(cell.itertext())) > _MOST_CELL
        for cell in cells
    )


def _names_columns(table: Any) -> bool | None:
    """Return whether the first row names the columns, where its elements say so."""
    if table.find("thead") is not None:
        return True
    first = next((row for row in table.iter("tr") if len(row)), None)
    if first is None:
        return None
    cells = [cell for cell in first if cell.tag in ("td", "th")]
    if cells and all(cell.tag == "th" for cell in cells):
        return True
    # A row that begins with a name of its own is like those below it.
    return False if cells and cells[0].tag == "th" and cells[-1].tag == "td" else None


def _rows(table: Any) -> Iterator[tuple[list[str], bool]]:
    """Yield the words of each row's cells; a cell over several rows stands in each of them."""
    waiting: dict[int, tuple[int, str]] = {}
    for row in table.iter("tr"):
        cells: list[str] = []

        def fill(cells: list[str] = cells) -> None:
            while len(cells) in waiting:
                left, words = waiting.pop(len(cells))
                if left > 1:
                    waiting[len(cells)] = (left - 1, words)
                cells.append(words)

        given = [cell for cell in row if cell.tag in ("td", "th")]
        for cell in given:
            fill()
            words, down, across = _words(cell), _span(cell, "rowspan"), _span(cell, "colspan")
            if down > 1:
                waiting[len(cells)] = (down - 1, words)
            cells.append(words)
            if len(given) > 1:
                name = words if cell.tag == "th" else ""
                cells += [name] * (across - 1)
        fill()
        yield cells, all(cell.tag == "th" for cell in given)


def _span(cell: Any, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(int(value), _MOST_SPAN) if value.isdecimal() else 1


def _words(cell: Any) -> str:
    """Return the text of a cell; the items and paragraphs in it are set apart."""
    parts: list[str] = []
    words = ""
    for kind, text in _pieces(cell):
        if kind:
            if words.strip():
                parts.append(on_one_line(words))
            words = ""
        words += text
    if words.strip():
        parts.append(on_one_line(words))
    return "; ".join(parts)


def _pieces(element: Any) -> Iterator[tuple[bool, str]]:
    """Yield the text in a cell; true where a new item or paragraph begins or ends."""
    yield False, element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in ("script", "style"):
            apart = child.tag in ("li", "p", "div", "dt", "dd")
            if apart:
                yield True, ""
            yield from _pieces(child)
            if apart:
                yield True, ""
        yield False, child.tail or ""
