"""The messaging channels of a serving process, put together: what comes in, goes out, is fetched and is pulled."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import httpx

from bot.conversation.group_commit import GroupCommit
from bot.database import Database
from bot.messages import UserMessage
from bot.messaging.channel import Channel
from bot.messaging.delivery import Delivery
from bot.messaging.fetching import Fetching, Terms
from bot.messaging.intake import HandOver, Intake, Turns, ignore
from bot.messaging.links import Links
from bot.messaging.pulling import Pulling


class Observer(Protocol):
    """Counts what became of lines, attachments and pulls; `outcome` is one word."""

    def line_settled(self, channel: str, outcome: str) -> None: ...

    def attachment_settled(self, channel: str, outcome: str) -> None: ...

    def pulled(self, channel: str, outcome: str) -> None: ...


@dataclass(frozen=True)
class Messaging:
    channels: Mapping[str, Channel[Any]]
    intake: Intake
    delivery: Delivery
    fetching: Fetching
    pulling: Pulling

    def loops(self) -> Sequence[Coroutine[Any, Any, None]]:
        """What goes on for as long as the process serves."""
        return (self.fetching.run(), self.pulling.run())


def put_together(
    database: Database,
    turns: Turns,
    channels: Mapping[str, Channel[Any]],
    http: httpx.AsyncClient,
    links: Links,
    terms: Terms,
    observer: Observer,
    on_change: Callable[[str], None],
    hand_over: HandOver = ignore,
    commits: GroupCommit | None = None,
    most_turns: int = 16,
) -> Messaging:
    """`on_change` wakes whoever watches a conversation. Links without a public address are of no use to a platform."""
    delivery = Delivery(
        database, channels, http, links if links.public_url else None, on_change, observer.line_settled, commits
    )
    fetching = Fetching(database, channels, http, terms, on_change, observer.attachment_settled)

    def accepted(message: UserMessage) -> None:
        if message.attachments:
            fetching.wake()

    intake = Intake(
        turns,
        database,
        accepted,
        delivery.show_typing,
        lambda name: pulling.wake(name),
        on_change,
        hand_over,
        http,
        most_turns,
    )
    pulling = Pulling(database, channels, http, intake, observer.pulled)
    return Messaging(channels, intake, delivery, fetching, pulling)
