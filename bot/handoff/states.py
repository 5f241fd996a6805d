"""Who has a conversation, and how it may change hands.

    bot ──▶ requested ──▶ offered ──▶ agent ──▶ wrapup ──▶ resolved | bot
              ▲  ▲           │         │  ▲        │
              │  └─ declined ┘         ▼  └ writes ┘
              └──── transferred ──── snoozed
    requested, offered ──▶ bot (the customer would rather), failed (nobody took it)

A handoff is one journey through this, from the request to an end: `resolved`, `bot` or `failed`. Its conversation's
owner follows from the state, and the owner's epoch moves whenever the conversation changes hands.
"""

from collections.abc import Mapping
from typing import Literal, get_args

from bot.conversation.schema import Owner

State = Literal["requested", "offered", "agent", "wrapup", "snoozed", "resolved", "bot", "failed"]
Kind = Literal[
    "request",
    "offer",
    "decline",
    "expire",
    "take",
    "transfer",
    "snooze",
    "wake",
    "wrap_up",
    "reopen",
    "escalate",
    "hand_back",
    "give_up",
    "fail",
    "resolve",
    "call_back",
    "answer",
]
"""What happened to a handoff: the kinds of its events. `give_up`: the customer would rather have the bot after all."""
Role = Literal["agent", "supervisor", "admin"]
Presence = Literal["online", "away", "offline"]

ENDS: frozenset[State] = frozenset({"resolved", "bot", "failed"})
OPEN: tuple[State, ...] = tuple(state for state in get_args(State) if state not in ENDS)
WAITING: frozenset[State] = frozenset({"requested", "offered"})
HELD: frozenset[State] = frozenset({"agent", "wrapup", "snoozed"})
"""A person has it."""

OWNERS: Mapping[State, Owner] = {
    "requested": "queue",
    "offered": "queue",
    "agent": "agent",
    "wrapup": "agent",
    "snoozed": "agent",
    "resolved": "bot",
    "bot": "bot",
    "failed": "bot",
}

MOVES: Mapping[State, frozenset[State]] = {
    "requested": frozenset({"requested", "offered", "agent", "bot", "failed"}),
    "offered": frozenset({"requested", "offered", "agent", "bot", "failed"}),
    "agent": frozenset({"agent", "requested", "offered", "wrapup", "snoozed", "bot", "resolved"}),
    "wrapup": frozenset({"agent", "requested", "offered", "snoozed", "bot", "resolved"}),
    "snoozed": frozenset({"agent", "requested", "offered", "wrapup", "bot", "resolved"}),
}
"""From each open state, where it may go. What has ended stays as it is: the next time is a new handoff."""


def may_move(before: State, after: State) -> bool:
    return before not in ENDS and (before == after or after in MOVES[before])
