"""Reads labelled texts from parquet, CSV and Rasa YAML.

What can't be read is a DatasetError that names the file and the line (parquet: the row, counted from 1).
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from nlu.classification.texts import LabelledTexts, with_context
from nlu.dataset import load_dataset, read_utf8
from nlu.errors import DatasetError
from nlu.parquet import read_parquet

TEXT_NAMES = ("text", "utterance", "sentence", "query", "message", "review")
LABEL_NAMES = ("intent", "label", "category", "class", "target", "sentiment")
_MISSING_NUMBERS = frozenset({"nan"})


@dataclass(frozen=True)
class Columns:
    """Which columns hold what; None: the first known name that the file has, in capitals or not."""

    text: str | None = None
    label: str | None = None
    context: tuple[str, ...] = ()
    """Columns whose values stood before the text: the domain, the turns before it."""


def read_labelled(file: Path, columns: Columns | None = None) -> LabelledTexts:
    """The file's rows in order. Raises DatasetError."""
    if not file.exists():
        raise DatasetError(f"{file} does not exist; hand over a .parquet, .csv, .tsv or Rasa .yml file")
    if file.is_dir() or file.suffix in (".yml", ".yaml"):
        return _read_rasa(file)
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        raise DatasetError(f"{file}: '{file.suffix}' is not read; hand over a .parquet, .csv, .tsv or Rasa .yml file")
    names, rows, place = reader(file)
    return labelled(file, names, rows, place, columns or Columns())


Rows = Sequence[Sequence[object]]
Place = Callable[[int], str]
"""From a row's number, counted from 0, to what an error calls it."""


def labelled(file: Path, names: Sequence[str], rows: Rows, place: Place, columns: Columns) -> LabelledTexts:
    """The rows of a table as labelled texts."""
    text_at = _column(file, names, columns.text, TEXT_NAMES, "--text")
    label_at = _column(file, names, columns.label, LABEL_NAMES, "--label")
    context_at = [_column(file, names, name, (), "--context") for name in columns.context]
    if not rows:
        raise DatasetError(f"{file}: there are no rows to read")
    texts, labels = [], []
    for number, row in enumerate(rows):
        text = _cell(row[text_at], f"{place(number)}: column '{names[text_at]}'")
        texts.append(with_context([_optional(row[at]) for at in context_at], text))
        labels.append(_cell(row[label_at], f"{place(number)}: column '{names[label_at]}'"))
    return LabelledTexts(tuple(texts), tuple(labels), tuple(place(number) for number in range(len(rows))))


def _column(file: Path, names: Sequence[str], wanted: str | None, known: Sequence[str], option: str) -> int:
    if wanted is not None and wanted in names:
        return list(names).index(wanted)
    lowered = [name.lower() for name in names]
    candidates = [] if wanted is not None else [name for name in known if name in lowered]
    if not candidates:
        missing = f"no column '{wanted}'" if wanted is not None else f"none of the columns {', '.join(known)}"
        raise DatasetError(f"{file}: there is {missing}; the columns are {', '.join(names)}; name one with {option}")
    return lowered.index(candidates[0])


def _cell(value: object, where: str) -> str:
    text = _optional(value)
    if not text:
        raise DatasetError(f"{where} is empty; fill it in or remove the row")
    return text


def _optional(value: object) -> str:
    """A cell as text; nothing for None, NaN and blanks. A whole number loses its '.0'."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _read_parquet(file: Path) -> tuple[list[str], Rows, Place]:
    names, rows = read_parquet(file)
    return names, rows, lambda number: f"{file}, row {number + 1}"


def _read_csv(file: Path) -> tuple[list[str], Rows, Place]:
    rows, lines = [], []
    content = read_utf8(file)
    reader = csv.reader(StringIO(content, newline=""), delimiter=_delimiter(file, content), strict=True)
    try:
        names = [name.strip() for name in next(reader, [])]
        begins = reader.line_num + 1
        for row in reader:
            if row:
                rows.append(_whole(file, begins, names, row))
                lines.append(begins)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise DatasetError(f"{file}:{reader.line_num}: not readable as CSV: {error}") from error
    return names, rows, lambda number: f"{file}:{lines[number]}"


def _delimiter(file: Path, content: str) -> str:
    """What stands between the columns of the header: spreadsheets of half of Europe write semicolons into a .csv."""
    header = content.partition("\n")[0]
    usual = "\t" if file.suffix.lower() == ".tsv" else ","
    return next((one for one in (usual, ";", "\t") if one in header), usual)


def _whole(file: Path, line: int, names: list[str], row: list[str]) -> list[str]:
    if len(row) != len(names):
        raise DatasetError(
            f"{file}:{line}: {len(row)} fields, but {len(names)} in the header; quote what holds a delimiter"
        )
    return ["" if cell.strip().lower() in _MISSING_NUMBERS else cell for cell in row]


def _read_rasa(path: Path) -> LabelledTexts:
    examples = load_dataset(path).intents
    return LabelledTexts(
        tuple(example.text for example in examples),
        tuple(example.label for example in examples),
        tuple(example.where for example in examples),
    )


_READERS: dict[str, Callable[[Path], tuple[list[str], Rows, Place]]] = {
    ".parquet": _read_parquet,
    ".csv": _read_csv,
    ".tsv": _read_csv,
}
