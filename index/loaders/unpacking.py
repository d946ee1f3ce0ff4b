"""Every document that a file holds, in a fixed order: a mail's attachments, an archive's files.

Works in memory only: no name that an archive gives ever becomes a path.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from index.errors import FootnoteError, TooLargeError
from index.loaders.base import Limits, Loaded, Part
from index.loaders.containers import Budget
from index.loaders.reading import read_one
from index.loaders.registry import JSON_LINES, MAIL, ZIP, Format
from index.loaders.sniffing import format_of


@dataclass(frozen=True, slots=True)
class Leaf:
    """One step of reading a file: ``parts`` reads it when called, and may be left uncalled."""

    inner: str
    parts: Callable[[], Iterator[Part]] = field(repr=False)


def leaves(data: bytes, name: str, kind: Format, limits: Limits) -> Iterator[Leaf]:
    """Yield what a file holds, itself alone where it is one document.

    Args:
        data: the file.
        name: how errors call it.
        kind: its format.
        limits: what it may hold.
    """
    yield from _Walk(limits).leaves(data, name, "", kind, depth=0)


class _Walk:
    """Goes through one file and all that is in it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._budget = Budget(limits)

    def leaves(
        self, data: bytes, name: str, inner: str, kind: Format, *, depth: int
    ) -> Iterator[Leaf]:
        if kind is ZIP:
            yield from self._archive(data, name, inner, depth)
        elif kind is MAIL:
            yield from self._mail(data, name, inner, depth)
        elif kind is JSON_LINES:
            yield Leaf(inner, lambda: _lines(data, name, inner, self._limits))
        else:
            yield Leaf(inner, lambda: _one(data, name, inner, kind, self._limits))

    def _archive(self, data: bytes, name: str, inner: str, depth: int) -> Iterator[Leaf]:
        from index.loaders import archive

        try:
            self._check_depth(name, depth)
            for entry, content in archive.entries(data, name, self._limits, self._budget):
                where = f"{inner}/{entry}" if inner else entry
                if isinstance(content, FootnoteError):
                    yield failed(where, content)
                else:
                    yield from self._inside(content, entry, where, None, depth)
        except FootnoteError as error:
            yield failed(inner, error)

    def _mail(self, data: bytes, name: str, inner: str, depth: int) -> Iterator[Leaf]:
        from index.loaders import mail

        try:
            self._check_depth(name, depth)
            letter = mail.Letter(data, name)
        except FootnoteError as error:
            yield failed(inner, error)
            return
        yield Leaf(inner, lambda: _read(letter.loaded, inner, MAIL, self._limits, name))
        try:
            for file, media_type, content in letter.attachments(self._budget):
                where = f"{inner}/{file}" if inner else file
                if isinstance(content, FootnoteError):
                    yield failed(where, content)
                else:
                    yield from self._inside(content, file, where, media_type, depth)
        except FootnoteError as error:
            yield failed(inner, error)

    def _inside(
        self, data: bytes, name: str, inner: str, media_type: str | None, depth: int
    ) -> Iterator[Leaf]:
        try:
            kind = format_of(data, name, media_type)
        except FootnoteError as error:
            yield failed(inner, error)
            return
        yield from self.leaves(data, name, inner, kind, depth=depth + 1)

    def _check_depth(self, name: str, depth: int) -> None:
        if depth > self._limits.depth:
            raise TooLargeError(
                f"{name} is packed more than {self._limits.depth} times into other files. Unpack "
                "it first."
            )


def failed(inner: str, error: FootnoteError) -> Leaf:
    """Return the step that only tells of an error."""
    return Leaf(inner, lambda: iter((Part(inner, None, None, error),)))


def _one(data: bytes, name: str, inner: str, kind: Format, limits: Limits) -> Iterator[Part]:
    return _read(lambda: read_one(data, name, kind, limits), inner, kind, limits, name)


def _read(
    load: Callable[[], Loaded], inner: str, kind: Format, limits: Limits, name: str
) -> Iterator[Part]:
    try:
        loaded = load()
        if len(loaded.text) > limits.characters:
            raise TooLargeError(
                f"{name} has {len(loaded.text):,} characters of text; at most "
                f"{limits.characters:,} are read. Split it."
            )
    except FootnoteError as error:
        yield Part(inner, kind.media_types[0], None, error)
        return
    yield Part(inner, kind.media_types[0], loaded)


def _lines(data: bytes, name: str, inner: str, limits: Limits) -> Iterator[Part]:
    from index.loaders import jsonl

    for number, found in jsonl.lines(data, name, limits):
        where = f"{inner}#line-{number}" if inner else f"line {number}"
        media_type = JSON_LINES.media_types[0]
        if isinstance(found, FootnoteError):
            yield Part(where, media_type, None, found)
        else:
            yield Part(where, media_type, found)
