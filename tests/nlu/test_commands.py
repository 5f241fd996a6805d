"""`kefu parse`, `kefu evaluate` and `kefu train` as typed in a terminal."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli import evaluate, parse, train


def run(command: Callable[..., None], *arguments: str) -> Result:
    app = typer.Typer()
    app.command()(command)
    return CliRunner().invoke(app, list(arguments))


def test_parse_prints_rasas_shape_with_language_and_sentiment() -> None:
    body = json.loads(run(parse.command, "我要取消订单#W2378156").stdout)
    assert body["intent"]["name"] == "cancel_order"
    assert body["language"] == "zh"
    assert body["sentiment"]["label"] in ("negative", "neutral", "positive")
    assert [e["value"] for e in body["entities"] if e["entity"] == "order_number"] == ["#W2378156"]


def test_parse_lists_several_requests() -> None:
    body = json.loads(run(parse.command, "cancel order #W1234567 and where is my order #W7654321?").stdout)
    assert [segment["intent"]["name"] for segment in body["segments"]] == ["cancel_order", "track_order"]


def test_evaluate_prints_the_figures_and_saves_nothing_unasked(tmp_path: Path) -> None:
    (tmp_path / "intents.yml").write_text(
        "nlu:\n- intent: cancel_order\n  examples: |\n    - cancel my order\n", "utf-8"
    )
    before = (evaluate.BUILT_IN / "nlu/models/metadata.json").read_bytes()
    result = run(evaluate.command, "--data", str(tmp_path), "--frozen", str(tmp_path), "--blind", str(tmp_path))
    assert result.exit_code == 0
    assert "frozen, en" in result.stdout
    assert "blind, en" in result.stdout
    assert "accuracy" in result.stdout
    assert (evaluate.BUILT_IN / "nlu/models/metadata.json").read_bytes() == before


def test_the_model_that_came_with_kefu_is_not_calibrated_anew() -> None:
    before = (evaluate.SHIPPED / "metadata.json").read_bytes()
    result = run(evaluate.command, "--calibrate", "--save")
    assert result.exit_code == 1
    assert "kefu models add" in result.output
    assert (evaluate.SHIPPED / "metadata.json").read_bytes() == before


@pytest.mark.parametrize("command", [parse.command, evaluate.command])
def test_a_missing_model_is_said_in_one_line(command: Callable[..., None], tmp_path: Path) -> None:
    text = ["hello"] if command is parse.command else []
    result = run(command, *text, "--model", str(tmp_path))
    assert result.exit_code == 1
    assert "kefu train" in result.output


def test_training_without_encoders_says_where_they_come_from(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="training needs the 'train' extra")
    result = run(train.command, "--encoders", str(tmp_path), "--out", str(tmp_path / "model"))
    assert result.exit_code == 1
    assert "kefu encoders fetch" in result.output
