"""Reading a CSV or Parquet file: numbered rows of named cells, empty cells left out."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from knowledge.shop.errors import ImportFailed

Cells = Mapping[str, Any]
BATCH = 10_000
ZONED = "TIMESTAMP WITH TIME ZONE"


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
            with _open_parquet(path) as db:
                return int(db.execute("SELECT count(*) FROM given").fetchall()[0][0])
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
    with _open_parquet(path) as db:
        kinds = {name: kind for name, kind, *_ in db.execute("DESCRIBE given").fetchall()}
        _check_headings(path, list(kinds), columns, required, ignored)
        found = db.execute(f"SELECT {', '.join(map(_selected, kinds, kinds.values()))} FROM given")
        zoned = [kind == ZONED for kind in kinds.values()]
        row = 1
        while batch := found.fetchmany(BATCH):
            for cells in batch:
                row += 1
                yield row, _filled(dict(zip(kinds, map(_aware, cells, zoned), strict=True)), ignored)


@contextmanager
def _open_parquet(path: Path) -> Iterator[Any]:
    """A DuckDB in which the file is the view `given`."""
    import duckdb

    with duckdb.connect() as db:
        db.execute("SET TimeZone = 'UTC'")
        try:
            db.execute(f"CREATE VIEW given AS SELECT * FROM read_parquet({_quoted(path)})")
            yield db
        except duckdb.Error as error:
            raise ImportFailed(f"{path} cannot be read as Parquet: {error}") from error


def _selected(name: str, kind: str) -> str:
    """A time with a zone comes as one in UTC: DuckDB would need another package to hand it over."""
    column = '"' + name.replace('"', '""') + '"'
    return f"{column}::TIMESTAMP AS {column}" if kind == ZONED else column


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _aware(cell: Any, is_zoned: bool) -> Any:
    return cell.replace(tzinfo=UTC) if is_zoned and cell is not None else cell


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
