"""`kefu demo`, `kefu import` and `kefu export`, as they are typed."""

import gzip
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli import demo, exporting, importing


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEFU_DATABASE_URL", f"sqlite:///{tmp_path / 'kefu.db'}")


def run(app: typer.Typer, *arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_a_shop_is_seeded_once_and_listed() -> None:
    assert "30 customers" in run(demo.app, "seed", "--customers", "30").output
    assert "there already" in run(demo.app, "seed").output
    listed = json.loads(run(demo.app, "orders", "--status", "delivered", "--limit", "2", "--json").output)
    assert len(listed) == 2
    keys = {"order_number", "status", "email", "first_name", "last_name", "postcode", "locale", "lines"}
    assert set(listed[0]) == keys
    people = json.loads(run(demo.app, "customers", "--locale", "zh", "--limit", "3", "--json").output)
    assert {person["locale"] for person in people} == {"zh"}
    assert people[0]["email"] in run(demo.app, "customers", "--locale", "zh").output
    assert "20 customers" in run(demo.app, "seed", "--reset", "--customers", "20").output


def test_an_unknown_state_is_told_with_those_there_are() -> None:
    result = run(demo.app, "orders", "--status", "lost")
    assert result.exit_code == 2
    assert "pending" in result.output


def test_an_import_says_what_it_did_and_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("customer_id,email,first_name\nc1,a@example.com,Amy\nc2,nope,Bob\n", encoding="utf-8")
    report = tmp_path / "report.csv"
    result = run(importing.app, "shop", "--customers", str(path), "--errors", str(report))
    assert result.exit_code == 1
    assert "customers: 1 imported, 0 there already, 1 rejected" in result.output
    assert "customers.csv, row 3, email: this is no e-mail address" in result.output
    assert report.read_text("utf-8-sig").splitlines()[1] == "customers.csv,3,email,this is no e-mail address"
    path.write_text("customer_id,email,first_name\nc1,a@example.com,Amy\n", encoding="utf-8")
    assert run(importing.app, "shop", "--customers", str(path)).exit_code == 0


def test_an_import_of_nothing_or_of_a_strange_file_fails(tmp_path: Path) -> None:
    assert run(importing.app, "shop").exit_code == 2
    path = tmp_path / "customers.csv"
    path.write_text("id\n1\n", encoding="utf-8")
    result = run(importing.app, "shop", "--customers", str(path))
    assert (result.exit_code, "customer_id is missing" in result.output) == (2, True)


def test_tau_bench_goes_in_and_out(tau_bench: Path, tmp_path: Path) -> None:
    result = run(importing.app, "tau-bench", str(tau_bench))
    assert (result.exit_code, result.output.strip().splitlines()[-1]) == (
        0,
        "500 customers, 1,000 orders, 50 products",
    )
    assert run(importing.app, "tau-bench", str(tau_bench)).exit_code == 2
    assert run(exporting.app, "tau-bench", str(tmp_path / "out")).exit_code == 0
    with gzip.open(tmp_path / "out" / "orders.jsonl.gz", "rt", encoding="utf-8") as lines:
        assert sum(1 for _ in lines) == 1000
