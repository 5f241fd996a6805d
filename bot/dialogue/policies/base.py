"""What a policy is: an opinion about the next step, or none. The first opinion wins."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.dialogue.exchange import Exchange
from bot.dialogue.request import Request


@dataclass(frozen=True)
class Prediction:
    """The next step and, in words a support lead understands, why."""

    policy: str
    action: str
    reason: str
    carry_out: Callable[[], None]
    rule: str | None = None


class Policy(Protocol):
    def __call__(self, exchange: Exchange, request: Request) -> Prediction | None:
        """What to do about the request, None to leave it to the next policy."""
        ...


def percent(confidence: float) -> str:
    return f"{confidence:.0%}"


def is_sure(exchange: Exchange, request: Request) -> bool:
    return request.intent.confidence >= exchange.settings.fallback_threshold
