"""Tables as CSV for a spreadsheet: UTF-8 with the mark that Excel looks for, and no cell that it would run."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

MARK = "\ufeff"
DANGEROUS = ("=", "+", "-", "@")
"""A cell of words that begins so may be run by a spreadsheet, also after blanks or in wide letters; it gets an
apostrophe, which spreadsheets don't show."""
BLANKS = ("\t", "\r", "\n")

Cell = str | float | int | None


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(heading) for heading in headings])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return MARK + out.getvalue()


def harmless(cell: Cell) -> str:
    """Numbers as they are, short; words so that they stay words."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.6g}" if cell == cell else ""
    if not isinstance(cell, str):
        return str(cell)
    text = cell.replace("\x00", "")
    narrow = unicodedata.normalize("NFKC", text[:20]).lstrip()
    return f"'{text}" if narrow.startswith(DANGEROUS) or text.startswith(BLANKS) else text
