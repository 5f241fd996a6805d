"""`kefu agents`: letting the first people in, and out again."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import build
from bot.console.login import accounts, passwords
from bot.database import Database, open_database

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)

    def call(*words: str, typed: str = "") -> tuple[int, str]:
        env = {"KEFU_DATABASE_URL": f"sqlite:///{tmp_path}/kefu.db", "COLUMNS": "200"}
        result = CliRunner(env=env).invoke(build(), ["agents", *words], input=typed)
        return result.exit_code, result.output

    return call


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return open_database(f"sqlite:///{tmp_path}/kefu.db")


def temporary(output: str) -> str:
    [found] = re.findall(r"shown only now: ([\w-]+)", output)
    return str(found)


def stored(database: Database, email: str) -> tuple[accounts.Account, str]:
    with database.read() as connection:
        account = accounts.find_by_email(connection, email)
        assert account is not None
        return account, accounts.password_hash(connection, account.id) or ""


def test_the_first_people_are_let_in_and_out(run: Run, database: Database) -> None:
    assert "no agents yet" in run("list")[1]
    code, output = run("add", "Ada@Shop.example", "--name", "Ada 林", "--role", "admin", "--skill", "return_item")
    assert code == 0 and "as ada@shop.example (admin)" in output
    account, made = stored(database, "ada@shop.example")
    assert passwords.matches(temporary(output), made) and account.must_change_password
    assert account.agent.skills == ("return_item",) and account.agent.languages == ("en", "zh")
    assert "Ada 林" in run("list")[1] and temporary(output) not in run("list")[1]

    assert run("add", "ada@shop.example", "--name", "Another")[0] == 1
    assert run("add", "no-address", "--name", "Nobody") == (1, "'no-address' is no e-mail address.\n")
    assert run("disable", "ada@shop.example")[1].startswith("This is the only administrator.")
    assert run("disable", "nobody@shop.example")[0] == 1

    typed = "a word of my own\na word of my own\n"
    assert run("add", "mei@shop.example", "--name", "Mei", "--language", "zh", "--ask-password", typed=typed)[0] == 0
    mei, own = stored(database, "mei@shop.example")
    assert passwords.matches("a word of my own", own) and not mei.must_change_password
    assert mei.agent.languages == ("zh",)
    assert run("add", "x@shop.example", "--name", "X", "--ask-password", typed="short\nshort\n")[0] == 1

    assert run("disable", "mei@shop.example")[0] == 0 and not stored(database, "mei@shop.example")[0].agent.is_active
    assert run("enable", "mei@shop.example")[0] == 0 and stored(database, "mei@shop.example")[0].agent.is_active
    code, output = run("reset-password", "mei@shop.example", "--second-factor-too")
    mei, new = stored(database, "mei@shop.example")
    assert passwords.matches(temporary(output), new) and mei.must_change_password
    with database.read() as connection:
        told = connection.exec_driver_sql("SELECT operation, address FROM console_audit ORDER BY id").all()
    assert [operation for operation, _ in told] == [
        "add_agent",
        "add_agent",
        "disable_agent",
        "enable_agent",
        "reset_password",
        "second_factor_off",
    ]
    assert {address for _, address in told} == {"command line"}
