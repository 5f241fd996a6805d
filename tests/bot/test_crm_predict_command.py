"""`kefu crm predict`: a value for every customer of a file, from nothing on or after the cut."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.crm import app

pytest.importorskip("lightgbm")


def predicted(file: Path, task: str, out: Path) -> tuple[str, dict[str, float]]:
    arguments = ["predict", "--transactions", str(file), "--cut", "2026-03-01", "--task", task, "--out", str(out)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    with out.open(encoding="utf-8", newline="") as rows:
        return result.output, {row["customer_id"]: float(row["value"]) for row in csv.DictReader(rows)}


@pytest.mark.parametrize("task", ["active", "churn", "purchases", "spend"])
def test_everybody_gets_a_value_and_it_says_how_it_was_made(tmp_path: Path, task: str) -> None:
    file = tmp_path / "sales.csv"
    lines = [f"{one},x,2026-0{month}-1{one},1,9.5" for one in range(3) for month in (1, 2, 3)]
    file.write_text("\n".join(["customer_id,item_id,time,quantity,amount", *lines, "late,x,2026-03-01,1,2"]), "utf-8")
    said, values = predicted(file, task, tmp_path / "out.csv")
    assert set(values) == {"0", "1", "2"}
    assert "lifetime, untested" in said and "on or after the cut" in said
    file.write_text(
        "\n".join(["customer_id,item_id,time,quantity,amount", *(x for x in lines if "-03-" not in x)]), "utf-8"
    )
    assert predicted(file, task, tmp_path / "out.csv")[1] == values


def test_an_unknown_suffix_is_told_before_the_work(tmp_path: Path) -> None:
    arguments = [
        "--transactions",
        "none.csv",
        "--cut",
        "2026-03-01",
        "--task",
        "churn",
        "--out",
        str(tmp_path / "a.xls"),
    ]
    result = CliRunner().invoke(app, ["predict", *arguments])
    assert result.exit_code != 0
    assert ".xls" in str(result.exception or result.output)


def test_categories_have_a_row_for_each_customer_and_category(tmp_path: Path) -> None:
    file, items, out = tmp_path / "sales.csv", tmp_path / "items.csv", tmp_path / "out.csv"
    lines = [f"{one},{item},2025-{month:02}-1{one % 8},1,9.5" for one in range(40) for month in range(6, 13)
             for item in ("tea", "cup")[: 1 + one % 2]]  # fmt: skip
    file.write_text("\n".join(["customer_id,item_id,time,quantity,amount", *lines]), "utf-8")
    items.write_text("item_id,name,category\ntea,Green tea,drinks\ncup,Cup,kitchen\n", "utf-8")
    arguments = ["--transactions", str(file), "--cut", "2026-01-01", "--task", "category", "--out", str(out)]
    assert CliRunner().invoke(app, ["predict", *arguments]).exception is not None, "no categories without --items"
    done = CliRunner().invoke(app, ["predict", *arguments, "--items", str(items)])
    assert done.exit_code == 0, done.output
    with out.open(encoding="utf-8", newline="") as rows:
        values = {(row["customer_id"], row["category"]): float(row["value"]) for row in csv.DictReader(rows)}
    assert len(values) == 80
    assert values["1", "kitchen"] > values["0", "kitchen"], "0 has never bought a cup"
