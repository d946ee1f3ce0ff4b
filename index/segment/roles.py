"""Which blocks of a text are evidence, which are headings, and which are neither.

Decides by form and position; splits no sentences and counts no tokens.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

from index.segment.blocks import Block, Kind
from index.segment.datelines import dateline
from index.segment.furniture import (
    byline,
    caption,
    contents_line,
    notice,
    page_part,
    place_line,
    title_like,
)

_MAX_TITLES = 4  # title, subtitle, kicker, crosshead: more short lines in a row are a list
_TOP = 8  # blocks among which a dateline may stand
_NOTICES_AT_TOP, _NOTICES_AT_END = 2, 4
_MAX_SHORT = 1000  # characters; anything longer is running text without a look at it
_MAX_HEADING = 300
_MOST_COLUMNS = 1000


class _Role(Enum):
    HEADING = auto()
    BODY = auto()
    NEITHER = auto()
    TITLE_LIKE = auto()  # a heading if a text follows, else a line like any other


@dataclass(frozen=True, slots=True)
class Section:
    """Running text under one heading; ``heading`` is None above the first one.

    The rows of a table are a section of their own, whose heading ends with the names of the columns
    (``Cargo: Port | Tonnes 2024``), for a row says little without them.
    """

    heading: str | None
    blocks: tuple[Block, ...]


def sections(text: str, blocks: list[Block]) -> Iterator[Section]:
    """Group the blocks that are evidence by the nearest heading above them."""
    roles = [_role(text, block, number, len(blocks)) for number, block in enumerate(blocks)]
    _settle_titles(text, blocks, roles)
    if _Role.BODY not in roles:
        roles = [
            _Role.NEITHER
            if block.kind is Kind.HEADING or contents_line(text[block.start : block.end])
            else _Role.BODY
            for block in blocks
        ]
    blocks = _without_dateline(text, blocks, roles)

    heading: str | None = None
    columns = ""
    body: list[Block] = []
    for block, role in zip(blocks, roles, strict=True):
        names = _on_one_line(text, block) if block.kind is Kind.SKIPPED else ""
        ends = role is _Role.HEADING or names or (columns and block.kind is not Kind.ROW)
        if ends and body:
            yield Section(_above(heading, columns), tuple(body))
            body = []
        if ends:
            columns = names
        if role is _Role.HEADING:
            heading = _on_one_line(text, block)[:_MAX_HEADING] or None
        elif role is _Role.BODY:
            body.append(block)
    if body:
        yield Section(_above(heading, columns), tuple(body))


def _above(heading: str | None, columns: str) -> str | None:
    """Return a section's heading with the names of its table's columns."""
    if not columns:
        return heading
    return f"{heading}: {columns}" if heading else columns


def _on_one_line(text: str, block: Block) -> str:
    return " ".join(text[block.start : block.end].split())[:_MOST_COLUMNS]


def _role(text: str, block: Block, number: int, total: int) -> _Role:
    if block.kind is Kind.SKIPPED or contents_line(text[block.start : block.end]):
        return _Role.NEITHER
    if block.kind is Kind.HEADING:
        return _Role.HEADING
    if block.kind in {Kind.ROW, Kind.CODE} or block.end - block.start > _MAX_SHORT:
        return _Role.BODY
    words = text[block.start : block.end]
    if page_part(words):
        return _Role.NEITHER
    if block.kind in {Kind.ITEM, Kind.QUOTE}:
        return _Role.BODY
    if byline(words) or caption(words):
        return _Role.NEITHER
    if (number < _NOTICES_AT_TOP or number >= total - _NOTICES_AT_END) and notice(words):
        return _Role.NEITHER
    if block.kind is Kind.LINE:
        if number < _TOP and (stated := dateline(words)) and stated.end == len(words):
            return _Role.NEITHER
        if title_like(words):
            return _Role.TITLE_LIKE
    return _Role.BODY


def _settle_titles(text: str, blocks: list[Block], roles: list[_Role]) -> None:
    """Decide for each line that looks like a title, from what stands around it."""
    chain: list[int] = []
    for number, role in enumerate(roles):
        if role is _Role.TITLE_LIKE:
            chain.append(number)
        elif role is not _Role.NEITHER and chain:
            _settle_chain(text, blocks, roles, chain, has_text_below=True)
            chain = []
    _settle_chain(text, blocks, roles, chain, has_text_below=False)


def _settle_chain(
    text: str, blocks: list[Block], roles: list[_Role], chain: list[int], *, has_text_below: bool
) -> None:
    words = [" ".join(text[blocks[n].start : blocks[n].end].casefold().split()) for n in chain]
    titles = has_text_below and len(set(words)) <= _MAX_TITLES
    for position, number in enumerate(chain):
        block = blocks[number]
        roles[number] = _Role.HEADING if titles else _Role.BODY
        if titles and len(set(words)) > 1 and place_line(text[block.start : block.end]):
            roles[number] = _Role.NEITHER
        last = has_text_below and position == len(chain) - 1 > 0
        if last and block.paragraph != blocks[chain[position - 1]].paragraph:
            roles[number] = _Role.HEADING  # the heading below a list of short lines


def _without_dateline(text: str, blocks: list[Block], roles: list[_Role]) -> list[Block]:
    """Move the start of the first running text behind the dateline it opens with."""
    first = next((n for n, role in enumerate(roles) if role is _Role.BODY), len(roles))
    if first >= min(_TOP, len(blocks)) or blocks[first].kind not in {Kind.LINE, Kind.TEXT}:
        return blocks
    block = blocks[first]
    found = dateline(text[block.start : min(block.end, block.start + 200)])
    if found is None or found.end >= block.end - block.start:
        return blocks
    return [*blocks[:first], replace(block, start=block.start + found.end), *blocks[first + 1 :]]
