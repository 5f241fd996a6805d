"""`kefu crm report`, from the shop's database and from files: a page, or one sentence about why there is none."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from bot.cli import build
from bot.database import open_database, upgrade
from bot.settings import Settings
from knowledge.shop.demo.seeding import seed
from tests.knowledge.segmentation.shops import CUT, shop

pytest.importorskip("duckdb")
HEAD = "customer_id,item_id,time,quantity,amount,order_id"


def report(folder: Path, *arguments: str) -> Result:
    url = f"sqlite:///{folder}/kefu.db"
    runner = CliRunner(env={"KEFU_DATABASE_URL": url, "COLUMNS": "200"})
    return runner.invoke(build(), ["crm", "report", "--out", str(folder / "page.html"), *arguments])


def written(folder: Path) -> str:
    return (folder / "page.html").read_text("utf-8")


def csv(folder: Path, *lines: str) -> str:
    file = folder / "lines.csv"
    file.write_text("\n".join((HEAD, *lines)) + "\n", "utf-8")
    return str(file)


def purchases() -> list[str]:
    table = shop(40)
    times = np.datetime64("1970-01-01T00:00:00") + (table.day * 86_400).astype("timedelta64[s]")
    rows = zip(table.customers[table.customer], times, table.amount, table.order, strict=True)
    return [f"{who},tea,{when},1,{paid:.2f},{order}" for who, when, paid, order in rows]


def test_a_file_with_bad_rows_makes_a_page_that_says_so(tmp_path: Path) -> None:
    bad = [
        ",tea,2024-10-01,1,5,x1",
        "ann,tea,some day,1,5,x2",
        "ann,tea,2024-10-01,-1,5,x3",
        "ann,tea,2999-01-01,1,5,x4",
    ]
    result = report(tmp_path, "--transactions", csv(tmp_path, *purchases(), *bad), "--language", "zh")
    assert result.exit_code == 0, result.output
    page = written(tmp_path)
    assert '<html lang="zh-CN">' in page
    assert "客户分群" in page
    for reason in ("没有客户编号", "时间不是有效日期", "日期晚于今天", "退货或冲正"):
        assert reason in page


def test_until_looks_at_nothing_later(tmp_path: Path) -> None:
    last = int(CUT) - 100
    day = str(np.datetime64("1970-01-01") + last)
    result = report(tmp_path, "--transactions", csv(tmp_path, *purchases()), "--until", day)
    assert result.exit_code == 0, result.output
    before = shop(40).before(float(last))
    assert f"<strong>{len(np.unique(before.order)):,}</strong> orders" in written(tmp_path)


def test_until_understands_the_file_by_what_stands_before_it(tmp_path: Path) -> None:
    """What comes later neither repeats an earlier line, nor is counted as left out, nor decides the currency."""
    day = str(np.datetime64("1970-01-01") + int(CUT))
    later = [f"x{n},tea,2999-01-01,1,£5,y{n}" for n in range(len(purchases()) + 1)]
    lines = purchases()
    assert report(tmp_path, "--transactions", csv(tmp_path, *lines), "--until", day).exit_code == 0
    alone = written(tmp_path)
    result = report(tmp_path, "--transactions", csv(tmp_path, *lines, *later), "--until", day)
    assert "amounts are in" not in result.output
    assert "dated after today" not in written(tmp_path)
    assert written(tmp_path).count("<strong>") == alone.count("<strong>")


def test_the_shops_own_customers_are_compared_by_tier_and_language(tmp_path: Path) -> None:
    database = open_database(Settings(database_url=f"sqlite:///{tmp_path}/kefu.db"))
    upgrade(database)
    with database.transaction() as session:
        seed(session, seed=1, customers=150, now=datetime.now(UTC))
    database.close()
    result = report(tmp_path)
    assert result.exit_code == 0, result.output
    page = written(tmp_path)
    assert "Loyalty tier" in page and "Language × Loyalty tier" in page
    assert "@" not in page.split("</style>")[1]


@pytest.mark.parametrize(
    ("lines", "said"),
    [((), "no purchase to report on yet"), ((",tea,2024-10-01,1,5,x1",), "no purchase to report on yet")],
    ids=["empty", "nothing usable"],
)
def test_without_a_purchase_it_says_so(tmp_path: Path, lines: tuple[str, ...], said: str) -> None:
    result = report(tmp_path, "--transactions", csv(tmp_path, *lines))
    assert result.exit_code == 1
    assert said in result.output
    assert not (tmp_path / "page.html").exists()


def test_an_empty_shop_says_so(tmp_path: Path) -> None:
    result = report(tmp_path)
    assert result.exit_code == 1
    assert "kefu import shop" in result.output


def test_one_customer_is_not_described(tmp_path: Path) -> None:
    result = report(tmp_path, "--transactions", csv(tmp_path, "ann,tea,2024-10-01,1,5.5,x1"))
    assert result.exit_code == 0, result.output
    assert "Customers with purchases so far: 1" in written(tmp_path)


def test_a_wrong_language_or_file_is_told(tmp_path: Path) -> None:
    assert "not one of en, zh" in report(tmp_path, "--language", "de").output
    missing = report(tmp_path, "--transactions", str(tmp_path / "none.csv"))
    assert missing.exit_code == 1 and "does not exist" in missing.output
