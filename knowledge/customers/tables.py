"""A parquet or CSV file, as somebody's spreadsheet or shop wrote it → a DuckDB view of its columns.

Of a CSV every cell stays text ("007" is no number): cells.py makes numbers and times of it.
"""

import codecs
import csv
import gzip
import shutil
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.customers.errors import CustomerDataError

CSV, PARQUET, PACKED = (".csv", ".tsv", ".txt"), (".parquet", ".pq"), ".gz"
DELIMITERS = (",", ";", "\t", "|")
BLOCK = 1 << 20
MEMORY = "2GB"
"""What DuckDB may take before it goes on in a file."""


@dataclass(frozen=True)
class Workspace:
    """A database of its own in a folder that is removed afterwards; `notes` say how the files were understood."""

    db: Any
    folder: Path
    notes: list[str] = field(default_factory=list)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.db.execute(query).fetchall()
        return found

    def types(self, table: str) -> dict[str, str]:
        """Column → type."""
        return {row[0]: row[1] for row in self.rows(f"DESCRIBE {table}")}


@contextmanager
def workspace(file: Path) -> Iterator[Workspace]:
    """To read or write `file` in. What DuckDB can't do with it is a CustomerDataError."""
    import duckdb

    with tempfile.TemporaryDirectory(prefix="kefu-") as folder:
        db = duckdb.connect(str(Path(folder) / "lines.duckdb"))
        try:
            db.execute(f"SET TimeZone = 'UTC'; SET memory_limit = '{MEMORY}'; SET preserve_insertion_order = false")
            yield Workspace(db, Path(folder))
        except duckdb.Error as error:
            raise CustomerDataError(f"{file}: not readable: {error}") from error
        finally:
            db.close()


def open_table(work: Workspace, name: str, file: Path, needed: Sequence[str]) -> None:
    """The file as a view called `name`, its columns in small letters. Raises CustomerDataError."""
    import duckdb

    if file.is_dir():
        raise CustomerDataError(f"{file} is a folder; name the .parquet or .csv file in it")
    if not file.is_file():
        raise CustomerDataError(f"{file} does not exist; hand over a .parquet or .csv file")
    is_packed = file.suffix.lower() == PACKED
    kind = Path(file.stem).suffix.lower() if is_packed else file.suffix.lower()
    if kind not in CSV + (() if is_packed else PARQUET):
        raise CustomerDataError(f"{file}: '{file.suffix}' is not read; save it as .csv, .csv.gz or .parquet")
    source = _unpacked(file, work.folder / f"{name}-{file.stem}") if is_packed else file
    if source.stat().st_size == 0:
        raise CustomerDataError(f"{file} is empty")
    reader = _csv(work, name, source) if kind in CSV else f"read_parquet({quoted(source)})"
    try:
        given = work.db.execute(f"SELECT * FROM {reader} LIMIT 0").description
        columns = [f'"{_escaped(column[0])}" AS "{_escaped(_plain(column[0]))}"' for column in given]
        work.db.execute(f"CREATE VIEW {name} AS SELECT {', '.join(columns)} FROM {reader}")
        there = work.types(name)
    except duckdb.Error as error:
        raise CustomerDataError(f"{file}: not readable: {error}") from error
    if missing := [column for column in needed if column not in there]:
        raise CustomerDataError(f"{file} has no column '{missing[0]}'; it has {', '.join(there)}")


def quoted(value: object) -> str:
    """A text in SQL."""
    return "'" + str(value).replace("'", "''") + "'"


def unreadable_lines(work: Workspace, name: str) -> int:
    """Lines of the CSV behind `name` that don't have as many cells as it has headings; known once it was read."""
    if not work.rows(f"SELECT 1 FROM duckdb_tables() WHERE table_name = '{name}_errors'"):
        return 0
    return int(work.rows(f"SELECT count(DISTINCT line) FROM {name}_errors")[0][0])


def _unpacked(file: Path, target: Path) -> Path:
    try:
        with gzip.open(file) as packed, target.open("wb") as plain:
            shutil.copyfileobj(packed, plain, BLOCK)
    except (OSError, EOFError, zlib.error) as error:
        raise CustomerDataError(f"{file} can't be unpacked: {error}") from error
    return target


def _csv(work: Workspace, name: str, file: Path) -> str:
    encoding = _encoding(file)
    if encoding != "utf-8":
        work.notes.append(f"{file.name} is read as {encoding}")
    if encoding != "utf-8" or _has_mixed_ends(file):
        file = _rewritten(file, encoding, work.folder / f"{name}.csv")
    delimiter, headings = _headings(file)
    columns = ", ".join(f"{quoted(heading)}: 'VARCHAR'" for heading in headings)
    return (
        f"read_csv({quoted(file)}, auto_detect=false, header=true, columns={{{columns}}}, delim={quoted(delimiter)}, "
        f"quote='\"', escape='\"', store_rejects=true, rejects_table='{name}_errors', "
        f"rejects_scan='{name}_scans')"
    )


def _headings(file: Path) -> tuple[str, list[str]]:
    """The delimiter is the one that parts the first line into the most headings."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        first = lines.readline()
    delimiter = max(DELIMITERS, key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))
    given = next(csv.reader([first], delimiter=delimiter), [])
    headings = [_plain(heading) or f"column {place}" for place, heading in enumerate(given, 1)]
    if twice := [heading for heading in headings if headings.count(heading) > 1]:
        raise CustomerDataError(f"{file}: the column '{twice[0]}' stands there twice")
    return delimiter, headings


def _plain(heading: str) -> str:
    return heading.strip().strip("\ufeff").lower()


def _escaped(name: str) -> str:
    return name.replace('"', '""')


def _encoding(file: Path) -> str:
    """UTF-8 where it is; else what a byte order mark says, else Chinese where its bytes come in pairs, else Western."""
    with file.open("rb") as source:
        start = source.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if _decodes(file, "utf-8"):
        return "utf-8"
    return "gb18030" if _comes_in_pairs(file) and _decodes(file, "gb18030") else "cp1252"


def _decodes(file: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in _blocks(file):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _comes_in_pairs(file: Path) -> bool:
    """An accent in a Western text mostly stands alone among plain letters; a Chinese sign is two upper bytes."""
    text = b"".join(_blocks(file, BLOCK))
    upper = [byte >= 0x80 for byte in text]
    alone = sum(
        here and not (before or after)
        for before, here, after in zip([False, *upper], upper, [*upper[1:], False], strict=False)
    )
    return alone * 2 < sum(upper)


def _has_mixed_ends(file: Path) -> bool:
    """Whether lines end with CR LF here and with LF there, which DuckDB takes for a broken file."""
    with_return = lines = 0
    for block in _blocks(file):
        with_return += block.count(b"\r\n")
        lines += block.count(b"\n")
    return 0 < with_return < lines


def _rewritten(file: Path, encoding: str, target: Path) -> Path:
    """A copy in UTF-8 whose lines end with LF."""
    with (
        file.open(encoding=encoding, errors="replace", newline=None) as source,
        target.open("w", encoding="utf-8") as copy,
    ):
        while block := source.read(BLOCK):
            copy.write(block.lstrip("\ufeff"))
    return target


def _blocks(file: Path, limit: int | None = None) -> Iterator[bytes]:
    with file.open("rb") as source:
        read = 0
        while (limit is None or read < limit) and (block := source.read(BLOCK)):
            read += len(block)
            yield block
