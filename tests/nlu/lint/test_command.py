"""`kefu data lint` as typed in a terminal."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.data import app


def lint(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["lint", *arguments])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "nlu"
    folder.mkdir()
    text = "nlu:\n- intent: {}\n  examples: |\n    - {}\n    - {}\n"
    (folder / "a.yml").write_text(text.format("cancel_order", "cancel my order", "取消订单"), "utf-8")
    (folder / "b.yml").write_text(text.format("nevermind", "Cancel my order", "forget it"), "utf-8")
    return folder


def test_a_conflict_is_shown_with_both_places_and_fails_only_when_strict(data: Path) -> None:
    result = lint("--data", str(data))
    assert result.exit_code == 0
    assert "conflict: 1" in result.stdout
    assert "a.yml:4" in result.stdout and "b.yml:4" in result.stdout
    assert lint("--data", str(data), "--strict").exit_code == 1


def test_findings_are_json_on_demand(data: Path) -> None:
    findings = json.loads(lint("--data", str(data), "--json").stdout)
    assert findings[0]["kind"] == "conflict"
    assert findings[0]["texts"] == ["cancel my order", "Cancel my order"]
    assert findings[0]["places"] == [f"{data}/a.yml:4", f"{data}/b.yml:4"]
    assert "thin_label" in {finding["kind"] for finding in findings}


def test_a_leak_fails_when_strict(data: Path, tmp_path: Path) -> None:
    (data / "b.yml").unlink()
    frozen = tmp_path / "frozen"
    frozen.mkdir()
    (frozen / "cases.yml").write_text("- {text: 取消订单！}\n", "utf-8")
    result = lint("--data", str(data), "--frozen", str(frozen), "--strict")
    assert result.exit_code == 1
    assert "leak: 1" in result.stdout
    assert lint("--data", str(data), "--strict").exit_code == 0
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    both = lint("--data", str(data), "--frozen", str(elsewhere), "--frozen", str(frozen), "--strict")
    assert "leak: 1" in both.stdout


def test_unreadable_data_is_told_with_file_and_line(data: Path) -> None:
    (data / "a.yml").write_text("nlu:\n- intent: cancel_order\n  examples: |\n    cancel\n", "utf-8")
    result = lint("--data", str(data))
    assert result.exit_code == 1
    assert f"{data}/a.yml:4" in result.output.replace("\n", "")
