"""The evaluation report: one file that loads and runs nothing, is readable by eyes and screen readers, and is true."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import typer
from typer.testing import CliRunner

from bot.cli import evaluate
from nlu.dataset import load_dataset
from nlu.evaluation import Evaluation, read_all
from nlu.interpreter import Interpreter
from nlu.metadata import LanguageFacts, Metadata
from nlu.report import Section, html_report
from nlu.risk import Promise
from nlu.types import Language

SVG = "{http://www.w3.org/2000/svg}"
FROZEN = Path(__file__).with_name("frozen")


@pytest.fixture(scope="module")
def read() -> dict[Language, Evaluation]:
    """Some frozen sentences of each language, out-of-scope ones among them, read by the shipped model."""
    interpreter, examples = Interpreter.load(), load_dataset(FROZEN, None, "intents*.yml").intents
    chosen = {language: [e for e in examples if e.language == language][::12] for language in ("en", "zh")}
    return {"en": read_all(interpreter, chosen["en"]), "zh": read_all(interpreter, chosen["zh"])}


@pytest.fixture(scope="module")
def model() -> Metadata:
    """The shipped model, promising two rates."""

    def promising(facts: LanguageFacts) -> LanguageFacts:
        return replace(facts, promises=(Promise(0.05, 0.81, 0.6, 300, 6), Promise(0.1, 0.42, 0.85, 425, 27)))

    metadata = Interpreter.load().metadata
    return replace(metadata, languages={name: promising(facts) for name, facts in metadata.languages.items()})


def page(model: Metadata, read: dict[Language, Evaluation], rate: float | None = None) -> str:
    return html_report(model, {"en": 0.8, "zh": 0.7}, [Section("Frozen", "By <others>.", read)], rate)


def test_it_needs_nothing_but_itself(model: Metadata, read: dict[Language, Evaluation]) -> None:
    html = page(model, read)
    assert not re.search(r"<script|<link|<img|@import|url\(|https?://", html)
    assert "By &lt;others&gt;." in html
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html


def test_every_picture_is_well_formed_and_can_be_heard(model: Metadata, read: dict[Language, Evaluation]) -> None:
    pictures = re.findall(r"<svg.*?</svg>", page(model, read), re.DOTALL)
    titles = []
    for picture in pictures:
        svg = ElementTree.fromstring(picture)
        title, said = (svg.find(name) for name in ("title", "desc"))
        assert svg.get("role") == "img"
        assert title is not None and title.text and said is not None and said.text
        assert svg.get("aria-labelledby") == f"{title.get('id')} {said.get('id')}"
        titles.append(title.text)
    kinds = ("Risk and coverage", "Reliability", "Confusion matrix")
    assert {f"{kind}, Frozen, {name}" for kind in kinds for name in ("English", "Chinese")} <= set(titles)
    assert len(set(titles)) == len(titles)


def test_it_holds_the_figures(model: Metadata, read: dict[Language, Evaluation]) -> None:
    html = page(model, read)
    for its in read.values():
        report = its.report()
        assert f"{report.accuracy * 100:.1f} %" in html
        assert f"{report.macro_f1:.3f}" in html
        assert f"≤ {report.answered_wrong_at_most * 100:.1f} %" in html
        for right, guess, _ in report.confusions[:5]:
            assert f"<code>{right}</code></td><td><code>{guess}</code>" in html


def test_every_message_stands_in_the_confusion_matrix(model: Metadata, read: dict[Language, Evaluation]) -> None:
    matrix = re.search(r'<svg class="matrix".*?</svg>', page(model, read), re.DOTALL)
    assert matrix
    wrong = [int(count) for count in re.findall(r"read as \w+: (\d+) \(", matrix[0])]
    right = [int(count) for count in re.findall(r"<title>\w+: (\d+) right", matrix[0])]
    assert (sum(right), sum(wrong)) == (int(read["en"].correct.sum()), len(read["en"].mistakes))


def test_the_promise_is_said_in_words_and_marked(model: Metadata, read: dict[Language, Evaluation]) -> None:
    html = page(model, read, 0.07)
    assert "at most <strong>7.0 %</strong> are misread, with 95 % confidence" in html
    assert "answers 60 % of English and 60 % of Chinese messages at once" in html
    assert '<tr class="chosen-row"><th class="number">5 %</th>' in html
    assert "No error rate is promised" in page(model, read)
    unpromised = {name: replace(facts, promises=()) for name, facts in model.languages.items()}
    assert "too few held-out examples" in page(replace(model, languages=unpromised), read)


def run(command: Callable[..., None], *arguments: str) -> str:
    app = typer.Typer()
    app.command()(command)
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def test_the_command_writes_it(tmp_path: Path) -> None:
    sentences = "nlu:\n- intent: cancel_order\n  examples: |\n    - cancel my order\n    - sing a song\n"
    (tmp_path / "intents.yml").write_text(sentences, "utf-8")
    file, folder = tmp_path / "report.html", str(tmp_path)
    said = run(
        evaluate.command,
        "--data",
        folder,
        "--held-out",
        folder,
        "--frozen",
        folder,
        "--blind",
        folder,
        "--report",
        str(file),
    )
    assert f"report: {file}" in said.replace("\n", "")
    html = file.read_text("utf-8")
    assert html.startswith("<!doctype html>")
    assert '<h2 id="s1">Own</h2>' in html
    assert "sing a song" in html
