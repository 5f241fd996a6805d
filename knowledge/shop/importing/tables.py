"""Reading a CSV or Parquet file: numbered rows of named cells, empty cells left out."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.shop.errors import ImportFailed

if TYPE_CHECKING:
    from pyarrow import parquet

Cells = Mapping[str, Any]


@dataclass(frozen=True)
class Rejection:
    """Why a row was not imported. `row` counts as a spreadsheet does: the headings are row 1."""

    file: str
    row: int
    column: str
    message: str


def read_table(
    path: Path, columns: Sequence[str], required: Sequence[str], *, encoding: str, ignored: Sequence[str]
) -> Iterator[tuple[int, Cells] | Rejection]:
    """Each row with its number, or what is wrong with its shape.

    Raises ImportFailed when the file cannot be read, lacks a required column or has one that nobody knows.
    """
    if _is_parquet(path):
        yield from _parquet(path, columns, required, ignored)
    else:
        yield from _csv(path, columns, required, encoding, ignored)


def row_count(path: Path) -> int:
    """About how many rows the file has, for a progress bar (a cell with line breaks counts as several)."""
    try:
        if _is_parquet(path):
            with _open_parquet(path) as table:
                return int(table.metadata.num_rows)
        with path.open("rb") as file:
            return max(0, sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b"")) - 1)
    except OSError as error:
        raise ImportFailed(f"{path} cannot be read: {error}") from error


def _is_parquet(path: Path) -> bool:
    return path.suffix.lower() in (".parquet", ".pq")


def _csv(
    path: Path, columns: Sequence[str], required: Sequence[str], encoding: str, ignored: Sequence[str]
) -> Iterator[tuple[int, Cells] | Rejection]:
    try:
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(file)
            headings = [heading.strip() for heading in next(reader, [])]
            _check_headings(path, headings, columns, required, ignored)
            for row, cells in enumerate(reader, 2):
                if not cells:
                    continue
                if len(cells) != len(headings):
                    yield Rejection(path.name, row, "", f"{len(cells)} cells under {len(headings)} headings")
                else:
                    yield row, _filled(dict(zip(headings, cells, strict=True)), ignored)
    except UnicodeDecodeError as error:
        raise ImportFailed(f"{path} is not {encoding}: name its encoding, e.g. --encoding gb18030") from error
    except (OSError, csv.Error, LookupError) as error:
        raise ImportFailed(f"{path} cannot be read: {error}") from error


def _parquet(
    path: Path, columns: Sequence[str], required: Sequence[str], ignored: Sequence[str]
) -> Iterator[tuple[int, Cells]]:
    with _open_parquet(path) as file:
        _check_headings(path, file.schema_arrow.names, columns, required, ignored)
        row = 1
        for batch in file.iter_batches():
            for cells in batch.to_pylist():
                row += 1
                yield row, _filled(cells, ignored)


def _open_parquet(path: Path) -> "parquet.ParquetFile":
    import pyarrow
    from pyarrow import parquet

    try:
        return parquet.ParquetFile(path)
    except (OSError, pyarrow.ArrowException) as error:
        raise ImportFailed(f"{path} cannot be read as Parquet: {error}") from error


def _filled(cells: Mapping[str, Any], ignored: Sequence[str]) -> Cells:
    """Text trimmed; what is empty or ignored left out."""
    trimmed = {name: cell.strip() if isinstance(cell, str) else cell for name, cell in cells.items()}
    return {name: cell for name, cell in trimmed.items() if cell not in ("", None) and name not in ignored}


def _check_headings(
    path: Path, headings: Sequence[str], columns: Sequence[str], required: Sequence[str], ignored: Sequence[str]
) -> None:
    missing = [column for column in required if column not in headings]
    unknown = [heading for heading in headings if heading not in columns and heading not in ignored]
    twice = [heading for heading in dict.fromkeys(headings) if headings.count(heading) > 1]
    problems = [f"the column {column} is missing" for column in missing]
    problems += [f"the column {heading} stands there twice" for heading in twice]
    for heading in unknown:
        near = get_close_matches(heading, columns, n=1)
        hint = f"did you mean {near[0]}?" if near else f"leave it out with --ignore-column {heading}"
        problems.append(f"the column {heading!r} is unknown: {hint}")
    if problems:
        raise ImportFailed(f"{path}: {'; '.join(problems)}")
