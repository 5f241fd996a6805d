"""`kefu channels check handoff`: what is wrong with the other system, before a customer waits for it."""

from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from bot.cli import build
from tests.bot.helpdesks.conftest import PEERS, OpenPair, until
from tests.contracts.emulator import Emulator, Heard, Reply, running


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where nobody's settings lie."""
    monkeypatch.chdir(tmp_path)


def checked(monkeypatch: pytest.MonkeyPatch, name: str, **changed: str) -> tuple[int, str]:
    peer = PEERS[name]()

    def answer(heard: Heard) -> Reply:
        return peer.answer(heard) if heard.method != "HEAD" else Reply(204, b"")

    with running(Emulator(answer)) as emulator:
        for field, value in {**peer.settings(emulator.url), "public_url": "https://kefu.example", **changed}.items():
            words = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
            monkeypatch.setenv(f"KEFU_{field.upper()}", words)
        result = CliRunner().invoke(build(), ["channels", "check", "handoff"])
    return result.exit_code, f"{result.output}{result.exception or ''}"  # the program prints what was raised


@pytest.mark.parametrize("name", sorted(PEERS))
def test_a_system_that_is_set_up_looks_right(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    code, output = checked(monkeypatch, name)
    assert code == 0 and "handoff looks right" in output and f"https://kefu.example/handoff/{name}" in output


@pytest.mark.parametrize("name", sorted(PEERS))
def test_one_that_is_not_there_or_not_reachable_back_is_told(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    code, output = checked(monkeypatch, name, handoff_url="http://127.0.0.1:9", public_url="")
    assert code == 1 and "not reached" in output and "KEFU_HANDOFF_" in output and "KEFU_PUBLIC_URL" in output


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    code, output = checked(monkeypatch, "chatwoot", handoff_inbox="")
    assert code == 1 and "KEFU_HANDOFF_INBOX" in output


def test_the_metrics_tell_how_many_cases_it_does_not_take(open_pair: OpenPair) -> None:
    pair = open_pair("zendesk")
    pair.emulator.answer = lambda _heard: Reply(503, b"")

    def waiting() -> float:
        lines = pair.client.get("/metrics").text.splitlines()
        return float(next(line.split()[1] for line in lines if line.startswith("kefu_handoff_cases_waiting")))

    assert waiting() == 0
    pair.customer_says("person")
    until(lambda: waiting() == 1)
    pair.emulator.answer = pair.peer.answer
    until(lambda: waiting() == 0)
    pair.case()
