"""For whom a platform's pause holds: a chat's for that chat, the whole account's for everybody."""

import time
from types import SimpleNamespace

import httpx
import pytest

from bot.messaging import delivery
from bot.messaging.errors import NotNow
from tests.contracts.conftest import OpenBench
from tests.contracts.emulator import Reply
from tests.contracts.test_delivery import STATUS, failing, first_lines, is_due, status, until


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "pause_seconds", lambda _tries: 0.02)
    monkeypatch.setattr("bot.background.DELIVER_SECONDS", 0.05)


def test_a_pause_for_the_whole_channel_holds_everybody_and_one_for_a_chat_only_that_chat(
    open_bench: OpenBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = open_bench("telegram")
    failing(bench, status(429, retry_after="60"))
    bench.say("one", 1, sender="ann")
    bench.heard(1)
    bench.say("two", 2, sender="bob")
    assert first_lines(bench.heard(2)) == ["You said one", "You said two"]
    is_due(bench)
    assert first_lines(bench.heard(3))[2] == "You said one"

    def refuse(_self: object, response: httpx.Response) -> None:
        if response.status_code == 429:
            raise NotNow("HTTP 429", 60.0, whole_channel=True)

    monkeypatch.setattr("bot.channels.telegram.Telegram.judge", refuse)
    failing(bench, status(429))
    bench.say("three", 3, sender="ann")
    bench.heard(4)
    bench.say("four", 4, sender="bob")
    until(lambda: len(bench.rows("SELECT 1 FROM outbox WHERE status = 'pending'")) == 2)
    time.sleep(0.3)  # six looks for what is due
    assert len(bench.calls()) == 4
    monkeypatch.setattr("bot.messaging.pace.time", SimpleNamespace(monotonic=lambda: time.monotonic() + 60))
    is_due(bench)
    assert set(first_lines(bench.heard(6))[4:]) == {"You said three", "You said four"}


def test_a_limit_that_telegram_does_not_explain_is_one_chats_until_a_second_one_has_it_too(
    open_bench: OpenBench,
) -> None:
    bench = open_bench("telegram")
    limited = b'{"ok": false, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 60}}'
    failing(bench, lambda: Reply(429, limited))
    bench.say("one", 1, sender="ann")
    bench.heard(1)
    until(lambda: bench.rows(STATUS) == [("pending", "HTTP 429")])
    bench.say("two", 2, sender="bob")
    assert first_lines(bench.heard(2)) == ["You said one", "You said two"]
    failing(bench, lambda: Reply(429, limited))
    bench.say("three", 3, sender="bob")
    until(lambda: [row[1] for row in bench.rows(STATUS)] == ["HTTP 429", None, "HTTP 429"])
    bench.say("four", 4, sender="eve")
    until(lambda: len(bench.rows(STATUS)) == 4)
    time.sleep(0.3)  # six looks for what is due
    assert len(bench.calls()) == 3
