"""Workbooks of Excel and OpenDocument: each sheet under its name, each row with its columns' names.

calamine reads the cells as they were last calculated; formulas, comments and pictures are left out.
Hidden sheets are no evidence.
"""

import datetime as dt
import io
from typing import Any

from index.errors import InvalidDocumentError, TooLargeError
from index.loaders.base import Limits, Loaded
from index.loaders.delimited import sheet_text
from index.loaders.packages import check_package


def load(data: bytes, name: str, limits: Limits) -> Loaded:
    """Return the sheets of a workbook as text.

    Raises:
        InvalidDocumentError: it is damaged, wants a password, or holds nothing.
        TooLargeError: it is over a limit.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    if data.startswith(b"PK"):
        check_package(data, name, limits, "a workbook")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as error:
        raise InvalidDocumentError(
            f"{name} is encrypted and wants a password. Save a copy without one."
        ) from error
    except CalamineError as error:
        raise InvalidDocumentError(
            f"{name} is a damaged workbook, or none. Open it in the program it is made for and "
            "save it again."
        ) from error
    seen = [each.name for each in book.sheets_metadata if each.visible is SheetVisibleEnum.Visible]
    parts: list[str] = []
    cells = 0
    for sheet in seen:
        try:
            values = book.get_sheet_by_name(sheet).to_python()
        except CalamineError:  # a sheet of charts has no cells
            continue
        cells += sum(map(len, values))
        if cells > limits.characters:
            raise TooLargeError(f"{name} has more than {limits.characters:,} cells. Split it.")
        text = sheet_text([[_written(value) for value in row] for row in values])
        if text.strip():
            parts += [f"# {' '.join(sheet.split())}"] * (len(seen) > 1) + [text]
    if not parts:
        raise InvalidDocumentError(f"{name} has no cells with anything in them.")
    return Loaded("\n\n".join(parts))


def _written(value: Any) -> str:
    """Return a cell's value as it is written: no decimals that it does not have, days as days."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.12g}"
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case dt.datetime():
            return value.isoformat(" ", "minutes")
        case dt.time():
            return value.isoformat("minutes")
        case _:
            return str(value)
