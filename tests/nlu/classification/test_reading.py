"""Files of labelled texts: what is read, and what a person is told about what can't be."""

from pathlib import Path

import pytest

from nlu.classification.reading import Columns, read_labelled
from nlu.errors import DatasetError
from tests.parquet import write_parquet


def test_parquet_csv_and_rasa_say_the_same(tmp_path: Path) -> None:
    csv, yml, table = tmp_path / "a.csv", tmp_path / "a.yml", tmp_path / "a.parquet"
    csv.write_text('text,intent\n"cancel it, please",cancel\n到哪了,track\n', "utf-8")
    blocks = (
        "- intent: cancel\n  examples: |\n    - cancel it, please",
        "- intent: track\n  examples: |\n    - 到哪了",
    )
    yml.write_text("\n".join(["nlu:", *blocks, ""]), "utf-8")
    write_parquet(table, {"text": ["cancel it, please", "到哪了"], "intent": ["cancel", "track"]})
    read = [read_labelled(file) for file in (csv, yml, table)]
    assert {(one.texts, one.labels) for one in read} == {(("cancel it, please", "到哪了"), ("cancel", "track"))}
    assert [one.where[1] for one in read] == [f"{csv}:3", f"{yml}:7", f"{table}, row 2"]


def test_numbers_are_labels_too(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    write_parquet(file, {"review": ["good", "bad"], "label": [1.0, 0.0]})
    assert read_labelled(file).labels == ("1", "0")


@pytest.mark.parametrize(
    "content",
    ["Text;Label\nhi, there;greet\n", "TEXT\tLABEL\nhi, there\tgreet\n", '\ufefftext,Label\n"hi, there",greet\n'],
)
def test_a_csv_as_spreadsheets_write_it_is_read(tmp_path: Path, content: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(content, "utf-8")
    assert (read_labelled(file).texts, read_labelled(file).labels) == (("hi, there",), ("greet",))


def test_context_stands_before_the_text(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("domain,before,text,label\nairline,,hi,greet\nairline,which seat?,12A,content\n", "utf-8")
    read = read_labelled(file, Columns(context=("domain", "before")))
    assert read.texts == ("airline [SEP] hi", "airline | which seat? [SEP] 12A")


def test_a_field_over_several_lines_is_named_by_the_line_it_begins_on(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('text,label\n"two\nlines",a\nlate,\n', "utf-8")
    with pytest.raises(DatasetError, match=r"a\.csv:4: column 'label' is empty; fill it in or remove the row"):
        read_labelled(file)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("utterances,intent\nhi,greet\n", r"none of the columns text, .*; the columns are utterances, intent;.*--text"),
        ("text,intention\nhi,greet\n", r"none of the columns intent, .*the columns are text, intention;.*--label"),
        ("text,label\nhi,NaN\n", r"a\.csv:2: column 'label' is empty"),
        ("text,label\n  ,greet\n", r"a\.csv:2: column 'text' is empty"),
        ("text,label\nhi,there,greet\n", r"a\.csv:2: 3 fields, but 2 in the header"),
        ('text,label\n"hi,greet\n', r"a\.csv:2: not readable as CSV"),
        ("text,label\n", r"a\.csv: there are no rows to read"),
        ("", r"a\.csv: there is none of the columns"),
    ],
)
def test_a_csv_that_cannot_be_read_says_where(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(content, "utf-8")
    with pytest.raises(DatasetError, match=message):
        read_labelled(file)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("text,label\n你好,greet\n".encode("gb18030"))
    with pytest.raises(DatasetError, match=r"a\.csv:2: byte 0xc4 is not UTF-8"):
        read_labelled(file)


def test_empty_cells_of_parquet_are_named_by_row(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    write_parquet(file, {"text": ["hi", None], "label": ["greet", "greet"]})
    with pytest.raises(DatasetError, match=r"a\.parquet, row 2: column 'text' is empty"):
        read_labelled(file)


def test_a_named_column_that_is_not_there_is_said_with_those_that_are(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("text,label\nhi,greet\n", "utf-8")
    with pytest.raises(DatasetError, match=r"no column 'topic'; the columns are text, label; name one with --label"):
        read_labelled(file, Columns(label="topic"))


def test_a_file_that_is_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_text("not parquet", "utf-8")
    with pytest.raises(DatasetError, match=r"a\.parquet: not readable as parquet"):
        read_labelled(tmp_path / "a.parquet")
    with pytest.raises(DatasetError, match=r"b\.csv does not exist"):
        read_labelled(tmp_path / "b.csv")
