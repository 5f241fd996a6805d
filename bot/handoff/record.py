"""What a conversation's turns say about it: who said what, how sure the bot was, and what it tried."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection

from bot.conversation.sql import Statement

Json = Mapping[str, Any]
ARTICLE = re.compile(r"/articles/([\w-]+)")
MOST_TURNS = 60
NO_ATTEMPT = frozenset({"action_listen", "action_human_handoff", "action_say_waiting", "action_request_call_back"})

_TURNS = Statement(
    "SELECT turn, events, decision, created_at FROM turns WHERE conversation_id = :id ORDER BY id DESC LIMIT :most"
)


@dataclass(frozen=True)
class Said:
    """One message: by "user", "bot" or "agent"; `turn` is the bot's or the customer's."""

    role: str
    text: str
    at: float
    turn: int
    confidence: float | None = None
    intent: str | None = None
    sources: tuple[str, ...] = ()
    """Help articles that a bot's message names."""
    agent: str | None = None


@dataclass(frozen=True)
class TurnRecord:
    turn: int
    at: float
    events: Sequence[Json]
    decision: Json | None

    def said(self) -> list[Said]:
        return [one for event in self.events if (one := _said(event, self.turn, self.at)) is not None]

    def attempts(self) -> list[str]:
        """The actions that the bot tried for the customer in this turn; asking back is none."""
        runs = self.decision["actions"] if self.decision else ()
        names = [str(run["name"]) for run in runs]
        return [name for name in names if name.startswith("action_") and name not in NO_ATTEMPT]


def turns_of(connection: Connection, conversation_id: str) -> list[TurnRecord]:
    """The latest turns, oldest first; only since the conversation was last begun anew."""
    found = _TURNS.all(connection, {"id": conversation_id, "most": MOST_TURNS})
    records = [
        TurnRecord(turn, at, orjson.loads(events), orjson.loads(decision) if decision else None)
        for turn, events, decision, at in reversed(found)
    ]
    anew = [number for number, record in enumerate(records) if _begins_anew(record)]
    return records[anew[-1] :] if anew else records


def _begins_anew(record: TurnRecord) -> bool:
    return any(event["event"] == "restart" for event in record.events)


def _said(event: Json, turn: int, at: float) -> Said | None:
    text = event.get("text")
    if event["event"] not in ("user", "bot", "agent") or not text:
        return None
    guess = (event.get("parse_data") or {}).get("intent") or {}
    return Said(
        event["event"],
        str(text),
        float(event.get("timestamp") or at),
        turn,
        guess.get("confidence"),
        guess.get("name"),
        tuple(dict.fromkeys(ARTICLE.findall(str(text)))) if event["event"] == "bot" else (),
        event.get("agent"),
    )
