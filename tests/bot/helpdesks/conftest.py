"""A served bot whose handoffs go to a system beside it."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from bot.app import web_app
from bot.assembly import Kefu
from bot.settings import Settings
from tests.bot.conftest import API_TOKEN
from tests.bot.helpdesks.chatwoot_peer import ChatwootPeer
from tests.bot.helpdesks.peer import Case, Peer
from tests.bot.helpdesks.webhook_peer import WebhookPeer
from tests.bot.helpdesks.zendesk_peer import ZendeskPeer
from tests.bot.tiny import tiny_kefu
from tests.contracts.emulator import Emulator, running
from tests.contracts.platform import Delivered

PEERS: dict[str, type[Peer]] = {"chatwoot": ChatwootPeer, "zendesk": ZendeskPeer, "webhook": WebhookPeer}


class Pair:
    """The bot and the other system."""

    def __init__(self, kefu: Kefu, client: TestClient, emulator: Emulator, peer: Peer) -> None:
        self.kefu = kefu
        self.client = client
        self.emulator = emulator
        self.peer = peer
        self._numbers = iter(range(1, 1000))

    def customer_says(self, text: str, sender: str = "ann") -> list[str]:
        """What the customer is told since they last wrote."""
        answer = self.client.post("/webhooks/rest/webhook", json={"sender": sender, "message": text})
        assert answer.status_code == 200, answer.text
        return [str(one.get("text")) for one in answer.json()]

    def deliver(self, delivered: Delivered) -> int:
        headers = {name.encode(): value.encode() for name, value in delivered.headers.items()}
        path = f"/handoff/{self.peer.name}"
        return self.client.post(path, content=delivered.body, headers=headers).status_code

    def mei_says(self, case: str, text: str) -> Delivered:
        delivered = self.peer.says(case, text, next(self._numbers), time.time())
        assert self.deliver(delivered) == 200
        return delivered

    def mei_ends(self, case: str, end: Any) -> None:
        assert self.deliver(self.peer.ends(case, end, next(self._numbers), time.time())) == 200

    def case(self) -> tuple[str, Case]:
        """The one case, once it is there with its brief."""
        until(lambda: any(case.notes for case in self.peer.cases.values()))
        [found] = self.peer.cases.items()
        return found

    def rows(self, sql: str) -> list[Any]:
        with self.kefu.database.read() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql)]

    def said_by_people(self) -> list[str]:
        rows = self.rows("SELECT body FROM outbox WHERE role = 'agent' ORDER BY seq")
        return [orjson.loads(row[0])["text"] for row in rows]

    def handoffs(self) -> list[Any]:
        query = "SELECT h.state, a.name FROM handoffs h LEFT JOIN agents a ON a.id = h.agent_id ORDER BY h.id"
        return self.rows(query)


OpenPair = Callable[..., Pair]


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.background.TELL_SECONDS", 0.03)
    monkeypatch.setattr("bot.helpdesks.telling.pause_seconds", lambda _tries: 0.05)


@pytest.fixture
def open_pair(tmp_path: Path) -> Iterator[OpenPair]:
    with ExitStack() as stack:

        def start(name: str, database_url: str | None = None, **fields: Any) -> Pair:
            peer = PEERS[name]()
            emulator = stack.enter_context(running(Emulator(peer.answer)))
            url = database_url or f"sqlite:///{tmp_path}/{name}.db"
            given = {**peer.settings(emulator.url), "api_token": SecretStr(API_TOKEN), **fields}
            kefu = tiny_kefu(Settings(database_url=url, public_url="https://kefu.example", **given))
            client = stack.enter_context(TestClient(web_app(kefu), raise_server_exceptions=False))
            return Pair(kefu, client, emulator, peer)

        yield start


@pytest.fixture(params=sorted(PEERS))
def pair(request: pytest.FixtureRequest, open_pair: OpenPair) -> Pair:
    return open_pair(request.param)
