"""CSV and TSV: each row with the names of its columns is one piece of text.

A row says little without its column's names, which may stand a thousand rows above; so they are
written into it, and a quote of it can be read alone: ``port: Brekke | tonnes: 7905``.
"""

import csv
import io
from collections.abc import Iterator, Sequence

from index.errors import InvalidDocumentError, TooLargeError
from index.loaders.base import Limits, Loaded
from index.loaders.decoding import decode
from index.loaders.tables import has_head, named_rows

_SAMPLE = 64_000
_DELIMITERS = ",;\t|"
_MOST_FIELD = 1_000_000


def load(data: bytes, name: str, limits: Limits) -> Loaded:
    """Return the rows of a table of text.

    Raises:
        InvalidDocumentError: it is no text, or has no rows.
        TooLargeError: it has too many rows.
    """
    text = decode(data, name).replace("\r\n", "\n").replace("\r", "\n")
    rows = list(_rows(text, name, limits))
    if not any(any(cell for cell in row) for row in rows):
        raise InvalidDocumentError(f"{name} has no rows with anything in them.")
    return Loaded(sheet_text(rows))


def sheet_text(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as text: what stands above the table as lines, then its rows with their names."""
    rows = [[cell.strip() for cell in row] for row in rows]
    first = _first_row(rows)
    above = [" ".join(filter(None, row)) for row in rows[:first]]
    body = [row for row in rows[first:] if any(row)]
    if len(body) > 1 and max(map(len, body)) > 1:
        # Few tables have no names; those show it by a figure or nothing in their first row.
        names = body[0] if has_head(body) or _is_named(body[0]) else None
        table = named_rows(body[1:] if names else body, names or [])
    else:
        table = "\n\n".join(" ".join(filter(None, row)) for row in body)
    return "\n\n".join([*filter(None, above), table])


def _first_row(rows: Sequence[Sequence[str]]) -> int:
    """Return where the table begins: titles above it fill one cell, and the table more."""
    filled = [sum(map(bool, row)) for row in rows]
    widest = max(filled, default=0)
    for number, count in enumerate(filled[:20]):
        if count > 1 and count * 2 >= widest:
            return number
    return 0


def _is_named(row: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell]
    return len(filled) == len(row) and not any(cell[:1].isdigit() for cell in filled)


def _rows(text: str, name: str, limits: Limits) -> Iterator[list[str]]:
    csv.field_size_limit(_MOST_FIELD)
    most = limits.entries * 100
    delimiter = _delimiter(text[:_SAMPLE], name)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter)):
            if number >= most:
                raise TooLargeError(f"{name} has more than {most:,} rows. Split it.")
            yield row
    except csv.Error as error:
        raise InvalidDocumentError(
            f"{name} cannot be read as a table ({error}). Save it again as CSV."
        ) from error


def _delimiter(sample: str, name: str) -> str:
    """Return what parts the cells: the sign that parts most rows into as many cells."""
    if name.lower().endswith((".tsv", ".tab")) and "\t" in sample:
        return "\t"
    lines = sample.split("\n")
    if lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        return lines[0][4]
    best, found = 0.0, ","
    for sign in _DELIMITERS:
        try:
            rows = [row for row in csv.reader(io.StringIO(sample), delimiter=sign) if row]
        except csv.Error:
            continue
        widths = [len(row) for row in rows[:200]]
        usual = max(set(widths), key=widths.count) if widths else 1
        share = widths.count(usual) / len(widths) if usual > 1 else 0.0
        if share > best + 0.05:
            best, found = share, sign
    return found
