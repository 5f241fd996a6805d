"""`kefu explain` names the words that moved a reading, and the training examples near it, in either language."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from bot.cli import build
from bot.database import open_database, upgrade
from bot.dialogue.evidence import evidence
from nlu.explanation import Explanation, Word
from nlu.nearest import Neighbour

NLU = """version: "3.1"
nlu:
- intent: cancel_order
  examples: |
    - cancel my order
- intent: thank
  examples: |
    - thanks a lot
"""
EXPLAINED = Explanation(
    "don't cancel", "en", "deny", 0.9, (Word("don't", 0, 5, 3.21), Word("cancel", 6, 12, -1.0), Word("x", 0, 0, 0.1))
)


def explain(folder: Path, *arguments: str) -> Result:
    variables = {
        "KEFU_DATABASE_URL": f"sqlite:///{folder}/kefu.db",
        "KEFU_MODELS": str(folder / "models"),
        "KEFU_ASSISTANT_DIR": str(folder / "assistant"),
        "COLUMNS": "200",
    }
    return CliRunner(env=variables).invoke(build(), ["explain", *arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "assistant" / "nlu").mkdir(parents=True)
    (tmp_path / "assistant" / "nlu" / "all.yml").write_text(NLU, "utf-8")
    return tmp_path


def test_a_sentence_is_explained_with_its_words_and_its_neighbours(folder: Path) -> None:
    done = explain(folder, "--text", "please cancel the order", "--neighbours", "1")
    assert done.exit_code == 0, done.output
    assert "please cancel the order  → cancel_order" in done.output
    assert 'Words that spoke for cancel_order: "' in done.output
    assert 'Nearest training examples: "cancel my order" (cancel_order, ' in done.output
    body = json.loads(explain(folder, "--text", "please cancel the order", "--json").stdout)
    weightiest = max(body["explanation"]["words"], key=lambda word: word["weight"])
    assert "cancel" in weightiest["text"] and body["neighbours"][0]["label"] == "cancel_order"


def test_a_stored_turn_gains_the_same_lines(folder: Path) -> None:
    record = {
        "turn_number": 1, "language": "zh", "sentiment_label": "neutral", "sentiment_score": 0.0, "threshold": 0.5,
        "intents": [{"intent": "return_item", "confidence": 0.9}], "entities": [], "steps": [], "actions": [],
        "active_form_before": None, "active_form_after": None, "notes": [],
        "versions": {"model": "m", "domain": "d", "code": "c"},
    }  # fmt: skip
    database = open_database(f"sqlite:///{folder}/kefu.db")
    upgrade(database)
    with database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO conversations (id, channel, account, sender_id, created_at, updated_at)"
                " VALUES ('web:a', 'web', '', 'a', 0, 0)"
            )
        )
        session.execute(
            text(
                "INSERT INTO turns (conversation_id, turn, events, decision, created_at) VALUES ('web:a', 1, :e, :d, 0)"
            ),
            {"e": json.dumps([{"event": "user", "text": "我想退货"}]), "d": json.dumps(record)},
        )
    database.close()
    done = explain(folder, "web:a", "1", "--language", "zh", "--neighbours", "0")
    assert done.exit_code == 0, done.output
    assert "意图判断：return_item 90%" in done.output and "支持 return_item 的词：“" in done.output


def test_what_to_explain_must_be_said_once(folder: Path) -> None:
    for arguments in ([], ["web:a"], ["web:a", "1", "--text", "hello"]):
        assert explain(folder, *arguments).exit_code == 2


def test_the_lines_say_the_same_in_both_languages() -> None:
    near = [Neighbour("no, keep it", "deny", 0.91)]
    assert evidence(EXPLAINED, near) == [
        'Words that spoke for deny: "don\'t" (+3.2).',
        'Words that spoke against it: "cancel" (-1.0).',
        'Nearest training examples: "no, keep it" (deny, 0.91).',
    ]
    assert evidence(EXPLAINED, near, "zh") == [
        "支持 deny 的词：“don't”（+3.2）。",
        "反对 deny 的词：“cancel”（-1.0）。",
        "最接近的训练例句：“no, keep it”（deny，相似度 0.91）。",
    ]
    assert evidence(Explanation("?", "en", "deny", 0.3, ()), []) == ["No single word decided for deny."]
