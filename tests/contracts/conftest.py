"""A served bot with one messaging channel, and the platform's emulator beside it."""

import importlib
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from pydantic import SecretStr

from bot.app import web_app
from bot.assembly import Kefu
from bot.channels_in_use import all_channels
from bot.settings import Settings
from tests.bot.conftest import API_TOKEN
from tests.bot.tiny import tiny_kefu
from tests.contracts.emulator import Emulator, Heard
from tests.contracts.platform import PUBLIC_URL, Delivered, Platform

SOON_SECONDS = 0.3
GOING_ON = """
    SELECT 'message' FROM inbox WHERE status = 'accepted' UNION ALL
    SELECT 'line' FROM outbox o JOIN conversations c ON c.id = o.conversation_id
    LEFT JOIN deliveries d ON d.outbox_id = o.id
    WHERE o.status = 'pending' AND c.channel = '{name}'
    AND (d.outbox_id IS NULL OR d.claimed_until IS NOT NULL OR d.due_at < {soon})
"""


def platform_of(name: str) -> Platform:
    platform: Platform = importlib.import_module(f"tests.contracts.platforms.{name}").PLATFORM
    return platform


class Bench:
    """One channel at work."""

    def __init__(self, name: str, kefu: Kefu, client: TestClient, emulator: Emulator) -> None:
        self.name = name
        self.kefu = kefu
        self.client = client
        self.emulator = emulator
        self.platform = platform_of(name)

    def deliver(self, delivered: Delivered) -> Any:
        if not self.platform.delivers:
            self.platform.keep(delivered)
            return Response(200)
        self.platform.delivering(delivered)
        headers = {name.encode(): value.encode() for name, value in delivered.headers.items()}
        return self.client.request(
            delivered.method,
            f"/webhooks/{self.name}{all_channels()[self.name].path}",
            content=delivered.body,
            headers=headers,
            params=dict(delivered.query),
        )

    def say(self, text: str, number: int = 1, sender: str = "ann", **more: Any) -> Any:
        return self.deliver(self.platform.delivery(sender, text, number, more.pop("at", time.time()), **more))

    def heard(self, count: int, seconds: float = 30) -> list[str]:
        """The texts that reached the platform, once there are `count` and nothing more is on its way."""
        said = self.platform.said
        self.emulator.wait_for(count, lambda one: said(one) is not None, seconds)
        self.settle()
        return [words[1] for one in [*self.emulator.heard] if (words := said(one))]

    def settle(self, seconds: float = 30) -> None:
        """Until what was accepted is answered, and every line has its last word or is put off for longer."""
        if self.platform.is_pulled:
            time.sleep(0.3)
        end = time.monotonic() + seconds
        while self.rows(GOING_ON.format(soon=time.time() + SOON_SECONDS, name=self.name)):
            assert time.monotonic() < end, "something is still on its way"
            time.sleep(0.01)

    def calls(self) -> list[Heard]:
        return [one for one in [*self.emulator.heard] if self.platform.said(one)]

    def rows(self, sql: str) -> list[Any]:
        with self.kefu.database.read() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql)]


OpenBench = Callable[..., Bench]


@pytest.fixture
def open_bench(tmp_path: Path) -> Iterator[OpenBench]:
    with ExitStack() as stack:

        def start(name: str, **fields: Any) -> Bench:
            emulator = stack.enter_context(platform_of(name).running())
            values = {field: SecretStr(value) for field, value in platform_of(name).settings(emulator.url).items()}
            given = {"public_url": PUBLIC_URL, "api_token": SecretStr(API_TOKEN), "channels": {name: values}, **fields}
            kefu = tiny_kefu(Settings(database_url=f"sqlite:///{tmp_path}/{name}.db", **given))
            client = stack.enter_context(TestClient(web_app(kefu), raise_server_exceptions=False))
            return Bench(name, kefu, client, emulator)

        yield start


@pytest.fixture(params=sorted(all_channels()))
def bench(request: pytest.FixtureRequest, open_bench: OpenBench) -> Bench:
    return open_bench(request.param)


@pytest.fixture(params=sorted(name for name, kind in all_channels().items() if kind.delivers))
def called(request: pytest.FixtureRequest, open_bench: OpenBench) -> Bench:
    """Of a platform that calls Kefu; others have nothing to forge."""
    return open_bench(request.param)
