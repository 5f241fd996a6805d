"""The benchmark as it is run: a served bot, a conversation, the shop's state after it."""

from pathlib import Path

import pytest

from benchmarks.tau import main


def test_a_task_is_talked_through_with_a_served_bot(tau_bench: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tau_bench), "--tasks", "113", "--verbose"]) == 0
    printed = capsys.readouterr().out
    assert "task 113, seed 1: done" in printed
    assert "tasks done in conversation: 1 / 1" in printed
    assert "writes nobody asked for: 0" in printed


def test_missing_data_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path / "nowhere")]) == 2
    assert "--data" in capsys.readouterr().out


def test_a_task_that_does_not_exist_is_named(tau_bench: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tau_bench), "--tasks", "113,999"]) == 2
    assert "no task 999" in capsys.readouterr().out
