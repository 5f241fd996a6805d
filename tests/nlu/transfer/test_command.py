"""`kefu benchmark transfer` as typed in a terminal."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.benchmark import app
from tests.parquet import write_parquet

ASKED = [("cancel order {{Order Number}}", "cancel_order"), ("how do I get out of this maze", "cancel_order")]


def transfer(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["transfer", *arguments])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "bitext_intents"
    folder.mkdir()
    for split in ("train", "test"):
        columns = {"text": [text for text, _ in ASKED], "intent": [intent for _, intent in ASKED]}
        write_parquet(folder / f"{split}.parquet", columns)
    return tmp_path


def test_figures_come_with_their_interval(data: Path) -> None:
    result = transfer("--data", str(data), "--only", "bitext", "--json")
    figures = json.loads(result.stdout)["bitext"]
    assert figures["first"]["count"] == 2
    assert figures["labels"]["cancel_order"]["right"] == 1
    assert figures["first"]["low"] < 0.5 < figures["first"]["high"]


def test_mistakes_are_listed_from_the_part_that_may_be_looked_at_only(data: Path) -> None:
    write_parquet(data / "bitext_intents/test.parquet", {"text": ["secret"], "intent": ["cancel_order"]})
    listed = transfer("--data", str(data), "--only", "bitext", "--mistakes").stdout
    assert "how do I get out of this maze" in listed
    assert "secret" not in listed


def test_a_missing_set_is_said_in_one_line(tmp_path: Path) -> None:
    result = transfer("--data", str(tmp_path))
    assert result.exit_code == 1
    assert "--data" in result.output
