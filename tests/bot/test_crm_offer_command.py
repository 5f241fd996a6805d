"""`kefu crm offer`: from files of offers to a chance for everybody who gets the next one."""

import csv
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from bot.cli.crm import app
from knowledge.prediction import measures

pytest.importorskip("sklearn")
FIRST = date(2025, 1, 1)
STARTS = (60, 120, 180, 240)


def day(number: float) -> str:
    return (FIRST + timedelta(days=int(number))).isoformat()


def write(file: Path, head: str, rows: list[str]) -> str:
    file.write_text("\n".join([head, *rows]), "utf-8")
    return str(file)


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Every third of 150 customers redeems nearly every offer, the others hardly any."""
    random = np.random.default_rng(1)
    customers = range(150)
    bought = [f"c{one},i{one % 7},{day(n)},1,5" for one in customers for n in random.uniform(0, 270, 12)]
    taken = [(one, n) for n in range(4) for one in customers if random.uniform() < (0.8 if one % 3 == 0 else 0.03)]
    offers = [f"o{n},{day(start)},{day(start + 25)}" for n, start in enumerate(STARTS)]
    sent = [f"c{one},o{n}" for one in customers for n in range(4)]
    redeemed = [f"c{one},o{n},{day(STARTS[n] + 5)}" for one, n in taken]
    written = {
        "--transactions": write(tmp_path / "t.csv", "customer_id,item_id,time,quantity,amount", bought),
        "--offers": write(tmp_path / "o.csv", "offer_id,start,end", offers),
        "--sent": write(tmp_path / "s.csv", "customer_id,offer_id", sent),
        "--redemptions": write(tmp_path / "r.csv", "customer_id,offer_id,time", redeemed),
    }
    return [part for option in written.items() for part in option]


def test_who_redeemed_the_earlier_ones_is_likely_to_redeem_the_next(files: list[str], tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["offer", "o3", *files, "--out", str(tmp_path / "out.csv")])
    assert done.exit_code == 0, done.output
    assert "150 customers" in done.output and "learned from 3 offers" in done.output
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as rows:
        chance = {row["customer_id"]: float(row["value"]) for row in csv.DictReader(rows)}
    likely = np.array([int(one[1:]) % 3 == 0 for one in chance], dtype=np.float64)
    assert measures.auc(np.array(list(chance.values())), likely) > 0.9


def test_what_is_wrong_is_named(files: list[str], tmp_path: Path) -> None:
    out = ["--out", str(tmp_path / "out.csv")]
    assert "there is no offer 'o9'; there are o0" in str(
        CliRunner().invoke(app, ["offer", "o9", *files, *out]).exception
    )
    assert "20 redeemed offers" in str(CliRunner().invoke(app, ["offer", "o0", *files, *out]).exception)
    write(tmp_path / "o.csv", "offer_id,start,end", [f"o0,{day(9)},{day(2)}"])
    assert "follow each other" in str(CliRunner().invoke(app, ["offer", "o0", *files, *out]).exception)
