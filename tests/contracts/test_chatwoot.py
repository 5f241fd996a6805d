"""A conversation in Chatwoot, handed to its people and back: nobody talks over anybody, and nobody is left alone."""

import time
from typing import Any

import orjson

from tests.contracts.conftest import Bench, OpenBench
from tests.contracts.emulator import Heard, Reply
from tests.contracts.platforms.chatwoot import MESSAGES, SECRETS, conversation_of, signed
from tests.contracts.test_delivery import until

ANN = conversation_of("ann")


class Peer:
    """Chatwoot's side of Ann's conversation: its state, and what it was told in which order."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.status = bench, "pending"
        self.echoes: list[str] = []
        """What it will tell of what Kefu did itself."""
        bench.emulator.answer = self.answer

    def answer(self, heard: Heard) -> Reply:
        if heard.path.endswith("/toggle_status"):
            self.status = orjson.loads(heard.body)["status"]
            self.echoes.append(self.status)
        if heard.method == "GET":
            return Reply(200, orjson.dumps({"id": ANN, "status": self.status}))
        return self.bench.platform.answer(heard)

    def change(self, status: str, agent: str = "") -> None:
        """In Chatwoot's own screen; told by webhook."""
        self.status = status
        assignee = {"assignee": {"name": agent} if agent else None}
        self.tell({"event": "conversation_status_changed", "id": ANN, "status": status, "meta": assignee})

    def tell(self, fields: dict[str, Any]) -> None:
        body = orjson.dumps({"account": {"id": 3}, **fields})
        assert self.bench.deliver(signed(body, int(time.time()), SECRETS["current"])).status_code == 200

    def say(self, text: str, number: int, **more: Any) -> None:
        conversation = {"id": ANN, "status": self.status, "channel": "Channel::WebWidget"}
        said = {"event": "message_created", "id": 500 + number, "content": text, "message_type": "incoming", **more}
        self.tell({**said, "private": False, "conversation": conversation})

    def told(self) -> list[str]:
        """What Chatwoot was told, in order: words, or a state."""
        heard = [one for one in [*self.bench.emulator.heard] if one.method == "POST"]
        known = [one for one in heard if MESSAGES.fullmatch(one.path) or one.path.endswith("/toggle_status")]
        return [str(orjson.loads(one.body).get("content") or orjson.loads(one.body)["status"]) for one in known]

    def owner(self) -> str:
        rows = self.bench.rows("SELECT owner FROM conversations")
        return str(rows[0][0]) if rows else "nobody"


def test_whole_conversation(open_bench: OpenBench) -> None:
    peer = Peer(open_bench("chatwoot"))
    peer.say("hello", 1)
    until(lambda: peer.told() == ["You said hello"])
    peer.say("person", 2)
    until(lambda: peer.owner() != "bot")
    until(lambda: peer.status == "open")
    told = peer.told()
    assert told[1] == "open", told  # first the people, then the customer is told of them
    for status in peer.echoes:
        peer.change(status)
    assert peer.owner() == "queue"  # nobody has joined yet
    peer.change("open", "Li")
    until(lambda: peer.owner() == "agent")
    peer.say("are you there?", 3)
    peer.bench.settle()
    assert "You said are you there?" not in peer.told()
    peer.change("pending")
    until(lambda: peer.owner() == "bot")
    peer.say("and you?", 4)
    until(lambda: "You said and you?" in peer.told())


def test_an_agent_who_writes_without_opening_it_has_the_conversation(open_bench: OpenBench) -> None:
    peer = Peer(open_bench("chatwoot"))
    peer.say("hello", 1)
    until(lambda: peer.told() == ["You said hello"])
    peer.say("Li here", 2, message_type="outgoing", sender={"type": "user", "name": "Li"})
    until(lambda: peer.owner() == "agent")
    peer.say("thank you", 3)
    peer.bench.settle()
    assert "You said thank you" not in peer.told()


def test_an_agent_opens_it_while_the_bot_is_thinking_and_the_webhook_is_late(open_bench: OpenBench) -> None:
    peer = Peer(open_bench("chatwoot"))
    peer.say("slow question", 1)
    peer.status = "open"  # nobody has told Kefu yet
    until(lambda: peer.bench.rows("SELECT status FROM outbox") == [("dead",)])
    assert peer.told() == []
    assert peer.bench.rows("SELECT why FROM deliveries") == [("a person has the conversation in Chatwoot",)]
