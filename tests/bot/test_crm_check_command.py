"""`kefu crm check` and `kefu crm synthetic`: what is said of a file, and a file to say it of."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.crm import app


def said(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


def test_a_made_up_shop_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "shop.parquet"
    made = said("synthetic", "--customers", "50", "--out", str(file))
    lines = made.split(" lines")[0]
    checked = said("check", str(file))
    assert f"lines {lines} customers 50" in checked and "left out" not in checked


def test_what_is_left_out_and_how_the_rest_is_read_is_said(tmp_path: Path) -> None:
    file = tmp_path / "sales.csv"
    file.write_text(
        "customer_id;item_id;time;amount;currency\n1;a;01/02/2026;1.200,50;EUR\n2;a;13/02/2026;3;EUR\n"
        "3;a;14/02/2026;3;USD\n4;a;never;3;EUR\n",
        "utf-8",
    )
    checked = said("check", str(file))
    assert "lines 2 customers 2 items 1 orders 2" in checked
    assert "from, to 2026-02-01, 2026-02-13 paid in all 1,203.50" in checked
    for told in ("decimal comma", "2 January", "amounts are in EUR", "in USD, but most in EUR 1", "time is no date 1"):
        assert told in checked, told
    assert "on or after the cut 2" in said("check", str(file), "--cut", "2026-02-13")


@pytest.mark.parametrize(("text", "message"), [("", "is empty"), ("customer_id,item_id,time\n", "no line can be used")])
def test_a_file_without_a_line_is_named(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "sales.csv"
    file.write_text(text, "utf-8")
    assert f"{file.name}" in said("check", str(file), code=1).replace(" ", "") and message in said(
        "check", str(file), code=1
    )
