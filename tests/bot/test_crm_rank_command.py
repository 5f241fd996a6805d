"""`kefu crm rank`: lists in a file that anybody can score."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import build

TASKS = ("window", "next", "new")
LINES = [
    ("ann", "tea", "2026-01-01"),
    ("ann", "milk", "2026-01-08"),
    ("ann", "tea", "2026-01-15"),
    ("bob", "tea", "2026-01-03"),
    ("bob", "cake", "2026-01-03"),
    ("cy", "soap", "2026-01-09"),
]
LATER = [("ann", "soap", "2026-02-01"), ("dee", "tea", "2026-02-01")]


def rank(folder: Path, lines: list[tuple[str, str, str]], task: str, out: str = "out.csv", k: int = 3) -> Path:
    file = folder / "lines.csv"
    file.write_text("\n".join(["customer_id,item_id,time", *(",".join(line) for line in lines)]))
    target = folder / out
    command = ["crm", "rank", "--transactions", str(file), "--cut", "2026-02-01", "--task", task, "--k", str(k)]
    result = CliRunner().invoke(build(), [*command, "--out", str(target)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return target


def rows(file: Path) -> dict[str, list[str]]:
    """Items by customer, in the order of their ranks."""
    found: dict[str, list[str]] = {}
    for row in csv.DictReader(file.open()):
        found.setdefault(row["customer_id"], []).append(row["item_id"])
        assert int(row["rank"]) == len(found[row["customer_id"]])
    return found


@pytest.mark.parametrize("task", TASKS)
def test_everybody_before_the_cut_gets_a_list(tmp_path: Path, task: str) -> None:
    found = rows(rank(tmp_path, LINES, task))
    own = {customer: {item for other, item, _ in LINES if other == customer} for customer, *_ in LINES}
    assert set(found) == set(own)
    for customer, items in found.items():
        possible = 4 - len(own[customer]) if task == "new" else 4
        assert len(set(items)) == len(items) == min(3, possible)
        assert task != "new" or not own[customer] & set(items)


@pytest.mark.parametrize("task", TASKS)
def test_what_comes_later_is_not_read(tmp_path: Path, task: str) -> None:
    assert rows(rank(tmp_path, LINES, task)) == rows(rank(tmp_path, LINES + LATER, task))


def test_parquet_holds_the_same(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    file = rank(tmp_path, LINES, "window", "out.parquet")
    found = duckdb.sql(f"SELECT customer_id, rank, item_id FROM '{file}'").fetchall()
    assert [row[2] for row in found if row[0] == "ann"] == rows(rank(tmp_path, LINES, "window"))["ann"]


def test_a_file_that_cannot_be_written_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"name a \.csv or \.parquet file"):
        rank(tmp_path, LINES, "window", "out.xlsx")
    with pytest.raises(ValueError, match="there is no folder"):
        rank(tmp_path, LINES, "window", "nowhere/out.csv")
    (tmp_path / "taken.csv").mkdir()
    with pytest.raises(ValueError, match="may not be written"):
        rank(tmp_path, LINES, "window", "taken.csv")


def test_nothing_before_the_cut_is_an_empty_table(tmp_path: Path) -> None:
    assert rows(rank(tmp_path, LATER, "window")) == {}
