import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import tell
from bot.database import open_database, upgrade
from tests.knowledge.shop.conftest import fill

ROOT = Path(__file__).parents[2]


def kefu(*arguments: str, typed: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**{k: v for k, v in os.environ.items() if not k.startswith("KEFU_")}, **variables}
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, input=typed, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=300)


def test_a_wrong_setting_is_told_in_one_sentence() -> None:
    result = kefu("serve", KEFU_PROT="8000")
    assert result.returncode != 0
    assert result.stderr.strip() == "KEFU_PROT: Kefu has no such setting. Did you mean KEFU_PORT or KEFU_HOST?"


def test_a_missing_model_is_told_without_a_trace(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/kefu.db"
    result = kefu("chat", KEFU_MODEL_DIR=str(tmp_path), KEFU_DATABASE_URL=url)
    assert result.returncode != 0 and "Traceback" not in result.stderr and "kefu train" in result.stderr


def test_a_file_that_cannot_be_written_is_told_without_a_trace(capsys: pytest.CaptureFixture[str]) -> None:
    for error in (FileNotFoundError(2, "No such file or directory", "none/x.html"), KeyError("a bug")):
        tell(type(error), error, None)
    told = capsys.readouterr().err
    assert told.startswith("none/x.html: No such file or directory\n") and "KeyError: 'a bug'" in told


def test_the_demo_does_not_start_on_a_real_shop(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/kefu.db"
    database = open_database(url)
    upgrade(database)
    with database.transaction() as session:
        fill(session)
    database.close()
    result = kefu("serve", KEFU_DEMO="true", KEFU_DATABASE_URL=url, KEFU_PORT="0")
    assert result.returncode != 0 and "Traceback" not in result.stderr
    assert "Unset KEFU_DEMO" in result.stderr


def test_one_can_chat_in_the_terminal_in_both_languages(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/kefu.db"
    result = kefu("chat", "--sender", "ann", typed="hello\n你好\n1\n", KEFU_DATABASE_URL=url)
    assert result.returncode == 0, result.stderr
    assert "[1]" in result.stdout and "terminal:ann" in result.stdout
    explained = kefu("explain", "terminal:ann", "1", KEFU_DATABASE_URL=url)
    assert explained.returncode == 0 and "greet" in explained.stdout


def test_nothing_to_explain_is_told_without_a_trace(tmp_path: Path) -> None:
    result = kefu("explain", "rest:ada", "1", KEFU_DATABASE_URL=f"sqlite:///{tmp_path}/kefu.db")
    assert (result.returncode, result.stderr) == (1, "No decision of turn 1 in conversation 'rest:ada' is stored.\n")


@pytest.mark.parametrize("said", ["0", "many", "en=2500,fr=1", "zh="])
def test_a_number_of_ngrams_that_is_none_is_refused(said: str) -> None:
    result = kefu("train", "--frozen", "--ngrams", said, COLUMNS="200")
    assert result.returncode == 2 and "en=2500,zh=8000" in result.stderr


def test_the_extra_that_training_needs_is_named() -> None:
    assert "kefu[train]" in kefu("train", "--help", COLUMNS="200").stdout


def test_open_tickets_are_listed_and_solved(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/kefu.db"
    kefu("chat", typed="I want to talk to a person\n", KEFU_DATABASE_URL=url)
    [line] = kefu("tickets", "--json", KEFU_DATABASE_URL=url).stdout.splitlines()
    ticket = json.loads(line)
    assert ticket["kind"] == "handoff" and ticket["details"]["history"]
    assert ticket["ticket_number"] in kefu("tickets", "--kind", "handoff", KEFU_DATABASE_URL=url).stdout
    assert "is solved" in kefu("tickets", "--solve", ticket["ticket_number"], KEFU_DATABASE_URL=url).stdout
    assert kefu("tickets", KEFU_DATABASE_URL=url).stdout == ""
    assert kefu("tickets", "--solve", "T-NONE", KEFU_DATABASE_URL=url).returncode == 1
