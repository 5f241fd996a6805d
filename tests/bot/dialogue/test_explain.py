"""`kefu explain` tells a turn in sentences."""

from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from bot.cli import build
from bot.database import open_database, upgrade
from bot.dialogue.reasons import WORDS
from bot.dialogue.telling import told
from tests.bot.dialogue.chat import Chat, understood


def test_a_turn_is_told_in_english(chat: Chat) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    chat.says("how long is delivery?", "delivery_time", 0.93)
    said = "\n".join(told(chat.last.decision.to_json()))
    assert 'Decided by form, rule "Delivery time": utter_delivery_time, because the message is another request,' in said
    assert "delivery_time (93% sure); cancel_order_form goes on after the answer." in said
    assert "cancel_order_form is still open." in said


def test_a_turn_is_told_in_chinese(chat: Chat) -> None:
    chat.says("取消#W1", "cancel_order", 0.9, order_number="#W1")
    said = "\n".join(told(chat.last.decision.to_json(), "zh"))
    assert (
        "决定（规则，规则“Cancel an order”）：cancel_order_form。原因：这句话的意思是 cancel_order（把握 90%）。"
        in said
    )
    assert "句中信息：order_number #W1。" in said


def test_a_message_unlike_any_intent_is_told(chat: Chat) -> None:
    chat.sends(replace(understood("sing me a song", "out_of_scope", 0.9), out_of_scope_score=0.97))
    record = chat.last.decision.to_json()
    assert record["out_of_scope_score"] == 0.97
    assert "It is unlike any intent (0.97 of 1)." in told(record)
    assert "这句话不像业务范围内的问题（0.97，最高 1）。" in told(record, "zh")


def test_a_failure_is_told(chat: Chat) -> None:
    chat.says("break it", "break_it")
    assert any("action_break failed: ActionFailed" in sentence for sentence in told(chat.last.decision.to_json()))


@pytest.mark.parametrize("code", WORDS)
def test_every_reason_is_worded_alike_in_both_languages(code: str) -> None:
    english, chinese = ({part.split("}")[0] for part in words.split("{")[1:]} for words in WORDS[code])
    assert english == chinese


def test_the_command_prints_a_stored_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chat: Chat) -> None:
    chat.says("what about refunds", "refund_policy")
    url = f"sqlite:///{tmp_path}/kefu.db"
    monkeypatch.setenv("KEFU_DATABASE_URL", url)
    store_decision(url, orjson.dumps(chat.last.decision.to_json()).decode())
    runner = CliRunner()
    found = runner.invoke(build(), ["explain", "web:ada", "1"])
    assert found.exit_code == 0, found.output
    assert "because the message means refund_policy (95% sure)." in found.output
    assert "这句话的意思是" in runner.invoke(build(), ["explain", "web:ada", "1", "--language", "zh"]).output
    missing = runner.invoke(build(), ["explain", "web:ada", "9"])
    assert (missing.exit_code, "No decision of turn 9" in missing.output) == (1, True)


def store_decision(url: str, decision: str) -> None:
    database = open_database(url)
    upgrade(database)
    with database.engine.connect() as connection:
        connection.execute(text("PRAGMA foreign_keys=OFF"))
        connection.execute(
            text("INSERT INTO turns (conversation_id, turn, events, decision, created_at) VALUES (:c, 1, '[]', :d, 0)"),
            {"c": "web:ada", "d": decision},
        )
        connection.commit()
    database.close()
