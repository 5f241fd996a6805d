"""`kefu channels`: what it says of settings that are wrong, and of a platform that knows better."""

import socket
import time
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from bot.channels_in_use import all_channels
from bot.cli import build
from bot.conversation import deliveries, inbox, outbox
from bot.database import open_database
from bot.messages import BotMessage, UserMessage
from bot.settings import SettingsError, channel_names, load_settings
from tests.contracts.conftest import platform_of
from tests.contracts.emulator import Emulator, Heard, Reply, running

Run = Callable[..., tuple[int, str]]
TOKEN, SECRET = "123456:a-token_of-tests", "the-secret-token"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)

    def call(*words: str, **variables: str) -> tuple[int, str]:
        given = {f"KEFU_{name}": value for name, value in variables.items()}
        result = CliRunner().invoke(build(), ["channels", *words], env={"COLUMNS": "200", **given})
        return result.exit_code, result.output

    return call


def test_all_channels_are_listed_with_their_address(run: Run) -> None:
    code, output = run("list", PUBLIC_URL="https://chat.example/", TELEGRAM_TOKEN=TOKEN)
    assert code == 0
    for name in ("slack", "telegram", "line", "webhook"):
        assert f"https://chat.example/webhooks/{name}" in output
    assert output.count(" on ") == 1


def test_what_is_missing_or_misspelt_is_told_at_once_and_no_value_is_shown(run: Run) -> None:
    code, output = run("check", "telegram", "--offline", TELEGRAM_TOKNE=TOKEN, TELEGRAM_SECRET="hunter2")
    assert code == 1
    assert "KEFU_TELEGRAM_TOKEN is missing" in output
    assert "KEFU_TELEGRAM_TOKNE: Kefu has no such setting. Did you mean KEFU_TELEGRAM_TOKEN" in output
    assert "KEFU_TELEGRAM_SECRET: must have at least 8" in output
    assert "KEFU_PUBLIC_URL is not set" in output
    assert TOKEN not in output and "hunter2" not in output


def test_a_channel_that_is_none_is_told_with_those_there_are(run: Run) -> None:
    code, output = run("check", "pigeon")
    assert code == 2 and "telegram" in output


def test_without_a_name_all_that_are_set_up_are_looked_at(run: Run) -> None:
    code, output = run("check", "--offline")
    assert code == 0 and "No messaging channel is set up" in output
    telegram = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_SECRET": SECRET, "PUBLIC_URL": "https://chat.example"}
    assert run("check", "--offline", **telegram)[0] == 0
    code, output = run("check", "--offline", LINE_CHANNEL_SECRET=SECRET, HANDOFF_TARGET="webhook", **telegram)
    assert code == 1
    assert "telegram looks right" in output and "KEFU_LINE_ACCESS_TOKEN is missing" in output
    assert "needs KEFU_HANDOFF_URL" in output


@pytest.mark.parametrize("name", sorted({*all_channels()} - {"email"}))
def test_a_platform_that_is_not_reached_is_not_said_to_refuse_a_key(run: Run, name: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
        given = {f"{name}_{field}".upper(): value for field, value in platform_of(name).settings(nobody).items()}
        code, output = run("check", name, PUBLIC_URL="https://chat.example", **given)
    assert code == 1 and output.count("✗") == 1
    assert "The platform could not be asked: not reached" in output or "Nothing answers at KEFU_" in output


def test_a_channel_without_a_platform_has_nobody_to_ask(run: Run) -> None:
    code, output = run("check", "web")
    assert code == 0 and "docs/channels/web.md" in output


def info(**fields: object) -> Reply:
    return Reply(200, orjson.dumps({"ok": True, "result": fields}))


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (info(url="https://chat.example/webhooks/telegram"), None),
        (info(url=""), "Telegram delivers to nobody"),
        (info(url="https://old.example/"), "Telegram delivers to https://old.example/"),
        (info(url="https://chat.example/webhooks/telegram", last_error_message="SSL error"), "SSL error"),
        (Reply(401, b'{"ok": false, "description": "Unauthorized"}'), "does not know this bot"),
        (Reply(503, b""), "could not be asked: HTTP 503"),
    ],
)
def test_the_platform_is_asked(run: Run, reply: Reply, said: str | None) -> None:
    def answer(heard: Heard) -> Reply:
        assert heard.path == f"/bot{TOKEN}/getWebhookInfo"
        return reply

    with running(Emulator(answer)) as emulator:
        given = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_SECRET": SECRET, "TELEGRAM_API_URL": emulator.url}
        code, output = run("check", "telegram", PUBLIC_URL="https://chat.example", **given)
    assert code == (0 if said is None else 1)
    assert (said or "telegram looks right") in output
    assert TOKEN not in output


def test_the_channels_settings_are_told_apart_from_kefus_own() -> None:
    given = {"KEFU_TELEGRAM_TOKEN": TOKEN, "KEFU_REST_TOKEN": "a token of 16 signs", "KEFU_LINE_API_URL": "x"}
    settings = load_settings(given)
    assert {name: set(fields) for name, fields in settings.channels.items()} == {
        "telegram": {"token"},
        "line": {"api_url"},
    }
    assert TOKEN not in repr(settings)
    assert "rest" not in channel_names() and "base" not in channel_names()
    with pytest.raises(SettingsError, match="KEFU_REST_TOKN"):
        load_settings({"KEFU_REST_TOKN": "x"})


def test_what_did_not_arrive_is_listed_without_its_words_and_sent_again_when_told(run: Run) -> None:
    url = "sqlite:///kefu.db"
    assert run("dead", DATABASE_URL=url) == (0, "Everything has arrived, as far as Kefu knows.\n")
    database = open_database(url)
    with database.writing() as connection:
        asked = inbox.store(connection, UserMessage("telegram", "42", "where is it?", "m1"))
        batch = outbox.Batch("telegram:42", [BotMessage(text="private words")], 2, 0, asked.inbox_id)
        [line] = outbox.put(connection, batch, 1.0)
        assert line.outbox_id and deliveries.claim(connection, "telegram:42", remembers_seconds=0, now=2.0)
        deliveries.end(connection, line.outbox_id, "dead", "HTTP 403: bot was blocked")
        connection.commit()
    code, output = run("dead", DATABASE_URL=url)
    assert code == 0 and "telegram" in output and "HTTP 403: bot was blocked" in output
    assert "private words" not in output and "42" not in output
    assert run("dead", "--retry", "1", "--retry", "7", DATABASE_URL=url) == (
        1,
        "Line 1 is sent again within seconds, by `kefu serve`.\nLine 7 is neither dead nor unsure.\n",
    )
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT status FROM outbox").scalar() == "pending"
        assert deliveries.due(connection, ["telegram"], time.time()) == ["telegram:42"]
    database.close()
