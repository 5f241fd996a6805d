"""`kefu benchmark nlu` on files of one's own, as a person types it."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.benchmark import app
from nlu.classification.texts import LabelledTexts


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder without encoders."""
    monkeypatch.chdir(tmp_path)


def write(file: Path, examples: LabelledTexts, label: str = "label") -> Path:
    with file.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([("text", label), *zip(examples.texts, examples.labels, strict=True)])
    return file


def benchmark(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["nlu", *map(str, arguments)])


def test_own_files_are_learnt_measured_and_every_prediction_is_written(both: LabelledTexts, tmp_path: Path) -> None:
    test = LabelledTexts(
        ("cancel it", "到哪里了", "refund", "讲个笑话"), ("cancel", "track", "refund", "oos"), ("", "", "", "")
    )
    result = benchmark(
        "--train", write(tmp_path / "train.csv", both, "topic"), "--test", write(tmp_path / "test.csv", test, "topic"),
        "--label", "topic", "--out", tmp_path / "out" / "predictions.csv", "--keep", tmp_path / "model",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "shipped encoder, frozen, + n-grams" in result.output
    assert "note: 1 of 4 test texts stand in the training texts too" in result.output
    assert "labels that the training texts never showed, counted wrong: refund" in result.output
    with (tmp_path / "out" / "predictions.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert list(rows[0]) == ["text", "label", "prediction", "confidence", "out_of_scope_score"]
    assert [row["prediction"] for row in rows[:2]] == ["cancel", "track"]
    assert all(0 <= float(row[name]) <= 1 for row in rows for name in ("confidence", "out_of_scope_score"))
    assert (tmp_path / "model" / "classifier.json").is_file()
    assert not (tmp_path / "benchmarks").exists()


def test_what_cannot_be_read_is_told_in_one_line(english: LabelledTexts, tmp_path: Path) -> None:
    train = write(tmp_path / "train.csv", english)
    result = benchmark("--train", train, "--test", train, "--label", "topic")
    assert result.exit_code == 1
    assert "train.csv: there is no column 'topic'; the columns are text, label" in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "name a --dataset and its --data, or your own --train and --test"),
        (("--dataset", "nothing", "--data", "."), "'nothing' is none of banking77"),
        (("--dataset", "banking77"), "name the folder of the public data sets with --data"),
    ],
)
def test_what_is_missing_is_asked_for(arguments: tuple[str, ...], message: str) -> None:
    result = benchmark(*arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.output.replace("│", " ").split())
